"""Many rows in few statements: Core tables and executemany, the same on SQLite and PostgreSQL."""

import json
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from types import ModuleType
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Insert,
    String,
    Table,
    Update,
    any_,
    bindparam,
    cast,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from hub.kernel.database import Base

T = TypeVar("T")

IN_VALUES = 5_000  # values in one IN list; SQLite takes 32 766 parameters in a statement, PostgreSQL 65 535
KEY_PREFIX = "key_"  # a parameter of WHERE may not have the name of a column that is set


def table_of(model: type[Base]) -> Table:
    return typing.cast("Table", model.__table__)


def dialect_of(session: Session) -> ModuleType:
    """Return where this database's own kind of INSERT comes from: both have ON CONFLICT, the common one has not."""
    return sqlite if session.get_bind().dialect.name == "sqlite" else postgresql


def insert_absent(session: Session, model: type[Base], **columns: object) -> None:
    """Insert a row unless it is there; on PostgreSQL one that appeared meanwhile has this transaction run again."""
    session.execute(dialect_of(session).insert(table_of(model)).on_conflict_do_nothing(), columns)


def batches(values: Iterable[T], size: int = IN_VALUES) -> Iterator[list[T]]:
    """Consecutive lists of at most `size` values."""
    batch: list[T] = []
    for value in values:
        batch.append(value)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def among(
    session: Session, column: ColumnElement[str] | InstrumentedAttribute[str], values: Iterable[str]
) -> ColumnElement[bool]:
    """`column IN values` with one parameter, however many values: compiled once, and no list to spell out."""
    chosen = list(values)
    if session.get_bind().dialect.name == "sqlite":
        rows = func.json_each(json.dumps(chosen)).table_valued("value")
        return column.in_(select(rows.c.value))
    return column == any_(cast(literal(chosen, ARRAY(String)), ARRAY(String)))


def insert_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns; nothing for no rows."""
    if rows:
        session.execute(_insert(table), rows)


def update_rows(
    session: Session, table: Table, keys: tuple[str, ...], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Set every other column of each row where `keys` match; all rows have the same columns; nothing for no rows."""
    if not rows:
        return
    renamed = [
        {(KEY_PREFIX + name if name in keys else name): value for name, value in row.items()} for row in rows
    ]
    session.execute(_update(table, keys), renamed)


@cache
def _insert(table: Table) -> Insert:
    """Built once for each table, as the next one: a statement that was seen before need not be told from others anew."""
    return insert(table)


@cache
def _update(table: Table, keys: tuple[str, ...]) -> Update:
    return update(table).where(*(table.c[key] == bindparam(KEY_PREFIX + key) for key in keys))
