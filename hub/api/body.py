"""The body of a request as strict JSON (RFC 8259, I-JSON RFC 7493): read within a limit, one meaning or none."""

import json
from typing import Any

from flask import Response, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from signing import strict_json

SMALL = 64 * 1024  # the longest code of ours is 300 characters; escapes can make six bytes of each
BATCH = 4 * 1024 * 1024  # 1 000 credentials of 3 000 characters are 3 MB


def read_json(limit: int) -> Any:
    """The value in the body.

    Raises: UnsupportedMediaType, RequestEntityTooLarge, and BadRequest for what is not UTF-8 JSON, has a member
    twice, holds NaN, a number beyond all numbers or half a character, or is nested deeper than Python reads.
    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    request.max_content_length = limit
    try:
        return strict_value(request.get_data(cache=False))
    except ValueError as error:
        raise BadRequest from error


def strict_value(data: bytes) -> Any:
    """The one meaning of a JSON text, read as strictly as what is signed. Raises: ValueError."""
    return strict_json.read_json(data)


def json_answer(document: object) -> Response:
    return text_answer(json.dumps(document, ensure_ascii=False, separators=(",", ":")))


def text_answer(text: str) -> Response:
    """JSON that is written already."""
    return Response(text.encode(), mimetype="application/json")
