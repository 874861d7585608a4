"""Fixtures everyone uses: a fixed moment, settings in a temporary home, a migrated database on both engines."""

import gc
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings as hypothesis_settings

from hub import schema
from hub.config import Settings
from hub.kernel.database import Database
from hub.trust import personal_fields
from hub.trust.record.database import open_database
from keys import KeyRing, ScryptCost
from tests.support.disk import quick_folder
from tests.support.postgres import fresh_database, postgres_server
from tests.support.rounds import EXAMPLES, Rounds, examples, is_drill, noting, summary
from tests.support.scheduling import scheduler

hypothesis_settings.register_profile(
    "hub", deadline=None, max_examples=examples(EXAMPLES)
)  # no test asserts a time
hypothesis_settings.load_profile("hub")

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
PASSPHRASE = "muddy violin borrows ninety tents"
CHEAP = ScryptCost(n=2)  # key stretching is tested on its own; here it would only cost time


def pytest_configure() -> None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(quick_folder()))  # where `tmp_path` is


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if is_drill(item):
            item.add_marker(pytest.mark.drill)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    said = summary(each for name in ("passed", "failed") for each in terminalreporter.getreports(name))
    if said:
        terminalreporter.write_line(said)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()  # thousands of tests live to the end: no search for garbage needs to look through them


pytest_xdist_make_scheduler = pytest.hookimpl(optionalhook=True)(scheduler)


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Rounds:
    """How many of so many rounds this test plays now; the end of the run tells."""
    return noting(request)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def today() -> date:
    return date(2026, 11, 21)


@pytest.fixture(scope="session")
def key_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ring") / "keys"
    KeyRing.create(folder, PASSPHRASE, now=NOW, cost=CHEAP)
    return folder


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    database = open_database(f"sqlite:///{path}")
    schema.upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture
def home(tmp_path: Path, key_template: Path) -> Path:
    folder = tmp_path / "var"
    folder.mkdir(mode=0o700)
    shutil.copytree(key_template, folder / "keys")
    return folder


@pytest.fixture
def sqlite_url(home: Path, sqlite_template: Path) -> str:
    shutil.copy(sqlite_template, home / "hub.sqlite3")
    return f"sqlite:///{home / 'hub.sqlite3'}"


@pytest.fixture
def environ(home: Path, sqlite_url: str) -> dict[str, str]:
    """The environment of a small hub of its own; tests change what they are about."""
    return {
        "HUB_HOME": str(home),
        "HUB_DATABASE_URL": sqlite_url,
        "HUB_BASE_URL": "http://127.0.0.1:8000",
        "HUB_KEYS": f"file:{home / 'keys'}",
        "HUB_KEYS_PASSPHRASE": PASSPHRASE,
        "HUB_SECRET_KEY": "not-a-secret-" * 4,
    }


@pytest.fixture
def settings(environ: dict[str, str]) -> Settings:
    return Settings.from_env(environ)


@pytest.fixture
def db(sqlite_url: str, home: Path) -> Iterator[Database]:
    database = open_database(sqlite_url)
    personal_fields.attach(database, lambda: KeyRing.open(home / "keys", PASSPHRASE))
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The socket folder of the suite's server, holding a migrated template database `hub_template`."""
    with postgres_server() as socket, fresh_database(socket, "hub_template") as url:
        database = open_database(url)
        schema.upgrade(database)
        database.close()
        yield socket


@pytest.fixture
def postgres_db(postgres: str, home: Path) -> Iterator[Database]:
    with fresh_database(postgres, f"t{uuid4().hex}", template="hub_template") as url:
        database = open_database(url)
        personal_fields.attach(database, lambda: KeyRing.open(home / "keys", PASSPHRASE))
        yield database
        database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))])
def any_db(request: pytest.FixtureRequest) -> Database:
    """The same test on SQLite and on PostgreSQL."""
    name = "db" if request.param == "sqlite" else "postgres_db"
    database: Database = request.getfixturevalue(name)
    return database
