"""One small POST to an address that an operator typed: no redirects, no proxies, small answers, a deadline."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

from hub.trust.witnesses.errors import WitnessAddressError, WitnessAwayError

TIMEOUT_SECONDS = 4.0  # a witness signs in milliseconds; the worker's other duties wait meanwhile
DEADLINE_SECONDS = 8.0  # for an answer that arrives drop by drop
MAX_ANSWER_BYTES = 16 * 1024  # sixteen cosignatures are 3 KB
MAX_URL_CHARS = 200
CHUNK = 4096
PREFIX = "/log/witness"  # where a hub answers as a witness

_SCHEMES: dict[str, type[HTTPConnection]] = {"http": HTTPConnection, "https": HTTPSConnection}


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    type: str
    body: str


Post = Callable[[str, str], Reply]
"""(address, body) -> the answer. Raises: WitnessAwayError."""


def address_of(typed: str) -> str:
    """The submission prefix that was meant; a hub's bare address gets the place where hubs witness.

    Raises: WitnessAddressError.
    """
    text = typed.rstrip("/")
    parts = _split(text)
    return text if parts.path else text + PREFIX


def ask(method: str, url: str, body: str = "") -> Reply:
    """Raises: WitnessAddressError, WitnessAwayError."""
    parts = _split(url)
    connection = _SCHEMES[parts.scheme](parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
    deadline = time.monotonic() + DEADLINE_SECONDS
    try:
        connection.request(
            method, parts.path or "/", body.encode() or None, {"Content-Type": "text/plain; charset=utf-8"}
        )
        with connection.getresponse() as answer:
            raw = _read(answer, url, deadline)
            return Reply(answer.status, answer.getheader("Content-Type", ""), raw.decode())
    except (OSError, HTTPException, UnicodeDecodeError) as error:
        raise WitnessAwayError(f"{url}: {type(error).__name__}") from error
    finally:
        connection.close()


def _read(answer: HTTPResponse, url: str, deadline: float) -> bytes:
    raw = b""
    while (chunk := answer.read1(CHUNK)) and len(raw) <= MAX_ANSWER_BYTES:
        raw += chunk
        if time.monotonic() > deadline:
            raise WitnessAwayError(url)
    if len(raw) > MAX_ANSWER_BYTES:
        raise WitnessAwayError(f"{url}: the answer is too long")
    return raw


def post(url: str, body: str) -> Reply:
    """Raises: WitnessAddressError, WitnessAwayError."""
    return ask("POST", url, body)


def _split(url: str) -> SplitResult:
    """Raises: WitnessAddressError for anything but http(s)://host[:port][/path] without user, query or fragment."""
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in _SCHEMES and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError as error:  # a port that is no number, brackets that do not close
        raise WitnessAddressError from error
    extras = parts.username or parts.password or parts.query or parts.fragment
    if (
        not is_good
        or extras
        or len(url) > MAX_URL_CHARS
        or not url.isascii()
        or not url.isprintable()
        or " " in url
    ):
        raise WitnessAddressError
    return parts
