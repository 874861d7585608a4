"""The process that forks one process for each file: `serve` runs in it.

It has one thread and no secrets, has the parsers' modules loaded, and never touches a file itself: each file meets a
fresh copy of it that ends afterwards. A copy costs a few milliseconds, where a new interpreter costs a tenth of a second.
It ends with the hub, whose end closes the socket between them.
"""

import ctypes
import gc
import json
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, BinaryIO, NoReturn

from hub.kernel.sandbox.errors import ParserRefusalError
from hub.kernel.sandbox.frames import write_frame
from hub.kernel.sandbox.limits import Limits

MAX_JOB_BYTES = 64 * 1024
DESCRIPTORS = 3  # of a job: where answers go, where its end is told, the file
GRACE = 1.0  # seconds after which a process that was not ended ends itself
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET of linux/sched.h
_CLOSED_ABOVE = 3
_CRASHED = 70


@dataclass(frozen=True, slots=True)
class _Running:
    ends_at: float
    told: int  # the pipe to which its end is written; nobody at its other end: nobody waits any more


def serve(descriptor: int) -> None:
    """Fork for every job that arrives, end those that are late, tell how each ended; until the hub is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the hub's to handle: it closes the socket
    woken, wakes = socket.socketpair()
    woken.setblocking(False)
    wakes.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
    _leave_the_network()
    with socket.socket(fileno=descriptor) as hub:
        _Server(hub, woken).run()


class _Server:
    def __init__(self, hub: socket.socket, woken: socket.socket) -> None:
        self._hub = hub
        self._woken = woken
        self._running: dict[int, _Running] = {}

    def run(self) -> None:
        while True:
            events = self._wait()
            if self._woken.fileno() in events:
                self._woken.recv(4096)
            self._reap()
            self._end_late(events)
            if self._hub.fileno() in events and not self._take():
                self._end(self._running)
                return

    def _wait(self) -> frozenset[int]:
        """Until something happens or somebody's time is up; the descriptors at which it happened."""
        poll = select.poll()
        for asked in (self._hub, self._woken):
            poll.register(asked, select.POLLIN)
        for each in self._running.values():
            poll.register(each.told, 0)  # of a pipe's writing end an error is told without being asked for
        nearest = min((each.ends_at for each in self._running.values()), default=None)
        wait = None if nearest is None else max(0.0, nearest - time.monotonic()) * 1000
        return frozenset(descriptor for descriptor, _ in poll.poll(wait))

    def _take(self) -> bool:
        """One job; False when the hub is gone."""
        raw, descriptors, _, _ = socket.recv_fds(self._hub, MAX_JOB_BYTES, DESCRIPTORS)
        if not raw:
            return False
        job = json.loads(raw)
        answers, told, file = descriptors
        parse = _parser(job["parser"])
        limits = Limits(**job["limits"])
        pid = os.fork()
        if pid == 0:
            _work(parse, job["arguments"], limits, answers=answers, file=file)
        os.close(answers)
        os.close(file)
        self._running[pid] = _Running(time.monotonic() + limits.wall_seconds, told)
        return True

    def _reap(self) -> None:
        while self._running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            told = self._running.pop(pid).told
            try:
                write_frame(told, os.waitstatus_to_exitcode(status))
            except BrokenPipeError:
                pass  # who asked went away before the answer
            finally:
                os.close(told)

    def _end_late(self, events: frozenset[int]) -> None:
        now = time.monotonic()
        self._end([pid for pid, each in self._running.items() if each.ends_at <= now or each.told in events])

    def _end(self, pids: Iterable[int]) -> None:
        for pid in pids:
            os.kill(pid, signal.SIGKILL)  # not reaped yet, so the number is still its own


def _parser(name: str) -> Callable[[BinaryIO, Mapping[str, Any]], Iterable[object]]:
    """Load what the hub names; its module stays loaded for every later copy."""
    module, _, function = name.partition(":")
    found: Callable[[BinaryIO, Mapping[str, Any]], Iterable[object]] = getattr(
        import_module(module), function
    )
    gc.freeze()  # a collection in a copy would touch, and so copy, every page of what is loaded
    return found


def _work(
    parse: Callable[[BinaryIO, Mapping[str, Any]], Iterable[object]],
    arguments: Mapping[str, Any],
    limits: Limits,
    *,
    answers: int,
    file: int,
) -> NoReturn:
    """Parse one file in this process and end it, whatever happens."""
    code = _CRASHED
    try:
        answers, file = _keep_only(answers, file)
        for number in (signal.SIGCHLD, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, limits.wall_seconds + GRACE)  # should the parent be gone
        limits.impose()
        with os.fdopen(file, "rb") as opened:
            opened.seek(0)
            write_frame(answers, _told(parse, opened, arguments, answers))
        code = 0
    finally:
        os._exit(code)  # nothing of the parent's is flushed, closed or run a second time


def _told(
    parse: Callable[[BinaryIO, Mapping[str, Any]], Iterable[object]],
    file: BinaryIO,
    arguments: Mapping[str, Any],
    answers: int,
) -> dict[str, object]:
    """Hand over what the parser finds; the last words say how it ended."""
    try:
        for value in parse(file, arguments):
            write_frame(answers, {"value": value})
    except ParserRefusalError as refusal:
        return {"end": "refused", "code": refusal.code, "detail": refusal.detail}
    except MemoryError:
        return {"end": "memory"}
    return {"end": "done"}


def _keep_only(answers: int, file: int) -> tuple[int, int]:
    """Close every descriptor but these two and the standard ones, which lead nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in range(_CLOSED_ABOVE):
        os.dup2(nowhere, standard)
    low, high = sorted((answers, file))
    os.closerange(_CLOSED_ABOVE, low)
    os.closerange(low + 1, high)
    os.closerange(high + 1, os.sysconf("SC_OPEN_MAX"))
    return answers, file


def _leave_the_network() -> None:
    """Into a network of its own without any interface, where the kernel lets an ordinary user do that."""
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    if unshare is not None:
        unshare(_NEW_USER | _NEW_NET)
