"""The processes of one hub: forked from a parent that has loaded everything once, started again when they end.

The parent opens nothing (no database, no key, no thread), so that what it forks shares its memory and inherits nothing
half done. A process ends by itself when its parent is gone.
"""

import gc
import logging
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

PAUSE_SECONDS = 2.0  # between an end and the next start: a start that fails at once must not fill a processor
END_SECONDS = 15.0  # what a process may take to end before it is killed; a worker's own bound is 10
_HEARD = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ProcessKind:
    """One process: its name, as `ps` and the log show it, and what it does until it is told to stop."""

    name: str
    run: Callable[[], None]


class Processes:
    """All of them, kept running from `run` until a signal."""

    def __init__(self, kinds: Sequence[ProcessKind], *, pause: float = PAUSE_SECONDS) -> None:
        self._kinds = tuple(kinds)
        self._pause = pause
        self._running: dict[int, ProcessKind] = {}
        self._due: list[tuple[float, ProcessKind]] = []
        self._life = (-1, -1)

    def run(self) -> None:
        """Start all, and start again what ends, until SIGTERM, SIGINT or SIGHUP; all are gone afterwards.

        In a forked process this raises SystemExit once its work is done.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD)
        self._life = os.pipe()
        gc.freeze()  # a collection in a child would copy every page it looks at; one here would hold up the start
        self._due = [(0.0, kind) for kind in self._kinds]
        while True:
            self._start_due()
            heard = signal.sigtimedwait(_HEARD, self._patience())
            if heard is not None and heard.si_signo != signal.SIGCHLD:
                break
            for pid, code in self._ended():
                self._again(pid, code)
        self._stop()

    def _start_due(self) -> None:
        moment = time.monotonic()
        ready = [kind for at, kind in self._due if at <= moment]
        self._due = [(at, kind) for at, kind in self._due if at > moment]
        for kind in ready:
            try:
                pid = _fork(kind, self._life)
            except OSError as error:  # no process left just now, or no memory for one
                _log.error("%s cannot be started: %s", kind.name, error.strerror)  # the fact, no traceback
                self._due.append((moment + self._pause, kind))
            else:
                self._running[pid] = kind

    def _patience(self) -> float:
        """Until the next start; a minute when none is due."""
        moment = time.monotonic()
        return max(0.01, min((at - moment for at, _ in self._due), default=60.0))

    def _again(self, pid: int, code: int) -> None:
        kind = self._running.pop(pid)
        _log.error("%s ended (%d) and is started again", kind.name, code)
        self._due.append((time.monotonic() + self._pause, kind))

    def _ended(self) -> list[tuple[int, int]]:
        """Those of ours; what else ended (a preparation that went on) is forgotten."""
        found = []
        with suppress(ChildProcessError):  # none is left
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                if ended[0] in self._running:
                    found.append((ended[0], os.waitstatus_to_exitcode(ended[1])))
        return found

    def _stop(self) -> None:
        for pid in self._running:
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + END_SECONDS
        while self._running and (left := deadline - time.monotonic()) > 0:
            for pid, _ in self._ended():
                del self._running[pid]
            if self._running:
                signal.sigtimedwait([signal.SIGCHLD], min(left, 0.5))
        for pid in self._running:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        self._running.clear()


class ProcessSignal:
    """Something that happens once in one process, and others wait for. Made before they are forked."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()

    def set(self) -> None:
        """It has happened; a second time says nothing new."""
        if not self.wait(0):
            os.write(self._write, b".")

    def wait(self, seconds: float) -> bool:
        """Return whether it has happened, now or within so many seconds."""
        return bool(select.select([self._read], [], [], seconds)[0])


class Preparation:
    """Work in a forked process, which says when the others may start; it may go on after that, while this one is there.

    In the forked process making this raises SystemExit once the work is done.
    """

    def __init__(self, work: Callable[[Callable[[], None]], None]) -> None:
        self._said, said = os.pipe()
        life = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._said)
            os.close(life[1])
            threading.Thread(target=_end_with_parent, args=(life[0],), daemon=True).start()
            work(partial(os.write, said, b"."))  # type: ignore[arg-type]  # what it returns is of no interest
            sys.exit(0)
        os.close(said)
        os.close(life[0])

    def wait(self) -> int:
        """0 as soon as the others may start, or the code with which the process ended before it said so."""
        is_right = os.read(self._said, 1)
        os.close(self._said)
        if is_right:
            return 0
        _, status = os.waitpid(self._pid, 0)
        return os.waitstatus_to_exitcode(status)


def _fork(kind: ProcessKind, life: tuple[int, int]) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until the work hears signals itself
    os.close(life[1])
    threading.Thread(target=_end_with_parent, args=(life[0],), daemon=True).start()
    _show_name(kind.name)
    kind.run()
    sys.exit(0)


def _end_with_parent(life: int) -> None:
    """The other end of the pipe is the parent's alone: it closes when the parent is gone, however it went."""
    os.read(life, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _show_name(name: str) -> None:
    comm = Path("/proc/self/comm")  # Linux; a container may keep it closed, and it is a convenience only
    with suppress(OSError):
        comm.write_bytes(name.encode())
