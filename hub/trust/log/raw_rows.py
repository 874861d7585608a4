"""Rows as the driver gives them, turned into plain values column by column: half the time of typed results.

The values have the same text (`hub.trust.record.bound_rows`) as those that were stored.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import JSON, Boolean, Column, DateTime, Executable, Uuid, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.sql.type_api import TypeEngine
from sqlalchemy.types import NullType, TypeDecorator

Turn = Callable[[Any], Any]

_DECODE = json.JSONDecoder().raw_decode  # a third of the time of `loads`, which looks for white space first
IN_MEMORY = 2_000  # rows fetched at a time
_EMPTY: Mapping[str, Any] = {"[]": [], "{}": {}, "null": None}  # most JSON columns hold one of these


class RawReader:
    """Columns of one table, read without their types; `turns` what SQLite keeps as text."""

    def __init__(self, columns: Iterable[Column[Any]], *, is_sqlite: bool) -> None:
        chosen = tuple(columns)
        self.names = tuple(column.name for column in chosen)
        self.columns = tuple(type_coerce(column, NullType()).label(column.name) for column in chosen)
        turns = ((place, _turn(column.type)) for place, column in enumerate(chosen))
        self._turns = tuple((place, turn) for place, turn in turns if turn is not None) if is_sqlite else ()

    def rows(self, session: Session, statement: Executable) -> Iterator[list[Any]]:
        """`statement` selects `columns` first; what else it selects follows as it is."""
        for row in session.execute(statement, execution_options={"yield_per": IN_MEMORY}):
            values = list(row)
            for place, turn in self._turns:
                if values[place] is not None:
                    values[place] = turn(values[place])
            yield values

    def mappings(self, session: Session, statement: Executable) -> Iterator[dict[str, Any]]:
        for values in self.rows(session, statement):
            yield dict(zip(self.names, values, strict=True))


def _turn(kind: TypeEngine[Any]) -> Turn | None:
    match kind:
        case TypeDecorator():
            return _turn(kind.impl_instance)
        case Uuid():
            return _uuid
        case DateTime():
            return _moment
        case JSON():
            return _json
        case Boolean():
            return bool
        case _:
            return None


def _uuid(text: Any) -> Any:
    """Here and below: what was edited by hand may be a number or bytes, and is left as it is."""
    if not isinstance(text, str):
        return text
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _moment(text: Any) -> Any:
    """`2026-11-21 08:00:00.000000`, as SQLite keeps it, in UTC."""
    if not isinstance(text, str):
        return text
    return f"{text[:10]}T{text[11:]}Z"


def _json(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    if text in _EMPTY:
        return _EMPTY[text]
    try:
        value, end = _DECODE(text)
    except (ValueError, RecursionError):
        return (
            text  # edited by hand into something that is no JSON: its text then differs from what was bound
        )
    return value if end == len(text) else text
