"""Threads that answer, and who is turned away: by how long the oldest has waited, not by how many there are."""

import threading
import time
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue

BURST_SECONDS = 1.0  # what anybody waits at most before a thread takes the request
STANDING_SECONDS = (
    0.02  # what the oldest may have waited while the queue has not been empty for BURST_SECONDS
)
GRACE_SECONDS = 0.1  # for which it must have been so


class Job:
    """One request: taken by a thread or turned away by the loop, whoever comes first."""

    __slots__ = ("_open", "at", "refuse", "run")

    def __init__(self, run: Callable[[], None], refuse: Callable[[], None], *, at: float) -> None:
        self.run = run
        self.refuse = refuse
        self.at = at
        self._open = [True]

    @property
    def is_waiting(self) -> bool:
        return bool(self._open)

    def claim(self) -> bool:
        """Whether the caller is the one who goes on with it."""
        try:
            self._open.pop()
        except IndexError:
            return False
        return True


class Lane:
    """A queue and its threads. All but the threads' own work happens in the event loop.

    Short bursts wait up to BURST_SECONDS. A queue that stands (never empty for so long) is more than the threads can
    do: then newcomers are turned away while the oldest has waited STANDING_SECONDS, so that those who are accepted
    are answered quickly ("controlled delay", Nichols and Jacobson, RFC 8289; Maurer, "Fail at Scale", 2015).
    """

    def __init__(self, name: str, *, threads: int, patience: float = BURST_SECONDS) -> None:
        self._name = name
        self._patience = patience
        self._waiting: deque[Job] = deque()
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._empty_at = 0.0
        self._late_since: float | None = None
        self._threads = threads
        for _ in range(threads):
            self._start()

    def submit(self, job: Job) -> None:
        """Let a thread answer, or turn it away at once."""
        self._drop_taken(job.at)
        if self._is_late(job.at):
            job.refuse()
            return
        self._waiting.append(job)
        self._queue.put(job)

    def expire(self, moment: float) -> bool:
        """Turn away what has waited too long; whether anything still waits."""
        self._drop_taken(moment)
        while self._waiting and moment - self._waiting[0].at >= self._patience:
            job = self._waiting.popleft()
            if job.claim():
                job.refuse()
        return bool(self._waiting)

    def stop(self) -> None:
        """Threads end when they have answered what they have."""
        for _ in range(self._threads):
            self._queue.put(None)

    def _is_late(self, moment: float) -> bool:
        """Whether the oldest has waited too long, and not for a moment only: a process may have been held up."""
        if not self._waiting or moment - self._waiting[0].at < self._bound(moment):
            self._late_since = None
            return False
        if self._late_since is None:
            self._late_since = moment
        return moment - self._late_since >= GRACE_SECONDS

    def _bound(self, moment: float) -> float:
        is_standing = moment - self._empty_at >= BURST_SECONDS
        return STANDING_SECONDS if is_standing else self._patience

    def _drop_taken(self, moment: float) -> None:
        while self._waiting and not self._waiting[0].is_waiting:
            self._waiting.popleft()
        if not self._waiting:
            self._empty_at = moment

    def _start(self) -> None:
        threading.Thread(target=self._work, name=self._name, daemon=True).start()

    def _work(self) -> None:
        is_done = False
        try:
            while (job := self._queue.get()) is not None:
                if job.claim():
                    job.run()
            is_done = True
        finally:
            if not is_done:  # a mistake of ours: the traceback is told, and the lane keeps its threads
                self._start()


def clock() -> float:
    """Seconds that only go forward."""
    return time.monotonic()
