"""Rows put into an empty database of either kind, in one transaction: all of them or none."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from hub.backup.errors import BackupDamagedError
from hub.backup.rows import ROWS_AT_ONCE, Progress
from hub.backup.values import backs_of, table_of_kinds
from hub.kernel.bulk import batches

_RENUMBER = (  # two steps, so that no number is there twice in between
    "CREATE TEMP TABLE renumbered AS SELECT id AS old, row_number() OVER (ORDER BY id) AS new FROM trust_leaf_batch",
    "CREATE UNIQUE INDEX temp.ix_renumbered ON renumbered (old)",
    "UPDATE trust_event SET batch_id = (SELECT new FROM renumbered WHERE old = batch_id) WHERE batch_id IS NOT NULL",
    "UPDATE trust_leaf_batch SET id = -(SELECT new FROM renumbered WHERE old = id)",
    "UPDATE trust_leaf_batch SET id = -id",
    "DROP TABLE renumbered",
    "UPDATE sqlite_sequence SET seq = (SELECT count(*) FROM trust_leaf_batch) WHERE name = 'trust_leaf_batch'",
)


class Loader:
    """Takes the parts of a backup's tables, in the order of its manifest. Every error is BackupDamagedError."""

    def __init__(self, session: Session, tables: list[dict[str, Any]], *, progress: Progress) -> None:
        self._session = session
        self._is_sqlite = session.get_bind().dialect.name == "sqlite"
        self._tables = {table["name"]: table for table in tables}
        self._progress = progress
        for table in reversed(tables):  # what a migration put there is in the backup too
            session.execute(delete(self._target(table["name"])))

    def take(self, name: str, content: bytes) -> None:
        """Store one part of a table."""
        if name not in self._tables:
            raise BackupDamagedError(f"the backup names no table {name}.")
        target, columns = self._target(name), self._columns(name)
        names, backs = [column for column, _ in columns], backs_of(columns)
        for rows in batches(_rows(content, len(names)), ROWS_AT_ONCE):
            values = [
                {
                    name: value if value is None or back is None else back(value)
                    for name, value, back in zip(names, row, backs, strict=True)
                }
                for row in rows
            ]
            self._session.execute(insert(target), values)
            self._progress(len(values))

    def finish(self, *, is_from_sqlite: bool) -> None:
        """Count what is there, and let the database's own numbers go on after the last one given out."""
        for name, table in self._tables.items():
            held = self._session.scalar(select(func.count()).select_from(self._target(name)))
            if held != table["rows"]:
                raise BackupDamagedError(f"{name}: {held} rows of {table['rows']}.")
            if table["given_out"] is not None:
                self._go_on(name, table["given_out"], is_from_sqlite=is_from_sqlite)
        if self._is_sqlite and not is_from_sqlite and "trust_leaf_batch" in self._tables:
            for statement in _RENUMBER:  # PostgreSQL leaves gaps, which on SQLite tell of a removed batch
                self._session.execute(text(statement))

    def _go_on(self, name: str, given_out: dict[str, Any], *, is_from_sqlite: bool) -> None:
        said = {"name": name, "last": given_out["last"]}
        if self._is_sqlite and is_from_sqlite:  # a row of it is there once something was inserted
            self._session.execute(text("UPDATE sqlite_sequence SET seq = :last WHERE name = :name"), said)
        elif not self._is_sqlite and given_out["last"]:
            sequence = text("SELECT setval(CAST(pg_get_serial_sequence(:name, :column) AS regclass), :last)")
            self._session.execute(sequence, said | {"column": given_out["column"]})

    def _columns(self, name: str) -> list[tuple[str, str]]:
        return [(column, kind) for column, kind in self._tables[name]["columns"]]

    def _target(self, name: str) -> Any:
        try:
            return table_of_kinds(name, self._columns(name), is_sqlite=self._is_sqlite)
        except KeyError as error:
            raise BackupDamagedError(f"{name} has a kind of column that is not known.") from error


def _rows(content: bytes, width: int) -> Iterator[list[Any]]:
    for line in content.splitlines():
        row = json.loads(line)
        if not isinstance(row, list) or len(row) != width:
            raise BackupDamagedError
        yield row
