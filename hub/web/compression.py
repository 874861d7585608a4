"""Answers made smaller for who says that he can read them so (RFC 9110 §12.5.3): words and styles, not pictures or signed lists.

Compression gives away secrets that stand beside what a caller chose (BREACH). The one secret that pages repeat is the token of
their forms, and it is written differently each time (`hub.web.csrf`).
"""

import gzip
from functools import lru_cache
from http import HTTPStatus

from flask import Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

MIN_BYTES = 1024  # below, what is saved fits into the same packet
MAX_BYTES = 4 * 1024 * 1024  # longer answers are exports, which are written to a file before they are sent
LEVEL = 5  # a page of 40 KB takes half a millisecond; level 9 saves 2 % more for twice that
STATIC_KEPT = 64  # our own files, at most a few hundred kilobytes each
UNCHANGED = frozenset({HTTPStatus.PARTIAL_CONTENT, HTTPStatus.NOT_MODIFIED})
TYPES = frozenset({
    "application/javascript",
    "application/json",
    "application/manifest+json",
    "application/problem+json",
    "image/svg+xml",
    "text/css",
    "text/html",
    "text/javascript",
    "text/plain",
})  # fmt: skip


def shrink(response: Response) -> Response:
    """Return the after_request hook that runs last."""
    if not _is_meant(response):
        return response
    response.vary.add("Accept-Encoding")
    if not takes_gzip(request.environ.get("HTTP_ACCEPT_ENCODING", "")) or request.method == "HEAD":
        return response
    is_file = response.direct_passthrough
    response.direct_passthrough = False
    body, (tag, _) = response.get_data(), response.get_etag()
    if not MIN_BYTES <= len(body) <= MAX_BYTES:
        return response
    response.set_data(_kept(body) if is_file else shrunk(body))
    response.headers["Content-Encoding"] = "gzip"
    if tag:
        response.set_etag(tag, weak=True)  # the same content in other bytes (RFC 9110 §8.8.1)
    return response


def _is_meant(response: Response) -> bool:
    return (
        response.status_code not in UNCHANGED
        and response.mimetype in TYPES
        and "Content-Encoding" not in response.headers
        and (response.direct_passthrough or not response.is_streamed)
    )


@lru_cache(maxsize=64)
def takes_gzip(header: str) -> bool:
    """Return whether an `Accept-Encoding` allows gzip."""
    return bool(parse_accept_header(header, Accept)["gzip"])


def shrunk(body: bytes) -> bytes:
    return gzip.compress(body, LEVEL, mtime=0)


_kept = lru_cache(maxsize=STATIC_KEPT)(shrunk)
