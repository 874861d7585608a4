"""Requests that no two of are alike: whatever a server remembers by what callers send grows by each of them."""

import re
import socket
from collections.abc import Callable, Sequence
from io import BufferedReader

AHEAD = 16  # requests sent before their answers are read, as many as the server takes
TIMEOUT_SECONDS = 60

_Made = tuple[str, str, Sequence[str]]  # method, target, further header lines


KINDS: dict[str, Callable[[int], _Made]] = {
    "paths": lambda number: ("GET", f"/{number}/x{number}", ()),
    "plates": lambda number: ("GET", f"/c/{number}", ()),
    "methods": lambda number: (("PROPFIND", "REPORT", "PATCH", "DELETE")[number % 4], f"/m{number}", ()),
    "languages": lambda number: ("GET", "/", (f"Accept-Language: x{number}, l{number}-{number};q=0.{number % 9 + 1}",)),
    "language wishes": lambda number: ("GET", f"/?lang=x{number}", ()),
    "queries": lambda number: ("GET", f"/?q{number}={number}&page={number}", ()),
    "headers": lambda number: ("GET", "/healthz/x", (f"X-{number}: {number}", f"Accept: a/{number}")),
    "cookies": lambda number: ("GET", "/", (f"Cookie: c{number}={number}; hub={number}; lang=x{number}",)),
    "agents": lambda number: ("GET", "/no", (f"User-Agent: agent/{number}", f"X-Request-ID: {number}")),
    "encodings": lambda number: ("GET", "/", (f"Accept-Encoding: e{number}", f'If-None-Match: W/"{number}"')),
    "formats": lambda number: ("GET", f"/c/x.{number}", (f"Accept: application/x-{number}+json",)),
    "hosts": lambda number: ("GET", "/", (f"Host: h{number}.example",)),
    "origins": lambda number: ("POST", "/access/login", (f"Origin: https://o{number}.example", "Content-Length: 0")),
    "files": lambda number: ("GET", f"/static/{number}.css?v={number}", ()),
    "statuses": lambda number: ("GET", f"/status/{number}", ()),
    "log": lambda number: ("GET", f"/log/tile/0/x{number:09}/{number % 256}", ()),
    "verifications": lambda number: ("POST", "/api/v1/verifications", ("Content-Type: application/json", f"Referer: /{number}")),
    "credential types": lambda number: ("GET", f"/vct/t{number}", ()),
}  # fmt: skip


def hostile(number: int, *, host: str) -> bytes:
    """One request of the kind that is next in turn, on a connection that is kept."""
    name = tuple(KINDS)[number % len(KINDS)]
    method, target, more = KINDS[name](number)
    body = f'{{"code":"x{number}"}}' if name == "verifications" else ""
    lines = [f"{method} {target} HTTP/1.1", *more]
    if name != "hosts":
        lines.append(f"Host: {host}")
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def send(port: int, host: str, *, first: int, count: int) -> int:
    """Send so many, on one connection after the other, some ahead of their answers; how many were sent."""
    number, end = first, first + count
    while number < end:
        with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS) as one:
            number = _until_closed(one, number, end, host)
    return count


def _until_closed(one: socket.socket, number: int, end: int, host: str) -> int:
    with one.makefile("rb") as stream:
        while number < end:
            ahead = min(AHEAD, end - number)
            one.sendall(b"".join(hostile(each, host=host) for each in range(number, number + ahead)))
            for _ in range(ahead):
                number += 1
                if not _skip_answer(stream):
                    return number
    return number


def _skip_answer(stream: BufferedReader) -> bool:
    """Whether the connection stays."""
    head = b""
    while (line := stream.readline()) not in {b"\r\n", b""}:
        head += line.lower()
    found = re.search(rb"content-length: (\d+)", head)
    stream.read(int(found[1]) if found else 0)
    return bool(head) and b"connection: close" not in head
