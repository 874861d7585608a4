"""P12: issuing plates on PostgreSQL in one process and in several at once, as a hub's workers do.

Needs PostgreSQL (tests/support/postgres.py). Every process has its own connections and its own opened keys, issues its
own share of distinct places, and starts together with the others.
"""

import logging
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select

from bench.measure import Figure
from hub import config, schema
from hub.codes.making import Press
from hub.codes.models import Plate
from hub.codes.service import issue_plate
from hub.kernel.actor import Actor, Role
from hub.kernel.database import Database
from hub.registry.models import Enterprise, Premises
from hub.registry.rules import EntityState
from hub.trust.issuer import Issuer
from keys import KeyRing, ScryptCost
from tests.support.feeds import Feeds
from tests.support.loading import load_all
from tests.support.postgres import fresh_database, postgres_server

ENTERPRISES = 2_500
PLATES = 160  # of one run, shared by its processes
WARMING = 20  # of each process before anything is measured: statements are compiled, blocks of indices leased
AT_ONCE = (1, 2, 4, 8)
ROUNDS = 3
OPENED_BY = "benchmark passphrase"
ORIGIN = "https://hub.quzhou.example"

Place = tuple[UUID, str]

_log = logging.getLogger(__name__)


class Share(NamedTuple):
    """What one process did, and when by the machine's clock."""

    started: float
    ended: float
    failed: int


def figures() -> Iterator[Figure]:
    with (
        tempfile.TemporaryDirectory() as folder,
        postgres_server(fsync="on") as server,
        fresh_database(server, "bench_issuing") as url,
    ):
        yield from _figures(Path(folder), url)


def _figures(folder: Path, url: str) -> Iterator[Figure]:
    db = Database(url)
    schema.upgrade(db)
    load_all(db, Feeds(enterprises=ENTERPRISES).write(folder))
    KeyRing.create(folder / "keys", OPENED_BY, now=config.now(), cost=ScryptCost(n=2))
    with db.read() as session:
        places = iter([(place, uscc) for place, uscc in session.execute(_living())])
    rates: dict[int, list[float]] = {number: [] for number in AT_ONCE}
    asked = failed = 0
    with _workers(url, folder / "keys") as workers:
        failed += _run(workers, list(islice(places, WARMING * len(workers)))).failed
        asked += WARMING * len(workers)
        for _round in range(ROUNDS):
            for number in AT_ONCE:
                run = _run(workers[:number], list(islice(places, PLATES)))
                rates[number].append(PLATES / (run.ended - run.started))
                failed += run.failed
                asked += PLATES
    with db.read() as session:
        made = session.scalar(select(func.count()).select_from(Plate)) or 0
    db.close()
    one = statistics.median(rates[1])
    for number in AT_ONCE:
        rate = statistics.median(rates[number])
        target = "≥ 2" if number == 4 else ""  # of performance.md
        note = f"{rate:.0f} plates/s"
        yield Figure("P12", f"{number} processes issuing / one, PostgreSQL", rate / one, target, note=note)
    yield Figure("P12", "plates that could not be issued", max(failed, asked - made), "0", unit="")


def _living() -> Select[UUID, str]:
    ended = [state.value for state in EntityState if state.ended]
    living = select(Enterprise.uscc).where(Enterprise.state.not_in(ended))
    return select(Premises.id, Premises.uscc).where(Premises.uscc.in_(living)).order_by(Premises.id)


def _run(workers: Sequence[Connection], places: Sequence[Place]) -> Share:
    """Let these processes issue all places, each its part; from the first one's start to the last one's end."""
    number = len(workers)
    for turn, worker in enumerate(workers):
        worker.send((number, places[turn::number]))
    shares: list[Share] = [worker.recv() for worker in workers]
    return Share(
        min(share.started for share in shares),
        max(share.ended for share in shares),
        sum(share.failed for share in shares),
    )


@contextmanager
def _workers(url: str, keys: Path) -> Iterator[list[Connection]]:
    """As many processes as ever run at once; each is ended by an empty message."""
    context = multiprocessing.get_context("spawn")  # nothing is inherited, neither connections nor keys
    barriers = {number: context.Barrier(number) for number in AT_ONCE}
    ours, processes = [], []
    for _ in range(max(AT_ONCE)):
        mine, theirs = context.Pipe()
        process = context.Process(target=_work, args=(url, keys, barriers, theirs))
        process.start()
        ours.append(mine)
        processes.append(process)
    try:
        yield ours
    finally:
        for mine in ours:
            mine.send(None)
        for process in processes:
            process.join()


def _work(url: str, keys: Path, barriers: Mapping[int, Barrier], orders: Connection) -> None:
    """Be one of the processes: wait for places, start with the others, issue, tell."""
    db, press = Database(url), Press(Issuer(KeyRing.open(keys, OPENED_BY)), ORIGIN)
    while (order := orders.recv()) is not None:
        number, places = order
        barriers[number].wait()
        started = time.monotonic()
        failed = sum(not _is_issued(place, press=press, db=db) for place in places)
        orders.send(Share(started, time.monotonic(), failed))
    db.close()


def _is_issued(place: Place, *, press: Press, db: Database) -> bool:
    premises_id, uscc = place
    by = Actor(UUID(int=1), "bench", Role.OWNER, uscc=uscc)
    try:
        issue_plate(premises_id, press=press, by=by, now=config.now(), db=db)
    except Exception:  # noqa: BLE001  # whatever it was, it is a failure to be counted
        _log.exception("a plate could not be issued")
        return False
    return True
