"""The log rewritten by somebody with the database and without its key: leaves, tiles, root and frontier agree again."""

from datetime import datetime

from sqlalchemy import delete, insert, select, update

from hub.kernel.database import Database
from hub.licenses.models import Waiver
from hub.trust.log.edge import Edge
from hub.trust.record import events
from hub.trust.record.leaf import unpack
from hub.trust.record.models import LeafBatch, LogCheckpoint, LogHead, LogTile
from signing.log import leaf_hash


def rewrite(db: Database) -> int:
    """Exchange the leaves of two acts, and grow everything anew from them; how many leaves."""
    with db.engine.begin() as connection:
        single = select(LeafBatch.id, LeafBatch.leaves).where(
            LeafBatch.count == 1, LeafBatch.first.is_not(None)
        )
        (one, of_one), (other, of_other) = connection.execute(single.order_by(LeafBatch.first)).all()[:2]
        connection.execute(update(LeafBatch).where(LeafBatch.id == one).values(leaves=of_other))
        connection.execute(update(LeafBatch).where(LeafBatch.id == other).values(leaves=of_one))
        packed = connection.scalars(
            select(LeafBatch.leaves).where(LeafBatch.first.is_not(None)).order_by(LeafBatch.first)
        )
        edge, hashes = Edge(), [leaf_hash(leaf) for each in packed for leaf in unpack(each)]
        tiles = [*edge.grow(hashes), *edge.unfinished()]
        root = edge.frontier().root()
        connection.execute(delete(LogTile))
        connection.execute(
            insert(LogTile), [{"level": t.level, "number": t.number, "hashes": t.hashes} for t in tiles]
        )
        connection.execute(update(LogHead).values(root=root, frontier=b"".join(edge.frontier().nodes)))
        newest = select(LogHead.size).scalar_subquery()
        connection.execute(update(LogCheckpoint).where(LogCheckpoint.size == newest).values(root=root))
    return len(hashes)


def remove_waivers(db: Database, *, now: datetime) -> None:
    """Remove a declaration that no longer counts, by an act; what it was is kept in the table `kept`."""
    revoked = Waiver.revoked_at.is_not(None)
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE kept AS SELECT * FROM licenses_waiver WHERE revoked_at IS NOT NULL"
        )
    with db.write() as session:
        waiver = session.scalars(select(Waiver).where(revoked)).one()
        events.record(
            session, kind="waiver.removed", uscc=waiver.uscc, subject=str(waiver.id), by="x", data={}, now=now
        )
        session.delete(waiver)
