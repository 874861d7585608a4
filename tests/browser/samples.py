"""What the addresses of pages are filled in with, from the demonstration city."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from hub import config
from hub.access.matrix import MATRIX, Audience
from hub.access.service import Post, invite
from hub.codes.plates.queries import PlateListRow, plates_of
from hub.feeds.queries import batches
from hub.feeds.service import LoadRequest, load_file
from hub.kernel.actor import Role
from hub.kernel.ids import new_id
from hub.licenses.queries import space
from hub.licenses.space import Space
from hub.registry.models import Enterprise
from hub.supervision.queries import ReportView, reports_page
from tests.support.copies import suspect
from tests.support.demonstrations import demonstration_links
from tests.support.exceptions import an_exception
from tests.support.feeds import Feeds
from tests.support.proposals import Deed
from tests.support.reference import REFERENCE
from tests.support.servers import DEPARTMENT, TEST, Server

OWN = MATRIX.clearance(Audience.ENTERPRISE)


@dataclass(frozen=True)
class Samples:
    """What the addresses are filled in with."""

    server: Server
    plate: PlateListRow
    second_plate: PlateListRow  # of the same enterprise, for tests that take it out of use
    space: Space
    stranger: str  # the credit code of another enterprise
    report: ReportView
    batch_id: UUID | None  # of a department's file with rows that were refused

    @property
    def code(self) -> str:
        return self.plate.plate.text.rpartition("/")[2]

    @property
    def uscc(self) -> str:
        return self.server.showcase

    def enrolment(self) -> str:
        """A fresh one-time enrolment link's path."""
        place = Post(Role.OFFICER, department=DEPARTMENT, certificate_no="TEST-0002")
        made = invite(
            place, name="新执法员", by=TEST, base_url=self.server.url, now=config.now(), db=self.server.db
        )
        return path_of(made.link)

    def exception(self) -> str:
        """The page of a credit code that is taken though it fails its check."""
        listed = an_exception(now=config.now(), db=self.server.db)
        return f"/government/exceptions/{listed.id}"

    def suspicion(self) -> str:
        """The page of a plate that was seen where its shop is not."""
        plate = self.plate.plate
        found = suspect(self.uscc, plate.plate_id, plate.premises_id, now=config.now(), db=self.server.db)
        return f"/government/copies/{self.uscc}/{found}"

    def proposal(self) -> str:
        """The page of an act that waits for a second person."""
        made = Deed().ask(by=TEST, now=config.now(), db=self.server.db, subject=new_id(config.now()).hex)
        return f"/government/proposals/{made}"

    def login_link(self, role: Role = Role.OWNER) -> str:
        server = self.server
        links = demonstration_links(server.db, server.settings, uscc=self.uscc, now=config.now())
        return path_of(links[role])


def samples_of(server: Server) -> Samples:
    today = server.settings.today(config.now())
    standing = [row for row in plates_of(server.showcase, db=server.db) if row.plate.is_active]
    plate, second_plate = sorted(standing, key=lambda row: row.premises_name)  # the registered place first
    with server.db.read() as session:
        strangers = select(Enterprise.uscc).where(Enterprise.uscc != server.showcase)
        return Samples(
            server,
            plate=plate,
            second_plate=second_plate,
            space=space(session, server.showcase, on=today, reference=REFERENCE, clearance=OWN),
            stranger=session.scalars(strangers).first() or "",
            report=reports_page(session).rows[0],
            batch_id=next((each.id for each in batches(session)), None),
        )


def load_a_file(server: Server, folder: Path) -> None:
    """A department's file with some mistakes in it: the demonstration city itself comes without any file."""
    now = config.now()
    market = Feeds(enterprises=12).write(folder)[0]
    load_file(LoadRequest(market, None, TEST, now, server.settings.today(now), REFERENCE), db=server.db)


def path_of(link: str) -> str:
    return "/" + link.split("/", 3)[3]
