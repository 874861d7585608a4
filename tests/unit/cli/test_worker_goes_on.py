"""Whatever one duty raises, the others are done, and the log says it once."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from hub.cli.duties import Duty, Worker, run_until
from hub.config import Settings, now
from hub.kernel.database import Database
from hub.trust.record.errors import LogDamagedError
from keys import KeysError
from signing import SigningError
from tests.support.plates import issuer_of
from tests.support.reference import TABLES

ROUNDS = 3


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the worker said; threads of other tests' hubs may speak as well."""
    return [record.getMessage() for record in caplog.records if record.name == "hub.cli.duties"]


@pytest.mark.parametrize(
    "fault",
    [
        OperationalError("SELECT 1", None, Exception("away")),
        IntegrityError("INSERT", None, Exception("personal data")),
        KeysError("away"),
        LogDamagedError("a tile"),
        SigningError("a value"),
        ValueError("personal data"),
        RecursionError("deep"),
    ],
)
def test_a_duty_that_fails_ends_neither_the_worker_nor_the_other_duties(
    settings: Settings, db: Database, caplog: pytest.LogCaptureFixture, fault: Exception
) -> None:
    stop, done = threading.Event(), [0, 0]

    def failing(_worker: Worker, _now: datetime) -> None:
        done[0] += 1
        if done[0] <= ROUNDS:
            raise fault

    def well(_worker: Worker, _now: datetime) -> None:
        done[1] += 1
        if done[1] > ROUNDS:
            stop.set()

    with caplog.at_level(logging.WARNING, logger="hub.cli.duties"):
        run_until(
            stop,
            Worker(db, settings, issuer_of(settings), tables=TABLES),
            now=now,
            duties=[Duty("failing", 0.0, failing), Duty("well", 0.0, well)],
        )

    assert done == [ROUNDS + 1, ROUNDS + 1]
    begun, ended = told(caplog)
    assert begun.startswith("failing ")
    assert type(fault).__name__ in begun
    assert "personal data" not in begun
    assert ended == "failing goes on"


def test_another_trouble_of_the_same_duty_is_told_as_well(
    settings: Settings, db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    stop = threading.Event()
    faults: list[Callable[[], Exception]] = [ValueError, ValueError, TypeError]

    def failing(_worker: Worker, _now: datetime) -> None:
        fault = faults.pop(0)()
        if not faults:
            stop.set()
        raise fault

    with caplog.at_level(logging.WARNING, logger="hub.cli.duties"):
        run_until(
            stop,
            Worker(db, settings, issuer_of(settings), tables=TABLES),
            now=now,
            duties=[Duty("failing", 0.0, failing)],
        )

    assert ["ValueError" in message for message in told(caplog)] == [True, False]


def test_a_worker_without_anything_due_sleeps_until_something_is(settings: Settings, db: Database) -> None:
    class Alarm(threading.Event):
        """Wakes at once, and remembers for how long it was to sleep."""

        asked: ClassVar[list[float]] = []

        def wait(self, timeout: float | None = None) -> bool:
            self.asked.append(timeout or 0.0)
            return len(self.asked) > ROUNDS

    run_until(
        Alarm(),
        Worker(db, settings, issuer_of(settings), tables=TABLES),
        now=now,
        duties=[Duty("daily", 86_400.0, lambda *_: None), Duty("hourly", 3_600.0, lambda *_: None)],
    )

    first, *others = Alarm.asked
    assert first <= 1
    assert all(3_000 < each <= 3_600 for each in others)


def test_duties_of_nearly_the_same_time_are_done_at_one_waking(settings: Settings, db: Database) -> None:
    rounds: list[list[str]] = [[]]

    class Turns(threading.Event):
        """Wakes at the time asked for; every waking is a round."""

        def wait(self, timeout: float | None = None) -> bool:
            rounds.append([])
            return super().wait(timeout) or len(rounds) > 2 * ROUNDS

    def note(name: str) -> Callable[[Worker, datetime], None]:
        return lambda _worker, _now: rounds[-1].append(name)

    often, soon = Duty("often", 0.3, note("often")), Duty("soon", 0.41, note("soon"))
    run_until(
        Turns(), Worker(db, settings, issuer_of(settings), tables=TABLES), now=now, duties=[often, soon]
    )

    first, *later = [each for each in rounds if each]
    assert first == ["often", "soon"]
    assert first in later  # not all: a machine may stand still between the two
