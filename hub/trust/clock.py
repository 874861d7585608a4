"""The clock held against what it has said before: a moment earlier than the newest record of the hub cannot be now.

The public log's newest entry, its head, the cosignatures of its witnesses and the last uses that were forgotten bound
the present from below. A clock behind them makes nothing false: it means that the hub cannot tell what is in force, so
that verdicts are `unknown` and nothing is written until the clock is right again, which is found by itself.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from hub.kernel.database import Database
from hub.kernel.messages import Message
from hub.trust.record.models import LeafBatch, LogHead
from hub.trust.witnesses.errors import RecordDamagedError
from hub.trust.witnesses.models import WitnessCosignature
from hub.trust.witnesses.record import WitnessRecord
from keys import KeySet

TOLERANCE = timedelta(seconds=60)  # machines of one hub are never further apart, with any time service
WITNESS_TOLERANCE = timedelta(minutes=5)  # their clocks are other people's
LOOK_SECONDS = 5.0  # how old a process's knowledge of the newest entry may be

Bound = Callable[[Database], datetime | None]
"""A further moment that is proven to have been; None when there is none."""


class ClockWatch:
    """What is known of the present; one for every process. `now` is the clock that is held against it."""

    def __init__(
        self, db: Database, home: Path, *, now: Callable[[], datetime], bounds: tuple[Bound, ...] = ()
    ) -> None:
        self._db, self._record, self._now, self._bounds = db, WitnessRecord(home), now, bounds
        self._floor: datetime | None = None
        self._look_at = 0.0
        self._lock = threading.Lock()

    def __call__(self) -> Message | None:
        """Why nothing may be written now; None when the clock may be right."""
        return self.behind(self._now())

    def behind(self, now: datetime) -> Message | None:
        """Return why `now` cannot be the present. Asks the database every few seconds, and not while it is away."""
        floor = self._known()
        if floor is None or now >= floor:
            return None
        return Message(
            f"系统时钟（{_instant(now)}）早于已有记录的时间（{_instant(floor)}）：请校准时钟；恢复后自动继续。"
            "若是记录的时间有误，运行 hub log accept-clock 并说明原因。",
            f"the clock says {_instant(now)}, but there are records of {_instant(floor)}: set the clock right, and the "
            "hub goes on by itself. If the records are wrong: hub log accept-clock --reason …",
        )

    def _known(self) -> datetime | None:
        with self._lock:
            if time.monotonic() >= self._look_at:
                try:
                    self._floor = self._looked()
                except (DBAPIError, PoolTimeoutError):
                    return self._floor
                self._look_at = time.monotonic() + LOOK_SECONDS
            return self._floor

    def _looked(self) -> datetime | None:
        with self._db.read() as session:
            entry = session.scalar(select(LeafBatch.at).order_by(LeafBatch.id.desc()).limit(1))
            head = session.scalar(select(LogHead.at))
            cosigned = session.scalar(select(func.max(WitnessCosignature.at)))
        own = [entry, head, *(bound(self._db) for bound in self._bounds)]
        floors = [each - TOLERANCE for each in own if each is not None]
        floors += [each - WITNESS_TOLERANCE for each in (cosigned, *self._told()) if each is not None]
        return max(floors, default=None)

    def _told(self) -> list[datetime | None]:
        try:
            return [each.at for each in self._record.witnesses()]
        except RecordDamagedError:
            return []  # the database is read-only for that, and says so


def is_behind(db: Database, keys: KeySet, *, now: datetime) -> bool:
    """Return whether `now` is before what this hub has recorded, or before a key of its own began to sign."""
    if db.clock is not None and db.clock.behind(now) is not None:
        return True
    return keys.youngest is not None and now < keys.youngest - TOLERANCE


def _instant(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}Z"
