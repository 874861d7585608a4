"""How long work waits for the worker, for operators: a hub without one looks well until somebody asks for a proof."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from hub.kernel.database import Database
from hub.trust.record.models import LeafBatch
from hub.trust.statuses.models import StatusChange

LATE_SECONDS = 60.0  # entries are due within a second and changes within five: then nobody is at work


def oldest(db: Database, *, now: datetime) -> Mapping[str, float]:
    """Return the seconds that the oldest of each kind of work waits: "log" entries and "statuses"; 0 when nothing does."""
    pending = select(LeafBatch.at).where(LeafBatch.first.is_(None)).order_by(LeafBatch.id).limit(1)
    with db.read() as session:
        entry = session.scalar(pending)
        changes = session.scalars(select(StatusChange.id)).all()  # one per list, and few lists
    change = min(map(_moment, changes), default=None)
    return MappingProxyType({"log": _since(entry, now), "statuses": _since(change, now)})


def oldest_if_known(db: Database, *, now: datetime) -> Mapping[str, float]:
    """Return what `oldest` does; nothing while the database does not answer: other figures still count."""
    try:
        return oldest(db, now=now)
    except (DBAPIError, PoolTimeoutError):
        return {}


def _moment(identifier: UUID) -> datetime:
    """When a UUIDv7 was made: its first 48 bits are milliseconds (RFC 9562 §5.7)."""
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC)


def _since(moment: datetime | None, now: datetime) -> float:
    return 0.0 if moment is None else max((now - moment).total_seconds(), 0.0)
