"""P12: issuing plates and credentials on PostgreSQL in one process and in several at once, as a hub's workers do.

Needs PostgreSQL (tests/support/postgres.py). Every process has its own connections and its own opened keys, issues for
its own share of distinct places or licenses, and starts together with the others.
"""

import logging
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select

from bench.measure import Figure
from hub import config, schema
from hub.codes.models import Plate
from hub.codes.plates.maker import PlateOffice
from hub.codes.plates.service import issue_plate
from hub.credentials.maker import CredentialOffice
from hub.credentials.models import Credential
from hub.credentials.service import CredentialRequest, take_credential
from hub.kernel.actor import Actor, Role
from hub.kernel.database import Base, Database
from hub.licenses.models import License
from hub.licenses.reference.loader import shipped_reference
from hub.licenses.rules import LicenseState
from hub.registry.models import Enterprise, Premises
from hub.registry.rules import EntityState
from hub.trust.keys.issuer import Issuer
from hub.trust.record.database import open_database
from keys import KeyRing, ScryptCost
from tests.support.feeds import Feeds
from tests.support.loading import load_all
from tests.support.postgres import fresh_database, postgres_server

ENTERPRISES = 3_500  # licenses in force for all runs
THINGS = 160  # of one run, shared by its processes
WARMING = 20  # of each process before anything is measured: statements are compiled, blocks of indices leased
AT_ONCE = (1, 2, 4, 8)
ROUNDS = 3
OPENED_BY = "benchmark passphrase"
ORIGIN = "https://hub.quzhou.example"

ZONE = ZoneInfo("Asia/Shanghai")

Subject = tuple[UUID, str]

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
    db = open_database(url)
    schema.upgrade(db)
    load_all(db, Feeds(enterprises=ENTERPRISES).write(folder))
    KeyRing.create(folder / "keys", OPENED_BY, now=config.now(), cost=ScryptCost(n=2))
    with _workers(url, folder / "keys") as workers:
        for kind in KINDS:
            yield from _of_kind(kind, db, workers)
    db.close()


def _of_kind(kind: "Kind", db: Database, workers: Sequence[Connection]) -> Iterator[Figure]:
    with db.read() as session:
        subjects = iter([(subject, uscc) for subject, uscc in session.execute(kind.subjects())])
    rates: dict[int, list[float]] = {number: [] for number in AT_ONCE}
    asked = WARMING * len(workers)
    failed = _run(kind, workers, list(islice(subjects, asked))).failed
    for _round in range(ROUNDS):
        for number in AT_ONCE:
            run = _run(kind, workers[:number], list(islice(subjects, THINGS)))
            rates[number].append(THINGS / (run.ended - run.started))
            failed += run.failed
            asked += THINGS
    with db.read() as session:
        made = session.scalar(select(func.count()).select_from(kind.made)) or 0
    one = statistics.median(rates[1])
    for number in AT_ONCE:
        rate = statistics.median(rates[number])
        target = "≥ 2" if number == 4 else ""  # of performance.md
        what = f"{number} processes issuing {kind.name}s / one, PostgreSQL"
        yield Figure("P12", what, rate / one, target, note=f"{rate:.0f}/s")
    yield Figure("P12", f"{kind.name}s that could not be issued", max(failed, asked - made), "0", unit="")


def _run(kind: "Kind", workers: Sequence[Connection], subjects: Sequence[Subject]) -> Share:
    """Let these processes issue for all subjects, each its part; from the first one's start to the last one's end."""
    number = len(workers)
    for turn, worker in enumerate(workers):
        worker.send((number, kind.name, subjects[turn::number]))
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
    """Be one of the processes: wait for subjects, start with the others, issue, tell."""
    db, issuer = open_database(url), Issuer(KeyRing.open(keys, OPENED_BY))
    kinds = {kind.name: kind for kind in KINDS}
    while (order := orders.recv()) is not None:
        number, name, subjects = order
        barriers[number].wait()
        started = time.monotonic()
        failed = sum(not _is_issued(kinds[name], subject, issuer, db) for subject in subjects)
        orders.send(Share(started, time.monotonic(), failed))
    db.close()


def _is_issued(kind: "Kind", subject: Subject, issuer: Issuer, db: Database) -> bool:
    by = Actor(UUID(int=1), "bench", Role.OWNER, uscc=subject[1])
    try:
        kind.issue(subject[0], issuer, by, db)
    except Exception:  # noqa: BLE001  # whatever it was, it is a failure to be counted
        _log.exception("a %s could not be issued", kind.name)
        return False
    return True


def _plate(premises_id: UUID, issuer: Issuer, by: Actor, db: Database) -> None:
    issue_plate(premises_id, press=PlateOffice(issuer, ORIGIN), by=by, now=config.now(), db=db)


def _credential(license_id: UUID, issuer: Issuer, by: Actor, db: Database) -> None:
    office = CredentialOffice(issuer, ORIGIN, shipped_reference(), ZONE)
    take_credential(CredentialRequest(str(license_id)), office=office, by=by, now=config.now(), db=db)


@dataclass(frozen=True)
class Kind:
    """What is issued: for which subjects, how, and the rows that must be there afterwards."""

    name: str
    subjects: Callable[[], Select[UUID, str]]
    issue: Callable[[UUID, Issuer, Actor, Database], None]
    made: type[Base]


def _places() -> Select[UUID, str]:
    ended = [state.value for state in EntityState if state.ended]
    living = select(Enterprise.uscc).where(Enterprise.state.not_in(ended))
    return select(Premises.id, Premises.uscc).where(Premises.uscc.in_(living)).order_by(Premises.id)


def _licenses() -> Select[UUID, str]:
    active = select(Enterprise.uscc).where(Enterprise.state == EntityState.ACTIVE.value)
    today = config.now().date()
    in_force = (
        License.state == LicenseState.VALID.value,
        License.valid_from < today,
        License.valid_to > today,
    )
    return select(License.id, License.uscc).where(License.uscc.in_(active), *in_force).order_by(License.id)


KINDS = (Kind("plate", _places, _plate, Plate), Kind("credential", _licenses, _credential, Credential))
