"""What the server itself answers: problems (RFC 9457) made once, so that saying no costs next to nothing."""

import json
from functools import cache
from http import HTTPStatus

from hub.server.spool import SpoolFullError
from keys.messages import Message

END = b"\r\n\r\n"  # of a head
RETRY_SECONDS = 1  # the queue is at most a second of work
_SENTENCES = {
    HTTPStatus.BAD_REQUEST: ("BAD_REQUEST", Message("请求格式有误。", "The request is malformed.")),
    HTTPStatus.REQUEST_TIMEOUT: (
        "REQUEST_TIMEOUT",
        Message("请求未在时限内发完。", "The request took too long to arrive."),
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "REQUEST_ENTITY_TOO_LARGE",
        Message("内容过大。", "The content is too large."),
    ),
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: (
        "REQUEST_HEADER_FIELDS_TOO_LARGE",
        Message("请求头过大。", "The request headers are too large."),
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "INTERNAL_SERVER_ERROR",
        Message(
            "系统出错，已记录。请稍后再试。", "Something went wrong and was noted. Please try again later."
        ),
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "OVERLOADED",
        Message("系统繁忙，请稍后再试。", "Busy right now; try again in a second."),
    ),
}


@cache
def answer(status: HTTPStatus, *, closes: bool, to_head: bool = False) -> bytes:
    """Return the whole answer; to a HEAD without its body, which the caller would read as the next answer."""
    retry = RETRY_SECONDS if status is HTTPStatus.SERVICE_UNAVAILABLE else None
    made = _made(status, *_SENTENCES[status], retry=retry, closes=closes)
    return made.partition(END)[0] + END if to_head else made


def spool_full(error: SpoolFullError, *, closes: bool) -> bytes:
    """Return the whole answer to a caller whose download would be one too many."""
    status = HTTPStatus.SERVICE_UNAVAILABLE
    return _made(status, error.reason, error.message, retry=error.retry_seconds, closes=closes)


def _made(status: HTTPStatus, reason: str, said: Message, *, retry: int | None, closes: bool) -> bytes:
    document = {
        "type": "about:blank",
        "title": said.en,
        "status": int(status),
        "reason": reason,
        "message": said.as_json(),
    }
    body = json.dumps(document, ensure_ascii=False).encode()
    lines = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Content-Type: application/problem+json",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
    ]
    if retry is not None:
        lines.append(f"Retry-After: {retry}")
    if closes:
        lines.append("Connection: close")
    return "\r\n".join(lines).encode() + END + body
