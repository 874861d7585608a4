"""Who scanned what: rows for a day, a count per day for ever.

Scans of officers and officials are written before they are answered. Those of the public and of platforms are
counted in memory and written once a second by each worker process: no scan waits for a disk. When the power fails,
at most that one second of public counts is lost; a stop of the server writes it first. Every public scan is counted;
a plate scanned again by the public within the second gets no second row, so that nobody fills the disk with one plate.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Insert, and_, delete, insert, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from hub.codes.dynamic import NOBODY, UseFloor, note_floor
from hub.codes.models import DynamicUse, Scan, ScanDay
from hub.codes.rules import Viewer
from hub.kernel.database import Database, Note
from hub.kernel.errors import ReadOnlyError
from hub.kernel.ids import new_id
from hub.kernel.outcomes import Outcome

FLUSH_SECONDS = 1.0  # what a power failure may cost of the public counts
MAX_DETAILS = 10_000  # rows waiting in memory, about 5 MB; beyond, scans are still counted but keep no row
KEEP_PUBLIC = timedelta(hours=24)  # rows of public scans; the daily counts stay
KEEP_USES = timedelta(minutes=5)  # after a dynamic code's expiry: longer than any clock of ours is wrong

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SeenCode:
    """One scan. `uscc` None: the code was refused, so it belongs to nobody and is only counted."""

    viewer: Viewer
    outcome: Outcome
    at: datetime
    uscc: str | None = None
    plate_id: str | None = None
    person_id: UUID | None = None


_Key = tuple[str, str | None, Viewer, Outcome]


class ScanRecorder:
    """Counts scans exactly, however many threads report them; start and stop of its thread are its own matter."""

    def __init__(
        self,
        db: Database,
        *,
        day_of: Callable[[datetime], date],
        details: int = MAX_DETAILS,
        every: float = FLUSH_SECONDS,
    ) -> None:
        """`details`: rows that wait at most; `every`: seconds between two writes."""
        self._db = db
        self._most_details = details
        self._every = every
        self._day_of = day_of
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._details: dict[_Key, SeenCode] = {}
        self._counts: Counter[tuple[date, Viewer, Outcome]] = Counter()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, seen: SeenCode) -> None:
        """Count a scan; the plate's first of the second keeps a row."""
        with self._lock:
            self._count(seen)
            if seen.uscc is not None and len(self._details) < self._most_details:
                self._details.setdefault((seen.uscc, seen.plate_id, seen.viewer, seen.outcome), seen)

    def count(self, seen: SeenCode) -> None:
        """Count a scan whose row the caller wrote in its own transaction."""
        with self._lock:
            self._count(seen)

    def flush(self) -> None:
        """Write what is waiting in one transaction; what could not be written waits on.

        Raises: DBAPIError, TimeoutError of the connection pool.
        """
        with self._writing:
            with self._lock:
                details, self._details = self._details, {}
                counts, self._counts = self._counts, Counter()
            if not counts:
                return
            with ExitStack() as undoing:
                undoing.callback(self._put_back, details, counts)
                self._db.run(lambda session: _write(session, [*details.values()], counts), note=Note.SCANS)
                undoing.pop_all()

    def _put_back(self, details: dict[_Key, SeenCode], counts: Counter[tuple[date, Viewer, Outcome]]) -> None:
        with self._lock:
            self._counts.update(counts)
            self._details = details | self._details

    def close(self) -> None:
        """Stop the thread and write the rest; safe to call again. What cannot be written now is lost and told."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        try:
            self.flush()
        except (DBAPIError, PoolTimeoutError, ReadOnlyError) as error:
            lost = self._counts.total()
            self._counts.clear()
            self._details.clear()
            _log.error("%d scans were not written: %s", lost, type(error).__name__)  # the stack says no more

    def _count(self, seen: SeenCode) -> None:
        self._counts[self._day_of(seen.at), seen.viewer, seen.outcome] += 1
        if self._thread is None:  # at the first scan, so that a forked worker has its own
            self._thread = threading.Thread(target=self._write_on, name="scan-recorder", daemon=True)
            self._thread.start()

    def _write_on(self) -> None:
        while not self._stop.wait(self._every):
            try:
                self.flush()
            except (DBAPIError, PoolTimeoutError, ReadOnlyError) as error:
                _log.warning("scans wait for the database: %s", type(error).__name__)


def write_seen(session: Session, seen: SeenCode) -> None:
    """The row of one scan, in the caller's transaction: on record before the answer."""
    session.execute(insert(Scan), [_row(seen)])


def forget_expired(db: Database, *, now: datetime) -> int:
    """Drop the rows of scans by the public and by platforms after 24 hours, and of used codes long expired.

    How many rows were dropped. Scans that officers and officials made stay, and so do the daily counts; where one
    of them only opened an address, the row names nobody and goes like the public's.
    """
    nameless = and_(Scan.audience.in_((Viewer.OFFICER, Viewer.OFFICIAL)), Scan.person_id.is_(None))
    old = (
        Scan.at < now - KEEP_PUBLIC,
        or_(Scan.audience.in_((Viewer.PUBLIC, Viewer.PLATFORM)), nameless),
    )

    def work(session: Session) -> int:
        scans = session.execute(delete(Scan).where(*old).returning(Scan.id)).all()
        expired = delete(DynamicUse).where(DynamicUse.expires_at < now - KEEP_USES, DynamicUse.uscc != NOBODY)
        uses = session.execute(expired.returning(DynamicUse.nonce)).all()
        if uses:
            note_floor(session, UseFloor.FORGOTTEN, now - KEEP_USES, now=now)
        return len(scans) + len(uses)

    return db.run(work)


def _write(session: Session, details: list[SeenCode], counts: Counter[tuple[date, Viewer, Outcome]]) -> None:
    if details:
        session.execute(insert(Scan), [_row(seen) for seen in details])
    days = [
        {"day": day, "audience": viewer, "verdict": outcome, "count": count}
        for (day, viewer, outcome), count in sorted(counts.items())  # one order everywhere: no deadlocks
    ]
    session.execute(_upsert(session.get_bind().dialect.name), days)


def _row(seen: SeenCode) -> dict[str, object]:
    return {
        "uscc": seen.uscc,
        "id": new_id(seen.at),
        "plate_id": seen.plate_id,
        "audience": seen.viewer,
        "verdict": seen.outcome,
        "person_id": seen.person_id,
        "at": seen.at,
    }


def _upsert(dialect: str) -> Insert:
    match dialect:
        case "sqlite":
            light = sqlite.insert(ScanDay)
            return light.on_conflict_do_update(
                index_elements=_DAY_KEY, set_={"count": ScanDay.count + light.excluded.count}
            )
        case _:
            full = postgresql.insert(ScanDay)
            return full.on_conflict_do_update(
                index_elements=_DAY_KEY, set_={"count": ScanDay.count + full.excluded.count}
            )


_DAY_KEY = (ScanDay.day, ScanDay.audience, ScanDay.verdict)
