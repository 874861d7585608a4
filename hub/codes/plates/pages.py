"""What is read of plates, asked of whoever reads it: an enterprise its own, officials those of an area."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from hub.access.checks import reading, require
from hub.access.matrix import AudienceColumn
from hub.access.rules import Action, may
from hub.codes.plates.areas import (
    AreaState,
    PlateFilter,
    PremisesPage,
    area_state,
    premises_page,
    printable_plates,
)
from hub.codes.plates.queries import (
    AreaCoverage,
    PlateListRow,
    coverage_by_area,
    plate_of,
    plates_of,
    state_counts,
)
from hub.codes.rules import PlateState
from hub.codes.verification.visibility import PLACE, PLATE
from hub.kernel.actor import Actor
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class OwnPlates:
    """The plates of an enterprise, void ones included; `may_manage`: whether its reader may ask for one or lose one."""

    rows: tuple[PlateListRow, ...]
    may_manage: bool


@dataclass(frozen=True, slots=True)
class AreaPage:
    """A commercial area, and a page of its premises with their plates."""

    state: AreaState
    premises: PremisesPage


def own_plates(uscc: str, *, by: Actor, db: Database) -> OwnPlates:
    """Return the plates of the reader's enterprise. Raises: NotFoundError, NotAllowedError."""
    require(by, Action.SEE_SPACE, uscc)
    return OwnPlates(plates_of(uscc, db=db), may_manage=may(by, Action.MANAGE_PLATES, uscc))


def own_plate_to_print(
    plate_id: str, uscc: str, *, by: Actor, clearance: AudienceColumn, db: Database
) -> PlateListRow:
    """Return a plate in use of the reader's enterprise.

    Raises: NotAllowedError, NotFoundError for one of another enterprise or not in use.
    """
    require(by, Action.MANAGE_PLATES, uscc)
    row = plate_of(plate_id, db=db)
    if row is None or row.plate.uscc != uscc or not row.plate.is_active:
        raise NotFoundError
    return clearance.kept(row, PLATE)


def coverage(*, by: Actor, db: Database) -> tuple[tuple[AreaCoverage, ...], Mapping[PlateState, int]]:
    """Return the coverage of every area, and how many plates are in each state. Raises: NotAllowedError."""
    require(by, Action.ROLL_OUT_PLATES)
    return coverage_by_area(db=db), state_counts(db=db)


def area(
    name: str,
    *,
    by: Actor,
    clearance: AudienceColumn,
    show: PlateFilter,
    cursor: str | None,
    limit: int,
    db: Database,
) -> AreaPage:
    """Return an area. Raises: NotAllowedError, NotFoundError for one without premises."""
    with reading(Action.ROLL_OUT_PLATES, by=by, db=db) as session:
        state = area_state(session, name)
        if not state.premises:
            raise NotFoundError
        page = premises_page(session, name, show=show, cursor=cursor, limit=limit)
    return AreaPage(state, replace(page, rows=clearance.each(page.rows, PLACE)))


def plates_to_print(
    name: str, *, by: Actor, clearance: AudienceColumn, db: Database
) -> Iterator[PlateListRow]:
    """Return the plates of an area that can be printed, read in pieces. Raises: NotAllowedError."""
    require(by, Action.ROLL_OUT_PLATES)
    return (clearance.kept(row, PLATE) for row in printable_plates(name, db=db))


def plate(plate_id: str, *, by: Actor, clearance: AudienceColumn, db: Database) -> PlateListRow:
    """Return a plate to an official. Raises: NotAllowedError, NotFoundError."""
    require(by, Action.ROLL_OUT_PLATES)
    row = plate_of(plate_id, db=db)
    if row is None:
        raise NotFoundError
    return clearance.kept(row, PLATE)
