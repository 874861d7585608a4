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
from hub.feeds.chunks import Chunk, Stored
from hub.feeds.errors import AlreadyLoadingError
from hub.feeds.ledger import FileFacts, advance, begin
from hub.feeds.models import Batch
from hub.kernel.database import Database
from tests.support.feeds import Feeds
from tests.support.loading import BY, NOW, contents

ROUNDS = 6  # kills per database
ENTERPRISES = 1_600  # two chunks in each of the larger files
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


def _killed_and_finished(environ: dict[str, str], db: Database, paths: list[Path]) -> int:
    chance = random.Random(11)
    kills = 0
    for _ in range(ROUNDS):
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
    engine: str, request: pytest.FixtureRequest, environ: dict[str, str], db: Database, tmp_path: Path
) -> None:
    paths = Feeds(enterprises=ENTERPRISES, seed=3).write(tmp_path)
    calm = Database(f"sqlite:///{tmp_path / 'calm.sqlite3'}")
    schema.upgrade(calm)
    process = _import({**environ, "HUB_DATABASE_URL": f"sqlite:///{tmp_path / 'calm.sqlite3'}"}, paths)
    _, errors = process.communicate(timeout=IN_A_HURRY)
    assert process.returncode == 3, errors
    stormy: Database = db if engine == "sqlite" else request.getfixturevalue("postgres_db")
    url = stormy.engine.url.render_as_string(hide_password=False)

    kills = _killed_and_finished({**environ, "HUB_DATABASE_URL": url}, stormy, paths)

    assert kills >= 5
    _assert_same(contents(calm), contents(stormy))
    calm.close()


def _assert_same(calm: dict[str, list[str]], stormy: dict[str, list[str]]) -> None:
    """Batches and their records repeat: files that were done before a kill are loaded once more, to no effect."""
    for table in set(calm) - {"feeds_batch", "feeds_refusal", "trust_event", "trust_leaf_batch"}:
        assert stormy[table] == calm[table], table
    assert set(calm["feeds_batch"]) <= set(stormy["feeds_batch"])
    assert set(calm["feeds_refusal"]) <= set(stormy["feeds_refusal"])
    assert not any("'loading'" in row for row in stormy["feeds_batch"])


def test_two_processes_never_count_the_same_chunk(any_db: Database) -> None:
    """A load that was overtaken stops at its next chunk, in the transaction that would have stored it."""
    file = FileFacts("x.csv", "0" * 64, "market-entities")
    first = any_db.run(lambda session: begin(session, file, by=BY, now=NOW))
    second = any_db.run(lambda session: begin(session, file, by=BY, now=NOW))
    assert first.batch_id == second.batch_id
    chunk, stored = Chunk(rows=10), Stored({}, ())

    any_db.run(lambda session: advance(session, first, chunk, stored))
    with pytest.raises(AlreadyLoadingError):
        any_db.run(lambda session: advance(session, second, chunk, stored))
