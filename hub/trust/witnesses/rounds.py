"""Every witness of the log asked in turn; one that is away does not keep the others from being asked."""

import logging
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from hub.kernel.database import Database
from hub.kernel.errors import HubError
from hub.trust.witnesses import read_only
from hub.trust.witnesses.exchange import WitnessExchange, exchange
from hub.trust.witnesses.record import Witness, WitnessRecord
from keys import KeySet

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WitnessAnswer:
    """What one witness answered: `sent`, or the `problem`."""

    witness: Witness
    sent: WitnessExchange | None = None
    problem: HubError | None = None


def ask_all(db: Database, *, keys: KeySet, home: Path, now: datetime) -> list[WitnessAnswer]:
    """Exchange with every witness on record; afterwards this database knows whether it may still be written.

    `keys`: the log's own, by which a witness's proof against the database is known.

    Raises: RecordDamagedError, and what the driver raises while the database is away.
    """
    record = WitnessRecord(home)
    answers = [_ask(db, each, keys=keys, record=record, now=now) for each in record.witnesses()]
    if answers and db.read_only is None:
        read_only.watch(db, home)
    return answers


def _ask(
    db: Database, witness: Witness, *, keys: KeySet, record: WitnessRecord, now: datetime
) -> WitnessAnswer:
    try:
        return WitnessAnswer(
            witness, sent=exchange(db, witness, keys=keys, record=record, now=now, only_known=True)
        )
    except HubError as error:
        return WitnessAnswer(witness, problem=error)


class Rounds:
    """Rounds in a thread of their own: a witness that is slow delays nothing else. One round at a time."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None

    def start(self, db: Database, *, keys: KeySet, home: Path, now: datetime) -> None:
        """Begin a round unless the one before still goes on."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=_round, args=(db, keys, home, now), name="witnesses")
            self._thread.start()


def _round(db: Database, keys: KeySet, home: Path, now: datetime) -> None:
    try:
        for told in ask_all(db, keys=keys, home=home, now=now):
            if told.problem is not None:
                _log.warning("the log's witness %s: %s", told.witness.url, told.problem.reason)
    except (HubError, DBAPIError, PoolTimeoutError) as error:
        _log.warning("the log's witnesses were not asked: %s", type(error).__name__)
