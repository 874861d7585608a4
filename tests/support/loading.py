"""Loading files in tests, and a database's whole contents without what differs from run to run."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, Uuid, select

from hub import schema
from hub.feeds.batches import Loading
from hub.feeds.queries import RefusalView, all_refusals
from hub.feeds.service import LoadRequest, load_file, settle
from hub.kernel.actor import Operator
from hub.kernel.database import Database, Moment
from tests.support.reference import REFERENCE

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
BY = Operator("tester")


def load(db: Database, path: Path, *, source: str | None = None) -> Loading:
    loading = load_file(LoadRequest(path, source, BY, NOW, TODAY, reference=REFERENCE), db=db)
    settle(db, today=TODAY, reference=REFERENCE)
    return loading


def load_all(db: Database, paths: Iterable[Path]) -> dict[str, Mapping[str, object]]:
    return {path.name: counts(load(db, path)) for path in paths}


def counts(loading: Loading) -> dict[str, object]:
    return {
        "rows": loading.position,
        "accepted": loading.accepted,
        "duplicate": loading.duplicate,
        "superseded": loading.superseded,
        "blank": loading.blank,
        "refused": dict(loading.refused),
    }


def refused(db: Database, loading: Loading) -> list[RefusalView]:
    with db.read() as session:
        return list(all_refusals(session, loading.batch_id))


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def contents(db: Database) -> dict[str, list[str]]:
    """Every table's rows as text, sorted; without ids and moments, places of licenses by their address."""
    places = _places(db)
    with db.engine.connect() as connection:
        return {
            table.name: sorted(
                repr(_plain(table, row._mapping, places)) for row in connection.execute(select(table))
            )
            for table in schema.METADATA.sorted_tables
            if not table.name.startswith("kernel_count")  # when they are folded is a matter of chance
        }


def _plain(table: Table, row: Mapping[str, Any], places: Mapping[object, str]) -> dict[str, object]:
    plain = {
        column.name: row[column.name]
        for column in table.columns
        if not isinstance(column.type, Uuid | Moment) and column.name != "subject"
    }
    if table.name == "licenses_license":
        plain["place"] = places.get(row["premises_id"], "")
    return plain


def _places(db: Database) -> dict[object, str]:
    table = schema.METADATA.tables["registry_premises"]
    with db.engine.connect() as connection:
        return {row.id: f"{row.name} {row.address}" for row in connection.execute(select(table))}
