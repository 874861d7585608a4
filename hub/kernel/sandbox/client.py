"""The hub's side: hand a file to a parser in another process, and take what it finds."""

import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from signal import SIGALRM, SIGKILL, SIGXCPU
from typing import Any, BinaryIO

from hub.kernel.sandbox.errors import (
    ParserAwayError,
    ParserBusyError,
    ParserCrashedError,
    ParserRefusalError,
    TooCostlyError,
)
from hub.kernel.sandbox.frames import FrameReader
from hub.kernel.sandbox.limits import Limits

Json = Any
Parser = Callable[[BinaryIO, Mapping[str, Any]], Iterable[Json]]
"""Top-level function of a module: a file from its beginning, and what else it is told; yields values that JSON has.

It refuses with `ParserRefusalError`. Every other exception counts as a damaged file.
"""

AT_ONCE = 2  # more files than processors are not read sooner, and each may take its whole memory
PATIENCE = 5.0  # seconds to wait for one's turn: about as long as the costliest picture takes
GRACE = 2.0  # seconds after its time in which a process is ended by the one that forked it
PIECE = 64 * 1024
GOODBYE = 5.0  # seconds; it ends at once unless the machine is out of breath
_COSTLY = frozenset({-SIGXCPU, -SIGKILL, -SIGALRM})
_START = (
    "import sys; sys.path[:] = {path!r}; from hub.kernel.sandbox.server import serve; serve({descriptor})"
)


@dataclass(frozen=True, slots=True)
class _Server:
    """The process that forks. `pid`: of the hub's process that started it; another one starts its own."""

    control: socket.socket
    process: "subprocess.Popen[bytes]"
    pid: int


class Sandbox:
    """Starts nothing before the first file. Safe to share among threads; bounded: `at_once` files, others wait.

    Close it, or let it go: the process ends with it.
    """

    def __init__(self, *, at_once: int = AT_ONCE, patience: float = PATIENCE) -> None:
        self._turns = threading.BoundedSemaphore(at_once)
        self._patience = patience
        self._lock = threading.Lock()
        self._server: _Server | None = None
        self._ending: weakref.finalize[Any, Any] | None = None

    def run(
        self,
        parser: Parser,
        source: bytes | BinaryIO,
        *,
        limits: Limits,
        arguments: Mapping[str, Json] | None = None,
    ) -> list[Json]:
        """Return all that the parser finds in a file. Raises: as `stream`."""
        return list(self.stream(parser, source, limits=limits, arguments=arguments))

    def stream(
        self,
        parser: Parser,
        source: bytes | BinaryIO,
        *,
        limits: Limits,
        arguments: Mapping[str, Json] | None = None,
    ) -> Generator[Json]:
        """Return what the parser finds, as it finds it. `source`: the bytes, or a real file opened for reading.

        Leaving early ends the parser. Raises: ParserRefusalError, TooCostlyError, ParserCrashedError for the file;
        ParserBusyError, ParserAwayError for the hub.
        """
        job = {
            "parser": f"{parser.__module__}:{parser.__qualname__}",
            "arguments": dict(arguments or {}),
            "limits": limits.as_json(),
        }
        with self._turn(), _file(source) as file, self._begin(job, file) as (answers, told):
            yield from _taken(answers, told, limits)

    def close(self) -> None:
        """End the process that forks, and with it every parser that still runs."""
        with self._lock:
            self._server = None
            if self._ending is not None:
                self._ending()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=self._patience):
            raise ParserBusyError
        try:
            yield
        finally:
            self._turns.release()

    @contextmanager
    def _begin(self, job: Mapping[str, Json], file: int) -> Iterator[tuple[int, int]]:
        """Hand over the job; yields where its answers and its end are read."""
        with ExitStack() as ours, ExitStack() as theirs:
            answers, told = _pipe(ours, theirs), _pipe(ours, theirs)
            self._send(json.dumps(job).encode(), [answers[1], told[1], file])
            theirs.close()
            yield answers[0], told[0]

    def _send(self, job: bytes, descriptors: list[int]) -> None:
        """A server that was ended from outside is started again, once."""
        with self._lock:
            for _ in range(2):
                server = self._current()
                try:
                    socket.send_fds(server.control, [job], descriptors)
                except OSError:
                    self._server = None
                else:
                    return
        raise ParserAwayError

    def _current(self) -> _Server:
        if self._server is None or self._server.pid != os.getpid():
            self._server = _started()
            self._ending = weakref.finalize(self, _end, self._server)
        return self._server


def _pipe(ours: ExitStack, theirs: ExitStack) -> tuple[int, int]:
    """The end that is read and the end that is handed over, each closed in its turn. Raises: ParserAwayError."""
    try:
        read, written = os.pipe()
    except OSError as error:  # no descriptor left
        raise ParserAwayError from error
    ours.callback(os.close, read)
    theirs.callback(os.close, written)
    return read, written


def _started() -> _Server:
    """Raises: ParserAwayError."""
    try:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    except OSError as error:  # no descriptor left
        raise ParserAwayError from error
    start = _START.format(path=[os.path.abspath(each) for each in sys.path], descriptor=theirs.fileno())  # noqa: PTH100  # pathlib follows links; "" is here
    with theirs:
        try:
            process = subprocess.Popen(  # noqa: S603  # ourselves
                [sys.executable, "-I", "-X", "utf8", "-c", start],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C at a terminal reaches the hub alone
                env={},  # what the hub is told in its environment, a passphrase for one, is not for parsers
            )
        except OSError as error:
            ours.close()
            raise ParserAwayError from error
    return _Server(ours, process, os.getpid())


def _end(server: _Server) -> None:
    if server.pid != os.getpid():
        return  # our parent's
    server.control.close()
    try:
        server.process.wait(GOODBYE)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()


@contextmanager
def _file(source: bytes | BinaryIO) -> Iterator[int]:
    """A descriptor that the parser can read from the beginning."""
    if not isinstance(source, bytes):
        yield source.fileno()
        return
    with ExitStack() as end:
        try:
            file = end.enter_context(tempfile.TemporaryFile())
            file.write(source)
            file.flush()
        except OSError as error:  # no descriptor left, or no room on the disk
            raise ParserAwayError from error
        yield file.fileno()


def _taken(answers: int, told: int, limits: Limits) -> Iterator[Json]:
    """The values until the parser's last words; without those, how its process ended says why."""
    reader = FrameReader(max_bytes=limits.answer_bytes)
    until = time.monotonic() + limits.wall_seconds + GRACE
    while piece := _piece(answers, until):
        for frame in _whole(reader, piece):
            if "value" in frame:
                yield frame["value"]
            else:
                _settle(frame)
                return
    with suppress(ValueError):
        for code in FrameReader(max_bytes=PIECE).feed(_piece(told, until)):
            raise TooCostlyError if code in _COSTLY else ParserCrashedError
    raise ParserAwayError


def _whole(reader: FrameReader, piece: bytes) -> Iterator[dict[str, Json]]:
    try:
        frames = reader.feed(piece)
    except ValueError as error:
        raise ParserCrashedError from error
    for frame in frames:
        if not isinstance(frame, dict):
            raise ParserCrashedError
        yield frame


def _settle(last: Mapping[str, Json]) -> None:
    match last:
        case {"end": "done"}:
            return
        case {"end": "memory"}:
            raise TooCostlyError
        case {"end": "refused", "code": str(code), "detail": str(detail)}:
            raise ParserRefusalError(code, detail)
        case _:
            raise ParserCrashedError


def _piece(descriptor: int, until: float) -> bytes:
    """What arrives next; empty when nothing will. Raises: TooCostlyError."""
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    if not waiting.poll(max(0.0, until - time.monotonic()) * 1000):
        raise TooCostlyError
    return os.read(descriptor, PIECE)
