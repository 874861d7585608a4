"""Rolling plates out by commercial area: which premises have one, and what was seen hanging in its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, select, tuple_
from sqlalchemy.orm import Session

from hub.access.checks import require
from hub.access.rules import Action
from hub.codes.making import Press, step
from hub.codes.models import Plate, PlateIndex
from hub.codes.queries import PlateRow, group_plate_id, plates_page
from hub.codes.rollout import CHUNK, ENDED, issue_area
from hub.codes.rules import ACTIVE, PlateAction, PlateState, actions_from
from hub.kernel.actor import Doer
from hub.kernel.database import Database
from hub.registry.models import Enterprise, Premises

MAX_PAGE = 200  # rows on one page of a list
MAX_TICKED = 200  # boxes of one page, placed in one transaction
MAX_PLATES_AT_ONCE = 1_000  # one request: five chunks, below two seconds of signing and writing

_STANDS = and_(Plate.uscc == Premises.uscc, Plate.premises_id == Premises.id, Plate.state != PlateState.VOID)


class Show(StrEnum):
    """Which premises of an area are listed."""

    ALL = "all"
    WITHOUT = "without"
    TO_PLACE = "to-place"
    PLACED = "placed"
    HELD = "held"  # suspended or reported lost


_STATES = {
    Show.TO_PLACE: (PlateState.MADE,),
    Show.PLACED: (PlateState.PLACED,),
    Show.HELD: (PlateState.SUSPENDED, PlateState.LOST),
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


@dataclass(frozen=True, slots=True)
class Placed:
    """`passed_over`: plates that were in place already, held, or not there."""

    placed: int
    passed_over: int


def area_state(session: Session, area: str) -> AreaState:
    """Two statements; an area that nobody has is one with no premises."""
    placed = func.sum(case((Plate.state == PlateState.PLACED, 1), else_=0))
    row = session.execute(
        select(func.count(), func.count(Plate.plate_id), placed)
        .select_from(Premises)
        .join(Plate, _STANDS, isouter=True)
        .where(Premises.area == area)
    ).one()
    waiting = session.scalar(
        select(func.count())
        .select_from(Premises)
        .join(Enterprise, Enterprise.uscc == Premises.uscc)
        .join(Plate, _STANDS, isouter=True)
        .where(Premises.area == area, Plate.plate_id.is_(None), Enterprise.state.not_in(ENDED))
    )
    premises, plates, in_place = row
    return AreaState(area, premises, plates, in_place or 0, waiting or 0)


def premises_page(
    session: Session, area: str, *, show: Show = Show.ALL, cursor: str | None = None, limit: int = 50
) -> PremisesPage:
    """Premises of an area by enterprise, a page at a time; `cursor` is the `next_cursor` of the page before."""
    count = min(max(limit, 1), MAX_PAGE)
    columns = (
        Premises.uscc,
        Premises.id,
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
        .join(Enterprise, Enterprise.uscc == Premises.uscc)
        .join(Plate, _STANDS, isouter=True)
        .where(Premises.area == area)
        .order_by(Premises.uscc, Premises.id)
        .limit(count + 1)
    )
    if show is Show.WITHOUT:
        statement = statement.where(Plate.plate_id.is_(None))
    elif show is not Show.ALL:
        statement = statement.where(Plate.state.in_(_STATES[show]))
    last = _read_cursor(cursor)
    if last is not None:
        statement = statement.where(tuple_(Premises.uscc, Premises.id) > last)
    rows = [_row(tuple(row)) for row in session.execute(statement)]
    page = tuple(rows[:count])
    return PremisesPage(page, f"{page[-1].uscc}.{page[-1].premises_id}" if len(rows) > count else None)


def issue_some(area: str, *, press: Press, by: Doer, now: datetime, db: Database) -> int:
    """Make plates for at most `MAX_PLATES_AT_ONCE` premises of the area that have none; how many were made.

    Fewer than the most means that the area is done. Raises: NotAllowedError, NoActiveKeyError, PlateExistsError.
    """
    chunks = issue_area(area, press=press, by=by, now=now, db=db)
    return sum(len(made) for made in islice(chunks, MAX_PLATES_AT_ONCE // CHUNK))


def place_plates(plate_ids: Sequence[str], *, by: Doer, now: datetime, db: Database) -> Placed:
    """Confirm that these plates hang in their places, all in one transaction; others' work is passed over.

    Raises: NotAllowedError.
    """
    require(by, Action.ROLL_OUT_PLATES)
    wanted = sorted(set(plate_ids))[:MAX_TICKED]

    def work(session: Session) -> Placed:
        at = and_(PlateIndex.uscc == Plate.uscc, PlateIndex.plate_id == Plate.plate_id)
        plates = session.scalars(
            select(Plate).join(PlateIndex, at).where(PlateIndex.plate_id.in_(wanted))
        ).all()
        ready = [each for each in plates if PlateAction.PLACE in actions_from(PlateState(each.state))]
        for plate in ready:
            step(session, plate, PlateAction.PLACE, reason=None, by=by, now=now)
        return Placed(len(ready), len(wanted) - len(ready))

    return db.run(work)


def printable_plates(area: str, *, db: Database) -> Iterator[PlateRow]:
    """Every plate of an area that is in use, read in steps, for its print sheets."""
    cursor: str | None = None
    while True:
        page = plates_page(db=db, area=area, cursor=cursor, limit=MAX_PAGE)
        yield from (row for row in page.rows if row.plate.state in ACTIVE)
        cursor = page.next_cursor
        if cursor is None:
            return


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
        plate_id=plate_id,
        plate_state=None if plate_state is None else PlateState(plate_state),
        placed_at=placed_at,
    )
