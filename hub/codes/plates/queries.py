"""Plates and scans as the ends show them: frozen values, never table rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, and_, select, tuple_
from sqlalchemy.orm import Session

from hub.codes.models import Plate, PlateIndex, Scan, ScanDay
from hub.codes.plates.coverage import ENDED_WITHOUT, NO_PLATE, PLACES, PLATES, read_place_key
from hub.codes.rules import ACTIVE, PlateEnd, PlateState
from hub.kernel import counts
from hub.kernel.bulk import among
from hub.kernel.database import Database
from hub.kernel.paging import cut_page, page_size
from hub.registry.models import Enterprise, Premises, PremisesIndex

GROUP = 5  # a plate id is read aloud and typed in two groups of five


@dataclass(frozen=True, slots=True)
class PlateView:
    plate_id: str
    uscc: str
    premises_id: UUID
    serial: int
    state: PlateState
    kid: str
    text: str
    created_at: datetime
    made_at: datetime | None
    placed_at: datetime | None
    ended_at: datetime | None
    end_reason: PlateEnd | None
    by: str

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    @property
    def is_made(self) -> bool:
        """Whether it waits to be put up."""
        return self.state is PlateState.MADE

    @property
    def is_lost(self) -> bool:
        return self.state is PlateState.LOST

    @property
    def grouped_id(self) -> str:
        return group_plate_id(self.plate_id)


@dataclass(frozen=True, slots=True)
class PlateListRow:
    """A plate in a list, with what it hangs at."""

    plate: PlateView
    enterprise_name: str
    premises_name: str
    address: str
    area: str


@dataclass(frozen=True, slots=True)
class PlatePage:
    rows: tuple[PlateListRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class AreaCoverage:
    """Premises of a commercial area, how many have a plate that stands, and how many of these hang in place."""

    area: str
    premises: int
    plates: int
    placed: int

    @property
    def percent(self) -> int:
        """How many of a hundred premises have their plate in place."""
        return round(100 * self.placed / self.premises)


@dataclass(frozen=True, slots=True)
class ScanView:
    uscc: str
    plate_id: str | None
    audience: str
    verdict: str
    at: datetime
    enterprise_name: str | None


@dataclass(frozen=True, slots=True)
class ScanDayCount:
    day: date
    audience: str
    verdict: str
    count: int


def group_plate_id(plate_id: str) -> str:
    """`7K2M9QXT4K` as `7K2M9 QXT4K`."""
    return f"{plate_id[:GROUP]} {plate_id[GROUP:]}"


def view_of(plate: Plate) -> PlateView:
    """Return the value of a loaded row, for use cases that just changed it."""
    columns = {name: getattr(plate, name) for name in PlateView.__dataclass_fields__}
    return _view(columns)


def plate_of(plate_id: str, *, db: Database) -> PlateListRow | None:
    """Return the plate with this id (canonical form), or None."""
    statement = _listing().join(PlateIndex, _is_indexed()).where(PlateIndex.plate_id == plate_id)
    return next(iter(_rows(statement, db=db)), None)


def plates_of(uscc: str, *, db: Database) -> tuple[PlateListRow, ...]:
    """Return every plate of an enterprise, newest first."""
    statement = _listing().where(Plate.uscc == uscc).order_by(Plate.created_at.desc(), Plate.plate_id)
    return _rows(statement, db=db)


def standing_plate(uscc: str, premises_id: UUID, *, db: Database) -> PlateView | None:
    """Return the one plate of these premises that is not void, or None."""
    statement = _listing().where(
        Plate.uscc == uscc, Plate.premises_id == premises_id, Plate.state != PlateState.VOID
    )
    return next((row.plate for row in _rows(statement, db=db)), None)


def plate_at(premises_id: UUID, *, db: Database) -> PlateListRow | None:
    """Return the one plate of these premises that is not void, whosever they are; None when there is none."""
    found = and_(PremisesIndex.uscc == Plate.uscc, PremisesIndex.premises_id == Plate.premises_id)
    statement = (
        _listing()
        .join(PremisesIndex, found)
        .where(PremisesIndex.premises_id == premises_id, Plate.state != PlateState.VOID)
    )
    return next(iter(_rows(statement, db=db)), None)


def plates_page(
    *,
    db: Database,
    area: str | None = None,
    state: PlateState | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> PlatePage:
    """Plates by enterprise and id, a page at a time; `cursor` is the `next_cursor` of the page before.

    A cursor that is not ours starts from the beginning of what sorts after it: it selects, it never fails.
    """
    count = page_size(limit)
    statement = _listing().order_by(Plate.uscc, Plate.plate_id).limit(count + 1)
    if area is not None:
        statement = statement.where(Premises.area == area)
    if state is not None:
        statement = statement.where(Plate.state == state)
    if cursor:
        uscc, _, plate_id = cursor.partition(".")
        statement = statement.where(tuple_(Plate.uscc, Plate.plate_id) > (uscc, plate_id))
    page, last = cut_page(_rows(statement, db=db), count)
    return PlatePage(page, None if last is None else f"{last.plate.uscc}.{last.plate.plate_id}")


def plates_at(keys: Sequence[tuple[str, UUID]], *, db: Database) -> tuple[PlateListRow, ...]:
    """Return the standing plates of these premises (USCC, id), by enterprise."""
    wanted = set(keys)
    with db.read() as session:
        statement = (
            _listing()
            .where(among(session, Plate.uscc, {uscc for uscc, _ in keys}), Plate.state != PlateState.VOID)
            .order_by(Plate.uscc, Plate.premises_id)
        )
        rows = [_row(row) for row in session.execute(statement).mappings()]
    return tuple(row for row in rows if (row.plate.uscc, row.plate.premises_id) in wanted)


def coverage_by_area(*, db: Database) -> tuple[AreaCoverage, ...]:
    """Return every commercial area with its premises and plates, in the order of names. One statement, from kept counts."""
    with db.read() as session:
        found = standings_by_area(session)
    return tuple(coverage_of(area, found[area]) for area in sorted(found))


def standings_by_area(session: Session) -> dict[str, dict[str, int]]:
    """Return how many places of each area stand how (`hub.codes.plates.coverage.STANDINGS`). One statement, from kept counts."""
    out: dict[str, dict[str, int]] = {}
    for key, count in counts.counts(session, PLACES).items():
        area, standing = read_place_key(key)
        out.setdefault(area, {})[standing] = count
    return out


def coverage_of(area: str, standings: Mapping[str, int]) -> AreaCoverage:
    premises = sum(standings.values())
    without = standings.get(NO_PLATE, 0) + standings.get(ENDED_WITHOUT, 0)
    return AreaCoverage(area, premises, premises - without, standings.get(PlateState.PLACED, 0))


def state_counts(*, db: Database) -> Mapping[PlateState, int]:
    """Return how many plates there are in each state; states without plates are there with 0. One statement."""
    with db.read() as session:
        found = counts.counts(session, PLATES)
    return {state: found.get(state, 0) for state in PlateState}


def scans_by(person_id: UUID, *, db: Database, limit: int = 20) -> tuple[ScanView, ...]:
    """Return the latest scans of one officer or official, newest first."""
    return _scans(Scan.person_id == person_id, limit=limit, db=db)


def scans_of(uscc: str, *, db: Database, limit: int = 50) -> tuple[ScanView, ...]:
    """Return the latest scans of an enterprise's codes, newest first; public ones are kept for a day."""
    return _scans(Scan.uscc == uscc, limit=limit, db=db)


def scans_per_day(*, since: date, until: date, db: Database) -> tuple[ScanDayCount, ...]:
    """Scans per legal day, audience and verdict, both ends included."""
    statement = (
        select(ScanDay.day, ScanDay.audience, ScanDay.verdict, ScanDay.count)
        .where(ScanDay.day.between(since, until))
        .order_by(ScanDay.day, ScanDay.audience, ScanDay.verdict)
    )
    with db.read() as session:
        return tuple(ScanDayCount(*row) for row in session.execute(statement))


_PLATE_COLUMNS = tuple(Plate.__table__.c[name] for name in PlateView.__dataclass_fields__)


def _listing() -> Select[*tuple[Any, ...]]:
    at = and_(Premises.uscc == Plate.uscc, Premises.id == Plate.premises_id)
    return (
        select(
            *_PLATE_COLUMNS,
            Enterprise.name.label("enterprise_name"),
            Premises.name.label("premises_name"),
            Premises.address,
            Premises.area,
        )
        .select_from(Plate)
        .join(Premises, at)
        .join(Enterprise, Enterprise.uscc == Plate.uscc)
    )


def _is_indexed() -> ColumnElement[bool]:
    return and_(PlateIndex.plate_id == Plate.plate_id, PlateIndex.uscc == Plate.uscc)


def _rows(statement: Select[*tuple[Any, ...]], *, db: Database) -> tuple[PlateListRow, ...]:
    with db.read() as session:
        return tuple(_row(row) for row in session.execute(statement).mappings())


def _row(row: RowMapping) -> PlateListRow:
    columns = {name: row[name] for name in PlateView.__dataclass_fields__}
    return PlateListRow(
        _view(columns), row["enterprise_name"], row["premises_name"], row["address"], row["area"]
    )


def _view(columns: Mapping[str, object]) -> PlateView:
    reason = columns["end_reason"]
    typed = {
        "state": PlateState(str(columns["state"])),
        "end_reason": PlateEnd(str(reason)) if reason else None,
    }
    return PlateView(**{**columns, **typed})  # type: ignore[arg-type]  # column by column the table's own types


def _scans(condition: ColumnElement[bool], *, limit: int, db: Database) -> tuple[ScanView, ...]:
    statement = (
        select(Scan.uscc, Scan.plate_id, Scan.audience, Scan.verdict, Scan.at, Enterprise.name)
        .join(Enterprise, Enterprise.uscc == Scan.uscc, isouter=True)
        .where(condition)
        .order_by(Scan.at.desc(), Scan.id.desc())
        .limit(page_size(limit))
    )
    with db.read() as session:
        return tuple(ScanView(*row) for row in session.execute(statement))
