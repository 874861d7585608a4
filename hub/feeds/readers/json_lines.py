"""JSON lines: one strict JSON object per line, nothing twice, nothing that is no number."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from hub.feeds.readers.lines import Line, LineFile
from hub.feeds.readers.numbers import number_text
from hub.feeds.readers.rows import MAX_SHOWN_CHARS, WHOLE_ROW, Fault, FirstRows, Header, HeadRow, RawRow

HEAD_LINES = 20  # objects whose members make the header; later members are kept, but recognise nothing
MAX_MEMBERS = 200  # of one object; the widest real one has some thirty


class _JsonError(ValueError):
    """Valid for a lenient parser, not for us."""


class JsonLinesReader:
    """A file of JSON lines."""

    def __init__(self, path: Path) -> None:
        self._file = LineFile(path)

    def heads(self) -> Sequence[FirstRows]:
        members: dict[str, None] = {}
        for line in islice((one for one in self._file.lines() if one.text.strip()), HEAD_LINES):
            members.update(dict.fromkeys(_parse(line) or {}))
        return [FirstRows((HeadRow(0, list(members)),))]

    def rows(self, headers: Sequence[Header]) -> Iterator[RawRow]:
        (header,) = headers
        for line in self._file.lines():
            yield _row(line, header.strict)

    def fraction(self) -> float:
        return self._file.fraction()

    def close(self) -> None:
        self._file.close()


def _row(line: Line, strict: frozenset[str]) -> RawRow:
    if line.fault:
        return RawRow(line.number, {}, Fault(line.fault, WHOLE_ROW, line.text[:MAX_SHOWN_CHARS]))
    if not line.text.strip():
        return RawRow(line.number, {})
    return object_row(line.number, _parse(line), strict, shown=line.text)


def object_row(number: int, parsed: dict[str, Any] | None, strict: frozenset[str], *, shown: str) -> RawRow:
    """Return the row that one object is; `parsed` None: it is none."""
    try:
        values = {name: _text(value) for name, value in (parsed or {}).items()}
    except RecursionError:
        parsed = None
    if parsed is None:
        return RawRow(number, {}, Fault("JSON", WHOLE_ROW, shown[:MAX_SHOWN_CHARS]))
    odd = next(
        (name for name in parsed if name in strict and isinstance(parsed[name], bool | list | dict)), None
    )
    if odd is not None:
        return RawRow(number, {}, Fault("VALUE_KIND", odd, values[odd][:MAX_SHOWN_CHARS]))
    if not any(map(str.strip, values.values())):
        return RawRow(number, {})
    return RawRow(number, values)


def _parse(line: Line) -> dict[str, Any] | None:
    """The object of one line; None when it is not exactly one JSON object (RFC 8259)."""
    try:
        value = json.loads(line.text, object_pairs_hook=_object, parse_constant=_constant)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs) or len(made) > MAX_MEMBERS:
        raise _JsonError("a member is named twice, or there are too many")
    return made


def _constant(name: str) -> None:
    raise _JsonError(name)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case int() | float() if not isinstance(value, bool):
            return number_text(value)
        case _:
            return json.dumps(value, ensure_ascii=False)
