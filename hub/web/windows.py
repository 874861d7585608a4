"""Counts within the present minute, in this process: one dictionary, emptied when the minute is over."""

import threading
import time

WINDOW_SECONDS = 60.0
MAX_ASKERS = 200_000  # some 40 MB; those who come later in the minute share counts, and nobody's is forgotten
SHARED_COUNTS = 65_536  # for those; which of them two askers share differs from process to process


class MinuteCounts:
    """How often each asker of each kind came in this minute; one microsecond a count, and no thread of its own."""

    def __init__(self, *, most: int = MAX_ASKERS) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, str], int] = {}
        self._shared: dict[int, int] = {}
        self._most = most
        self._ends_at = 0.0

    def hit(self, kind: str, who: str, *, limit: int, weight: int = 1) -> bool:
        """Note one request; False when it is one too many."""
        moment = time.monotonic()
        key = (kind, who)
        with self._lock:
            if moment >= self._ends_at:
                self._counts.clear()
                self._shared.clear()
                self._ends_at = moment + WINDOW_SECONDS
            if key not in self._counts and len(self._counts) >= self._most:
                place = hash(key) % SHARED_COUNTS
                count = self._shared[place] = self._shared.get(place, 0) + weight
            else:
                count = self._counts[key] = self._counts.get(key, 0) + weight
        return count <= limit
