"""Rolling plates out by commercial area: which premises have one, and what was seen hanging in its place."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from hub.access.checks import require
from hub.access.rules import Action
from hub.codes.codable import is_codable
from hub.codes.models import AreaPremises, Plate, PlateIndex
from hub.codes.plates.coverage import ENDED, ENDED_WITHOUT, NO_PLATE, STANDINGS, refresh
from hub.codes.plates.maker import PlateOffice, step
from hub.codes.plates.queries import PlateListRow, coverage_of, group_plate_id, plates_at, standings_by_area
from hub.codes.plates.rollout import CHUNK, issue_area
from hub.codes.rules import ACTIVE, PlateAction, PlateState, actions_from
from hub.kernel.actor import Doer
from hub.kernel.bulk import among
from hub.kernel.database import Database
from hub.kernel.paging import MAX_PAGE, page_size
from hub.kernel.ranges import first_keys
from hub.registry.models import Enterprise, Premises

MAX_TICKED = 200  # boxes of one page, placed in one transaction
MAX_PLATES_AT_ONCE = 1_000  # one request: five chunks, below two seconds of signing and writing

_STANDS = and_(
    Plate.uscc == AreaPremises.uscc,
    Plate.premises_id == AreaPremises.premises_id,
    Plate.state != PlateState.VOID,
)


class PlateFilter(StrEnum):
    """Which premises of an area are listed."""

    ALL = "all"
    WITHOUT = "without"
    TO_PLACE = "to-place"
    PLACED = "placed"
    HELD = "held"  # suspended or reported lost


_SHOWN = {
    PlateFilter.ALL: STANDINGS,
    PlateFilter.WITHOUT: (NO_PLATE, ENDED_WITHOUT),
    PlateFilter.TO_PLACE: (PlateState.MADE,),
    PlateFilter.PLACED: (PlateState.PLACED,),
    PlateFilter.HELD: (PlateState.SUSPENDED, PlateState.LOST),
}


@dataclass(frozen=True, slots=True)
class PremisesRow:
    """A place of business with its standing plate, if it has one."""

    uscc: str
    premises_id: UUID
    enterprise_name: str
    name: str
    address: str
    is_ended: bool
    is_codable: bool
    plate_id: str | None
    plate_state: PlateState | None
    placed_at: datetime | None

    @property
    def grouped_id(self) -> str:
        return group_plate_id(self.plate_id or "")

    @property
    def can_place(self) -> bool:
        return self.plate_state is not None and PlateAction.PLACE in actions_from(self.plate_state)


@dataclass(frozen=True, slots=True)
class PremisesPage:
    rows: tuple[PremisesRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class AreaState:
    """`waiting`: premises of living enterprises without a plate."""

    area: str
    premises: int
    plates: int
    placed: int
    waiting: int

    @property
    def wanted(self) -> int:
        """How many plates there are once none is waited for."""
        return self.plates + self.waiting


@dataclass(frozen=True, slots=True)
class PlacementResult:
    """`passed_over`: plates that were in place already, held, or not there."""

    placed: int
    passed_over: int


def area_state(session: Session, area: str) -> AreaState:
    """Return one statement; an area that nobody has is one with no premises."""
    found = standings_by_area(session).get(area, {})
    return AreaState(**asdict(coverage_of(area, found)), waiting=found.get(NO_PLATE, 0))


def premises_page(
    session: Session,
    area: str,
    *,
    show: PlateFilter = PlateFilter.ALL,
    cursor: str | None = None,
    limit: int = 50,
) -> PremisesPage:
    """Premises of an area by enterprise, a page at a time; `cursor` is the `next_cursor` of the page before.

    Two statements, which read no more rows than they show, whatever the area holds.
    """
    count = page_size(limit)
    keys = _keys(session, area, _SHOWN[show], after=_read_cursor(cursor), limit=count + 1)
    columns = (
        AreaPremises.uscc,
        AreaPremises.premises_id,
        Enterprise.name,
        Premises.name,
        Premises.address,
        Enterprise.state,
        Plate.plate_id,
        Plate.state,
        Plate.placed_at,
    )
    statement = (
        select(*columns)
        .join(Premises, and_(Premises.uscc == AreaPremises.uscc, Premises.id == AreaPremises.premises_id))
        .join(Enterprise, Enterprise.uscc == AreaPremises.uscc)
        .join(Plate, _STANDS, isouter=True)
        .where(among(session, AreaPremises.uscc, {uscc for uscc, _ in keys[:count]}))
    )
    found = {row[:2]: row for row in map(tuple, session.execute(statement))}
    page = tuple(_row(found[key]) for key in keys[:count] if key in found)
    return PremisesPage(page, _write_cursor(keys[count - 1]) if len(keys) > count else None)


def _keys(
    session: Session, area: str, standings: Sequence[str], *, after: tuple[str, UUID] | None, limit: int
) -> list[tuple[str, UUID]]:
    """Places of an area that stand so, by enterprise."""
    ranges = [(AreaPremises.area == area, AreaPremises.standing == each) for each in standings]
    keys = first_keys(
        session, ranges, (AreaPremises.uscc, AreaPremises.premises_id), after=after, limit=limit
    )
    return [(uscc, premises_id) for uscc, premises_id in map(tuple, keys)]


def issue_some(area: str, *, press: PlateOffice, by: Doer, now: datetime, db: Database) -> int:
    """Make plates for at most `MAX_PLATES_AT_ONCE` premises of the area that have none; how many were made.

    Fewer than the most means that the area is done. Raises: NotAllowedError, NoActiveKeyError, PlateExistsError.
    """
    chunks = issue_area(area, press=press, by=by, now=now, db=db)
    return sum(len(made) for made in islice(chunks, MAX_PLATES_AT_ONCE // CHUNK))


def place_plates(plate_ids: Sequence[str], *, by: Doer, now: datetime, db: Database) -> PlacementResult:
    """Confirm that these plates hang in their places, all in one transaction; others' work is passed over.

    Raises: NotAllowedError.
    """
    require(by, Action.ROLL_OUT_PLATES)
    wanted = sorted(set(plate_ids))[:MAX_TICKED]

    def work(session: Session) -> PlacementResult:
        at = and_(PlateIndex.uscc == Plate.uscc, PlateIndex.plate_id == Plate.plate_id)
        plates = session.scalars(
            select(Plate).join(PlateIndex, at).where(PlateIndex.plate_id.in_(wanted))
        ).all()
        ready = [each for each in plates if PlateAction.PLACE in actions_from(PlateState(each.state))]
        for plate in ready:
            step(session, plate, PlateAction.PLACE, reason=None, by=by, now=now)
        refresh(session, {plate.uscc for plate in ready})
        return PlacementResult(len(ready), len(wanted) - len(ready))

    return db.run(work)


def printable_plates(area: str, *, db: Database) -> Iterator[PlateListRow]:
    """Return every plate of an area that is in use, read in steps, for its print sheets."""
    last: tuple[str, UUID] | None = None
    while True:
        with db.read() as session:
            keys = _keys(session, area, sorted(ACTIVE), after=last, limit=MAX_PAGE)
        if not keys:
            return
        yield from (row for row in plates_at(keys, db=db) if row.plate.state in ACTIVE)
        last = keys[-1]


def _write_cursor(key: tuple[str, UUID]) -> str:
    return f"{key[0]}.{key[1]}"


def _read_cursor(cursor: str | None) -> tuple[str, UUID] | None:
    """None for a cursor that is not ours: the list begins at its beginning."""
    uscc, _, name = (cursor or "").partition(".")
    try:
        return uscc, UUID(name)
    except ValueError:
        return None


def _row(row: tuple[Any, ...]) -> PremisesRow:
    uscc, premises_id, enterprise_name, name, address, state, plate_id, plate_state, placed_at = row
    return PremisesRow(
        uscc=uscc,
        premises_id=premises_id,
        enterprise_name=enterprise_name,
        name=name,
        address=address,
        is_ended=state in ENDED,
        is_codable=is_codable(uscc),
        plate_id=plate_id,
        plate_state=None if plate_state is None else PlateState(plate_state),
        placed_at=placed_at,
    )
