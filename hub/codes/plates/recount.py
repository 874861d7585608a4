"""What is kept of plates and places, counted afresh, to hold against the counts and to set them right."""

from collections.abc import Iterator, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.codes.models import AreaPremises, Plate
from hub.codes.plates.coverage import PLACES, PLATES, actual, place_key, refresh
from hub.kernel.counts import Counting
from hub.kernel.database import Database


def places_counted(session: Session) -> Iterator[tuple[str, int]]:
    columns = (AreaPremises.area, AreaPremises.standing)
    for area, standing, count in session.execute(select(*columns, func.count()).group_by(*columns)):
        yield place_key(area, standing), count


def plates_counted(session: Session) -> Iterator[tuple[str, int]]:
    for state, count in session.execute(select(Plate.state, func.count()).group_by(Plate.state)):
        yield str(state), count


COUNTINGS: Mapping[str, Counting] = {PLACES: places_counted, PLATES: plates_counted}


def differing_places(session: Session) -> set[str]:
    """Enterprises whose kept places are not what premises, state and plates say. Two statements over all areas."""
    kept = select(AreaPremises.uscc, AreaPremises.premises_id, AreaPremises.area, AreaPremises.standing)
    must = actual()
    unlike = (must.except_(kept), kept.except_(must))
    return {row[0] for statement in unlike for row in session.execute(statement)}


def repair_places(db: Database) -> int:
    """Bring such places up to date; of how many enterprises."""
    with db.read() as session:
        found = differing_places(session)
    if found:
        db.run(lambda session: refresh(session, found))
    return len(found)
