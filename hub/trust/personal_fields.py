"""Personal fields under the keys of the ring: opened when first needed, completed by `hub init`, changed on demand."""

import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, ColumnElement, Text, literal, select, tuple_, type_coerce, update
from sqlalchemy.orm import Session

from hub.kernel.database import Base, Database
from hub.kernel.personal import InRow, Personal, index_column, install, personal_columns, row_name
from keys import KeyRing
from keys.data_keys import PREFIX, DataKeys, cipher_for, kid_of
from keys.errors import DataKeysDamagedError, DataKeysMissingError
from keys.policy import Algorithms

AT_ONCE = 500  # rows of one transaction: others wait for it a tenth of a second


class LazyDataKeys:
    """The data keys of a process: opened at the first use, and again when a value names a key that came later."""

    def __init__(self, ring: Callable[[], KeyRing]) -> None:
        self._ring = ring
        self._lock = threading.Lock()
        self._keys: DataKeys | None = None

    def seal(self, text: str, bound: bytes) -> str:
        """Seal a text for one row. Raises: KeysError leaves, as `DataKeyFile.open`."""
        return self.keys().seal(text, bound)

    def index(self, text: str, place: str) -> str:
        """Compute the blind index of a text. Raises: as `seal`."""
        return self.keys().index(text, place)

    def indexes(self, text: str, place: str) -> list[str]:
        """Under the keys of this moment: a value sealed by a key that came later does not say so before it is found.

        Raises: as `seal`.
        """
        return self.keys(other_than=self.keys()).indexes(text, place)

    def open(self, sealed: str, bound: bytes) -> str:
        """Open a sealed value. Raises: SealedValueError and what opening the keys raises."""
        keys = self.keys()
        kid = kid_of(sealed)
        if kid not in keys.keys and kid not in keys.lost:
            keys = self.keys(other_than=keys)
        return keys.open(sealed, bound)

    def keys(self, *, other_than: DataKeys | None = None) -> DataKeys:
        """Return the opened keys; read anew while they are still `other_than`. Raises: KeysError leaves."""
        with self._lock:  # one run of scrypt, however many threads ask first
            if self._keys is None or self._keys is other_than:
                self._keys = self._ring().data_keys.open()
            return self._keys


def attach(db: Database, ring: Callable[[], KeyRing]) -> None:
    """Let a database seal and open personal fields with the data keys beside a ring, opened when first needed."""
    install(db.engine, LazyDataKeys(ring))


def require_keys(db: Database, ring: KeyRing, *, algorithms: Algorithms, new_keys: bool) -> None:
    """Hold the data keys against what is stored; those that are gone are given up with `new_keys`, and only then.

    Raises: DataKeysMissingError when stored values were sealed by keys that are gone, DataKeysDamagedError
    when they do not open, SignerAwayError.
    """
    cipher = cipher_for(algorithms)
    try:
        known = ring.data_keys.open()
    except DataKeysDamagedError:
        if not new_keys:
            raise
        known = ring.data_keys.give_up(cipher)
    lost = kids_in_use(db) - known.keys.keys() - known.lost
    if lost and not new_keys:
        raise DataKeysMissingError(
            f"personal fields were sealed by {', '.join(sorted(lost))}: restore the key folder from a backup, or give "
            "up what they held: hub init --new-keys"
        )
    if lost:
        ring.data_keys.add(cipher, lost=lost)


def kids_in_use(db: Database) -> set[str]:
    """Return the ids of the data keys that stored values name."""
    found: set[str] = set()
    with db.read() as session:
        for column in personal_columns(Base.metadata):
            kept = type_coerce(column, Text())
            heads = select(kept).where(kept.startswith(PREFIX))
            for text in session.scalars(heads, execution_options={"yield_per": AT_ONCE}):
                found.add(kid_of(text))
    return found


def complete(db: Database, keys: DataKeys) -> int:
    """Seal, under the key in use, what is not yet: values of before there were keys, and those of earlier keys.

    Returns how many values were sealed; running it again is harmless. On SQLite their old pages are then overwritten.
    """
    done = sum(_seal_column(db, column, keys) for column in personal_columns(Base.metadata))
    if done and db.is_sqlite:
        with db.engine.connect() as connection:
            plain = connection.execution_options(isolation_level="AUTOCOMMIT")
            plain.exec_driver_sql("COMMIT")
            plain.exec_driver_sql("VACUUM")
            plain.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return done


def _seal_column(db: Database, column: Column[Any], keys: DataKeys) -> int:
    done, last = 0, None
    while True:
        after = last
        last, count = db.run(lambda session: _seal_piece(session, column, keys, after))  # noqa: B023  # called at once
        done += count
        if last is None:
            return done


def _seal_piece(
    session: Session, column: Column[Any], keys: DataKeys, after: tuple[Any, ...] | None
) -> tuple[tuple[Any, ...] | None, int]:
    """The next rows after a key; the key of the last of them, None when there are no more, and how many were sealed."""
    key = tuple(column.table.primary_key)
    kept = type_coerce(column, Text())
    statement = select(*key, kept).where(_is_undone(column, keys)).order_by(*key).limit(AT_ONCE)
    if after is not None:
        pairs = zip(key, after, strict=True)
        statement = statement.where(tuple_(*key) > tuple_(*(literal(part, of.type) for of, part in pairs)))
    rows = session.execute(statement).all()
    count = sum(_seal_value(session, column, keys, tuple(row)) for row in rows)
    return (tuple(rows[-1])[:-1] if len(rows) == AT_ONCE else None), count


def _is_undone(column: Column[Any], keys: DataKeys) -> ColumnElement[bool]:
    kept = type_coerce(column, Text())
    index = index_column(column)
    undone = ~kept.startswith(keys.prefix)
    return undone if index is None else undone | (kept.is_not(None) & index.is_(None))


def _seal_value(session: Session, column: Column[Any], keys: DataKeys, row: tuple[Any, ...]) -> int:
    """Whether it was sealed: what a lost key holds stays as it is, in case the key is found."""
    kind = column.type
    if not isinstance(kind, Personal) or (row[-1].startswith(PREFIX) and kid_of(row[-1]) in keys.lost):
        return 0
    name = row_name(*row[:-1])
    text = kind.opened(row[-1], name, keys)
    table = column.table
    where = [of == part for of, part in zip(table.primary_key, row[:-1], strict=True)]
    values: dict[Column[Any], Any] = {column: InRow.of(text, name)}
    index = index_column(column)
    if index is not None:
        values[index] = kind.index_of(text, keys)
    statement = update(table).where(*where).values(values)
    session.connection().execute(statement)  # no act: what the row says, and so its digest, stays the same
    return 1
