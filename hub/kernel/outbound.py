"""Send one small request to an address that somebody typed: no redirects, no proxies, small answers, a deadline.

What comes back is believed as far as the connection is: https, or http within this machine.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from urllib.parse import SplitResult, urlencode, urlsplit

from hub.kernel.errors import InvalidInputError, UnavailableError

TIMEOUT_SECONDS = 4.0  # such services answer in milliseconds; the caller's other duties wait meanwhile
DEADLINE_SECONDS = 8.0  # for an answer that arrives drop by drop, its headers included
MAX_ANSWER_BYTES = 16 * 1024  # the longest answer that anybody needs, sixteen cosignatures of a log, is 3 KB
MAX_URL_CHARS = 200
CHUNK = 4096

_SCHEMES: dict[str, type[HTTPConnection]] = {"http": HTTPConnection, "https": HTTPSConnection}


class AddressRefusedError(InvalidInputError):
    """Not an address that the hub sends anything to."""

    reason = "OUTBOUND_ADDRESS"
    field = "url"
    zh = "地址应形如 https://hub.example/path；http 仅限本机。"
    en = "An address looks like https://hub.example/path; http is for this machine alone."


class NoAnswerError(UnavailableError):
    """Nobody answered there, or not in time, or more than anybody needs."""

    reason = "OUTBOUND_NO_ANSWER"
    zh = "对方没有应答。"
    en = "There was no answer from that address."


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    type: str
    body: str


@dataclass(frozen=True, slots=True)
class OutboundRequest:
    """What is asked; `query` is for addresses of our own making, none that was typed has one."""

    method: str
    url: str
    body: str = ""
    query: tuple[tuple[str, str], ...] = ()


Ask = Callable[[OutboundRequest], Reply]
"""Raises: AddressRefusedError, NoAnswerError."""


def ask(request: OutboundRequest, *, seconds: float = DEADLINE_SECONDS) -> Reply:
    """Return the answer, complete within `seconds` of the connection. Raises: AddressRefusedError, NoAnswerError."""
    parts = split(request.url)
    connection = _SCHEMES[parts.scheme](parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
    target = (parts.path or "/") + ("?" + urlencode(request.query) if request.query else "")
    try:
        connection.connect()
        with _cut_after(seconds, connection.sock) as was_cut:
            connection.request(
                request.method,
                target,
                request.body.encode() or None,
                {"Content-Type": "text/plain; charset=utf-8"},
            )
            with connection.getresponse() as answer:
                reply = Reply(answer.status, answer.getheader("Content-Type", ""), _read(answer).decode())
        if was_cut.is_set():  # what came before the cut can look like a whole answer
            raise NoAnswerError(f"{request.url}: did not finish")
    except (OSError, HTTPException, UnicodeDecodeError) as error:
        raise NoAnswerError(f"{request.url}: {type(error).__name__}") from error
    finally:
        connection.close()
    return reply


@contextmanager
def _cut_after(seconds: float, connected: socket.socket) -> Iterator[threading.Event]:
    """Shut the connection down unless the block ends before; a socket's own timeout begins anew with every byte."""
    was_cut = threading.Event()

    def cut() -> None:
        was_cut.set()
        try:
            socket.socket.shutdown(
                connected, socket.SHUT_RDWR
            )  # not TLS's own, which would wait for the other
        except OSError:  # closed in this moment
            return

    timer = threading.Timer(seconds, cut)
    timer.start()
    try:
        yield was_cut
    finally:
        timer.cancel()


def _read(answer: HTTPResponse) -> bytes:
    raw = b""
    while (chunk := answer.read1(CHUNK)) and len(raw) <= MAX_ANSWER_BYTES:
        raw += chunk
    if len(raw) > MAX_ANSWER_BYTES:
        raise NoAnswerError("the answer is too long")
    return raw


def split(url: str) -> SplitResult:
    """Return the parts of an address that may be asked: https://host[:port][/path] without user, query or fragment.

    http only where nobody else can answer: on this machine. Raises: AddressRefusedError.
    """
    try:
        parts = urlsplit(url)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname or ""))
        is_good = is_safe and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError as error:  # a port that is no number, brackets that do not close
        raise AddressRefusedError from error
    extras = parts.username or parts.password or parts.query or parts.fragment
    if (
        not is_good
        or extras
        or len(url) > MAX_URL_CHARS
        or not url.isascii()
        or not url.isprintable()
        or " " in url
    ):
        raise AddressRefusedError
    return parts


def _is_here(host: str) -> bool:
    """Whether a host is this machine. Raises: ValueError for other names than `localhost`."""
    return host == "localhost" or ip_address(host).is_loopback
