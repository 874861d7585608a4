"""How a value of each kind of column is written in a backup, the same for every database it came from."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    TypeDecorator,
    Uuid,
    cast,
    type_coerce,
)
from sqlalchemy.types import TypeEngine

from hub.kernel.database import Moment
from hub.kernel.personal import Personal

Codec = Callable[[Any], Any]


class JsonText(TypeDecorator[str]):
    """A JSON column written as the text it had: a digest over it must stay true, and null is not absent."""

    impl = Text
    cache_ok = True

    def bind_expression(self, bindvalue: Any) -> ColumnElement[Any]:
        return cast(type_coerce(bindvalue, Text()), JSON())


@dataclass(frozen=True, slots=True)
class ColumnKind:
    """A kind of column: its name in the file, how values go out and come in, and the type that takes them."""

    name: str
    out: Codec | None
    back: Codec | None
    type: Callable[[bool], TypeEngine[Any]]  # by whether the database is SQLite


_KINDS: tuple[
    tuple[type[TypeEngine[Any]], ColumnKind], ...
] = (  # the first that a column's type is an instance of
    (Moment, ColumnKind("moment", datetime.isoformat, datetime.fromisoformat, lambda _: Moment())),
    (Date, ColumnKind("date", date.isoformat, date.fromisoformat, lambda _: Date())),
    (Uuid, ColumnKind("uuid", lambda value: value.hex, UUID, lambda _: Uuid())),
    (
        LargeBinary,
        ColumnKind(
            "bytes", lambda value: b64encode(value).decode("ascii"), b64decode, lambda _: LargeBinary()
        ),
    ),
    (JSON, ColumnKind("json", None, None, lambda is_sqlite: Text() if is_sqlite else JsonText())),
    (Boolean, ColumnKind("truth", bool, bool, lambda _: Boolean())),
    (Float, ColumnKind("float", None, None, lambda _: Float())),
    (Numeric, ColumnKind("number", str, Decimal, lambda _: Numeric(38, 10))),
    (Integer, ColumnKind("integer", None, None, lambda _: BigInteger())),
    (String, ColumnKind("text", None, None, lambda _: Text())),
)
_BY_NAME: Mapping[str, ColumnKind] = MappingProxyType({kind.name: kind for _, kind in _KINDS})


def kind_of(column: Column[Any]) -> ColumnKind:
    """Raises: LookupError for a type that backups do not know (a fault of ours, found by the tests)."""
    found = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    for kind_type, kind in _KINDS:
        if isinstance(column.type, kind_type) or isinstance(found, kind_type):
            return kind
    raise LookupError(f"{column.table.name}.{column.name}: {column.type!r}")


def selected(column: Column[Any]) -> ColumnElement[Any]:
    """Return the column as it is read for a backup."""
    if isinstance(column.type, Personal):
        return type_coerce(column, Text())  # sealed, as it is: its key travels in the key folder
    return cast(column, Text) if kind_of(column).name == "json" else column


def line_of(row: tuple[Any, ...], codecs: list[Codec | None]) -> bytes:
    values = [
        value if value is None or codec is None else codec(value)
        for value, codec in zip(row, codecs, strict=True)
    ]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def table_of_kinds(name: str, columns: list[tuple[str, str]], *, is_sqlite: bool) -> Table:
    """Return a table to insert into, made from the names and kinds that a backup tells: its own version's, not today's.

    Raises: KeyError for a kind that this version does not know.
    """
    made = [Column(column, _BY_NAME[kind].type(is_sqlite)) for column, kind in columns]
    return Table(name, MetaData(), *made)


def backs_of(columns: list[tuple[str, str]]) -> list[Codec | None]:
    return [_BY_NAME[kind].back for _, kind in columns]
