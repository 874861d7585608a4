"""Which rows are bound to the record of acts, and the one text that each of them has.

A table says for itself that it is bound (`__table_args__ = (..., bound())`) and which of its columns are kept for
convenience only (`info=KEPT`). The text of a row is the JSON object of its other columns that are not null: members
sorted, no spaces, UTF-8; days and moments as RFC 3339 writes them (moments in UTC with six digits), amounts as text
with their scale, ids as text, bytes in hex. It is the same on every database. The digest of a row is the SHA-256 of
its act's salt and that text, so that nobody can guess it.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Float, MetaData, Numeric, Table

HOME = "uscc"  # tables whose key begins with it are checked enterprise by enterprise
KEPT: dict[str, Any] = {
    "log.kept": True
}  # a column that is computed anew from others, or moves without an act

_BOUND, _KEPT, _INDEX = "log.bound", "log.kept", "log.index"


def plain(value: object) -> str:
    """Write values that JSON has no form for.

    Raises: TypeError for one that no column of ours holds.
    """
    match value:
        case UUID():
            return str(value)
        case datetime():
            return moment(value)
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case bytes():
            return value.hex()
        case _:
            raise TypeError(f"a row's text has no form for {type(value).__name__}")


_ENCODE = json.JSONEncoder(
    ensure_ascii=False,
    separators=(",", ":"),
    sort_keys=True,
    allow_nan=False,
    check_circular=False,  # values come from JSON columns and from rows
    default=plain,
).encode


@dataclass(frozen=True, slots=True)
class BoundTable:
    """One bound table. `columns`: the covered ones, sorted; `exempt`: rows with this value need no act yet."""

    table: Table
    key: tuple[str, ...]
    columns: tuple[str, ...]
    exempt: tuple[str, str] | None
    exact: tuple[
        tuple[str, Callable[[Any], Any]], ...
    ]  # numbers that may arrive in another type than they leave in

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def is_homed(self) -> bool:
        return self.key[0] == HOME

    def is_exempt(self, values: Mapping[str, Any]) -> bool:
        return self.exempt is not None and values[self.exempt[0]] == self.exempt[1]

    def row_name(self, values: Mapping[str, Any]) -> str:
        """Return `table/key`, the parts of the key joined by `/`."""
        return "/".join((self.table.name, *(key_part(values[name]) for name in self.key)))

    def text(self, values: Mapping[str, Any]) -> bytes:
        """Return the row's canonical text; `values` holds Python values for at least the covered columns."""
        content = {name: value for name in self.columns if (value := values[name]) is not None}
        for name, exactly in self.exact:
            if name in content:
                content[name] = exactly(content[name])
        return _ENCODE(content).encode()

    def digest(self, values: Mapping[str, Any], salt: bytes) -> str:
        return sha256(salt + self.text(values)).hexdigest()


@dataclass(frozen=True, slots=True)
class LookupBinding:
    """A look-up table: each of its rows repeats `columns` (its own name → theirs) of one row of `table`."""

    table: str
    columns: Mapping[str, str]


def bound(*, exempt: tuple[str, str] | None = None) -> dict[str, Any]:
    """For `__table_args__`: every row of this table rests on an act. `exempt`: (column, value) of rows that do not yet."""
    return {"info": {_BOUND: exempt or True}}


def index_of(table: str, **columns: str) -> dict[str, Any]:
    """For `__table_args__`: this table only repeats columns of another; the log checks that it does."""
    return {"info": {_INDEX: LookupBinding(table, columns)}}


@cache
def binding_of(table: Table) -> BoundTable | None:
    """Return how a table is bound; None for one that is not."""
    mark = table.info.get(_BOUND)
    if mark is None:
        return None
    columns = [column for column in table.columns if not column.info.get(_KEPT)]
    return BoundTable(
        table=table,
        key=tuple(column.name for column in table.primary_key.columns),
        columns=tuple(sorted(column.name for column in columns)),
        exempt=mark if isinstance(mark, tuple) else None,
        exact=tuple((column.name, how) for column in columns if (how := _exactly(column.type)) is not None),
    )


def bound_tables(metadata: MetaData) -> Iterator[BoundTable]:
    for table in metadata.sorted_tables:
        found = binding_of(table)
        if found is not None:
            yield found


def index_tables(metadata: MetaData) -> Iterator[tuple[Table, LookupBinding]]:
    for table in metadata.sorted_tables:
        if _INDEX in table.info:
            yield table, table.info[_INDEX]


def key_part(value: Any) -> str:
    """Keys of bytes (passkeys') may be long, and are named by their SHA-256."""
    return sha256(value).hexdigest() if isinstance(value, bytes) else str(value)


@lru_cache(maxsize=4_096)  # an import has one moment for all its acts
def moment(value: datetime) -> str:
    """Write a moment after RFC 3339 in UTC with microseconds, always 27 characters."""
    aware = value if value.tzinfo is UTC else value.astimezone(UTC)
    return aware.isoformat(timespec="microseconds")[:26] + "Z"


def canonical_text(value: object) -> str:
    """Return the RFC 8785 text of a value whose numbers are exact and whose member names are ASCII."""
    return _ENCODE(value)


def _exactly(kind: object) -> Callable[[Any], Any] | None:
    match kind:
        case Float():
            return float
        case Numeric(scale=int(scale)):
            step = Decimal(1).scaleb(-scale)
            return lambda value: str(Decimal(value).quantize(step))
        case _:
            return None
