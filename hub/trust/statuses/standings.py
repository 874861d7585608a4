"""How enterprises and licenses stand, kept for entries that are yet to be made.

Who allocates an entry and who changes what its value depends on both take the same lock (`hub.kernel.locks`).
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Insert, select
from sqlalchemy.orm import Session

from hub.kernel.bulk import among, batches, dialect_of, table_of
from hub.kernel.locks import Lock, hold
from hub.trust.statuses.models import StatusStanding
from signing.status import Status


def standings(session: Session, places: Iterable[Lock]) -> dict[Lock, Status]:
    """Return what is kept of these enterprises and licenses; who is not kept is in force."""
    wanted = set(places)
    columns = (StatusStanding.uscc, StatusStanding.subject, StatusStanding.value)
    return {
        Lock(uscc, subject): Status(value)
        for batch in batches(sorted({place.uscc for place in wanted}))
        for uscc, subject, value in session.execute(
            select(*columns).where(among(session, StatusStanding.uscc, batch))
        )
        if Lock(uscc, subject) in wanted
    }


def held_standings(session: Session, places: Iterable[Lock]) -> dict[Lock, Status]:
    """Lock these until the transaction ends, and return how they stand. Two statements."""
    wanted = set(places)
    hold(session, wanted)
    return standings(session, wanted)


def keep_standings(session: Session, changes: Mapping[Lock, Status]) -> None:
    """Store how these stand from now on, under their locks."""
    if not changes:
        return
    hold(session, changes)
    rows = [
        {"uscc": place.uscc, "subject": place.subject, "value": int(value)}
        for place, value in changes.items()
    ]
    session.execute(_upsert(session), rows)


def _upsert(session: Session) -> Insert:
    table = table_of(StatusStanding)
    statement = dialect_of(session).insert(table)
    upsert: Insert = statement.on_conflict_do_update(
        index_elements=[table.c.uscc, table.c.subject], set_={"value": statement.excluded.value}
    )
    return upsert
