"""The worker while parsers are busy, away or ended under it: what was approved waits, is loaded once, and that is told."""

import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import pytest
from sqlalchemy import select

from hub import config
from hub.cli.duties import DUTIES, Duty, Worker, run_until
from hub.config import Settings
from hub.feeds import waiting_batches
from hub.feeds.batches import APPROVED, DONE, LOADING
from hub.feeds.models import Batch
from hub.feeds.readers.process import LIMITS
from hub.feeds.service import ROWS_AT_ONCE, LoadRequest, load_file
from hub.kernel.database import Database
from hub.kernel.sandbox import Sandbox
from hub.licenses.models import License
from tests.support import parsers
from tests.support.bad_batches import BAD, FOOD, HOLDERS, MARKET, each, food, food_row, market
from tests.support.feed_shapes import food_number
from tests.support.loading import BY, NOW, TODAY, write
from tests.support.plates import issuer_of
from tests.support.processes import until
from tests.support.reference import REFERENCE, TABLES
from tests.support.workbooks import workbook_of

APPROVED_BATCHES = next(duty for duty in DUTIES if duty.name == "approved batches")
SOON = Duty(APPROVED_BATCHES.name, 0.1, APPROVED_BATCHES.run)  # the worker's own duty, more often


class Waiting:
    """A city with files that were approved and wait for the worker."""

    def __init__(self, db: Database, settings: Settings, folder: Path) -> None:
        self.db = db
        self.settings = settings
        self._folder = folder
        for name, table in (("market", MARKET), ("food", FOOD)):
            self._load(write(folder, f"{name}.csv", market(table) if name == "market" else food(table)))

    def add(self, name: str, table: bytes) -> None:
        """A file that a person has agreed to; a workbook if its name says so."""
        path = (
            workbook_of(self._folder, name, table)
            if name.endswith(".xlsx")
            else write(self._folder, name, table)
        )
        batch_id = self._load(path)
        with self.db.write() as session:  # the person's decision is tested on its own
            session.get_one(Batch, batch_id).state = APPROVED

    def states(self) -> dict[str, str]:
        """Batches by the names of their files."""
        with self.db.read() as session:
            return {name: state for name, state in session.execute(select(Batch.file_name, Batch.state))}  # noqa: C416  # a row is no pair to dict()

    def rows(self, name: str) -> tuple[int, int]:
        """How many rows of a file are stored, and how many were accepted."""
        with self.db.read() as session:
            batch = session.scalars(select(Batch).where(Batch.file_name == name)).one()
            return batch.position, batch.accepted

    def _load(self, path: Path) -> object:
        keep = self.settings.home / waiting_batches.FOLDER
        return load_file(
            LoadRequest(path, None, BY, NOW, TODAY, keep=keep, reference=REFERENCE), db=self.db
        ).batch_id


@pytest.fixture
def waiting(any_db: Database, settings: Settings, tmp_path: Path) -> Waiting:
    return Waiting(any_db, settings, tmp_path)


@contextmanager
def working(waiting: Waiting, sandbox: Sandbox) -> Iterator[None]:
    """The worker at its duty, in a thread."""
    stop = threading.Event()
    worker = Worker(waiting.db, waiting.settings, issuer_of(waiting.settings), TABLES, sandbox)
    thread = threading.Thread(
        target=run_until, args=(stop, worker), kwargs={"now": config.now, "duties": [SOON]}
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(60)


def test_a_workbook_waits_for_a_free_parser_while_tables_are_loaded_and_the_log_says_so_once(
    waiting: Waiting, caplog: pytest.LogCaptureFixture
) -> None:
    waiting.add("revoked.xlsx", BAD["mass revocation"])
    waiting.add("again.xlsx", BAD["mass suspension"])
    waiting.add("expired.csv", BAD["mass expiry"])
    with (
        closing(Sandbox(at_once=1, patience=0.1)) as sandbox,
        caplog.at_level(logging.WARNING, logger="hub.cli.duties"),
    ):
        taken = sandbox.stream(parsers.sleeping, b"", limits=LIMITS)
        next(taken)
        with working(waiting, sandbox):
            until(lambda: waiting.states()["expired.csv"] == DONE)
            assert [waiting.states()[name] for name in ("revoked.xlsx", "again.xlsx")] == [APPROVED] * 2
            taken.close()
            until(lambda: set(waiting.states().values()) == {DONE})

    said = [record.getMessage() for record in caplog.records if record.name == "hub.cli.duties"]
    assert said == ["approved batches waits: READERS_BUSY", "approved batches goes on"]
    assert waiting.rows("revoked.xlsx") == (HOLDERS, HOLDERS)
    assert list((waiting.settings.home / waiting_batches.FOLDER).iterdir()) == []


def servers() -> list[int]:
    """The processes of this one from which parsers are forked; those that have ended and wait to be read are none."""
    children = psutil.Process().children()
    return [each.pid for each in children if "sandbox.server" in command_of(each)]


def command_of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # a zombie too
        return ""


def test_a_parser_that_is_ended_in_the_middle_is_replaced_and_no_row_is_lost_or_stored_twice(
    waiting: Waiting,
) -> None:
    fresh = [[food_number(10_000 + number), *food_row(number % HOLDERS)[1:]] for number in range(6_000)]
    waiting.add("long.xlsx", food(each(FOOD, c8="吊销") + fresh))
    others = set(servers())  # of other tests in this process
    with closing(Sandbox()) as sandbox:
        sandbox.run(parsers.numbered, b"", limits=LIMITS)
        (server,) = set(servers()) - others
        with working(waiting, sandbox):
            until(lambda: waiting.rows("long.xlsx")[0] >= ROWS_AT_ONCE)
            os.killpg(server, signal.SIGKILL)  # the parser and the one that forks, as when memory runs out
            until(lambda: waiting.states()["long.xlsx"] != LOADING)

    assert waiting.states()["long.xlsx"] == DONE
    assert waiting.rows("long.xlsx") == (HOLDERS + len(fresh), HOLDERS + len(fresh))
    with waiting.db.read() as session:
        numbers = list(session.scalars(select(License.number)))
    assert len(numbers) == len(set(numbers)) == HOLDERS + len(fresh)
