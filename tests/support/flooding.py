"""Callers by the thousand, in a process of their own (`python -m tests.support.flooding`), on bare sockets: cheap to send.

An open loop asks so many times a second whether or not anything is answered, and counts from the moment at which it
meant to ask; a closed loop, where each asker waits for its answer, would hide a collapse. The callers come from many
addresses, as a city's do: what one address may hold is bounded, and that is another test.
"""

import argparse
import gc
import json
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import IO, cast

from tests.support.crowds import allow_sockets

REST_SECONDS = 20  # for which what is asked is waited for in the end
FOR_EVER = 600.0  # seconds, of a flood that its caller ends
SOCKETS = 16_000
ADDRESSES = 200  # 127.0.1.1 and on
AT_ONCE = 32  # asked in one turn at most, so that a sender who is behind still reads
_BIND_LATER = (
    24  # IP_BIND_ADDRESS_NO_PORT: the port is chosen when the other end is known; not in Python's socket
)


@dataclass
class Met:
    """What the askers met: how often which status, and the seconds of those answered with 200."""

    sent: int = 0
    late: float = 0  # seconds by which the sender itself was behind at most: its own fault, not the server's
    statuses: dict[str, int] = field(default_factory=dict)  # "": ended without an answer
    seconds: list[float] = field(default_factory=list)

    @property
    def p99(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.99)] if self.seconds else float("inf")


class _Asker:
    """One connection, used again when it is idle."""

    __slots__ = ("begun", "has_sent", "said", "socket")

    def __init__(self, held: socket.socket) -> None:
        self.socket = held
        self.begun: float | None = None
        self.has_sent = False
        self.said = b""


class _Crowd:
    """Askers on one `epoll`, edge-triggered: what an asker costs is a few system calls."""

    def __init__(self, port: int, request: bytes, *, keeps: bool) -> None:
        self.met = Met()
        self.open = 0
        self.again: Callable[[], None] = lambda: None
        self._request = request
        self._keeps = keeps
        self._server = ("127.0.0.1", port)
        self._epoll = select.epoll()
        self._askers: dict[int, _Asker] = {}
        self._idle: list[_Asker] = []

    def ask(self, begun: float) -> None:
        """Send one request, meant for that moment."""
        self.met.sent += 1
        self.open += 1
        try:
            asker = self._idle.pop() if self._idle else self._connect()
        except OSError:  # no descriptor left: so many wait for an answer
            self._done("", begun)
            return
        asker.begun = begun
        asker.has_sent = False
        asker.said = b""
        self._send(asker)

    def turn(self, seconds: float) -> None:
        """Read what is there; wait so long for the first of it."""
        for number, events in self._epoll.poll(seconds, 512):
            asker = self._askers.get(number)
            if asker is None:
                continue
            if not asker.has_sent and asker.begun is not None and events & select.EPOLLOUT:
                self._send(asker)
            if events & (select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR | select.EPOLLRDHUP):
                self._read(asker)

    def _connect(self) -> _Asker:
        held = socket.socket()
        held.setblocking(False)
        held.setsockopt(socket.IPPROTO_IP, _BIND_LATER, 1)
        held.bind((f"127.0.1.{1 + self.met.sent % ADDRESSES}", 0))
        asker = _Asker(held)
        self._askers[held.fileno()] = asker
        self._epoll.register(held, select.EPOLLIN | select.EPOLLOUT | select.EPOLLRDHUP | select.EPOLLET)
        held.connect_ex(self._server)  # on this machine it is connected at once, or refused later
        return asker

    def _send(self, asker: _Asker) -> None:
        try:
            asker.socket.send(self._request)
        except (BlockingIOError, BrokenPipeError):
            return  # not connected yet, or gone: the next event tells
        except OSError:
            self._end(asker)
            return
        asker.has_sent = True

    def _read(self, asker: _Asker) -> None:
        try:
            while True:
                part = asker.socket.recv(65536)
                if not part:
                    self._end(asker)
                    return
                asker.said += part
                if self._is_whole(asker):
                    return
        except BlockingIOError:
            return
        except OSError:
            self._end(asker)

    def _is_whole(self, asker: _Asker) -> bool:
        """Whether the answer is there; then the asker is idle, or gone."""
        head, end, body = asker.said.partition(b"\r\n\r\n")
        if not end or asker.begun is None:
            return False
        head = head.lower()
        if len(body) < int(head.partition(b"content-length:")[2].partition(b"\r")[0]):
            return False
        begun, asker.begun = asker.begun, None
        if self._keeps and b"connection: close" not in head:
            self._idle.append(asker)
        else:
            self._forget(asker)
        self._done(head[9:12].decode(), begun)
        return True

    def _end(self, asker: _Asker) -> None:
        begun, asker.begun = asker.begun, None
        if begun is None:
            self._idle.remove(asker)
        self._forget(asker)
        if begun is not None:
            self._done("", begun)

    def _forget(self, asker: _Asker) -> None:
        del self._askers[asker.socket.fileno()]
        asker.socket.close()

    def _done(self, status: str, begun: float) -> None:
        self.open -= 1
        self.met.statuses[status] = self.met.statuses.get(status, 0) + 1
        if status == "200":
            self.met.seconds.append(time.monotonic() - begun)
        self.again()


def _flood(crowd: _Crowd, *, rate: float, askers: int, seconds: float) -> None:
    begun = time.monotonic()
    if askers:
        crowd.again = lambda: crowd.ask(time.monotonic())
    for _ in range(askers):
        crowd.ask(begun)
    while (now := time.monotonic()) < begun + seconds:
        due = int((now - begun) * rate) + 1 - crowd.met.sent if rate else 0
        if due > 0:
            crowd.met.late = max(crowd.met.late, due / rate)
            for _ in range(min(due, AT_ONCE)):
                crowd.ask(begun + crowd.met.sent / rate)
        crowd.turn(0 if due > AT_ONCE else 0.001)
    crowd.again = lambda: None
    while crowd.open and time.monotonic() < begun + seconds + REST_SECONDS:
        crowd.turn(0.05)


def open_loop(port: int, request: bytes, *, rate: float, seconds: float, keeps: bool = True) -> Met:
    """So many requests a second; `keeps`: on connections that are used again, otherwise each on a new one."""
    return _run(port, request, "--rate", str(rate), seconds=seconds, keeps=keeps)


def closed_loop(port: int, request: bytes, *, askers: int, seconds: float, keeps: bool = True) -> Met:
    """So many askers, each asking again when it is answered: what the server can do at most."""
    return _run(port, request, "--askers", str(askers), seconds=seconds, keeps=keeps)


@contextmanager
def flooded(port: int, request: bytes, *, rate: float) -> Iterator[None]:
    """So many requests a second until the end of the block."""
    with subprocess.Popen(
        _command(port, FOR_EVER, "--rate", str(rate), "--keeps"), stdin=subprocess.PIPE
    ) as sender:
        try:
            cast("IO[bytes]", sender.stdin).write(request)
            cast("IO[bytes]", sender.stdin).close()
            yield
        finally:
            sender.terminate()


def _run(port: int, request: bytes, *how: str, seconds: float, keeps: bool) -> Met:
    command = _command(port, seconds, *how, *(["--keeps"] if keeps else []))
    said = subprocess.run(command, input=request, stdout=subprocess.PIPE, check=True).stdout
    return Met(**json.loads(said))


def _command(port: int, seconds: float, *how: str) -> list[str]:
    return [sys.executable, "-m", "tests.support.flooding", str(port), str(seconds), *how]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.support.flooding")
    parser.add_argument("port", type=int)
    parser.add_argument("seconds", type=float)
    parser.add_argument("--rate", type=float, default=0)
    parser.add_argument("--askers", type=int, default=0)
    parser.add_argument("--keeps", action="store_true")
    told = parser.parse_args()
    allow_sockets(SOCKETS)
    gc.disable()  # a process of seconds; a pause of the sender would count as the server's
    crowd = _Crowd(told.port, sys.stdin.buffer.read(), keeps=told.keeps)
    _flood(crowd, rate=told.rate, askers=told.askers, seconds=told.seconds)
    json.dump(asdict(crowd.met), sys.stdout)


if __name__ == "__main__":
    main()
