"""How many entries of each kind the log has, for everyone: counted at most once a minute in each process."""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import func, select

from hub.kernel.database import Database
from hub.trust.record.models import Event

FRESH = timedelta(seconds=60)  # counting a million rows takes half a second


class EntryCounts:
    """Entries by kind, the most frequent first."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lock = threading.Lock()
        self._counted_at: datetime | None = None
        self._counts: Mapping[str, int] = MappingProxyType({})

    def counts(self, now: datetime) -> Mapping[str, int]:
        """Return the counts as they were at most a minute ago. One statement, or none."""
        with self._lock:
            if self._counted_at is None or abs(now - self._counted_at) >= FRESH:
                self._counts, self._counted_at = MappingProxyType(self._count()), now
            return self._counts

    def _count(self) -> dict[str, int]:
        number = func.count()
        statement = (
            select(Event.kind, number)
            .where(Event.batch_id.is_not(None))
            .group_by(Event.kind)
            .order_by(number.desc(), Event.kind)
        )
        with self._db.read() as session:
            return {kind: count for kind, count in session.execute(statement)}  # noqa: C416  # rows are not pairs to mypy
