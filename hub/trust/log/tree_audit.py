"""The log held against what was signed: leaves, tiles, head and every kept checkpoint."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.trust.log.edge import Edge, Tile, split
from hub.trust.log.findings import AuditReason, Findings
from hub.trust.log.heads import head_of, opened
from hub.trust.record.leaf import unpack
from hub.trust.record.models import LeafBatch, LogCheckpoint, LogHead, LogTile
from keys import KeySet
from signing.log import HASH_BYTES, Checkpoint, Frontier, LogError, leaf_hash
from signing.log.errors import NoteUnsignedError

GRACE = timedelta(minutes=1)  # a batch waits half a second as a rule
IN_MEMORY = 50  # batches or tiles read at a time
STEP = 4_096  # leaves hashed into the tree at a time

BATCH, TILE, HEAD, KEPT = (model.__tablename__ for model in (LeafBatch, LogTile, LogHead, LogCheckpoint))


@dataclass(slots=True)
class Leaves:
    """Every leaf hash by position: 33 bytes of memory for each. Those that still wait come after `size`.

    `waiting`: the place given to each waiting batch; `lost`: hashes at positions whose batch is gone.
    """

    size: int = 0
    hashes: bytearray = field(default_factory=bytearray)
    seen: bytearray = field(default_factory=bytearray)
    waiting: dict[int, int] = field(default_factory=dict)
    lost: dict[bytes, int] = field(default_factory=dict)

    def put(self, first: int, leaves: Iterable[bytes]) -> bool:
        """Put leaves at their positions; return False when one was taken already."""
        joined = b"".join(map(leaf_hash, leaves))
        end = first + len(joined) // HASH_BYTES
        if end > len(self.seen):
            self.hashes.extend(bytes(end * HASH_BYTES - len(self.hashes)))
            self.seen.extend(bytes(end - len(self.seen)))
        if any(self.seen[first:end]):
            return False
        self.hashes[first * HASH_BYTES : end * HASH_BYTES] = joined
        self.seen[first:end] = b"\x01" * (end - first)
        return True

    def at(self, position: int) -> bytes:
        return bytes(self.hashes[position * HASH_BYTES : (position + 1) * HASH_BYTES])


@dataclass(frozen=True, slots=True)
class _Tree:
    """What some leaf hashes give: the right edge at the sizes asked for, and the SHA-256 of every tile."""

    edges: dict[int, Frontier]
    tiles: dict[tuple[int, int], bytes]

    def root(self, size: int) -> bytes | None:
        """Return the root at a size; None for a size that the leaves do not reach."""
        return self.edges[size].root() if size in self.edges else None


def audit_tree(session: Session, *, keys: KeySet, now: datetime, found: Findings) -> Leaves:
    """Compare, tell what differs, and give the leaf hashes that were signed, as far as they can be known."""
    head = head_of(session)
    signed = _signed(session, head, keys, found)
    newest = max(signed.values(), key=lambda checkpoint: checkpoint.size, default=None)
    size = newest.size if newest is not None else 0 if head is None else head.size
    leaves = _leaves(session, size, found)
    sizes = {checkpoint.size for checkpoint in signed.values()} | {0 if head is None else head.size}
    tree = _grown(leaves.hashes, size, sizes)
    if newest is not None and tree.root(size) != newest.root:
        tree = _by_tiles(session, leaves, sizes, newest, found) or tree
    _compare_tiles(session, tree, found)
    _compare_checkpoints(session, tree, signed, found)
    _compare_head(session, head, tree, size, found)
    _wait(session, leaves, now, found)
    return leaves


def _signed(
    session: Session, head: LogHead | None, keys: KeySet, found: Findings
) -> dict[tuple[str, int], Checkpoint]:
    """Every checkpoint with a right signature, also by a key that was compromised after it."""
    kept = session.scalars(select(LogCheckpoint).order_by(LogCheckpoint.size))
    notes = [(KEPT, row.size, row.note, row.at) for row in kept]
    if head is not None and head.checkpoint:
        notes.append((HEAD, head.id, head.checkpoint, head.at))
    signed = {}
    for table, key, note, at in notes:
        try:
            signed[table, key] = opened(note, keys, at=at)
        except NoteUnsignedError:
            found.add(AuditReason.CHECKPOINT_FORGED, table, key, "by no key that was the log's alone then")
        except LogError as error:
            found.add(AuditReason.CHECKPOINT_FORGED, table, key, str(error.reason))
    return signed


def _leaves(session: Session, size: int, found: Findings) -> Leaves:
    leaves = Leaves(size, bytearray(size * HASH_BYTES), bytearray(size))
    columns = select(LeafBatch.id, LeafBatch.first, LeafBatch.count, LeafBatch.leaves)
    placed = columns.where(LeafBatch.first.is_not(None)).order_by(LeafBatch.first)
    for number, place, count, packed in session.execute(placed, execution_options={"yield_per": IN_MEMORY}):
        within, first = unpack(packed), -1 if place is None else place
        if len(within) != count:
            found.add(AuditReason.BATCH_EDITED, BATCH, number, f"positions {first} to {first + count - 1}")
            continue
        if first < 0 or first + count > size or not leaves.put(first, within):
            found.add(AuditReason.BATCH_MOVED, BATCH, number, f"now at position {first}")
    for start, end in _gaps(leaves.seen):
        found.add(AuditReason.BATCH_MISSING, BATCH, f"{start}-{end - 1}", "positions in the log")
    return leaves


def _gaps(seen: bytearray) -> Iterator[tuple[int, int]]:
    start = seen.find(0)
    while start >= 0:
        end = seen.find(1, start)
        yield start, len(seen) if end < 0 else end
        start = -1 if end < 0 else seen.find(0, end)


def _wait(session: Session, leaves: Leaves, now: datetime, found: Findings) -> None:
    """Batches that are not in the log yet get places after it, so that their acts can be compared all the same."""
    columns = select(LeafBatch.id, LeafBatch.at, LeafBatch.leaves)
    waiting = columns.where(LeafBatch.first.is_(None)).order_by(LeafBatch.id)
    for number, at, packed in session.execute(waiting, execution_options={"yield_per": IN_MEMORY}):
        if now - at > GRACE:
            found.add(AuditReason.BATCH_WAITING, BATCH, number, at.isoformat())
        leaves.waiting[number] = len(leaves.seen)
        leaves.put(len(leaves.seen), unpack(packed))


def _grown(hashes: bytearray | bytes, size: int, sizes: set[int]) -> _Tree:
    """Grow the tree anew, and look at its edge at each of these sizes."""
    edge, tree = Edge(), _Tree({}, {})
    marks = sorted({mark for mark in sizes if mark <= size} | set(range(STEP, size, STEP)) | {size})
    for mark in marks:
        _keep(tree, edge.grow(split(bytes(hashes[edge.size * HASH_BYTES : mark * HASH_BYTES]))))
        if mark in sizes:
            tree.edges[mark] = edge.frontier()
    _keep(tree, edge.unfinished())
    return tree


def _keep(tree: _Tree, tiles: Iterable[Tile]) -> None:
    for tile in tiles:
        tree.tiles[tile.level, tile.number] = sha256(tile.hashes).digest()


def _stored_tiles(session: Session) -> Iterator[tuple[tuple[int, int], bytes]]:
    columns = select(LogTile.level, LogTile.number, LogTile.hashes).order_by(LogTile.level, LogTile.number)
    for level, number, hashes in session.execute(columns, execution_options={"yield_per": IN_MEMORY}):
        yield (level, number), hashes


def _by_tiles(
    session: Session, leaves: Leaves, sizes: set[int], newest: Checkpoint, found: Findings
) -> _Tree | None:
    """Where the leaves do not give the signed root, the tiles may: then they say which leaves were edited."""
    stored = b"".join(hashes for (level, _), hashes in _stored_tiles(session) if level == 0)
    hashes = stored[: newest.size * HASH_BYTES]
    tree = _grown(hashes, len(hashes) // HASH_BYTES, sizes)
    if tree.root(newest.size) != newest.root:
        found.add(AuditReason.ROOT_DIFFERS, HEAD, newest.size, newest.root.hex())
        return None
    for position in range(newest.size):
        true = hashes[position * HASH_BYTES : (position + 1) * HASH_BYTES]
        if not leaves.seen[position]:
            leaves.lost[true] = position
        elif leaves.at(position) != true:
            found.add(AuditReason.BATCH_EDITED, BATCH, f"position {position}", "the leaf there")
    leaves.hashes[: len(hashes)] = hashes
    return tree


def _compare_tiles(session: Session, tree: _Tree, found: Findings) -> None:
    missing = dict(tree.tiles)
    for key, hashes in _stored_tiles(session):
        true = missing.pop(key, None)
        if true is None:
            found.add(AuditReason.TILE_ADDED, TILE, f"{key[0]}/{key[1]}")
        elif true != sha256(hashes).digest():
            found.add(AuditReason.TILE_EDITED, TILE, f"{key[0]}/{key[1]}")
    for level, number in missing:
        found.add(AuditReason.TILE_MISSING, TILE, f"{level}/{number}")


def _compare_checkpoints(
    session: Session, tree: _Tree, signed: dict[tuple[str, int], Checkpoint], found: Findings
) -> None:
    rows = session.execute(select(LogCheckpoint.size, LogCheckpoint.root))
    kept = {size: root for size, root in rows}  # noqa: C416  # rows are no tuples to dict()
    for (table, key), checkpoint in signed.items():
        if tree.root(checkpoint.size) != checkpoint.root:
            found.add(AuditReason.CHECKPOINT_DIFFERS, table, key, f"signed at {checkpoint.size} leaves")
        elif table == KEPT and (key != checkpoint.size or kept.get(checkpoint.size) != checkpoint.root):
            found.add(AuditReason.CHECKPOINT_FORGED, table, key, f"signed at {checkpoint.size} leaves")


def _compare_head(session: Session, head: LogHead | None, tree: _Tree, size: int, found: Findings) -> None:
    if head is None or not head.checkpoint:
        if size or tree.tiles or session.scalar(select(LogCheckpoint.size).limit(1)) is not None:
            found.add(AuditReason.HEAD_MISSING, HEAD, 1)
        return
    said = head.checkpoint.partition("\n")[2].partition("\n")[0]
    edge = tree.edges.get(head.size)
    nodes = () if edge is None else edge.nodes
    if (str(head.size), head.root, head.frontier) != (said, tree.root(head.size), b"".join(nodes)):
        found.add(AuditReason.HEAD_EDITED, HEAD, head.id, f"size {head.size}")
    elif session.get(LogCheckpoint, head.size) is None:
        found.add(AuditReason.CHECKPOINT_MISSING, KEPT, head.size)
    if head.size < size:
        found.add(AuditReason.CHECKPOINT_AHEAD, KEPT, size, f"the head has {head.size} leaves")
