"""A backup is restored on another day than it was made: what waited then is judged by then."""

import json
import secrets
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from hub import config
from hub.access.service import Post, invite
from hub.backup.archive import MANIFEST, Packer, Unpacker
from hub.cli.commands import Commands
from hub.cli.context import HubContext
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.trust.record.models import LeafBatch
from tests.support.plates import OPERATOR


class Busy(HubContext):
    """A hub in which somebody acts after the log was brought up to date and before its rows are read."""

    def take_into_log(self, db: Database) -> None:
        super().take_into_log(db)
        place = Post(Role.OFFICIAL, department="局")
        invite(place, name="甲", by=OPERATOR, base_url="http://127.0.0.1:8000", now=self.now(), db=db)


def run(
    environ: dict[str, str],
    *arguments: str,
    later: timedelta = timedelta(0),
    kind: type[HubContext] = HubContext,
) -> Result:
    context = kind(clock=lambda: config.now() + later)
    try:
        return CliRunner(env=environ).invoke(Commands(name="hub"), list(arguments), obj=context)
    finally:
        context.close()
        if "db" in vars(context):
            context.db.close()


@pytest.mark.parametrize(
    "later", [timedelta(minutes=5), timedelta(days=200)], ids=["five-minutes", "200-days"]
)
def test_acts_that_were_waiting_when_a_backup_was_made_do_not_make_it_untrue_on_another_day(
    db: Database, environ: dict[str, str], tmp_path: Path, later: timedelta
) -> None:
    given = {**environ, "HUB_BACKUP_PASSPHRASE": "blue horses eat 17 lamps"}
    moved = {
        "HUB_DATABASE_URL": f"sqlite:///{tmp_path / 'b.sqlite3'}",
        "HUB_KEYS": f"file:{tmp_path / 'new' / 'keys'}",
    }
    there = {**given, **moved, "HUB_HOME": str(tmp_path / "new")}
    assert run(given, "init").exit_code == 0
    made = run(given, "backup", str(tmp_path / "b"), kind=Busy)
    with db.read() as session:
        waiting = session.scalar(select(func.count()).where(LeafBatch.first.is_(None)))

    restored = run(there, "restore", str(tmp_path / "b"), later=later)

    assert made.exit_code == 0, made.exception
    assert waiting
    assert restored.exit_code == 0, restored.exception
    assert run(there, "log", "verify", later=later).exit_code == 0


def of_another_revision(sealed: bytes, passphrase: str) -> bytes:
    """The same backup as a version would make it whose tables nobody knows here."""
    target = BytesIO()
    packer = Packer(target, passphrase, random_bytes=secrets.token_bytes, log_work=10)
    with Unpacker(BytesIO(sealed), passphrase) as unpacker:
        for name, content in unpacker.parts():
            told = json.loads(content) | {"revision": "9999"} if name == MANIFEST else None
            packer.add(name, content if told is None else json.dumps(told).encode())
    packer.close()
    return target.getvalue()


def test_a_backup_of_a_newer_version_asks_for_an_upgrade_and_leaves_nothing(
    db: Database, environ: dict[str, str], tmp_path: Path
) -> None:
    assert db
    file, there = tmp_path / "b", tmp_path / "new"
    given = {**environ, "HUB_BACKUP_PASSPHRASE": "blue horses eat 17 lamps"}
    assert run(given, "init").exit_code == 0
    assert run(given, "backup", str(file)).exit_code == 0
    file.write_bytes(of_another_revision(file.read_bytes(), given["HUB_BACKUP_PASSPHRASE"]))
    moved = {"HUB_DATABASE_URL": f"sqlite:///{there / 'hub.sqlite3'}", "HUB_HOME": str(there)}

    refused = run(given | moved | {"HUB_KEYS": f"file:{there / 'keys'}"}, "restore", str(file))

    assert getattr(refused.exception, "reason", refused.exception) == "BACKUP_NEWER"
    assert list(there.glob("*")) == []


def test_a_weak_passphrase_makes_no_backup(db: Database, environ: dict[str, str], tmp_path: Path) -> None:
    assert db
    assert run(environ, "init").exit_code == 0

    refused = run({**environ, "HUB_BACKUP_PASSPHRASE": "12345"}, "backup", str(tmp_path / "b"))

    assert getattr(refused.exception, "reason", refused.exception) == "BACKUP_PASSPHRASE_WEAK"
    assert str(refused.exception) == "HUB_BACKUP_PASSPHRASE: BACKUP_PASSPHRASE_WEAK"
    assert "备份口令" in refused.exception.message.zh  # type: ignore[union-attr]  # as just asserted
    assert not (tmp_path / "b").exists()
