"""Counts within the present minute, in this process: one dictionary, emptied when the minute is over."""

import threading
import time

WINDOW_SECONDS = 60.0
MAX_ASKERS = 200_000  # some 40 MB; a flood from more addresses than that starts the count anew


class MinuteCounts:
    """How often each asker of each kind came in this minute; one microsecond a count, and no thread of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, str], int] = {}
        self._ends_at = 0.0

    def hit(self, kind: str, who: str, *, limit: int) -> bool:
        """Note one request; False when it is one too many."""
        moment = time.monotonic()
        key = (kind, who)
        with self._lock:
            if moment >= self._ends_at or len(self._counts) >= MAX_ASKERS:
                self._counts.clear()
                self._ends_at = moment + WINDOW_SECONDS
            count = self._counts.get(key, 0) + 1
            self._counts[key] = count
        return count <= limit
