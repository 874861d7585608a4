"""The offline bundle of a city with 10 million plates: its table written, kept up to date, and handed out."""

import json
import resource
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import text

from bench.measure import Figure, seconds
from hub import config, schema
from hub.kernel.database import Database
from hub.trust.bundles import table
from hub.trust.bundles.builder import build
from hub.trust.keys.issuer import Issuer
from hub.trust.record.database import open_database
from hub.trust.statuses.models import StatusListRow
from keys import KeyRing, ScryptCost
from signing.bundle import Bundle, read_bundle
from signing.status import KEY_BYTES, LIST_ENTRIES

PLATES = 10_000_000
REVOKED_OF_A_HUNDRED = 1
A_DAY = 1_000  # plates made in a day of a large city
BASE_URL = "https://hub.quzhou.example"
ENTRIES = (
    "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :end) "
    "INSERT INTO trust_status_entry (uscc, kind, subject, list, idx, own, license, content, enterprise, value, changed_at) "
    "SELECT printf('91%016d', i), 'plate', printf('P%09d', i), 1 + i / :size, i % :size, "
    "i % 100 < :revoked, 0, 0, 0, i % 100 < :revoked, '2026-11-01 00:00:00.000000' FROM n"
)
ROWS = (
    "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :end) "
    "INSERT INTO trust_plate_row (uscc, plate_id, content, taken) "
    "SELECT printf('91%016d', i), printf('P%09d', i), randomblob(13), 0 FROM n"  # as good as any HMAC
)


def figures(plates: int = PLATES) -> Iterator[Figure]:
    note = f"{plates} plates"
    with tempfile.TemporaryDirectory() as folder:
        now = config.now()
        ring = KeyRing.create(Path(folder) / "keys", "benchmark passphrase", now=now, cost=ScryptCost(n=2))
        db = open_database(f"sqlite:///{Path(folder) / 'city.sqlite3'}")
        schema.upgrade(db)
        _lay(db, plates, now=now)
        taken = seconds(lambda: table.take_in_all(db, now=now))
        yield Figure("M2", "write the whole table, once", taken, "", unit="CPU s", note=note)
        made: list[dict[str, object]] = []

        def work() -> None:
            made.append(
                build(db, issuer=Issuer(ring), base_url=BASE_URL, log_origin="bench", now=now).document
            )

        yield Figure("M2", "build a public bundle without news", seconds(work), "", unit="CPU s", note=note)
        with db.write() as session:
            session.execute(text(ROWS), {"first": plates, "end": plates + A_DAY})
        entered = seconds(lambda: table.take_in_all(db, now=now))
        yield Figure("M2", f"let {A_DAY} new plates enter", entered, "", unit="CPU s", note=note)
        yield Figure("M2", "build a bundle with them", seconds(work), "", unit="CPU s", note=note)
        yield from _of_the_document(db, made[-1], now=now, note=note)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield Figure("M2", "most memory", memory, "", unit="MiB", note=note)
        db.close()


def _lay(db: Database, plates: int, *, now: datetime) -> None:
    with db.write() as session:
        for number in range(1, 2 + plates // LIST_ENTRIES):
            session.add(
                StatusListRow(number=number, secret=bytes(KEY_BYTES), used=LIST_ENTRIES, opened_at=now)
            )
        city = {"first": 0, "end": plates}
        session.execute(text(ENTRIES), {**city, "size": LIST_ENTRIES, "revoked": REVOKED_OF_A_HUNDRED})
        session.execute(text(ROWS), city)


def _of_the_document(
    db: Database, document: dict[str, object], *, now: datetime, note: str
) -> Iterator[Figure]:
    read: list[Bundle] = []
    reading = seconds(lambda: read.append(read_bundle(document, now=now)))
    names = read[0].plates.shard_names()
    one: list[bytes] = []
    made = seconds(lambda: one.append(table.read_shard(db, bytes.fromhex(names[0]))))
    size = len(json.dumps(document)) / 2**20
    index = len(str(read[0].plates.written()["shards"])) / 2**10
    yield Figure("M2", "size of the bundle", size, "< 8", unit="MiB", note=note)
    yield Figure("M2", "of which its index of shards", index, "", unit="KiB", note=f"{len(names)} shards")
    yield Figure("M2", "size of a shard", len(one[0]) / 2**10, "≤ 64", unit="KiB", note=note)
    yield Figure("M2", "make a shard", made * 1000, "", unit="CPU ms", note=note)
    yield Figure("M2", "read the bundle", reading, "", unit="CPU s", note=note)
