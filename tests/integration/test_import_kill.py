"""`kill -9` in the middle of an import, again and again: the end is the same as without."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hub import schema
from hub.config import Settings
from hub.feeds.batches import FileFacts, advance, begin
from hub.feeds.chunks import Chunk, ChunkResult
from hub.feeds.errors import AlreadyLoadingError
from hub.feeds.models import Batch
from hub.kernel.database import Database
from hub.trust.record.database import open_database
from hub.trust.record.models import Event
from tests.support.feeds import Feeds
from tests.support.issued import audited, unleaved
from tests.support.killed_acts import is_loaded
from tests.support.killing import BEGAN, Round, play
from tests.support.loading import BY, NOW, contents, load_all
from tests.support.rounds import Rounds

ROUNDS = 6  # kills per database
ENTERPRISES = 1_600  # two chunks in each of the larger files
FEWEST = 2  # kills of a whole command in `make test`: one process starts again after another
KILLS = 100  # per database, of a worker that stores small pieces
SHOPS = (
    2_400  # more than a fast machine loads in so many short lives; twice the share for fewer, which vary more
)
IN_A_HURRY = 300  # seconds after which a process hangs rather than works


def _import(environ: dict[str, str], paths: list[Path]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "hub.cli", "import", "--no-progress", *map(str, paths)],
        env={**os.environ, **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def _position(db: Database) -> int:
    with db.read() as session:
        return session.scalar(select(func.coalesce(func.sum(Batch.position), 0))) or 0


def _kill_after_progress(process: "subprocess.Popen[bytes]", db: Database, wait: float) -> None:
    """Let it store something more, and then a moment longer, so that it dies in the middle of whatever follows."""
    before = _position(db)
    while process.poll() is None and _position(db) == before:
        time.sleep(0.01)
    time.sleep(wait)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stderr is not None
    process.stderr.close()


def _killed_and_finished(environ: dict[str, str], db: Database, paths: list[Path], rounds: int) -> int:
    chance = random.Random(11)
    kills = 0
    for _ in range(rounds):
        process = _import(environ, paths)
        _kill_after_progress(process, db, chance.random() * 0.3)
        kills += process.returncode == -signal.SIGKILL
    process = _import(environ, paths)
    _, errors = process.communicate(timeout=IN_A_HURRY)
    assert process.returncode == 3, errors
    return kills


@pytest.mark.parametrize(
    "engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))]
)
def test_a_killed_import_started_again_ends_as_if_it_had_not_been_killed(
    engine: str,
    request: pytest.FixtureRequest,
    environ: dict[str, str],
    db: Database,
    tmp_path: Path,
    rounds: Rounds,
) -> None:
    paths = Feeds(enterprises=ENTERPRISES, seed=3).write(tmp_path)
    calm = open_database(f"sqlite:///{tmp_path / 'calm.sqlite3'}")
    schema.upgrade(calm)
    process = _import({**environ, "HUB_DATABASE_URL": f"sqlite:///{tmp_path / 'calm.sqlite3'}"}, paths)
    _, errors = process.communicate(timeout=IN_A_HURRY)
    assert process.returncode == 3, errors
    stormy: Database = db if engine == "sqlite" else request.getfixturevalue("postgres_db")
    url = stormy.engine.url.render_as_string(hide_password=False)

    count = rounds(ROUNDS, least=FEWEST)
    kills = _killed_and_finished({**environ, "HUB_DATABASE_URL": url}, stormy, paths, count)

    assert kills >= count - 1
    _assert_same(contents(calm), contents(stormy))
    calm.close()


def _assert_same(calm: dict[str, list[str]], stormy: dict[str, list[str]]) -> None:
    """Batches and their records repeat: files that were done before a kill are loaded once more, to no effect.

    So the log is longer; what it says is compared with every row by the test of many kills.
    """
    longer = {"feeds_batch", "feeds_refusal", "trust_event", "trust_leaf_batch"}
    for table in {name for name in calm if not name.startswith("trust_log_")} - longer:
        assert stormy[table] == calm[table], table
    assert set(calm["feeds_batch"]) <= set(stormy["feeds_batch"])
    assert set(calm["feeds_refusal"]) <= set(stormy["feeds_refusal"])
    assert not any("'loading'" in row for row in stormy["feeds_batch"])


@pytest.mark.parametrize(
    "engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))]
)
def test_kills_lose_nothing_that_was_told_double_nothing_and_hide_nothing(
    engine: str,
    request: pytest.FixtureRequest,
    environ: dict[str, str],
    db: Database,
    settings: Settings,
    tmp_path: Path,
    rounds: Rounds,
) -> None:
    """Small pieces, so that every kill falls into a load: after a piece that was told, or anywhere between."""
    count = rounds(KILLS)
    shops = min(SHOPS, 2 * SHOPS * count // KILLS)
    paths = Feeds(enterprises=shops, seed=5).write(tmp_path)
    calm = open_database(f"sqlite:///{tmp_path / 'calm.sqlite3'}")
    schema.upgrade(calm)
    load_all(calm, paths)
    stormy: Database = db if engine == "sqlite" else request.getfixturevalue("postgres_db")
    url = stormy.engine.url.render_as_string(hide_password=False)
    names = [str(path) for path in paths]

    played = play({**environ, "HUB_DATABASE_URL": url}, "import", rounds=count, seed=17, arguments=names)

    early = [each.number for each in played if each.finished]
    assert early == [], "the files were loaded before the kills were over"
    assert [lost for each in played for lost in _lost(each)] == []
    load_all(stormy, [path for path in paths if not is_loaded(stormy, path)])
    _assert_same(contents(calm), contents(stormy))
    with stormy.read() as session:
        loaded = session.scalar(select(func.count()).select_from(Batch))
        noted = session.scalar(select(func.count()).where(Event.kind == "feeds.loaded"))
        assert list(unleaved(session)) == []
    assert (loaded, noted) == (len(paths), len(paths)), "a file was loaded twice, or is not on record"
    assert audited(stormy, settings, now=NOW) == []
    calm.close()


def test_an_import_that_tells_before_the_commit_is_found_by_the_same_drill(
    environ: dict[str, str], db: Database, tmp_path: Path
) -> None:
    paths = Feeds(enterprises=200, seed=5).write(tmp_path)
    url = db.engine.url.render_as_string(hide_password=False)
    names = [str(path) for path in paths]

    rounds = play({**environ, "HUB_DATABASE_URL": url}, "import-hastily", rounds=12, seed=17, arguments=names)

    assert any(_lost(each) for each in rounds), "the control was not caught: the drill proves nothing"


def _lost(played: Round) -> list[str]:
    """What the worker told of that was not there right after its death."""
    told = [line.rpartition(" ") for line in played.handed_out if line != BEGAN]
    return [
        f"round {played.number}: {name} {rows}, found {played.found.get(name, 0)}"
        for name, _, rows in told
        if rows != "done" and played.found.get(name, 0) < int(rows)
    ]


def test_two_processes_never_count_the_same_chunk(any_db: Database) -> None:
    """A load that was overtaken stops at its next chunk, in the transaction that would have stored it."""
    file = FileFacts("x.csv", "0" * 64, "market-entities")
    first = any_db.run(lambda session: begin(session, file, by=BY, now=NOW))
    second = any_db.run(lambda session: begin(session, file, by=BY, now=NOW))
    assert first.batch_id == second.batch_id
    chunk, stored = Chunk(rows=10), ChunkResult({}, ())

    any_db.run(lambda session: advance(session, first, chunk, stored))
    with pytest.raises(AlreadyLoadingError):
        any_db.run(lambda session: advance(session, second, chunk, stored))
