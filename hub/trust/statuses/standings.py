"""How enterprises and licenses stand, kept where allocation and revocation meet.

On PostgreSQL two transactions see the database as it was when each began, so that a credential could be issued
while its license is being revoked and neither would see the other. Both write the row kept here; the database
then refuses the later one, which runs again and sees what the earlier one did.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from uuid import UUID

from sqlalchemy import Insert, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from hub.kernel.bulk import among, batches, dialect_of, table_of
from hub.trust.statuses.models import StatusStanding
from signing.status import Status

ENTERPRISE = ""  # the subject of an enterprise's own row

_STANDING = table_of(StatusStanding)


@dataclass(frozen=True, slots=True)
class Place:
    """An enterprise, or one license of it."""

    uscc: str
    subject: str = ENTERPRISE

    @classmethod
    def of_license(cls, uscc: str, license_id: UUID) -> "Place":
        return cls(uscc, str(license_id))


def standings(session: Session, places: Iterable[Place]) -> dict[Place, Status]:
    """What is kept of these; who is not kept is in force."""
    wanted = set(places)
    columns = (StatusStanding.uscc, StatusStanding.subject, StatusStanding.value)
    return {
        Place(uscc, subject): Status(value)
        for batch in batches(sorted({place.uscc for place in wanted}))
        for uscc, subject, value in session.execute(
            select(*columns).where(among(session, StatusStanding.uscc, batch))
        )
        if Place(uscc, subject) in wanted
    }


def hold(session: Session, places: Iterable[Place]) -> dict[Place, Status]:
    """Take part in the order of changes of these without changing how they stand; how they do.

    What this transaction reads of them is then true when it commits, or it is run again. One statement.
    """
    rows = [
        {"uscc": place.uscc, "subject": place.subject, "value": int(Status.VALID), "version": 1}
        for place in sorted(set(places), key=_order)
    ]
    if not rows:
        return {}
    kept = session.execute(_holding(dialect_of(session)), rows)
    return {Place(uscc, subject): Status(value) for uscc, subject, value in kept}


def tell(session: Session, changes: Mapping[Place, Status]) -> None:
    """Keep how these stand from now on."""
    rows = [
        {"uscc": place.uscc, "subject": place.subject, "value": int(changes[place]), "version": 1}
        for place in sorted(changes, key=_order)
    ]
    if rows:
        session.execute(_upsert(dialect_of(session), is_told=True), rows)


def _order(place: Place) -> tuple[str, str]:
    """Rows are locked in one order by everybody, or two would wait for each other."""
    return place.uscc, place.subject


@cache
def _holding(dialect: ModuleType) -> ReturningInsert[str, str, int]:
    """Built once: every issue runs it."""
    return _upsert(dialect, is_told=False).returning(_STANDING.c.uscc, _STANDING.c.subject, _STANDING.c.value)


def _upsert(dialect: ModuleType, *, is_told: bool) -> Insert:
    changed = {"version": _STANDING.c.version + 1}
    statement = dialect.insert(_STANDING)
    if is_told:
        changed["value"] = statement.excluded.value
    key = [_STANDING.c.uscc, _STANDING.c.subject]
    upsert: Insert = statement.on_conflict_do_update(index_elements=key, set_=changed)
    return upsert
