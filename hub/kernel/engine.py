"""The engine of each kind of database: how it begins a transaction, how long it waits, how many connections it keeps."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url

from hub.kernel import tenants

CONNECTIONS_KEPT = (
    10  # eight request threads and two of our own; one more would be opened and closed at each use
)
SQLITE_BUSY_SECONDS = 30.0  # a bulk import holds the write lock for one chunk at most


def is_absent(url: str) -> bool:
    """Return whether the address names a file of SQLite that is not there; to connect would make an empty one."""
    parts = make_url(url)
    named = parts.database or ""
    return parts.get_backend_name() == "sqlite" and named not in {"", ":memory:"} and not Path(named).exists()


def sqlite_url(path: Path) -> str:
    """Return the address of a SQLite file, whatever characters its folders have."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def make_engine(url: str, *, echo: bool) -> Engine:
    """Return the engine for an address; nothing is connected yet."""
    if url.startswith("sqlite"):
        engine = create_engine(
            url,
            echo=echo,
            hide_parameters=True,
            pool_size=CONNECTIONS_KEPT,
            connect_args={"timeout": SQLITE_BUSY_SECONDS},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(
        url,
        echo=echo,
        hide_parameters=True,  # an unforeseen error is logged: its text must not hold what people typed
        pool_size=CONNECTIONS_KEPT,
        pool_pre_ping=True,
        isolation_level="REPEATABLE READ",
    )
    tenants.install(engine)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions behind our back
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;"
    )


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("hub_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
