"""Callers who do a server no good: silent, slow, half-open. Those who ask far too much stand in `flooding`."""

import json
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

ASK_SECONDS = 60


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
