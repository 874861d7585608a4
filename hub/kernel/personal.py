"""Personal fields: columns that are sealed at rest, each value bound to its table, column and row.

A mapped column says `Personal("table.column")`. When an object is flushed, its value is told the row it belongs to;
when a column is read, the row's key comes along in the same statement. So nothing is asked for twice, and a value that
was moved to another row or column is refused. A database without a cipher (`install`) keeps values as they are.
Such a column cannot be compared with a value or sorted by: what would be compared is ciphertext. Where equals are looked
up, it declares a blind index, `Personal("table.column", index="other_column")`, kept by itself and asked by `may_be`.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    cast,
    event,
    literal_column,
    type_coerce,
)
from sqlalchemy.engine import Dialect, ExceptionContext
from sqlalchemy.orm import Mapper, QueryableAttribute, Session
from sqlalchemy.orm.attributes import instance_state

from keys.data_keys import PREFIX
from keys.errors import DataKeysMissingError, KeysError


class PersonalCipher(Protocol):
    """What seals and opens (`keys.data_keys.DataKeys`)."""

    def seal(self, text: str, bound: bytes) -> str: ...

    def open(self, sealed: str, bound: bytes) -> str: ...

    def index(self, text: str, place: str) -> str: ...

    def indexes(self, text: str, place: str) -> list[str]: ...


_ciphers: WeakKeyDictionary[Dialect, PersonalCipher] = WeakKeyDictionary()


def install(engine: Engine, cipher: PersonalCipher) -> None:
    """From now on this engine seals personal fields and opens sealed ones."""
    _ciphers[engine.dialect] = cipher
    if not event.contains(engine, "handle_error", _refusal_itself):
        event.listen(engine, "handle_error", _refusal_itself)


def _refusal_itself(context: ExceptionContext) -> None:
    """A refusal while values are sealed (the device is away) is told as such, not as a fault of the statement."""
    if isinstance(context.original_exception, KeysError):
        raise context.original_exception


class InRow(str):
    """A personal value that knows its row: the parts of its key, joined by `/`."""

    __slots__ = ("row",)
    row: str

    @classmethod
    def of(cls, value: str, row: str) -> "InRow":
        placed = cls(value)
        placed.row = row
        return placed


class UnplacedValueError(TypeError):
    """A personal value was given to a statement by itself: a fault of ours; the mapper must store it, none compare it."""


class Personal(TypeDecorator[str]):
    """Text sealed at rest. `place`: table and column, `table.column`, to which every value is bound.

    `index`: the column beside it that holds its blind index.
    """

    impl = Text
    cache_ok = True

    def __init__(self, place: str, *, index: str | None = None) -> None:
        super().__init__()
        self.place = place
        self.index = index

    def index_of(self, text: str, cipher: PersonalCipher) -> str:
        """Return the blind index of a value. Raises: KeysError leaves."""
        return cipher.index(folded(text), self.place)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Raises: UnplacedValueError, KeysError leaves."""
        cipher = _ciphers.get(dialect)
        if value is None or cipher is None:
            return None if value is None else str(value)
        if not isinstance(value, InRow):
            raise UnplacedValueError(self.place)
        return cipher.seal(value, self._bound(value.row))

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return the row's key before the value, `KEY|VALUE`."""
        return type_coerce(_after_its_key(column), self)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Raises: DataKeysMissingError, KeysError leaves."""
        if value is None:
            return None
        row, _, kept = value.partition("|")
        return self.opened(kept, row_name(row), _ciphers.get(dialect))

    def opened(self, kept: str, row: str, cipher: PersonalCipher | None) -> str:
        """Return what is stored, opened in its row; what was never sealed, as it is.

        Raises: DataKeysMissingError, KeysError leaves.
        """
        if not kept.startswith(PREFIX):
            return kept
        if cipher is None:
            raise DataKeysMissingError(f"{self.place} is sealed and no data keys were opened")
        return cipher.open(kept, self._bound(row))

    def _bound(self, row: str) -> bytes:
        return f"{self.place}|{row}".encode()


class TaggedValue(TypeDecorator[str]):
    """A personal value on its way through a union or a sub-select, `TABLE.COLUMN|KEY|VALUE`; opened when it is read."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Raises: DataKeysMissingError, KeysError leaves."""
        if value is None:
            return None
        place, row, kept = value.split("|", 2)
        return Personal(place).opened(kept, row_name(row), _ciphers.get(dialect))


def placed(attribute: QueryableAttribute[Any]) -> ColumnElement[str]:
    """Return a personal attribute for a union or a sub-select: there the type of a column no longer tells its table and row."""
    (column,) = attribute.property.columns
    place: ColumnElement[str] = literal_column(f"'{column.type.place}|'", String)  # written in our models
    return type_coerce(place + _after_its_key(column), TaggedValue()).label(attribute.key)


def _after_its_key(column: ColumnElement[Any]) -> ColumnElement[Any]:
    table: Any = column.table  # of a table or its alias: all that we select from
    row: ColumnElement[Any]
    row, *others = (cast(part, String) for part in table.primary_key)
    for part in others:
        row = row + literal_column("'/'", String) + part
    return row + literal_column("'|'", String) + type_coerce(column, Text())


def folded(text: str) -> str:
    """Return a value as it is looked up: width, case and space at its ends count for nothing."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def may_be(session: Session, attribute: QueryableAttribute[Any], text: str) -> ColumnElement[bool]:
    """Rows whose personal value has the blind index of a text. Compare what was read: an index may have been changed.

    Raises: KeysError leaves.
    """
    (column,) = attribute.property.columns
    cipher, index = _ciphers.get(session.get_bind().dialect), index_column(column)
    if cipher is None or index is None:
        return type_coerce(column, Text()) == text
    return index.in_(cipher.indexes(folded(text), column.type.place))


def index_column(column: Column[Any]) -> Column[Any] | None:
    """Return the column with the blind index of a personal one, where it declares one."""
    kind = column.type
    return column.table.c[kind.index] if isinstance(kind, Personal) and kind.index else None


def cipher_of(dialect: Dialect) -> PersonalCipher | None:
    """Return what the engine of this dialect seals with; None where nothing was installed."""
    return _ciphers.get(dialect)


def row_name(*key: object) -> str:
    """Return the parts of a row's key as one text, the same on every database (ids without hyphens)."""
    return "/".join(str(part).replace("-", "") for part in key)


def personal_columns(metadata: MetaData) -> Iterator[Column[Any]]:
    """Return every personal column, table by table."""
    for table in metadata.sorted_tables:
        yield from columns_of(table)


@cache
def columns_of(table: Table) -> tuple[Column[Any], ...]:
    return tuple(column for column in table.columns if isinstance(column.type, Personal))


@cache
def _attributes(mapper: Mapper[Any]) -> tuple[tuple[tuple[str, Personal], ...], tuple[str, ...]]:
    """The attributes of a mapper's personal columns, and those of its key; nothing where it has none."""
    personal = tuple(
        (mapper.get_property_by_column(column).key, column.type)
        for column in mapper.columns
        if isinstance(column.type, Personal)
    )
    key = tuple(mapper.get_property_by_column(column).key for column in mapper.primary_key)
    return personal, key if personal else ()


def _index_of(kind: Personal, value: str | None, dialect: Dialect) -> str | None:
    cipher = _ciphers.get(dialect)
    return None if cipher is None or value is None else kind.index_of(value, cipher)


@event.listens_for(Mapper, "before_insert")
@event.listens_for(Mapper, "before_update")
def _place(mapper: Mapper[Any], connection: Connection, target: Any) -> None:
    """Tell each personal value that will be written its row, and keep its blind index. Raises: KeysError leaves."""
    personal, key = _attributes(mapper)
    for name, kind in personal:
        value = getattr(target, name)
        if not instance_state(target).attrs[name].history.has_changes():
            continue
        if kind.index is not None:
            setattr(target, kind.index, _index_of(kind, value, connection.dialect))
        if value is None:
            continue
        row = row_name(*(getattr(target, part) for part in key))
        if not isinstance(value, InRow) or value.row != row:
            setattr(target, name, InRow.of(value, row))
