"""What is read of the log: its head, tiles and entries for everyone, positions and proofs for what is on record."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.orm import Session

from hub.kernel.database import Database
from hub.kernel.paging import cut_page, page_size
from hub.trust.log.heads import ONLY, head_of
from hub.trust.record.leaf import nth, opening, unpack
from hub.trust.record.models import Event, LeafBatch, LogHead, LogTile
from signing.log import (
    HASH_BYTES,
    TILE_HEIGHT,
    TILE_WIDTH,
    inclusion_proof,
    pack_entries,
    subtree_from,
    width_at,
)

MAX_PAGE = 100  # entries on one page of an enterprise's list

_POSITION = (LeafBatch.first + Event.place).label("position")
_PROVABLE = (  # made once: to put a statement together takes longer than to run it
    select(Event.id, _POSITION, Event.place, LeafBatch.leaves, LogHead.size, LogHead.checkpoint)
    .join(LeafBatch, LeafBatch.id == Event.batch_id)
    .join(LogHead, LogHead.id == ONLY)
    .where(Event.id.in_(bindparam("acts", expanding=True)), LogHead.size > _POSITION)
)
_TILES = select(LogTile.level, LogTile.number, LogTile.hashes).where(
    tuple_(LogTile.level, LogTile.number).in_(bindparam("tiles", expanding=True))
)

Proof = tuple[str, int, int, tuple[bytes, ...], str]
"""Leaf text, position, size, hashes beside the way, checkpoint of that size."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An act as its enterprise sees it. `position` None: it waits to be sequenced; `salt` None: the opening was deleted.

    `at`: when it was put on record; `happened_at`: when it was done, where it came late, else None.
    """

    id: UUID
    kind: str
    at: datetime
    subject: str
    position: int | None
    opening: Mapping[str, Any] | None
    salt: bytes | None
    happened_at: datetime | None


@dataclass(frozen=True, slots=True)
class EntryPage:
    rows: tuple[Entry, ...]
    next_cursor: str | None


def place_of_act(session: Session, act: str) -> int | None:
    """Return the position of an act's entry; None for what is no act's id, or waits for its place."""
    try:
        wanted = UUID(act)
    except ValueError:
        return None
    statement = select(_POSITION).where(LeafBatch.id == Event.batch_id, Event.id == wanted)
    return session.scalars(statement).first()


def size(db: Database) -> int:
    with db.read() as session:
        return _size(session)


def tile(db: Database, level: int, number: int, width: int) -> bytes | None:
    """Return the first `width` hashes of a tile; None unless the log as signed has them."""
    with db.read() as session:
        if width > width_at(level, number, _size(session)):
            return None
        stored = session.get(LogTile, (level, number))
        found = b"" if stored is None else stored.hashes[: width * HASH_BYTES]
    return found if len(found) == width * HASH_BYTES else None


def entries(db: Database, number: int, width: int) -> bytes | None:
    """Return the first `width` entries of bundle `number`, packed; None unless the log as signed has them."""
    first, last = number * TILE_WIDTH, number * TILE_WIDTH + width
    with db.read() as session:
        if width > width_at(0, number, _size(session)):
            return None
        leaves = _leaves(session, first, last)
    return pack_entries(leaves) if len(leaves) == width else None


def proof_for(db: Database, event_id: UUID) -> Proof | None:
    """Return the proof that the act is in the log; None while it is not."""
    return proofs_for(db, (event_id,)).get(event_id)


def proofs_for(db: Database, event_ids: Collection[UUID]) -> Mapping[UUID, Proof]:
    """Return proofs of those of these acts that are in the log, all for one size. Two statements, for one as for many."""
    with db.read() as session:
        rows = session.execute(_PROVABLE, {"acts": list(event_ids)}).all()
        tiles = _tiles_beside(session, {row.position for row in rows}, rows[0].size) if rows else {}
    beside = subtree_from(lambda level, number: tiles.get((level, number), b""))
    proofs = {}
    for row in rows:
        leaf = nth(row.leaves, row.place)
        if leaf is not None:
            way = inclusion_proof(row.position, row.size, beside)
            proofs[row.id] = (leaf.decode(), row.position, row.size, tuple(way), row.checkpoint)
    return proofs


def entries_about(db: Database, uscc: str, cursor: str | None = None, *, limit: int = 50) -> EntryPage:
    """List acts about an enterprise, newest first; `cursor` is the `next_cursor` of the page before. One statement."""
    count = page_size(limit, MAX_PAGE)
    statement = (
        select(Event, LeafBatch.first)
        .join(LeafBatch, LeafBatch.id == Event.batch_id)
        .where(Event.uscc == uscc)
        .order_by(Event.id.desc())
        .limit(count + 1)
    )
    before = _read_cursor(cursor)
    if before is not None:
        statement = statement.where(Event.id < before)
    with db.read() as session:
        rows = [_entry(event, first) for event, first in session.execute(statement)]
    page, last = cut_page(rows, count)
    return EntryPage(page, None if last is None else str(last.id))


def opening_of(event: Event) -> dict[str, Any] | None:
    """Return what the leaf of an act commits to; None once its salt was deleted."""
    if event.salt is None or event.rows is None:
        return None
    return opening(
        by=event.by, data=event.data, act=event.id, rows=event.rows, subject=event.subject, uscc=event.uscc
    )


def _tiles_beside(session: Session, positions: Collection[int], size: int) -> Mapping[tuple[int, int], bytes]:
    """The tiles that proofs read: on every level those on the way to the leaves, and those at the right edge."""
    shifts = [
        TILE_HEIGHT * (level + 1) for level in range((size.bit_length() + TILE_HEIGHT - 1) // TILE_HEIGHT)
    ]
    places = (*positions, size - 1, size)
    wanted = {(level, place >> shift) for level, shift in enumerate(shifts) for place in places}
    rows = session.execute(_TILES, {"tiles": sorted(wanted)})
    return {(level, number): hashes for level, number, hashes in rows}


def _size(session: Session) -> int:
    head = head_of(session)
    return 0 if head is None else head.size


def _leaves(session: Session, first: int, last: int) -> list[bytes]:
    """The leaves from position `first` up to and without `last`, as far as they are there."""
    start = select(LeafBatch.first).where(LeafBatch.first <= first).order_by(LeafBatch.first.desc()).limit(1)
    statement = (
        select(LeafBatch.first, LeafBatch.leaves)
        .where(LeafBatch.first >= start.scalar_subquery(), LeafBatch.first < last)
        .order_by(LeafBatch.first)
    )
    leaves: list[bytes] = []
    for at, packed in session.execute(statement):
        position = at or 0
        leaves += unpack(packed)[max(first - position, 0) : last - position]
    return leaves


def _entry(event: Event, first: int | None) -> Entry:
    position = None if first is None or event.place is None else first + event.place
    return Entry(
        event.id,
        event.kind,
        event.at,
        event.subject,
        position,
        opening_of(event),
        event.salt,
        event.happened_at,
    )


def _read_cursor(cursor: str | None) -> UUID | None:
    """None for a cursor that is not ours: the list begins at its beginning."""
    try:
        return UUID(cursor) if cursor else None
    except ValueError:
        return None
