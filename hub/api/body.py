"""The body of a request as strict JSON (RFC 8259, I-JSON RFC 7493): read within a limit, one meaning or none."""

import json
from typing import Any, NoReturn

from flask import Response, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

SMALL = 64 * 1024  # the longest code of ours is 300 characters; escapes can make six bytes of each
BATCH = 4 * 1024 * 1024  # 1 000 credentials of 3 000 characters are 3 MB


def read_json(limit: int) -> Any:
    """The value in the body.

    Raises: UnsupportedMediaType, RequestEntityTooLarge, and BadRequest for what is not UTF-8 JSON, has a member
    twice, holds NaN or Infinity, or is nested deeper than Python reads.
    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    request.max_content_length = limit
    try:
        return strict_value(request.get_data(cache=False))
    except (ValueError, RecursionError) as error:
        raise BadRequest from error


def strict_value(data: bytes) -> Any:
    """The one meaning of a JSON text. Raises: ValueError, RecursionError."""
    return _DECODER.decode(data.decode())


def json_answer(document: object) -> Response:
    return text_answer(json.dumps(document, ensure_ascii=False, separators=(",", ":")))


def text_answer(text: str) -> Response:
    """JSON that is written already."""
    return Response(text.encode(), mimetype="application/json")


def _single(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) != len(members):
        raise ValueError("a member stands twice")
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_single, parse_constant=_refuse)
