"""Which places of a commercial area have a plate, kept so that an area is listed and counted without reading it whole.

A row repeats what premises, enterprise and plate say, and is no record: `hub.codes.plates.recount` holds it against them.
Whoever changes one of them calls `refresh` in the same transaction; the row is where two of them meet.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, case, delete, or_, select
from sqlalchemy.orm import Session

from hub.codes.models import AreaPremises, Plate
from hub.codes.rules import PlateState
from hub.kernel import counts
from hub.kernel.bulk import among, batches, insert_rows, table_of, update_rows
from hub.registry.exceptions.queries import without_codes
from hub.registry.models import Enterprise, Premises
from hub.registry.rules import EntityState

PLACES = "places"  # counts by area and standing
PLATES = "plates"  # counts by state, void ones too

NO_PLATE = "none"
ENDED_WITHOUT = (
    "ended"  # no plate, and none may be made: the enterprise has ended, or no code can carry its credit code
)
STANDINGS = (
    NO_PLATE,
    ENDED_WITHOUT,
    *(state.value for state in PlateState if state is not PlateState.VOID),
)
ENDED = tuple(state.value for state in EntityState if state.ended)

_PLACE = table_of(AreaPremises)
_STANDS = and_(Plate.uscc == Premises.uscc, Plate.premises_id == Premises.id, Plate.state != PlateState.VOID)


Move = tuple[PlateState | None, PlateState]  # a plate was in one state (None: it is new) and is in another


class CoverageRow(NamedTuple):
    uscc: str
    premises_id: UUID
    area: str
    standing: str


def place_key(area: str, standing: str) -> str:
    return f"{area}|{standing}"


def read_place_key(key: str) -> tuple[str, str]:
    area, _, standing = key.rpartition("|")
    return area, standing


def actual() -> Select[*tuple[Any, ...]]:
    """Return the rows as they must be, from what they repeat."""
    standing = case(
        (Plate.state.is_not(None), Plate.state),
        (or_(Enterprise.state.in_(ENDED), Premises.uscc.in_(without_codes())), ENDED_WITHOUT),
        else_=NO_PLATE,
    )
    return (
        select(Premises.uscc, Premises.id, Premises.area, standing)
        .join(Enterprise, Enterprise.uscc == Premises.uscc)
        .join(Plate, _STANDS, isouter=True)
        .where(Premises.area != "")
    )


def refresh(session: Session, usccs: Iterable[str], *, plates: Iterable[Move] = ()) -> None:
    """Bring the places of these enterprises up to date, and what is counted of them. Two statements when all are.

    `plates`: plates to be counted along.
    """
    sums: Counter[str] = Counter()
    for batch in batches(set(usccs)):
        session.flush()
        must = {row[:2]: row for row in _rows(session, actual(), Premises.uscc, batch)}
        kept = {row[:2]: row for row in _rows(session, select(*_PLACE.c), _PLACE.c.uscc, batch)}
        sums.update(_write(session, must, kept))
    counts.add_all(session, {PLACES: sums, PLATES: _moved(plates)})


def stands(session: Session, row: CoverageRow, *, kept: CoverageRow | None, plates: Iterable[Move]) -> None:
    """Bring one place up to date, as `refresh` does, for a caller who has read in this transaction all that it repeats.

    `kept`: its row as it is; of a place without an area there is none. `plates`: plates to be counted along.
    """
    must = {row[:2]: row} if row.area else {}
    sums = _write(session, must, {} if kept is None else {kept[:2]: kept})
    counts.add_all(session, {PLACES: sums, PLATES: _moved(plates)})


def note_plates(session: Session, moves: Iterable[Move]) -> None:
    """Count plates that were in one state (None: that are new) and are in another."""
    counts.add(session, PLATES, _moved(moves))


def _moved(moves: Iterable[Move]) -> Counter[str]:
    changes: Counter[str] = Counter()
    for before, after in moves:
        changes[after.value] += 1
        if before is not None:
            changes[before.value] -= 1
    return changes


def _rows(
    session: Session, statement: Select[*tuple[Any, ...]], column: Any, usccs: Sequence[str]
) -> list[CoverageRow]:
    return [CoverageRow(*row) for row in session.execute(statement.where(among(session, column, usccs)))]


def _write(
    session: Session, must: dict[tuple[str, UUID], CoverageRow], kept: dict[tuple[str, UUID], CoverageRow]
) -> Counter[str]:
    """Write what differs; by how much the counts of places do."""
    new = [row for key, row in must.items() if key not in kept]
    changed = [row for key, row in must.items() if key in kept and kept[key] != row]
    for key in kept.keys() - must.keys():
        session.execute(delete(_PLACE).where(_PLACE.c.uscc == key[0], _PLACE.c.premises_id == key[1]))
    insert_rows(session, _PLACE, [row._asdict() for row in new])
    update_rows(session, _PLACE, ("uscc", "premises_id"), [row._asdict() for row in changed])
    sums = Counter(place_key(row.area, row.standing) for row in must.values())
    sums.subtract(Counter(place_key(row.area, row.standing) for row in kept.values()))
    return sums
