"""JSON as one document: one object over several lines, an array, or rows inside `{"data": [...]}`."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from hub.feeds.errors import EncodingUnknownError, JsonDocumentError, JsonDocumentTooLargeError
from hub.feeds.readers.json_lines import HEAD_LINES, MAX_MEMBERS, object_row
from hub.feeds.readers.lines import SAMPLE_BYTES, LineFile, sniff_encoding
from hub.feeds.readers.rows import FirstRows, Header, HeadRow, RawRow

MAX_DOCUMENT_BYTES: Final = (
    16 << 20
)  # held in memory as a whole, at some ten times its size; longer ones as lines
WRAPPERS: Final = frozenset(
    {
        "data",
        "rows",
        "records",
        "list",
        "items",
        "result",
        "results",
        "content",
        "body",
        "payload",
        "数据",
        "数据列表",
    }
)
MAX_WRAPPERS: Final = 3  # around each other


class _Broken(dict[str, Any]):
    """An object that names a member twice or has too many: a row that is refused, not a reason against the file."""


class JsonDocumentReader:
    """The rows of one document; `line` is the number of the object in it, from 1.

    Raises: JsonDocumentError, JsonDocumentTooLargeError, EncodingUnknownError, EmptyFileError.
    """

    def __init__(self, path: Path) -> None:
        if path.stat().st_size > MAX_DOCUMENT_BYTES:
            raise JsonDocumentTooLargeError
        self._rows = _rows_of(_document(_text(path.read_bytes())))
        self._read = 0

    def heads(self) -> Sequence[FirstRows]:
        members: dict[str, None] = {}
        for row in self._rows[:HEAD_LINES]:
            members.update(dict.fromkeys(row if isinstance(row, dict) else ()))
        return [FirstRows((HeadRow(0, list(members)),))]

    def rows(self, headers: Sequence[Header]) -> Iterator[RawRow]:
        (header,) = headers
        for number, row in enumerate(self._rows, 1):
            self._read = number
            whole = row if isinstance(row, dict) and not isinstance(row, _Broken) else None
            yield object_row(number, whole, header.strict, shown=str(row))

    def fraction(self) -> float:
        return self._read / max(len(self._rows), 1)

    def close(self) -> None:
        self._rows = []


def is_document(path: Path) -> bool:
    """Return whether a JSON file is one document and not a line for each object.

    One whose first line is a whole object and that has further lines is JSON lines, unless that is all of the file.
    Raises: EmptyFileError, EncodingUnknownError.
    """
    with closing(LineFile(path)) as file:
        lines = (line.text.strip() for line in file.lines() if line.text.strip())
        first, second = next(lines, ""), next(lines, "")
    if first.startswith("["):
        return True
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        return first == "{" or (
            path.stat().st_size <= MAX_DOCUMENT_BYTES and _parses(_text(path.read_bytes()))
        )
    return not second and isinstance(value, dict) and _wrapped(value) is not None


def _parses(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _text(raw: bytes) -> str:
    try:
        text = raw.decode(sniff_encoding(raw[:SAMPLE_BYTES]).name)
    except UnicodeDecodeError as error:
        raise EncodingUnknownError from error
    return text.removeprefix("\ufeff").rstrip("\x1a \r\n\t")


def _document(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise JsonDocumentError(str(error)[:100]) from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    return _Broken(made) if len(made) != len(pairs) or len(made) > MAX_MEMBERS else made


def _constant(_name: str) -> float:
    return float("nan")  # refused as an error where it stands


def _rows_of(document: Any) -> list[Any]:
    if isinstance(document, list) and any(isinstance(one, dict) for one in document):
        return document
    rows = _wrapped(document) if isinstance(document, dict) else None
    if rows is not None:
        return rows
    if isinstance(document, dict):
        return [document]
    raise JsonDocumentError


def _wrapped(document: Mapping[str, Any], depth: int = MAX_WRAPPERS) -> list[Any] | None:
    """The one list of objects under a wrapper's name; None when there is none or when there are several."""
    inside = [value for name, value in document.items() if name.casefold() in WRAPPERS]
    lists = [
        value for value in inside if isinstance(value, list) and any(isinstance(one, dict) for one in value)
    ]
    if not lists and depth > 1:
        lists = [
            rows for one in inside if isinstance(one, dict) and (rows := _wrapped(one, depth - 1)) is not None
        ]
    return lists[0] if len(lists) == 1 else None
