"""An old copy of the database, restored where witnesses have seen more: read-only, and it says why."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hub import config, schema
from hub.kernel.actor import Role
from hub.kernel.errors import ReadOnlyError
from hub.trust.witnesses import read_only
from hub.trust.witnesses.record import Witness, WitnessRecord
from hub.trust.witnesses.rounds import ask_all
from hub.web.context import EXTENSION
from signing.log import SignatureType
from tests.support.browser import Browser
from tests.support.logs import USCC, LogHub
from tests.support.plates import add_enterprise


@pytest.fixture
def pair(tmp_path: Path) -> tuple[LogHub, LogHub]:
    """A hub whose log of seven entries the other has cosigned, and a copy of its database from when it had five."""
    hub, witness = LogHub.make(tmp_path / "hub"), LogHub.make(tmp_path / "witness")
    add_enterprise(hub.db)
    hub.add(5)
    hub.copy_database()
    hub.add(2)
    assert witness.run("log", "witness", "trust", hub.origin, hub.vkey(SignatureType.ED25519)).exit_code == 0
    with witness.served():
        told = hub.run("log", "witness", witness.settings.base_url)
    assert told.exit_code == 0, told.output
    return hub, witness


def test_the_database_that_was_cosigned_may_be_written(pair: tuple[LogHub, LogHub]) -> None:
    hub, _witness = pair
    with hub.app() as app:
        assert app.test_client().get("/readyz").get_json() == {"status": "ready"}
        Browser(app).login(Role.OWNER, uscc=USCC)


def test_an_old_copy_starts_read_only_and_says_why(pair: tuple[LogHub, LogHub]) -> None:
    hub, _witness = pair
    hub.restore(hub.settings.home / "copy.sqlite3")
    with hub.app() as app:
        client = app.test_client()
        ready = client.get("/readyz")
        page = client.get("/?lang=en").text
        chinese = client.get("/?lang=zh").text
        db = app.extensions[EXTENSION].db
        with pytest.raises(ReadOnlyError), db.write():
            pass
        refused = Browser(app).get("/access/link/none")

        assert ready.status_code == 200
        assert ready.get_json()["status"] == "read-only"
        assert "old copy" in ready.get_json()["message"]["en"]
        assert "witnesses have cosigned" in page
        assert "这是一份旧的数据库" in chinese
        assert client.get("/log/checkpoint").status_code == 200
        assert client.post("/api/v1/verifications", json={"code": "P1.x"}).status_code == 200
        assert refused.status_code < 500


def test_what_would_write_is_answered_503_with_the_reason(pair: tuple[LogHub, LogHub]) -> None:
    hub, _witness = pair
    hub.restore(hub.settings.home / "copy.sqlite3")
    with hub.app() as app:
        answer = app.test_client().post("/log/witness/add-checkpoint", data=b"old 0\n\n" + checkpoint(hub))

        assert answer.status_code == 503
        assert answer.get_json()["reason"] == "READ_ONLY"
        assert "只读" in answer.get_json()["message"]["zh"]


def checkpoint(hub: LogHub) -> bytes:
    return hub.run("log", "checkpoint").output.encode()


def test_commands_that_write_are_refused_and_doctor_names_the_cause(pair: tuple[LogHub, LogHub]) -> None:
    hub, _witness = pair
    hub.restore(hub.settings.home / "copy.sqlite3")

    written = hub.run("account", "invite", "--role", "owner", "--uscc", USCC, "--name", "新")
    worked = hub.run("worker", "--once")
    doctor = hub.run("doctor")

    assert isinstance(written.exception, ReadOnlyError)
    assert isinstance(worked.exception, ReadOnlyError)
    assert doctor.exit_code == 1
    assert "read-only" in doctor.output
    assert "hub log witness accept-loss" in doctor.output
    assert hub.run("log", "checkpoint").exit_code == 0


def test_without_the_files_the_witness_itself_tells(pair: tuple[LogHub, LogHub]) -> None:
    """The whole machine was lost and restored: only the list of witnesses is left."""
    hub, witness = pair
    hub.restore(hub.settings.home / "copy.sqlite3")
    record = WitnessRecord(hub.settings.home)
    (known,) = record.witnesses()
    shutil.rmtree(record.folder)
    assert read_only.standing(hub.db, record) is None

    with witness.served():
        asked = hub.run("log", "witness", known.url, "--vkey", known.vkey)

    assert getattr(asked.exception, "reason", "") == "LOG_BEHIND"
    told = read_only.standing(hub.db, record)
    assert told is not None
    assert "7" in told.en


def test_another_history_of_the_same_length_is_found(pair: tuple[LogHub, LogHub]) -> None:
    hub, _witness = pair
    record = WitnessRecord(hub.settings.home)
    hub.restore(hub.settings.home / "copy.sqlite3")
    hub.add(4)

    told = read_only.standing(hub.db, record)

    assert told is not None
    assert "not the one" in told.en


def test_a_damaged_record_stops_writing_too(pair: tuple[LogHub, LogHub]) -> None:
    hub, _witness = pair
    record = WitnessRecord(hub.settings.home)
    for name in ("witnesses.json", "cosigned-checkpoint"):
        path = record.folder / name
        kept = path.read_bytes()
        for damage in (b"", b"{", b"\xff", b'{"witnesses": [{}]}', kept[:-9], b"x" * 300_000):
            path.write_bytes(damage)
            told = read_only.standing(hub.db, record)
            assert told is not None
            assert "cannot be read" in told.en
        path.write_bytes(kept)
    assert read_only.standing(hub.db, record) is None


def test_a_loss_is_accepted_only_in_words_and_on_record(pair: tuple[LogHub, LogHub]) -> None:
    hub, witness = pair
    assert hub.run("log", "witness", "accept-loss", "--reason", "no need").exit_code != 0, (
        "nothing is lost yet"
    )
    hub.restore(hub.settings.home / "copy.sqlite3")
    assert hub.run("log", "witness", "accept-loss").exit_code != 0
    assert hub.run("log", "witness", "accept-loss", "--reason", "-").exit_code != 0

    accepted = hub.run("log", "witness", "accept-loss", "--reason", "the newer backup is gone")

    assert accepted.exit_code == 0, accepted.output
    proven = hub.run("log", "prove", hub.origin, "--json")
    assert "log.loss-accepted" in proven.output
    with hub.app() as app:
        assert app.test_client().get("/readyz").get_json() == {"status": "ready"}
    hub.sequence()
    with witness.served():
        refused = hub.run("log", "witness", witness.settings.base_url)
        assert getattr(refused.exception, "reason", "") in {"LOG_BEHIND", "LOG_FORKED"}
        again = witness.run(
            "log", "witness", "trust", hub.origin, hub.vkey(SignatureType.ED25519), "--start-over"
        )
        assert again.exit_code == 0
        WitnessRecord(hub.settings.home).forget()
        assert hub.run("log", "witness", witness.settings.base_url).exit_code == 0


def test_the_moment_of_the_check_is_before_the_first_write(pair: tuple[LogHub, LogHub]) -> None:
    """A database that is away at the start is looked at when it is back."""
    hub, _witness = pair
    aside = hub.settings.home / "hub.sqlite3.aside"
    hub.db.close()
    shutil.move(hub.settings.home / "hub.sqlite3", aside)
    with hub.app() as app:
        db = app.extensions[EXTENSION].db
        assert db.read_only is None
        db.close()
        shutil.copy(hub.settings.home / "copy.sqlite3", hub.settings.home / "hub.sqlite3")
        with pytest.raises(ReadOnlyError), db.write():
            pass
    assert config.now()


def test_before_serving_every_witness_is_asked_and_one_that_is_away_stops_nothing(
    pair: tuple[LogHub, LogHub],
) -> None:
    hub, witness = pair
    record = WitnessRecord(hub.settings.home)
    (known,) = record.witnesses()
    hub.restore(hub.settings.home / "copy.sqlite3")
    record.forget()
    record.put(Witness(known.url, known.vkey))
    record.put(Witness("http://127.0.0.1:1/w", known.vkey))
    assert read_only.standing(hub.db, record) is None

    with witness.served():
        told = ask_all(hub.db, keys=hub.issuer.key_set, home=hub.settings.home, now=config.now())

    assert {each.problem.reason for each in told if each.problem} == {"LOG_BEHIND", "WITNESS_AWAY"}
    assert hub.db.read_only is not None
    with pytest.raises(ReadOnlyError), hub.db.write():
        pass


def test_init_neither_writes_to_an_old_copy_nor_signs_for_it(pair: tuple[LogHub, LogHub]) -> None:
    """Nor does it make the keys that are missing beside it."""
    hub, _witness = pair
    hub.restore(hub.settings.home / "copy.sqlite3")
    shutil.rmtree(hub.settings.home / "keys")
    before = rows(hub)

    begun = hub.run("init", "--new-keys")

    assert isinstance(begun.exception, ReadOnlyError)
    assert "it is an old copy" in str(begun.exception)
    assert "这是一份旧的数据库" in str(begun.exception)
    assert rows(hub) == before
    assert not (hub.settings.home / "keys").exists()


def rows(hub: LogHub) -> dict[str, int]:
    with hub.db.read() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in schema.METADATA.tables.items()
        }
