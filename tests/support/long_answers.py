"""A WSGI application whose answers are longer than a socket holds: `/long`, `/breaks` half-way, all else is short."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

PARTS = 256  # of 64 KB: 16 MB, more than the kernel takes for a reader who does not read
PART = b"x" * 65_536


class BrokenError(Exception):
    """The application fails in the middle of its answer."""


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    match environ["PATH_INFO"]:
        case "/long":
            return [PART] * PARTS
        case "/breaks":
            return _breaking()
        case _:
            return [b"short"]


def _breaking() -> Iterator[bytes]:
    yield from [PART] * 16
    raise BrokenError
