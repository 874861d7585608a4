"""The offline bundle of a city with many more plates than its table holds: how long it takes, how large it is."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from bench.measure import Figure, seconds
from hub import config, schema
from hub.kernel.database import Database
from hub.trust.bundles.building import build
from hub.trust.issuer import Issuer
from hub.trust.statuses.models import StatusListRow
from keys import KeyRing, ScryptCost
from signing.bundle import read_bundle
from signing.status import KEY_BYTES, LIST_ENTRIES

PLATES = 10_000_000
REVOKED_OF_A_HUNDRED = 1
BASE_URL = "https://hub.quzhou.example"
FILL = (
    "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count) "
    "INSERT INTO trust_status_entry (uscc, kind, subject, list, idx, own, license, content, enterprise, value, changed_at) "
    "SELECT printf('91%016d', i), 'plate', printf('P%09d', i), 1 + i / :size, i % :size, "
    "i % 100 < :revoked, 0, 0, 0, i % 100 < :revoked, '2026-11-01 00:00:00.000000' FROM n"
)


def figures(plates: int = PLATES) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        now = config.now()
        ring = KeyRing.create(Path(folder) / "keys", "benchmark passphrase", now=now, cost=ScryptCost(n=2))
        db = Database(f"sqlite:///{Path(folder) / 'city.sqlite3'}")
        schema.upgrade(db)
        with db.write() as session:
            for number in range(1, 2 + plates // LIST_ENTRIES):
                session.add(
                    StatusListRow(number=number, secret=bytes(KEY_BYTES), used=LIST_ENTRIES, opened_at=now)
                )
            session.execute(
                text(FILL), {"count": plates, "size": LIST_ENTRIES, "revoked": REVOKED_OF_A_HUNDRED}
            )
        documents: list[dict[str, object]] = []

        def work() -> None:
            made = build(db, issuer=Issuer(ring), base_url=BASE_URL, log_origin="bench", now=now)
            documents.append(made.document)

        note = f"{plates} plates"
        yield Figure("M2", "build a public bundle", seconds(work), "", unit="CPU s", note=note)
        size = len(json.dumps(documents[0])) / 2**20
        yield Figure("M2", "its size", size, "< 8", unit="MiB", note=note)
        read = seconds(lambda: read_bundle(documents[0], now=now))
        yield Figure("M2", "read it", read, "", unit="CPU s", note=note)
        db.close()
