"""Whoever changes rows, acts or the log with the database's own tool is found, and what was changed is named.

The ways of tampering are rows of `tests/vectors/log/tamperings.json`: the statement, and the reason and table that the
finding must carry; `which` selects what its key must contain.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.config import Settings
from hub.kernel.database import Database
from hub.trust.log.findings import SENTENCES, AuditReason
from tests.conftest import PASSPHRASE
from tests.support.plates import issuer_of
from tests.support.postgres import fresh_database
from tests.support.tampering import audited, behind_its_back, live, looked_up

CASES = json.loads(Path("tests/vectors/log/tamperings.json").read_text(encoding="utf-8"))
LIVED = "hub_lived"
FEWEST = 16


def settings_of(folder: Path, keys: Path) -> Settings:
    shutil.copytree(keys, folder / "keys")
    folder.chmod(0o700)
    return Settings.from_env(
        {
            "HUB_HOME": str(folder),
            "HUB_KEYS_PASSPHRASE": PASSPHRASE,
            "HUB_SECRET_KEY": "not-a-secret-" * 4,
        }
    )


@pytest.fixture(scope="module")
def lived_settings(tmp_path_factory: pytest.TempPathFactory, key_template: Path) -> Settings:
    return settings_of(tmp_path_factory.mktemp("lived"), key_template)


@pytest.fixture(scope="module")
def lived_sqlite(lived_settings: Settings, sqlite_template: Path) -> Path:
    """A SQLite database after a day of use; tests copy it."""
    path = lived_settings.home / "lived.sqlite3"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    live(database, lived_settings, lived_settings.home / "feeds")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture(scope="module")
def lived_postgres(lived_settings: Settings, postgres: str) -> Iterator[str]:
    """The name of a PostgreSQL database after a day of use; tests copy it."""
    with fresh_database(postgres, LIVED, template="hub_template") as url:
        database = Database(url)
        live(database, lived_settings, lived_settings.home / "feeds-postgresql")
        database.close()
        yield LIVED


@pytest.fixture
def sqlite_hub(lived_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(lived_sqlite, tmp_path / "hub.sqlite3")
    database = Database(f"sqlite:///{tmp_path / 'hub.sqlite3'}")
    yield database
    database.close()


@pytest.fixture
def postgres_hub(lived_postgres: str, postgres: str) -> Iterator[Database]:
    with fresh_database(postgres, "hub_tampered", template=lived_postgres) as url:
        database = Database(url)
        yield database
        database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("postgresql"))])
def hub(request: pytest.FixtureRequest) -> Database:
    database: Database = request.getfixturevalue(f"{request.param}_hub")
    return database


def test_a_hub_that_nobody_touched_has_no_findings(hub: Database, lived_settings: Settings) -> None:
    report = audited(hub, issuer_of(lived_settings))

    assert report.findings == ()
    assert report.is_clean
    assert report.leaves == report.size > 256
    assert report.rows > report.leaves


def test_every_reason_has_its_sentences_and_a_case() -> None:
    assert set(SENTENCES) == set(AuditReason)
    assert all(said.zh and said.en for said in SENTENCES.values())
    elsewhere = {AuditReason.BATCH_WAITING, AuditReason.DERIVED_WRONG}  # sequencing and beginning
    assert {case["reason"] for case in CASES} == set(AuditReason) - elsewhere


def test_there_are_more_ways_of_tampering_than_were_asked_for() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES) > FEWEST


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"].replace(" ", "-"))
def test_what_was_changed_behind_the_hubs_back_is_named(
    hub: Database, lived_settings: Settings, case: dict[str, str]
) -> None:
    which = looked_up(hub, case["which"])
    behind_its_back(hub, *case["statement"].split("; "))

    report = audited(hub, issuer_of(lived_settings))

    told = [
        found for found in report.findings if (found.reason, found.table) == (case["reason"], case["table"])
    ]
    assert told, report.findings[:5]
    assert any(which in found.key for found in told), told
    assert all(found.message.zh and found.message.en for found in told)
    if case["of"] == "rows":  # the log itself is not blamed for what was done to rows
        assert {found.reason.partition("_")[0] for found in report.findings} <= {"ROW", "INDEX"}
