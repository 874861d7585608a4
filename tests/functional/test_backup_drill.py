"""The drill: a hub that is served and written to is backed up, wiped and restored, on both databases and across them."""

import json
import shutil
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from hub import config
from hub.access.service import Post, invite
from hub.cli.commands import Commands
from hub.cli.context import HubContext
from hub.codes.models import Plate
from hub.codes.rules import PlateEnd, PlateState
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.trust.record.database import open_database
from hub.trust.statuses.models import StatusIndex
from keys import RingFolder
from tests.support.plates import OPERATOR, press_of, replace_plate
from tests.support.postgres import fresh_database
from tests.support.servers import PASSPHRASE, Server, running_hub

BACKUP_PASSPHRASE, JOIN_SECONDS = "blue horses eat 17 lamps", 60  # a bound for a thread that hangs


@dataclass
class Kept:
    """What the test knows of the hub that the restored one may have forgotten."""

    texts: list[str] = field(default_factory=list)
    indices: set[tuple[int, int]] = field(default_factory=set)


def run(home: Path, url: str, *arguments: object, **environ: str) -> Result:
    """A command as its operator starts it, in this process."""
    given: dict[str, str | None] = {
        "HUB_HOME": str(home),
        "HUB_DATABASE_URL": url,
        "HUB_DEMO": "1",
        "HUB_KEYS_PASSPHRASE": PASSPHRASE,
        "HUB_SECRET_KEY": "not-a-secret-" * 4,
        "HUB_BACKUP_PASSPHRASE": BACKUP_PASSPHRASE,
        "HUB_BASE_URL": None,
        "PORT": None,
        **environ,
    }
    context = HubContext()
    commands = Commands(name="hub")
    try:
        return CliRunner(env=given).invoke(commands, [str(each) for each in arguments], obj=context)
    finally:
        context.close()
        if "db" in vars(context):
            context.db.close()


def indices(db: Database) -> set[tuple[int, int]]:
    with db.read() as session:
        return {(row.list, row.idx) for row in session.scalars(select(StatusIndex))}


def placed(db: Database, count: int) -> list[str]:
    with db.read() as session:
        statement = select(Plate.plate_id).where(Plate.state == PlateState.PLACED).order_by(Plate.plate_id)
        return list(session.scalars(statement.limit(count)))


def replace_plates(db: Database, settings: Settings, ids: list[str]) -> list[tuple[str, str]]:
    """Id and text of a new plate for each of these."""
    press = press_of(settings)
    made = [
        replace_plate(each, reason=PlateEnd.DAMAGED, press=press, now=config.now(), db=db) for each in ids
    ]
    return [(view.plate_id, view.text) for view in made]


class Writer:
    """Invites one person after another until it is stopped."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self.count = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(JOIN_SECONDS)

    def _work(self) -> None:
        while not self._stop.is_set():
            invite(
                Post(Role.OFFICIAL, department="示范市市场监督管理局"),
                name="甲",
                by=OPERATOR,
                base_url=self._server.url,
                now=config.now(),
                db=self._server.db,
            )
            self.count += 1


def verdict(server: Server, text: str) -> dict[str, object]:
    request = urllib.request.Request(
        f"{server.url}/api/v1/verifications",
        data=json.dumps({"code": text}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        told: dict[str, object] = json.load(answer)
        return told


@pytest.fixture
def urls(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """The address of the hub's database, and of the one that it is restored into, by kind."""
    with _databases(request, tmp_path) as found:
        yield found


@contextmanager
def _databases(request: pytest.FixtureRequest, folder: Path) -> Iterator[dict[str, str]]:
    sqlite = {"here": f"sqlite:///{folder / 'one.sqlite3'}", "there": f"sqlite:///{folder / 'two.sqlite3'}"}
    if "postgresql" not in str(request.node.callspec.id):
        yield sqlite
        return
    socket = request.getfixturevalue("postgres")
    with (
        fresh_database(socket, f"t{uuid4().hex}") as first,
        fresh_database(socket, f"t{uuid4().hex}") as second,
    ):
        here, there = request.node.callspec.id.split("-to-")
        yield {
            "here": first if here == "postgresql" else sqlite["here"],
            "there": second if there == "postgresql" else sqlite["there"],
        }


@pytest.mark.xdist_group("postgresql")
@pytest.mark.parametrize(
    "ways", ["sqlite-to-sqlite", "postgresql-to-postgresql", "sqlite-to-postgresql", "postgresql-to-sqlite"],
    ids=str,
)  # fmt: skip
def test_a_hub_that_is_written_to_is_backed_up_wiped_and_restored(
    tmp_path: Path, urls: dict[str, str], ways: str
) -> None:
    home, there, file = tmp_path / "var", tmp_path / "new", tmp_path / "hub.backup"
    kept = Kept()
    with running_hub(home, enterprises=20, extra={"HUB_DATABASE_URL": urls["here"]}) as server:
        ids = placed(server.db, 6)
        kept.texts = [text for _, text in replace_plates(server.db, server.settings, ids[:2])]
        with Writer(server) as writer:
            made = run(home, urls["here"], "backup", file, HUB_BASE_URL=server.url)
        replace_plates(server.db, server.settings, ids[3:5])  # lost: nobody knows them after the restore
        kept.indices = indices(server.db)
        base = server.url

    assert made.exit_code == 0, made.output
    assert writer.count > 0, "the hub was written to meanwhile"
    shutil.rmtree(home)

    restored = run(there, urls["there"], "restore", file, HUB_BASE_URL=base)
    assert restored.exit_code == 0, (ways, restored.output, restored.exception)
    verified = run(there, urls["there"], "log", "verify", "--json", HUB_BASE_URL=base)
    assert verified.exit_code == 0, verified.output
    assert json.loads(verified.stdout)["found"] == 0

    _goes_on(there, urls["there"], base, kept)


def _goes_on(home: Path, url: str, base: str, kept: Kept) -> None:
    """Codes issued before still verify, and no index is given twice."""
    for text in kept.texts:
        told = json.loads(run(home, url, "verify", text, "--json", HUB_BASE_URL=base).stdout)
        assert told["genuine"] is True
    settings = Settings.from_env(
        {"HUB_HOME": str(home), "HUB_DATABASE_URL": url, "HUB_BASE_URL": base, "HUB_DEMO": "1",
         "HUB_KEYS_PASSPHRASE": PASSPHRASE, "HUB_SECRET_KEY": "x" * 32}
    )  # fmt: skip
    db = open_database(url)
    before = indices(db)
    replace_plates(db, settings, placed(db, 5))
    fresh = indices(db) - before
    db.close()

    assert len(fresh) == 5
    assert fresh & kept.indices == set()
    assert run(home, url, "log", "verify", HUB_BASE_URL=base).exit_code == 0


def test_a_hub_that_is_there_stays_unless_it_is_to_be_replaced_and_is_then_set_aside(
    small: tuple[Path, Path],
) -> None:
    home, file = small
    url = f"sqlite:///{home / 'hub.sqlite3'}"
    before = {path.name: path.read_bytes() for path in (home / "keys").glob("*.json")}

    refused = run(home, url, "restore", file)
    assert getattr(refused.exception, "reason", "") == "HUB_EXISTS"
    assert {path.name: path.read_bytes() for path in (home / "keys").glob("*.json")} == before
    holder = open_database(url)
    with holder.read() as session:
        session.scalars(select(Plate)).all()  # as any served hub has
        in_use = run(home, url, "restore", file, "--replace")
    holder.close()
    assert getattr(in_use.exception, "reason", in_use.output) == "HUB_IN_USE"
    replaced = run(home, url, "restore", file, "--replace")
    assert replaced.exit_code == 0, replaced.exception
    assert list(home.glob("before_restore_*/keys/ring.json"))
    assert list(home.glob("hub.sqlite3.before_restore_*"))
    assert run(home, url, "log", "verify").exit_code == 0
    assert getattr(run(home, url, "backup", file).exception, "reason", "") == "BACKUP_FILE_EXISTS"


@pytest.fixture
def small(tmp_path: Path, home: Path) -> tuple[Path, Path]:
    """The home of a small hub, and its backup."""
    file = tmp_path / "hub.backup"
    RingFolder(home / "keys", PASSPHRASE).mark_demonstration()
    url = f"sqlite:///{home / 'hub.sqlite3'}"
    assert run(home, url, "init").exit_code == 0
    assert run(home, url, "backup", file).exit_code == 0
    return home, file


@pytest.mark.parametrize(
    ("spoil", "environ", "reason"),
    [
        (lambda raw: raw[:-1], {}, "BACKUP_DAMAGED"),
        (lambda raw: raw[:5000] + b"?" + raw[5001:], {}, "BACKUP_DAMAGED"),
        (lambda _: b"SQLite format 3\0" * 100, {}, "BACKUP_DAMAGED"),
        (lambda raw: raw, {"HUB_BACKUP_PASSPHRASE": "another passphrase 9"}, "BACKUP_PASSPHRASE"),
        (lambda raw: raw, {"HUB_KEYS_PASSPHRASE": "another passphrase 9"}, "KEYS_WRONG_PASSPHRASE"),
        (lambda raw: raw, {"HUB_PROFILE": "national"}, "BACKUP_SETTINGS"),
        (lambda raw: raw, {"HUB_DEMO": "0"}, "BACKUP_SETTINGS"),
        (lambda raw: raw, {"HUB_KEYS_PASSPHRASE": ""}, "BACKUP_SETTINGS"),
    ],
)
def test_what_cannot_be_restored_is_refused_with_its_reason_and_leaves_nothing(
    tmp_path: Path, small: tuple[Path, Path], spoil: object, environ: dict[str, str], reason: str
) -> None:
    _home, file = small
    spoiled, there = tmp_path / "spoiled", tmp_path / "new"
    spoiled.write_bytes(spoil(file.read_bytes()))  # type: ignore[operator]  # a parameter of the test
    refused = run(there, f"sqlite:///{there / 'hub.sqlite3'}", "restore", spoiled, **environ)

    assert getattr(refused.exception, "reason", refused.exception) == reason
    assert [path.name for path in there.glob("*")] == []


def test_a_row_that_differs_from_the_public_log_is_found_before_anything_is_put_in_place(
    tmp_path: Path, small: tuple[Path, Path]
) -> None:
    home, _file = small
    url, file, there = f"sqlite:///{home / 'hub.sqlite3'}", tmp_path / "false.backup", tmp_path / "new"
    invited = run(home, url, "account", "invite", "--role", "official", "--name", "甲", "--department", "局")
    assert invited.exit_code == 0, invited.exception
    db = open_database(url)
    with db.write() as session:
        session.connection().exec_driver_sql("UPDATE access_person SET name = '乙'")
    db.close()
    assert run(home, url, "backup", file).exit_code == 0
    new = f"sqlite:///{there / 'hub.sqlite3'}"

    refused = run(there, new, "restore", file)
    assert getattr(refused.exception, "reason", "") == "BACKUP_UNTRUE"
    assert "access_person" in str(refused.exception)
    assert run(there, new, "restore", "--check", file).exit_code != 0
    assert [path.name for path in there.glob("*")] == []
    assert run(there, new, "restore", file, "--accept-findings").exit_code == 0
    assert run(there, new, "log", "verify").exit_code == 1


def test_a_check_reads_everything_and_changes_nothing(small: tuple[Path, Path]) -> None:
    home, file = small
    before = sorted(path.name for path in home.rglob("*"))
    checked = run(home, f"sqlite:///{home / 'hub.sqlite3'}", "restore", "--check", file, "--json")

    assert checked.exit_code == 0, checked.exception
    assert json.loads(checked.stdout)["findings"] == []
    assert sorted(path.name for path in home.rglob("*")) == before
    assert file.stat().st_mode & 0o077 == 0
