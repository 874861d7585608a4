"""The body of a request as strict JSON (RFC 8259, I-JSON RFC 7493): read within a limit, one meaning or none."""

import json
from typing import Any

from flask import Response, request
from marshmallow import ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from signing import strict_json

SMALL = 64 * 1024  # the longest code of ours is 300 characters; escapes can make six bytes of each
BATCH = 4 * 1024 * 1024  # 1 000 credentials of 3 000 characters are 3 MB
MAX_PARTS = 200  # members and items, at any depth; the largest body that is no batch, a key and its proof, has some twenty
MAX_MARKS = 40_000  # commas and brackets of a batch, in its texts as well: 1 000 items have some 5 000


def read_json(limit: int, *, most: int | None = MAX_PARTS) -> Any:
    """Return the value in the body, of at most `most` members and items; None: the caller counts.

    Raises: UnsupportedMediaType, RequestEntityTooLarge, ValidationError for too many, and BadRequest for what is not
    UTF-8 JSON, has a member twice, holds NaN, a number beyond all numbers or half a character, or is nested deeper
    than Python reads.
    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    request.max_content_length = limit
    data = request.get_data(cache=False)
    if data.count(b",") + data.count(b"[") + data.count(b"{") > MAX_MARKS:
        raise RequestEntityTooLarge
    try:
        value = strict_value(data)
    except ValueError as error:
        raise BadRequest from error
    if most is not None and not _has_at_most(most, value):
        raise ValidationError(f"Too many members: at most {most}.")
    return value


def _has_at_most(most: int, value: object) -> bool:
    """Whether a value has so few members and items, at any depth."""
    count, left = 0, [value]
    while left:
        found = left.pop()
        if isinstance(found, dict | list):
            count += len(found)
            if count > most:
                return False
            left += found.values() if isinstance(found, dict) else found
    return True


def strict_value(data: bytes) -> Any:
    """Return the one meaning of a JSON text, read as strictly as what is signed. Raises: ValueError."""
    return strict_json.read_json(data)


def json_answer(document: object) -> Response:
    return text_answer(json.dumps(document, ensure_ascii=False, separators=(",", ":")))


def text_answer(text: str) -> Response:
    """Return an answer of JSON that is written already."""
    return Response(text.encode(), mimetype="application/json")
