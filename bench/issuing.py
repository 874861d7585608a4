"""P12: issuing plates on PostgreSQL, one at a time and several at once; needs PostgreSQL (tests/support/postgres.py)."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from uuid import UUID

from sqlalchemy import Select, select

from bench.measure import Figure
from hub import config, schema
from hub.codes.making import Press
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
from tests.support.threads import at_once

ENTERPRISES = 2_500
PLATES = 120  # of one run
AT_ONCE = (1, 2, 4, 8)
ROUNDS = 3


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
    ring = KeyRing.create(folder / "keys", "benchmark passphrase", now=config.now(), cost=ScryptCost(n=2))
    press = Press(Issuer(ring), "https://hub.quzhou.example")
    with db.read() as session:
        places = iter([(place, uscc) for place, uscc in session.execute(_living())])
    rates: dict[int, list[float]] = {number: [] for number in AT_ONCE}
    failed = 0
    _run(db, press, list(islice(places, 20)), 2)
    for _round in range(ROUNDS):
        for number in AT_ONCE:
            rate, errors = _run(db, press, list(islice(places, PLATES)), number)
            rates[number].append(rate)
            failed += errors
    db.close()
    one = statistics.median(rates[1])
    for number in AT_ONCE:
        rate = statistics.median(rates[number])
        target = "≥ 2" if number == 4 else ""  # of performance.md
        note = f"{rate:.0f} plates/s"
        yield Figure("P12", f"{number} who issue at once / one, PostgreSQL", rate / one, target, note=note)
    yield Figure("P12", "plates that could not be issued", failed, "0", unit="")


def _living() -> Select[UUID, str]:
    ended = [state.value for state in EntityState if state.ended]
    living = select(Enterprise.uscc).where(Enterprise.state.not_in(ended))
    return select(Premises.id, Premises.uscc).where(Premises.uscc.in_(living)).order_by(Premises.id)


def _run(db: Database, press: Press, places: list[tuple[UUID, str]], threads: int) -> tuple[float, int]:
    """Plates a second, and how many failed."""
    now, next_place = config.now(), count()

    def work(_number: int) -> int:
        done = 0
        while (place := next(next_place)) < len(places):
            premises_id, uscc = places[place]
            by = Actor(UUID(int=1), "bench", Role.OWNER, uscc=uscc)
            issue_plate(premises_id, press=press, by=by, now=now, db=db)
            done += 1
        return done

    started = time.monotonic()
    results = at_once(threads, work)
    spent = time.monotonic() - started
    return len(places) / spent, sum(isinstance(each, Exception) for each in results)
