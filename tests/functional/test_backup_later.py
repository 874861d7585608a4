"""A backup is restored on another day than it was made: what waited then is judged by then."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from hub import config
from hub.access.service import Post, invite
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
