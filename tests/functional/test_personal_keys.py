"""Personal fields from the command line: completed by `hub init`, renewed, and told of by `hub doctor`."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from hub.access.models import Person
from hub.access.service import Post, invite
from hub.cli.commands import Commands
from hub.cli.context import HubContext
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.trust import personal_fields
from hub.trust.record.database import open_database
from keys import KeyRing
from keys.data_keys import DATA_KEYS_FILE
from tests.support.plates import NOW, OPERATOR
from tests.support.postgres import fresh_database
from tests.support.servers import PASSPHRASE
from tests.support.tampering import behind_its_back


@pytest.fixture
def invited(db: Database) -> Database:
    place = Post(Role.OFFICIAL, department="局")
    invite(place, name="金丝雀", by=OPERATOR, base_url="http://127.0.0.1:8000", now=NOW, db=db)
    return db


def run(environ: dict[str, str], *arguments: str) -> Result:
    context = HubContext()
    try:
        return CliRunner(env=environ).invoke(Commands(name="hub"), list(arguments), obj=context)
    finally:
        context.close()
        if "db" in vars(context):
            context.db.close()


def kept(db: Database) -> str:
    with db.engine.connect() as connection:
        return str(connection.exec_driver_sql("SELECT name FROM access_person").scalar_one())


def names(db: Database, home: Path) -> list[str]:
    personal_fields.attach(db, lambda: KeyRing.open(home / "keys", PASSPHRASE))
    with db.read() as session:
        return list(session.scalars(select(Person.name)))


def test_init_seals_what_was_stored_before(invited: Database, environ: dict[str, str], home: Path) -> None:
    behind_its_back(invited, "UPDATE access_person SET name = '金丝雀'")
    (home / "keys" / DATA_KEYS_FILE).unlink()

    made = run(environ, "init")

    assert made.exit_code == 0, made.output
    assert kept(invited).startswith("hp1:")
    assert names(invited, home) == ["金丝雀"]
    assert run(environ, "log", "verify").exit_code == 0


def test_a_renewed_key_seals_everything_anew_on_record(
    invited: Database, environ: dict[str, str], home: Path
) -> None:
    before = kept(invited)

    renewed = run(environ, "keys", "renew-data", "--yes")

    assert renewed.exit_code == 0, renewed.output
    assert kept(invited)[:12] != before[:12]
    assert names(invited, home) == ["金丝雀"]


def test_init_refuses_to_go_on_without_the_key_of_what_is_sealed(
    invited: Database, environ: dict[str, str], home: Path
) -> None:
    assert run(environ, "init").exit_code == 0
    sealed = kept(invited)
    (home / "keys" / DATA_KEYS_FILE).unlink()

    doctor = run(environ, "doctor", "--json")
    refused = run(environ, "init")

    told = {each["what"]: each for each in json.loads(doctor.stdout)}
    assert told["personal data keys"]["level"] == "fix"
    assert refused.exit_code != 0
    assert "restore the key folder" in str(refused.exception) + refused.output
    assert kept(invited) == sealed


@pytest.mark.xdist_group("postgresql")
def test_sealed_names_travel_in_a_backup_from_one_database_to_the_other_and_back(
    invited: Database, environ: dict[str, str], tmp_path: Path, postgres: str
) -> None:
    given = {**environ, "HUB_BACKUP_PASSPHRASE": "blue horses eat 17 lamps"}
    assert run(given, "init").exit_code == 0
    sealed = kept(invited)
    with fresh_database(postgres, f"t{uuid4().hex}") as url:
        for number, target in enumerate((url, f"sqlite:///{tmp_path / 'back.sqlite3'}")):
            file, there = str(tmp_path / f"{number}.backup"), tmp_path / f"home{number}"
            assert run(given, "backup", file).exit_code == 0
            moved = {"HUB_HOME": str(there), "HUB_DATABASE_URL": target, "HUB_KEYS": f"file:{there / 'keys'}"}
            given = {**given, **moved}
            restored = run(given, "restore", file)
            assert restored.exit_code == 0, (restored.output, restored.exception)
            db = open_database(target)
            assert kept(db) == sealed
            assert names(db, there) == ["金丝雀"]
            db.close()


def test_an_account_is_found_by_exact_name_and_by_certificate(environ: dict[str, str]) -> None:
    assert run(environ, "init").exit_code == 0
    for name, number in (("金丝雀", "浙1"), ("金丝", "浙2")):
        place = ("--department", "局", "--certificate", number)
        invited = run(environ, "account", "invite", "--role", "officer", "--name", name, *place)
        assert invited.exit_code == 0, invited.exception

    by_name = run(environ, "account", "list", "--name", "金丝", "--json")
    by_number = run(environ, "account", "list", "--certificate", "浙1", "--json")
    neither = run(environ, "account", "list", "--name", "金丝", "--certificate", "浙1")

    assert [json.loads(line)["name"] for line in by_name.stdout.splitlines()] == ["金丝"]
    assert [json.loads(line)["name"] for line in by_number.stdout.splitlines()] == ["金丝雀"]
    assert (neither.exit_code, neither.stdout) == (0, "")
