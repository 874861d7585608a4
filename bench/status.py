"""P9: what publishing costs, over a province of credentials and over the city, and how large the lists are."""

import statistics
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from bench.city import City
from bench.measure import ROUNDS, Figure, seconds
from hub import config, schema
from hub.kernel.bulk import batches, table_of
from hub.kernel.database import Database
from hub.trust.keys.issuer import Issuer
from hub.trust.record.database import open_database
from hub.trust.statuses import publication
from hub.trust.statuses.models import StatusChange, StatusEntry, StatusListRow, StatusPublication
from hub.trust.statuses.rules import SubjectKind
from keys import KeyRing, ScryptCost
from signing.status import KEY_BYTES, LIST_ENTRIES, permuted

ENTRIES = 3_300_000
REVOKED = 0.01
BASE_URL = "https://hub.quzhou.example"
ROWS_AT_ONCE = 50_000


def figures(city: City) -> Iterator[Figure]:
    now = config.now()
    with tempfile.TemporaryDirectory() as folder:
        ring = KeyRing.create(Path(folder) / "keys", "benchmark passphrase", now=now, cost=ScryptCost(n=2))
        issuer = Issuer(ring)
        database = _filled(Path(folder) / "province.sqlite3")
        lists = -(-ENTRIES // LIST_ENTRIES)
        whole = [_publication(database, issuer, lists) for _ in range(ROUNDS)]
        one = [_publication(database, issuer, 1) for _ in range(ROUNDS)]
        yield Figure("P9", "publish 3.3 million entries anew", statistics.median(whole), "≤ 1", unit="CPU s")
        yield Figure("P9", "publish one changed list of them", statistics.median(one), "≤ 5", unit="CPU s")
        yield Figure("P9", "their tokens, 1 % revoked", _kib(database), "", unit="KiB", note=f"{lists} lists")
        database.close()
    yield from _of(city)


def _of(city: City) -> Iterator[Figure]:
    """The demonstration city's own lists."""
    settings = city.settings
    database = open_database(settings.database_url)
    ring = KeyRing.open(settings.home / "keys", settings.keys_passphrase)
    publication.publish(database, issuer=Issuer(ring), base_url=settings.base_url, now=config.now())
    with database.read() as session:
        count = len(session.scalars(select(StatusEntry.idx)).all())
    yield Figure("P9", "the city's status lists", _kib(database), "", unit="KiB", note=f"{count} entries")
    database.close()


def _filled(path: Path) -> Database:
    database = open_database(f"sqlite:///{path}")
    schema.upgrade(database)
    chance, now, key = Random(9), config.now(), bytes(KEY_BYTES)  # figures, not secrets
    lists = range(1, 1 + -(-ENTRIES // LIST_ENTRIES))
    with database.write() as session:
        for number in lists:
            session.add(StatusListRow(number=number, secret=key, used=LIST_ENTRIES, opened_at=now))
    plain = {"parent": None, "license": 0, "content": 0, "enterprise": 0, "changed_at": now}
    for batch in batches(range(ENTRIES), ROWS_AT_ONCE):
        rows = []
        for number in batch:
            at, counter = divmod(number, LIST_ENTRIES)
            value = int(chance.random() < REVOKED)
            rows.append(
                {
                    "uscc": f"{number:018}",
                    "kind": SubjectKind.CREDENTIAL.value,
                    "subject": str(UUID(int=number)),
                    "list": at + 1,
                    "idx": permuted(counter, key=key),
                    "own": value,
                    "value": value,
                    **plain,
                }
            )
        with database.write() as session:
            session.execute(insert(table_of(StatusEntry)), rows)
    return database


def _publication(database: Database, issuer: Issuer, lists: int) -> float:
    """Processor seconds from the change of so many lists until their tokens are stored."""
    with database.write() as session:
        session.add_all(StatusChange(list=number, id=uuid4()) for number in range(1, lists + 1))
        session.execute(update(StatusPublication).values(signed_at=config.now() + timedelta(seconds=-1)))
    done = 0

    def work() -> None:
        nonlocal done
        done = publication.publish(database, issuer=issuer, base_url=BASE_URL, now=config.now())

    spent = seconds(work)
    if done != lists:
        raise AssertionError(f"{done} lists published")
    return spent


def _kib(database: Database) -> float:
    with database.read() as session:
        return sum(len(token) for token in session.scalars(select(StatusPublication.token))) / 1024
