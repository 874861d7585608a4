"""P5: loading departments' files against the plain bulk insert of the same rows, and the memory that takes."""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import MetaData, Table, insert, select, text

from bench.measure import Figure, seconds
from hub import config, schema
from hub.cli.imports import spare_the_collector
from hub.feeds.service import ROWS_AT_ONCE, LoadRequest, load_file, settle
from hub.kernel.actor import Operator
from hub.kernel.bulk import batches
from hub.kernel.database import Database
from hub.licenses.reference.loader import shipped_reference
from hub.trust.record.database import open_database
from tests.support.feeds import Feeds

ENTERPRISES = 5_000  # some 25 000 rows in seven files
ROUNDS = 3
SEARCH = "registry_search"


def figures() -> Iterator[Figure]:
    spare_the_collector()  # as the command does, for both sides
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        paths = Feeds(enterprises=ENTERPRISES, seed=5).write(place)
        before = psutil.Process().memory_info().rss
        ratios = []
        for number in range(ROUNDS):
            ours, plain = _database(place / f"ours{number}"), _database(place / f"plain{number}")
            work = seconds(lambda db=ours: _load(db, paths))  # type: ignore[misc]  # bound at once
            rows = _rows(ours)
            yardstick = seconds(lambda db=plain, rows=rows: _insert(db, rows))  # type: ignore[misc]  # bound at once
            ratios.append(yardstick / work)
            ours.close()
            plain.close()
        grown = (psutil.Process().memory_info().rss - before) / 2**20
    yield Figure("P5", "plain bulk insert of the same rows / hub import", statistics.median(ratios), "≥ 0.25")
    yield Figure("P5", "memory of loading, and of holding all rows to insert", grown, "≤ 500", unit="MiB")


def _database(path: Path) -> Database:
    database = open_database(f"sqlite:///{path}.sqlite3")
    schema.upgrade(database)
    return database


def _load(db: Database, paths: list[Path]) -> None:
    now = config.now()
    today = now.date()
    reference = shipped_reference().on(today)
    for path in paths:
        load_file(LoadRequest(path, None, Operator("bench"), now, today, reference=reference), db=db)
    settle(db, today=today, reference=reference)


def _rows(db: Database) -> list[tuple[Table, list[dict[str, Any]]]]:
    """Every row that the import wrote, the search index's among them."""
    tables = [*schema.METADATA.sorted_tables]
    with db.engine.connect() as connection:
        found = [
            (table, [dict(row) for row in connection.execute(select(table)).mappings()]) for table in tables
        ]
        search = Table(SEARCH, MetaData(), autoload_with=connection)
        indexed = connection.execute(text(f"SELECT terms, uscc FROM {SEARCH}"))  # noqa: S608  # a constant
        found.append((search, [dict(row) for row in indexed.mappings()]))
    return [(table, rows) for table, rows in found if rows]


def _insert(db: Database, tables: list[tuple[Table, list[dict[str, Any]]]]) -> None:
    for table, rows in tables:
        for batch in batches(rows, ROWS_AT_ONCE):
            with db.write() as session:
                session.execute(insert(table), batch)
