"""The one writer of the log: gives waiting batches their positions, grows the tiles, signs the new head.

Everything is one transaction: after a crash either all of it is there or the batches still wait. Before it adds
anything it looks whether what is stored is what the hub signed last; if not, it stops.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Select, delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from hub.kernel.bulk import batches, insert_rows, table_of, update_rows
from hub.kernel.database import Database
from hub.trust.keys.issuer import Issuer
from hub.trust.log.edge import Edge, Tile
from hub.trust.log.heads import ONLY, edge_of, signed_head
from hub.trust.record.errors import LogDamagedError
from hub.trust.record.leaf import unpack
from hub.trust.record.models import LeafBatch, LogCheckpoint, LogHead, LogTile
from keys import Purpose
from signing.log import EMPTY_ROOT, TILE_HEIGHT, TILE_WIDTH, Checkpoint, LogError, leaf_hash, sign_checkpoint

LEAVES_AT_ONCE = (
    50_000  # one transaction: a fifth of a second of hashing, so that others get their turn to write
)
BATCHES_AT_ONCE = 10_000  # most are of one leaf
BATCHES_IN_MEMORY = 50  # an import's have 150 KB each
TILES_AT_ONCE = 64  # half a megabyte of tiles in one statement
KEEP_ALL = timedelta(days=1)  # checkpoints; older ones are thinned out to the last of each hour

_STANDING = select(  # one row, also before the log began
    exists().where(LeafBatch.first.is_(None)),
    select(LogHead.size).scalar_subquery(),
    select(LogHead.checkpoint).scalar_subquery(),
)
_BATCH, _TILE = table_of(LeafBatch), table_of(LogTile)


def sequence(db: Database, *, issuer: Issuer, origin: str, now: datetime, limit: int = LEAVES_AT_ONCE) -> int:
    """Take waiting batches into the log, up to `limit` leaves or one batch; the size of the log afterwards.

    Called again while the size grows, it gets to the end of what waits.
    Raises: LogDamagedError, NoActiveKeyError, SignerAwayError; nothing is stored then.
    """
    size, is_due = _standing(db, origin)
    if not is_due:
        return size
    extend = partial(_extend, issuer=issuer, origin=origin, now=now, limit=limit)
    try:
        return db.run(extend)
    except IntegrityError:  # somebody else began the log at the same moment
        return db.run(extend)


def is_due(db: Database, *, origin: str) -> bool:
    """Say whether batches wait, or the head names another log. One step in an index: it is asked twice a second."""
    return _standing(db, origin)[1]


def is_anything_waiting(db: Database) -> bool:
    with db.read() as session:
        return session.scalar(_waiting(LeafBatch.id).limit(1)) is not None


def sequence_all(db: Database, *, issuer: Issuer, origin: str, now: datetime) -> int:
    """Sequence all that waits now, piece by piece; return the size of the log. Raises: as `sequence`."""
    size = -1
    while (grown := sequence(db, issuer=issuer, origin=origin, now=now)) > size:
        size = grown
    return size


def _extend(session: Session, *, issuer: Issuer, origin: str, now: datetime, limit: int) -> int:
    head = _locked_head(session, now)
    edge = _edge(session, head, issuer)
    before = edge.size
    full = list(edge.grow(_taken(session, before, limit)))
    _store_tiles(session, before, [*full, *edge.unfinished()])
    frontier = edge.frontier()
    checkpoint = Checkpoint(origin, frontier.size, frontier.root())
    note = sign_checkpoint(checkpoint, issuer.signer(Purpose.LOG))
    _thin_out(session, since=head.at, now=now)
    head.size, head.root, head.checkpoint, head.at = frontier.size, checkpoint.root, note, now
    head.frontier = b"".join(frontier.nodes)
    session.merge(LogCheckpoint(size=frontier.size, root=checkpoint.root, note=note, at=now))
    return frontier.size


def _locked_head(session: Session, now: datetime) -> LogHead:
    """The head for this transaction alone; who waited for it starts again (PostgreSQL) or sees the newest (SQLite)."""
    head = session.get(LogHead, ONLY, with_for_update=True)
    if head is None:
        head = LogHead(id=ONLY, size=0, root=EMPTY_ROOT, frontier=b"", checkpoint="", at=now)
        session.add(head)
        session.flush()
    return head


def _edge(session: Session, head: LogHead, issuer: Issuer) -> Edge:
    """The right edge as stored. Raises: LogDamagedError unless it is what was signed last."""
    edge = edge_of(session, head)
    try:
        signed = signed_head(session, head, issuer)
    except LogError as error:
        raise LogDamagedError(str(error.reason)) from error
    if (signed.size, signed.root) != (head.size, head.root):
        raise LogDamagedError(f"head of {head.size} leaves")
    return edge


def _standing(db: Database, origin: str) -> tuple[int, bool]:
    """The size of the log, and whether there is anything to do."""
    with db.engine.connect() as connection:  # a session around it costs as much again
        waits, size, checkpoint = connection.execute(_STANDING).one()
    is_named = checkpoint is None or checkpoint.startswith(f"{origin}\n")
    return size or 0, bool(waits) or not is_named


def _waiting(*columns: InstrumentedAttribute[Any]) -> Select[Any]:
    return select(*columns).where(LeafBatch.first.is_(None)).order_by(LeafBatch.id)


def _taken(session: Session, size: int, limit: int) -> list[bytes]:
    """The leaf hashes of the next waiting batches, which get their positions."""
    taken: list[dict[str, int]] = []
    leaves: list[bytes] = []
    waiting = _waiting(LeafBatch.id, LeafBatch.count, LeafBatch.leaves).limit(BATCHES_AT_ONCE)
    with session.execute(waiting, execution_options={"yield_per": BATCHES_IN_MEMORY}) as rows:
        for number, count, packed in rows:
            if taken and len(leaves) + count > limit:
                break
            entries = unpack(packed)
            if len(entries) != count:
                raise LogDamagedError(f"batch {number}")
            taken.append({"id": number, "first": size + len(leaves)})
            leaves += map(leaf_hash, entries)
    update_rows(session, _BATCH, ("id",), taken)
    return leaves


def _store_tiles(session: Session, before: int, tiles: Iterable[Tile]) -> None:
    """Tiles that were begun before are rewritten, the others are new."""
    levels = range((before.bit_length() + TILE_HEIGHT - 1) // TILE_HEIGHT)
    widths = [(level, before >> TILE_HEIGHT * level) for level in levels]
    old = {(level, width // TILE_WIDTH) for level, width in widths if width % TILE_WIDTH}
    rows = [{"level": tile.level, "number": tile.number, "hashes": tile.hashes} for tile in tiles]
    update_rows(
        session, _TILE, ("level", "number"), [row for row in rows if (row["level"], row["number"]) in old]
    )
    for batch in batches((row for row in rows if (row["level"], row["number"]) not in old), TILES_AT_ONCE):
        insert_rows(session, _TILE, batch)


def _thin_out(session: Session, *, since: datetime, now: datetime) -> None:
    """Of the hours that became a day old since the last time, keep the last checkpoint of each."""
    begin, until = (_hour_of(each) - KEEP_ALL for each in (since, now))
    if begin == until:
        return
    aged = session.execute(
        select(LogCheckpoint.size, LogCheckpoint.at)
        .where(LogCheckpoint.at < until, LogCheckpoint.at >= begin)
        .order_by(LogCheckpoint.size)
    ).all()
    last = {_hour_of(at): size for size, at in aged}
    kept = set(last.values())
    gone = [size for size, _ in aged if size not in kept]
    for batch in batches(gone):
        session.execute(delete(LogCheckpoint).where(LogCheckpoint.size.in_(batch)))


def _hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
