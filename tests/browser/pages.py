"""Every page a person can open, by role, with an address filled in from the demonstration city.

A route without a row in PAGES or in NOT_PAGES fails test_every_page_is_visited.
"""

from collections.abc import Callable
from dataclasses import dataclass

from hub import config
from hub.access.service import Place, demonstration_links, invite
from hub.codes.queries import PlateRow, plates_of
from hub.kernel.actor import Role
from hub.kernel.ids import new_id
from hub.licenses.queries import space
from hub.licenses.space import Space
from tests.support.servers import DEPARTMENT, TEST, Server


@dataclass(frozen=True)
class Samples:
    """What the addresses are filled in with."""

    server: Server
    plate: PlateRow
    space: Space

    @property
    def code(self) -> str:
        return self.plate.plate.text.rpartition("/")[2]

    @property
    def uscc(self) -> str:
        return self.server.showcase

    def enrolment(self) -> str:
        """A fresh one-time enrolment link's path."""
        place = Place(Role.OFFICER, department=DEPARTMENT, certificate_no="TEST-0002")
        made = invite(
            place, name="新执法员", by=TEST, base_url=self.server.url, now=config.now(), db=self.server.db
        )
        return path_of(made.link)

    def login_link(self, role: Role = Role.OWNER) -> str:
        server = self.server
        links = demonstration_links(server.db, server.settings, uscc=self.uscc, now=config.now())
        return path_of(links[role])


def samples_of(server: Server) -> Samples:
    today = server.settings.today(config.now())
    with server.db.read() as session:
        own = space(session, server.showcase, on=today)
    plate = next(row for row in plates_of(server.showcase, db=server.db) if row.plate.is_active)
    return Samples(server, plate, own)


def path_of(link: str) -> str:
    return "/" + link.split("/", 3)[3]


@dataclass(frozen=True)
class Page:
    """One page: the endpoint, who opens it, where it is, and what else is to be known about it."""

    endpoint: str
    role: Role | None
    path: Callable[[Samples], str]
    name: str = ""
    status: int = 200

    @property
    def title(self) -> str:
        return "-".join(filter(None, (self.endpoint, self.name, self.role and self.role.name.lower())))


def _at(path: str) -> Callable[[Samples], str]:
    return lambda _samples: path


def _waiver(samples: Samples) -> str:
    item = samples.space.missing[0].item
    place = "" if item.premises_id is None else item.premises_id
    return f"/enterprise/permits/{item.type_code}/waive?premises={place}"


OWNER, OFFICER, OFFICIAL, AUDITOR = Role.OWNER, Role.OFFICER, Role.OFFICIAL, Role.AUDITOR

ANYONE = (
    Page("home.index", None, _at("/")),
    Page("home.problem_page", None, _at("/problems/LOGIN_REQUIRED")),
    Page("access.login_page", None, _at("/access/login")),
    Page("access.enrolment_page", None, lambda samples: samples.enrolment()),
    Page("access.link_page", None, lambda samples: samples.login_link()),
    Page("api.docs", None, _at("/docs")),
    Page("home.index", None, _at("/no-such-page"), name="not-found", status=404),
)
PUBLIC = (
    Page("public.code_page", None, lambda samples: f"/c/{samples.code}"),
    Page("public.code_page", None, lambda samples: f"/c/{samples.code}?all=1", name="all"),
    Page(
        "public.code_page", None, _at("/c/P1.91330802MA2TEXT162.7K2M9QXT4R.AAAA"), name="refused", status=404
    ),
    Page("public.help_page", None, _at("/c/")),
    Page("public.thanks_page", None, lambda _samples: f"/c/thanks/{new_id(config.now())}"),
)
ENTERPRISE = (
    Page("enterprise.home", OWNER, _at("/enterprise/")),
    Page("enterprise.home", Role.AGENT, _at("/enterprise/")),
    Page("enterprise.licenses_page", OWNER, _at("/enterprise/licenses")),
    Page("enterprise.licenses_page", OWNER, _at("/enterprise/licenses?colour=red"), name="red"),
    Page(
        "enterprise.license_page",
        OWNER,
        lambda samples: f"/enterprise/licenses/{samples.space.licenses[0].id}",
    ),
    Page("enterprise.code_page", OWNER, _at("/enterprise/code")),
    Page("enterprise.permits_page", OWNER, _at("/enterprise/permits")),
    Page("enterprise.waive_page", OWNER, _waiver),
    Page("enterprise.premises_page", OWNER, _at("/enterprise/premises")),
    Page("enterprise.changes", OWNER, _at("/enterprise/business-license")),
    Page("enterprise.credit_page", OWNER, _at("/enterprise/credit")),
    Page("enterprise.looks_page", OWNER, _at("/enterprise/looks")),
    Page("access.account", OWNER, _at("/access/account")),
    Page("access.roles_page", OWNER, _at("/access/roles")),
)
ENFORCEMENT = (
    Page("enforcement.home", OFFICER, _at("/enforcement/")),
    Page("enforcement.scanner", OFFICER, _at("/enforcement/scan")),
    Page("enforcement.certificate", OFFICER, _at("/enforcement/certificate")),
    Page(
        "enforcement.enterprise",
        OFFICER,
        lambda samples: f"/enforcement/enterprises/{samples.uscc}",
        name="purpose",
    ),
    Page("enforcement.scan_result", OFFICER, lambda samples: f"/enforcement/code/{samples.code}"),
    Page("enforcement.scan_result", OFFICER, _at("/enforcement/code/P1.NOT.OURS.AAAA"), name="refused"),
    Page("enforcement.scan_result", OFFICER, _at("/enforcement/code/D1.SHOWN"), name="shown"),
)
PAGES = (*ANYONE, *PUBLIC, *ENTERPRISE, *ENFORCEMENT)

NOT_PAGES = {  # endpoint of a GET route: what it answers with instead of a page
    "static": "file",
    "enterprise.static": "file",
    "enforcement.static": "file",
    "home.alive": "machine",
    "home.ready": "machine",
    "home.metrics": "machine",
    "trust.key_set": "machine",
    "api.openapi": "machine",
    "enterprises.enterprise": "machine",
    "enterprises.licenses": "machine",
    "plates.plate_file": "file",
    "enterprise.export_licenses": "file",
    "enterprise.plate_file": "file",
    "enterprise.code_fragment": "part of enterprise.code_page",
}
