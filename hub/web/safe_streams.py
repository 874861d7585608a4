"""Answers that are written while they are sent, and so after the request's own code has run: no safe method writes then either."""

from collections.abc import Iterable, Iterator

from flask import Flask, Response, request

from hub.kernel.database import safe_method
from hub.web.guards import SAFE


def install(app: Flask) -> None:
    app.after_request(_watch)


def _watch(response: Response) -> Response:
    if request.method in SAFE and response.is_streamed and not response.direct_passthrough:
        response.response = _pieces(response.iter_encoded(), request.method)
    return response


def _pieces(pieces: Iterable[bytes], method: str) -> Iterator[bytes]:
    """The same pieces; each is made where only bookkeeping may write."""
    iterator = iter(pieces)
    try:
        while True:
            with safe_method(method):
                piece = next(iterator, None)
            if piece is None:
                return
            yield piece
    finally:
        close = getattr(iterator, "close", None)
        if close is not None:
            close()
