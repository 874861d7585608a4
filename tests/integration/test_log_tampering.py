"""Whoever changes rows, acts or the log with the database's own tool is found, and what was changed is named.

The ways of tampering are rows of `tests/vectors/log/tamperings.json`: the statement, and the reason and table that the
finding must carry; `which` selects what its key must contain. `times`: how often it is found, where that does not
depend on the city; `others`: for what else there may be findings, and
for nothing beside it.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from hub.config import Settings
from hub.kernel.bulk import table_of
from hub.kernel.database import Database
from hub.kernel.ids import new_id
from hub.trust.log.findings import SENTENCES, AuditReason
from hub.trust.record import events
from hub.trust.record.database import open_database
from hub.trust.record.models import LeafBatch
from hub.trust.statuses.models import StatusChange, StatusPublication
from hub.trust.witnesses.record import WitnessRecord
from tests.conftest import PASSPHRASE
from tests.support.postgres import fresh_database
from tests.support.rewriting import remove_waivers, rewrite
from tests.support.tampering import LATER, audited_wholly, behind_its_back, extend, live, looked_up

CASES = json.loads(Path("tests/vectors/log/tamperings.json").read_text(encoding="utf-8"))
LIVED = "hub_lived"
UNSEQUENCED = (
    "DELETE FROM trust_event WHERE batch_id = {}",
    "DELETE FROM trust_leaf_batch WHERE id = {}",
)
FEWEST = 16
ODD: tuple[tuple[str, AuditReason, str], ...] = (  # what SQLite takes of any kind: statement, reason, table
    (
        "UPDATE licenses_license SET id = 'zz' WHERE rowid = 1",
        AuditReason.INDEX_MISSING,
        "licenses_license_index",
    ),
    ("UPDATE licenses_license SET extra = 5 WHERE rowid = 1", AuditReason.ROW_EDITED, "licenses_license"),
    ("UPDATE trust_event SET at = 'x' WHERE rowid = 5", AuditReason.EVENT_EDITED, "trust_event"),
    ("UPDATE trust_event SET at = 5 WHERE rowid = 5", AuditReason.EVENT_EDITED, "trust_event"),
    ("UPDATE trust_event SET salt = 'x' WHERE rowid = 5", AuditReason.EVENT_EDITED, "trust_event"),
    ("UPDATE trust_event SET place = 'x' WHERE rowid = 5", AuditReason.EVENT_EDITED, "trust_event"),
    ("UPDATE trust_event SET data = '{' WHERE rowid = 5", AuditReason.EVENT_ADDED, "trust_event"),
    ("UPDATE trust_event SET rows = '[]' WHERE rowid = 5", AuditReason.EVENT_ADDED, "trust_event"),
    ("UPDATE trust_status_publication SET signed_at = 'x'", AuditReason.UNREADABLE, "differing_publications"),
    ("UPDATE access_session SET created_at = 'x'", AuditReason.UNREADABLE, "unfounded_access"),
    ("UPDATE trust_log_head SET checkpoint = 'x'", AuditReason.HEAD_EDITED, "trust_log_head"),
    ("UPDATE trust_log_head SET at = 'x'", AuditReason.UNREADABLE, "tree"),
)


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
    database = open_database(f"sqlite:///{path}")
    live(database, lived_settings, lived_settings.home / "feeds")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture(scope="module")
def lived_postgres(lived_settings: Settings, postgres: str) -> Iterator[str]:
    """The name of a PostgreSQL database after a day of use; tests copy it."""
    with fresh_database(postgres, LIVED, template="hub_template") as url:
        database = open_database(url)
        live(database, lived_settings, lived_settings.home / "feeds-postgresql")
        database.close()
        yield LIVED


@pytest.fixture
def sqlite_hub(lived_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(lived_sqlite, tmp_path / "hub.sqlite3")
    database = open_database(f"sqlite:///{tmp_path / 'hub.sqlite3'}")
    yield database
    database.close()


@pytest.fixture
def postgres_hub(lived_postgres: str, postgres: str) -> Iterator[Database]:
    with fresh_database(postgres, "hub_tampered", template=lived_postgres) as url:
        database = open_database(url)
        yield database
        database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("postgresql"))])
def hub(request: pytest.FixtureRequest) -> Database:
    database: Database = request.getfixturevalue(f"{request.param}_hub")
    return database


def test_a_hub_that_nobody_touched_has_no_findings(hub: Database, lived_settings: Settings) -> None:
    report = audited_wholly(hub, lived_settings)

    assert report.findings == ()
    assert report.is_clean
    assert report.leaves == report.size > 256
    assert report.rows > report.leaves


def test_every_reason_has_its_sentences_and_a_case() -> None:
    assert set(SENTENCES) == set(AuditReason)
    assert all(said.zh and said.en for said in SENTENCES.values())
    elsewhere = {  # sequencing, the command line, values that SQLite alone takes, sealed fields
        AuditReason.BLIND_INDEX_WRONG,
        AuditReason.BATCH_WAITING,
        AuditReason.COSIGNED_AHEAD,
        AuditReason.UNREADABLE,
    }
    assert {case["reason"] for case in CASES} == set(AuditReason) - elsewhere


def test_there_are_more_ways_of_tampering_than_were_asked_for() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES) > FEWEST


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"].replace(" ", "-"))
def test_what_was_changed_behind_the_hubs_back_is_named(
    hub: Database, lived_settings: Settings, case: dict[str, Any]
) -> None:
    which = looked_up(hub, case["which"])
    behind_its_back(hub, *case["statement"].split("; "))

    report = audited_wholly(hub, lived_settings)

    told = [
        found for found in report.findings if (found.reason, found.table) == (case["reason"], case["table"])
    ]
    assert told, report.findings[:5]
    assert any(which in found.key for found in told), told
    assert all(found.message.zh and found.message.en for found in told)
    assert all(
        "." in found.detail for found in told if found.reason is AuditReason.EVENT_ADDED
    )  # the act's kind
    assert len(told) == case.get("times", len(told))
    assert {found.reason for found in report.findings if found not in told} <= set(case["others"])


@pytest.mark.parametrize(("statement", "reason", "table"), ODD)
def test_a_value_that_cannot_be_read_is_a_finding_and_does_not_hide_others(
    sqlite_hub: Database, lived_settings: Settings, statement: str, reason: AuditReason, table: str
) -> None:
    behind_its_back(sqlite_hub, statement, "UPDATE licenses_summary SET missing = 99")

    told = {(found.reason, found.table) for found in audited_wholly(sqlite_hub, lived_settings).findings}

    assert (reason, table) in told
    assert (AuditReason.DERIVED_WRONG, "licenses_summary") in told


def test_a_batch_removed_with_its_acts_before_it_entered_the_log_leaves_its_number(
    sqlite_hub: Database, lived_settings: Settings
) -> None:
    for note in ("甲", "乙", "丙"):
        with sqlite_hub.write() as session:
            events.record(session, kind="a.b", uscc="", subject=note, by="x", data={}, now=LATER)
    first = looked_up(sqlite_hub, "SELECT min(id) FROM trust_leaf_batch WHERE first IS NULL")
    assert audited_wholly(sqlite_hub, lived_settings).is_clean
    gone = int(first) + 1
    behind_its_back(sqlite_hub, *(removal.format(gone) for removal in UNSEQUENCED))

    told = [(found.reason, found.key) for found in audited_wholly(sqlite_hub, lived_settings).findings]

    assert told == [(AuditReason.BATCH_MISSING, f"before {gone + 1}")]


def test_the_number_of_a_removed_last_batch_is_not_given_out_again(
    sqlite_hub: Database, lived_settings: Settings
) -> None:
    with sqlite_hub.write() as session:
        events.record(session, kind="a.b", uscc="", subject="甲", by="x", data={}, now=LATER)
    last = int(looked_up(sqlite_hub, "SELECT max(id) FROM trust_leaf_batch"))
    behind_its_back(sqlite_hub, *(removal.format(last) for removal in UNSEQUENCED))

    told = [(found.reason, found.key) for found in audited_wholly(sqlite_hub, lived_settings).findings]
    with sqlite_hub.write() as session:
        events.record(session, kind="a.b", uscc="", subject="乙", by="x", data={}, now=LATER)

    assert told == [(AuditReason.BATCH_MISSING, f"after {last - 1}")]
    assert looked_up(sqlite_hub, "SELECT max(id) FROM trust_leaf_batch") == str(last + 1)


def test_what_was_rolled_back_leaves_no_gap(sqlite_hub: Database, lived_settings: Settings) -> None:
    with sqlite_hub.read() as session:  # it is rolled back at its end
        session.execute(insert(table_of(LeafBatch)), {"at": LATER, "count": 0, "leaves": b""})
    with sqlite_hub.write() as session:
        events.record(session, kind="a.b", uscc="", subject="甲", by="x", data={}, now=LATER)

    assert audited_wholly(sqlite_hub, lived_settings).is_clean


def test_a_log_that_is_behind_what_witnesses_cosigned_is_named(
    hub: Database, lived_settings: Settings, tmp_path: Path
) -> None:
    settings = replace(lived_settings, home=tmp_path)
    shutil.copytree(lived_settings.home / "keys", tmp_path / "keys")
    lines = looked_up(hub, "SELECT checkpoint FROM trust_log_head").split("\n")
    WitnessRecord(tmp_path).keep_checkpoint("\n".join([lines[0], "1000000", *lines[2:]]))

    found = audited_wholly(hub, settings).findings

    assert [each.reason for each in found] == [AuditReason.COSIGNED_AHEAD]
    assert "1000000" in found[0].detail


def test_statuses_that_wait_to_be_published_are_no_finding(hub: Database, lived_settings: Settings) -> None:
    behind_its_back(hub, "UPDATE trust_status_publication SET etag = 'older'")
    with hub.write() as session:
        number = session.scalars(select(StatusPublication.number)).first()
        session.add(StatusChange(list=number, id=new_id(LATER)))

    assert audited_wholly(hub, lived_settings).is_clean


@pytest.mark.parametrize(
    ("edit", "detail"),
    [
        ("UPDATE trust_status_list SET used = used - 1", "counted"),
        ("UPDATE trust_status_list SET secret = {}", "secret"),
        ("DELETE FROM trust_status_list", "missing"),
    ],
)
def test_indices_that_would_be_given_out_twice_are_named(
    hub: Database, lived_settings: Settings, edit: str, detail: str
) -> None:
    zeros = "zeroblob(32)" if hub.is_sqlite else r"decode(repeat('00', 32), 'hex')"
    behind_its_back(hub, edit.format(zeros))

    findings = [
        each for each in audited_wholly(hub, lived_settings).findings if each.table == "trust_status_list"
    ]

    assert [each.reason for each in findings] == [AuditReason.DERIVED_WRONG]
    assert detail in findings[0].detail


def test_a_summary_that_waits_to_be_computed_is_no_finding(hub: Database, lived_settings: Settings) -> None:
    behind_its_back(hub, "UPDATE licenses_summary SET missing = 99, stale_on = '2020-01-01'")

    tables = {each.table for each in audited_wholly(hub, lived_settings).findings}
    assert tables == {"kernel_count"}  # the city's sums are of what stands there now


def test_a_log_that_agrees_with_itself_does_not_agree_with_what_was_signed(
    sqlite_hub: Database, lived_settings: Settings
) -> None:
    """Leaves, tiles, root and frontier rewritten alike: only the signatures are not the forger's to make."""
    rewrite(sqlite_hub)

    told = {found.reason for found in audited_wholly(sqlite_hub, lived_settings).findings}

    assert AuditReason.ROOT_DIFFERS in told


def test_a_row_that_was_removed_by_an_act_and_put_back_is_named(
    sqlite_hub: Database, lived_settings: Settings
) -> None:
    remove_waivers(sqlite_hub, now=LATER)
    extend(sqlite_hub, lived_settings, now=LATER)
    assert audited_wholly(sqlite_hub, lived_settings).is_clean
    behind_its_back(sqlite_hub, "INSERT INTO licenses_waiver SELECT * FROM kept")

    told = {(found.reason, found.table) for found in audited_wholly(sqlite_hub, lived_settings).findings}

    assert {table for _, table in told} == {"licenses_waiver"}
