"""Callers by the thousand, in a process of their own (`python -m tests.support.flooding`), on uvloop: cheap to send.

An open loop asks so many times a second whether or not anything is answered, and counts from the moment at which it
meant to ask; a closed loop, where each asker waits for its answer, would hide a collapse.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import cast

import uvloop

from tests.support.crowds import allow_sockets

REST_SECONDS = 20  # for which what is asked is waited for in the end
SOCKETS = 16_000


@dataclass
class Met:
    """What the askers met: how often which status, and the seconds of those answered with 200."""

    sent: int = 0
    statuses: dict[str, int] = field(default_factory=dict)  # "": ended without an answer
    seconds: list[float] = field(default_factory=list)

    @property
    def p99(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.99)] if self.seconds else float("inf")


class _Asker(asyncio.Protocol):
    """One connection, used again when it is idle."""

    def __init__(self, crowd: "_Crowd", begun: float) -> None:
        self._crowd = crowd
        self._begun: float | None = begun
        self._said = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._crowd.request)

    def ask(self, begun: float) -> None:
        self._begun, self._said = begun, b""
        self._transport.write(self._crowd.request)

    def data_received(self, data: bytes) -> None:
        self._said += data
        head, end, body = self._said.partition(b"\r\n\r\n")
        if not end or self._begun is None:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r")[0])
        if len(body) < length:
            return
        begun, self._begun = self._begun, None
        if self._crowd.keeps and b"connection: close" not in head.lower():
            self._crowd.idle.append(self)
        else:
            self._transport.close()
        self._crowd.done(head[9:12].decode(), begun)

    def connection_lost(self, _error: Exception | None) -> None:
        if self in self._crowd.idle:
            self._crowd.idle.remove(self)
        if self._begun is not None:
            begun, self._begun = self._begun, None
            self._crowd.done("", begun)


class _Crowd:
    def __init__(self, port: int, request: bytes, *, keeps: bool) -> None:
        self.request = request
        self.keeps = keeps
        self.idle: list[_Asker] = []
        self.met = Met()
        self.open = 0
        self.asks_again = False
        self._port = port
        self._is_quiet = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def ask(self, begun: float) -> None:
        self.met.sent += 1
        self.open += 1
        if self.idle:
            self.idle.pop().ask(begun)
            return
        task = asyncio.ensure_future(self._connect(begun))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def done(self, status: str, begun: float) -> None:
        self.open -= 1
        self.met.statuses[status] = self.met.statuses.get(status, 0) + 1
        if status == "200":
            self.met.seconds.append(time.monotonic() - begun)
        if not self.open:
            self._is_quiet.set()
        if self.asks_again:
            asyncio.get_running_loop().call_soon(lambda: self.ask(time.monotonic()))

    async def rest(self) -> None:
        """Wait until all are answered."""
        self._is_quiet.clear()
        if self.open:
            await self._is_quiet.wait()

    async def _connect(self, begun: float) -> None:
        try:
            await asyncio.get_running_loop().create_connection(
                lambda: _Asker(self, begun), "127.0.0.1", self._port
            )
        except OSError:
            self.done("", begun)


async def _flood(crowd: _Crowd, *, rate: float, askers: int, seconds: float) -> None:
    begun = time.monotonic()
    crowd.asks_again = askers > 0
    for _ in range(askers):
        crowd.ask(begun)
    while (passed := time.monotonic() - begun) < seconds:
        while not askers and crowd.met.sent < passed * rate:
            crowd.ask(begun + crowd.met.sent / rate)
        await asyncio.sleep(0.001)
    crowd.asks_again = False
    with suppress(TimeoutError):
        await asyncio.wait_for(crowd.rest(), REST_SECONDS)


def open_loop(port: int, request: bytes, *, rate: float, seconds: float, keeps: bool = True) -> Met:
    """So many requests a second; `keeps`: on connections that are used again, otherwise each on a new one."""
    return _run(port, request, "--rate", str(rate), seconds=seconds, keeps=keeps)


def closed_loop(port: int, request: bytes, *, askers: int, seconds: float, keeps: bool = True) -> Met:
    """So many askers, each asking again when it is answered: what the server can do at most."""
    return _run(port, request, "--askers", str(askers), seconds=seconds, keeps=keeps)


def _run(port: int, request: bytes, *how: str, seconds: float, keeps: bool) -> Met:
    command = [sys.executable, "-m", "tests.support.flooding", str(port), str(seconds), *how]
    command += ["--keeps"] if keeps else []
    said = subprocess.run(command, input=request, stdout=subprocess.PIPE, check=True).stdout
    return Met(**json.loads(said))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.support.flooding")
    parser.add_argument("port", type=int)
    parser.add_argument("seconds", type=float)
    parser.add_argument("--rate", type=float, default=0)
    parser.add_argument("--askers", type=int, default=0)
    parser.add_argument("--keeps", action="store_true")
    told = parser.parse_args()
    allow_sockets(SOCKETS)
    crowd = _Crowd(told.port, sys.stdin.buffer.read(), keeps=told.keeps)
    uvloop.run(_flood(crowd, rate=told.rate, askers=told.askers, seconds=told.seconds))
    json.dump(asdict(crowd.met), sys.stdout)


if __name__ == "__main__":
    main()
