"""Threads that answer, and who is turned away: by what waits and for how long, not by how many there are."""

import threading
import time
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue

from hub.server.pressure import Pressure

BURST_SECONDS = 1.0  # what anybody waits at most before a thread takes the request
LONG_SECONDS = 0.02  # under overload one request at a time, until it has taken so long


class ServerJob:
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
        """Return whether the caller is the one who goes on with it."""
        try:
            self._open.pop()
        except IndexError:
            return False
        return True


class Lane:
    """A queue and its threads. All but the threads' own work happens in the event loop.

    Bursts wait up to BURST_SECONDS. Under overload (`Pressure`) nobody waits: who comes while a thread is at work is
    turned away at once, so that those who are accepted are answered about as quickly as on a calm day. Two threads that
    compute only take the interpreter from each other and from the loop (measured: a quarter more pages with one); the
    second helps when the first waits for something, and then that takes long.
    """

    def __init__(self, name: str, *, threads: int, patience: float = BURST_SECONDS) -> None:
        self._name = name
        self._patience = patience
        self._waiting: deque[ServerJob] = deque()
        self._queue: SimpleQueue[ServerJob | None] = SimpleQueue()
        self._at_work: deque[ServerJob] = (
            deque()
        )  # as many as threads run; each change is one step of the interpreter
        self._pressure = Pressure()
        self._is_late = False
        self._threads = threads
        for _ in range(threads):
            self._start()

    def submit(self, job: ServerJob) -> None:
        """Let a thread answer, or turn it away at once."""
        self._drop_taken()
        oldest = self._waiting[0].at if self._waiting else job.at
        if self._pressure.begins(job.at, waiting=len(self._waiting), waited=job.at - oldest):
            self._turn_away(job.at)
        if self.is_full:
            self._pressure.turned_away()
            job.refuse()
            return
        self._waiting.append(job)
        self._queue.put(job)

    @property
    def is_full(self) -> bool:
        """Whether who comes now is turned away."""
        if not self._pressure.is_on:
            return False
        self._drop_taken()
        return self._is_late or self._has_enough

    @property
    def _has_enough(self) -> bool:
        """Whether one more would only slow down those who are inside."""
        at_work = tuple(self._at_work)
        if self._waiting or not at_work:
            return bool(self._waiting)
        return len(at_work) >= self._threads or clock() - at_work[0].at < LONG_SECONDS

    def refused_unread(self) -> None:
        """Count one who came while it was full and was turned away without becoming a job."""
        self._pressure.refused_unread()

    def look(self, moment: float, *, is_late: bool = False) -> bool:
        """Turn away what has waited too long; whether there is reason to look again soon.

        `is_late`: the loop is, so that what it reads has waited unseen. Under overload nobody is let in then: the
        threads stand still, and the loop catches up.
        """
        self._drop_taken()
        self._turn_away(moment - self._patience)
        self._is_late = is_late and self._pressure.is_on
        self._pressure.look(moment)
        return bool(self._waiting) or self._pressure.is_on

    def stop(self) -> None:
        """Threads end when they have answered what they have."""
        for _ in range(self._threads):
            self._queue.put(None)

    @property
    def inside(self) -> int:
        """How many wait or are being answered."""
        return len(self._waiting) + len(self._at_work)

    def _turn_away(self, until: float) -> None:
        """All that have waited since that moment or longer."""
        while self._waiting and self._waiting[0].at <= until:
            job = self._waiting.popleft()
            if job.claim():
                job.refuse()

    def _drop_taken(self) -> None:
        while self._waiting and not self._waiting[0].is_waiting:
            self._waiting.popleft()

    def _start(self) -> None:
        threading.Thread(target=self._work, name=self._name, daemon=True).start()

    def _work(self) -> None:
        is_done = False
        try:
            while (job := self._queue.get()) is not None:
                if job.claim():
                    self._do(job)
            is_done = True
        finally:
            if not is_done:  # a mistake of ours: the traceback is told, and the lane keeps its threads
                self._start()

    def _do(self, job: ServerJob) -> None:
        self._at_work.append(job)
        try:
            job.run()
        finally:
            self._at_work.remove(job)


def clock() -> float:
    """Seconds that only go forward."""
    return time.monotonic()
