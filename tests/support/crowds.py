"""Callers who do a server no good: silent, slow, half-open, and far too many at once."""

import asyncio
import json
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

ASK_SECONDS = 60


@dataclass
class Asked:
    """What the askers of an open loop met."""

    sent: int = 0
    seconds: list[float] = field(default_factory=list)  # of those that were answered with 200
    statuses: dict[str, int] = field(default_factory=dict)

    @property
    def p99(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.99)] if self.seconds else float("inf")


def allow_sockets(count: int) -> None:
    """Raise this process's own bound of open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(count + 500, hard)), hard))


@contextmanager
def silent(
    port: int, count: int, first: bytes = b"", *, buffer: int | None = None
) -> Iterator[list[socket.socket]]:
    """That many connections which send `first` and then nothing, and read nothing."""
    allow_sockets(count)
    with ExitStack() as stack:
        held = []
        for _ in range(count):
            one = stack.enter_context(socket.socket())
            if buffer is not None:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
            one.settimeout(ASK_SECONDS)
            one.connect(("127.0.0.1", port))
            if first:
                one.sendall(first)
            held.append(one)
        yield held


def post(host: str, path: str, body: bytes, *, length: int | None = None) -> bytes:
    """A POST of JSON, or as much of it as `body` is."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body) if length is None else length}\r\n\r\n"
    ).encode() + body


def scan(host: str, text: str) -> bytes:
    return post(host, "/api/v1/verifications", json.dumps({"code": text}).encode())


def ask(port: int, request: bytes) -> tuple[int, float]:
    """The status of an answer on a connection of its own, and how long it took."""
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=ASK_SECONDS) as one:
        one.sendall(request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
        answer = b""
        while part := one.recv(65536):
            answer += part
    return int(answer[9:12]), time.monotonic() - begun


async def _one(port: int, request: bytes, asked: Asked) -> None:
    begun = time.monotonic()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        head = await asyncio.wait_for(reader.readline(), ASK_SECONDS)
        writer.close()
    except (OSError, TimeoutError):
        head = b"HTTP/1.1 000"
    status = head[9:12].decode()
    asked.statuses[status] = asked.statuses.get(status, 0) + 1
    if status == "200":
        asked.seconds.append(time.monotonic() - begun)


async def _open_loop(port: int, request: bytes, *, rate: float, seconds: float) -> Asked:
    asked, tasks, begun = Asked(), [], time.monotonic()
    while (passed := time.monotonic() - begun) < seconds:
        while asked.sent < passed * rate:
            tasks.append(asyncio.ensure_future(_one(port, request, asked)))
            asked.sent += 1
        await asyncio.sleep(0.005)
    await asyncio.gather(*tasks)
    return asked


def open_loop(port: int, request: bytes, *, rate: float, seconds: float) -> Asked:
    """Ask so many times a second whether or not anything is answered: a closed loop would hide a collapse."""
    allow_sockets(4_000)
    return asyncio.run(_open_loop(port, request, rate=rate, seconds=seconds))


def closed_loop(port: int, request: bytes, *, askers: int, seconds: float) -> Asked:
    """So many askers, each asking again when it is answered."""

    async def again(asked: Asked, end: float) -> None:
        while time.monotonic() < end:
            asked.sent += 1
            await _one(port, request, asked)

    async def all_of_them() -> Asked:
        asked, end = Asked(), time.monotonic() + seconds
        await asyncio.gather(*(again(asked, end) for _ in range(askers)))
        return asked

    return asyncio.run(all_of_them())
