"""P10: the public log: acts recorded and sequenced, a proof, and everything compared, each against plain hashing."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from bench.measure import Figure, seconds
from hub import config, schema
from hub.access.models import Look
from hub.kernel.bulk import batches, insert_rows, table_of
from hub.kernel.database import Database
from hub.kernel.ids import new_id
from hub.trust.keys.issuer import Issuer
from hub.trust.log import queries
from hub.trust.log.audit import audit
from hub.trust.log.findings import Findings
from hub.trust.log.sequencer import sequence_all
from hub.trust.log.tree_audit import audit_tree
from hub.trust.record import events
from hub.trust.record.database import open_database
from hub.trust.record.events import Draft, image
from hub.trust.record.models import Event
from keys import KeyRing, ScryptCost
from signing.log import leaf_hash, root_of

LEAVES = 100_000
ACTS_AT_ONCE = 1_000  # as an import does
PROOFS = 200
ORIGIN = "bench.example/log"

_LOOK = table_of(Look)


def figures(leaves: int = LEAVES) -> Iterator[Figure]:
    now = config.now()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        issuer = Issuer(KeyRing.create(place / "keys", "bench", now=now, cost=ScryptCost(n=2)))
        db = open_database(f"sqlite:///{place}/log.sqlite3")
        schema.upgrade(db)
        recording = seconds(lambda: _record(db, leaves, now))
        yardstick = seconds(lambda: root_of([leaf_hash(b"x" * 120) for _ in range(leaves)]))
        growing = seconds(lambda: sequence_all(db, issuer=issuer, origin=ORIGIN, now=now))
        proving = _prove(db)
        comparing = seconds(lambda: audit(db, keys=issuer.key_set, origin=ORIGIN, now=now, progress=None))
        hashing = seconds(lambda: _tree(db, issuer, now))
        db.close()
    yield Figure(
        "P10", "record an act with one row, leaf included", leaves / recording, "≥ 20 000", unit="1/s"
    )
    yield Figure("P10", "append: leaves sequenced", leaves / growing, "≥ 20 000", unit="1/s")
    yield Figure("P10", "bare hashing of the tree / append", yardstick / growing, "", note=f"{leaves} leaves")
    yield Figure("P10", "a proof from the database, median", proving * 1000, "≤ 1", unit="ms")
    yield Figure(
        "P10", "the log alone compared (leaves, tiles, checkpoints)", leaves / hashing, "≥ 55 000", unit="1/s"
    )
    yield Figure("P10", "hub log verify, acts and rows compared", leaves / comparing, "≥ 55 000", unit="1/s")
    yield Figure("P10", "hub log verify of a million leaves", 1e6 * comparing / leaves, "≤ 60", unit="s")


def _record(db: Database, leaves: int, now: datetime) -> None:
    person = UUID(int=7)
    for batch in batches(range(leaves), ACTS_AT_ONCE):
        rows = [
            {
                "uscc": f"91330802MA{number // 8:08X}",
                "id": new_id(now),
                "person_id": person,
                "viewer": "示范执法员",
                "role": "officer",
                "department": "示范市市场监督管理局",
                "purpose": "routine",
                "reason": "",
                "seen": "企业空间",
                "at": now,
            }
            for number in batch
        ]
        drafts = [
            Draft(
                "enterprise.looked", row["uscc"], str(row["id"]), {"purpose": "routine"}, [image(_LOOK, row)]
            )
            for row in rows
        ]
        with db.write() as session:
            insert_rows(session, _LOOK, rows)
            events.record_many(session, drafts, by="bench", now=now)


def _tree(db: Database, issuer: Issuer, now: datetime) -> None:
    with db.read() as session:
        audit_tree(session, keys=issuer.key_set, now=now, found=Findings())


def _prove(db: Database) -> float:
    with db.read() as session:
        chosen = session.scalars(select(Event.id).limit(PROOFS)).all()
    times = []
    for event_id in chosen:
        started = time.process_time()
        assert queries.proof_for(db, event_id) is not None  # noqa: S101  # a bench that measures nothing is worse
        times.append(time.process_time() - started)
    return statistics.median(times)


if __name__ == "__main__":
    for figure in figures():
        print(figure)
