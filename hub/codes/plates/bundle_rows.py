"""Plates in the table that offline bundles carry: a row for each plate from its signing on (docs/profiles/bundle.md)."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from hub.codes.models import Plate
from hub.kernel.database import Database
from hub.trust.bundles.models import PlateRow
from hub.trust.bundles.table import add_rows
from hub.trust.log.findings import AuditFinding, AuditReason
from hub.trust.statuses.indices import places_of, positions
from hub.trust.statuses.models import StatusEntry
from hub.trust.statuses.rules import SubjectKind
from signing import CodeError
from signing.algorithms import SCALAR_BYTES
from signing.base32 import decode_signature
from signing.bundle import plate_mask, plate_row

CHUNK = 2_000  # older plates that get their rows in one transaction

Key = tuple[str, str]


class SignedPlate(NamedTuple):
    """A plate that was signed, with its entry on the status lists."""

    uscc: str
    plate_id: str
    text: str
    list: int
    idx: int

    def row(self, places: Mapping[int, int]) -> bytes:
        """Return its row; `places`: `positions` of the lists. Raises: CodeError for a text that is no code."""
        r = decode_signature(self.text.rpartition(".")[2])[:SCALAR_BYTES]
        return plate_row(plate_mask(self.plate_id, r), position=places[self.list], index=self.idx)


def remember(session: Session, plates: Iterable[SignedPlate]) -> None:
    """Keep the rows of plates that have none. Raises: CodeError."""
    listed = list(plates)
    places = places_of(session, {plate.list for plate in listed})
    add_rows(session, [(plate.uscc, plate.plate_id, plate.row(places)) for plate in listed])


def complete(db: Database) -> int:
    """Keep the rows of plates of a database that is older than the table; how many. Safe to run again."""
    done, after = 0, ("", "")
    while chunk := db.run(partial(_complete, after=after)):
        done, after = done + len(chunk), chunk[-1]
    return done


def differing_rows(session: Session) -> Iterator[AuditFinding]:
    """Yield rows that are not those of their plates, plates without a row, and rows without a plate."""
    table, places = PlateRow.__tablename__, positions(session)
    for *values, content in session.execute(
        _listed(PlateRow.content), execution_options={"yield_per": CHUNK}
    ):
        plate = SignedPlate(*values)
        try:
            is_right = content == plate.row(places)
        except (CodeError, KeyError, OverflowError):  # no such list, or no index of one: somebody wrote it
            is_right = False
        if not is_right:
            yield AuditFinding(AuditReason.DERIVED_WRONG, table, f"{plate.uscc}/{plate.plate_id}")
    known = select(Plate.plate_id).where(Plate.uscc == PlateRow.uscc, Plate.plate_id == PlateRow.plate_id)
    for uscc, plate_id in session.execute(select(PlateRow.uscc, PlateRow.plate_id).where(~known.exists())):
        yield AuditFinding(AuditReason.DERIVED_WRONG, table, f"{uscc}/{plate_id}")


def _complete(session: Session, *, after: Key) -> list[Key]:
    """The next plates without a row, which now have theirs."""
    uscc, plate_id = after
    is_later = or_(Plate.uscc > uscc, and_(Plate.uscc == uscc, Plate.plate_id > plate_id))
    statement = _listed().where(PlateRow.content.is_(None), is_later)
    found = session.execute(statement.order_by(Plate.uscc, Plate.plate_id).limit(CHUNK))
    plates = [SignedPlate(*values) for values in found]
    remember(session, plates)
    return [(plate.uscc, plate.plate_id) for plate in plates]


def _listed(*more: Any) -> Select[Any]:
    """Signed plates with their entries, and with their rows where they have one."""
    entry = and_(
        StatusEntry.uscc == Plate.uscc,
        StatusEntry.kind == SubjectKind.PLATE.value,
        StatusEntry.subject == Plate.plate_id,
    )
    row = and_(PlateRow.uscc == Plate.uscc, PlateRow.plate_id == Plate.plate_id)
    columns = (Plate.uscc, Plate.plate_id, Plate.text, StatusEntry.list, StatusEntry.idx, *more)
    return select(*columns).join(StatusEntry, entry).outerjoin(PlateRow, row).where(Plate.text != "")
