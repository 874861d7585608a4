"""Whatever one duty raises, the others are done, and the log says it once."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from hub.cli.duties import Duty, Worker, run_until
from hub.config import Settings, now
from hub.kernel.database import Database
from hub.trust.errors import LogDamagedError
from keys import KeysError
from signing import SigningError
from tests.support.plates import issuer_of

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
            Worker(db, settings, issuer_of(settings)),
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
            Worker(db, settings, issuer_of(settings)),
            now=now,
            duties=[Duty("failing", 0.0, failing)],
        )

    assert ["ValueError" in message for message in told(caplog)] == [True, False]
