"""The table of plates: rows come in when plates are signed, and enter its shards in generations.

A generation takes the rows that wait, in the order of the table, and writes anew the shards that got one. Only digests are
kept: a shard is made again from its rows for whoever asks, also the one that an older bundle names.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from hub.kernel.bulk import batches, dialect_of, insert_absent, insert_rows, table_of
from hub.kernel.database import Database, Note
from hub.kernel.errors import NotFoundError
from hub.trust.bundles.models import PlateRow, PlateRowIndex, PlateShard
from hub.trust.bundles.padding import bits_for, bounds, shard
from signing.bundle.plates import DIGEST_BYTES, MAX_SHARD_BITS, shard_of

ROWS_AT_ONCE = 20_000  # in one transaction
SHARDS_AT_ONCE = 200  # written anew in one transaction: about a second
KEEP_REPLACED = timedelta(days=2)  # a bundle lives for one
ONLY = 1
SECRET_BYTES = 32


def add_rows(session: Session, rows: Sequence[tuple[str, str, bytes]]) -> None:
    """Remember the rows of plates that were signed now: (credit code, plate id, row)."""
    columns = ("uscc", "plate_id", "content")
    insert_rows(
        session, table_of(PlateRow), [{**dict(zip(columns, row, strict=True)), "taken": 0} for row in rows]
    )


def take_in(
    db: Database, *, now: datetime, grow_to: int = MAX_SHARD_BITS, at_once: int = ROWS_AT_ONCE
) -> bool:
    """Let rows that wait enter the table, up to `at_once` or those of 200 shards; whether more may wait.

    `grow_to`: the most shards, as a power of two, that are written anew because there must be more of them; who is
    asked by a visitor leaves many to the worker. Until then the shards are fuller.
    """
    with db.read() as session:
        is_begun = session.get(PlateRowIndex, ONLY) is not None
        is_waiting = session.scalar(select(PlateRow.content).where(PlateRow.taken == 0).limit(1)) is not None
    if not is_begun:
        db.run(partial(_begin, now=now), note=Note.BUNDLE_VERSION)
    if not is_waiting:
        return False
    _grow(db, most=grow_to, now=now)
    return db.run(partial(_take_in, now=now, at_once=at_once), note=Note.BUNDLE_VERSION)


def take_in_all(db: Database, *, now: datetime) -> None:
    """Let all rows that wait enter the table, some at a time."""
    while take_in(db, now=now):
        pass


def rows_taken(db: Database) -> int:
    """Count the plates in the table."""
    with db.read() as session:
        return session.scalar(select(PlateRowIndex.rows)) or 0


def read_shard(db: Database, digest: bytes) -> bytes:
    """Return the shard of a digest that a bundle of today or yesterday names.

    Raises: NotFoundError.
    """
    with db.read() as session:
        row = session.get(PlateShard, digest)
        index = session.get(PlateRowIndex, ONLY)
        if row is None or index is None:
            raise NotFoundError
        return content_of(session, index, row.number, bits=row.bits, generation=row.generation)


def content_of(session: Session, index: PlateRowIndex, number: int, *, bits: int, generation: int) -> bytes:
    """Return a shard as it was at a generation."""
    first, beyond = bounds(number, bits)
    taken = PlateRow.taken + 0  # no index is to be read by it: the rows of a shard stand together by content
    within = [PlateRow.content >= first, taken.between(1, generation)]
    if beyond is not None:
        within.append(PlateRow.content < beyond)
    rows = session.scalars(select(PlateRow.content).where(*within)).all()
    return shard(rows, number=number, bits=bits, secret=index.secret)


def _begin(session: Session, *, now: datetime) -> None:
    """The table of no plates, unless somebody has begun it meanwhile."""
    secret = secrets.token_bytes(SECRET_BYTES)
    blank = {"generation": 0, "bits": 0, "rows": 0, "digests": bytes(DIGEST_BYTES), "secret": secret}
    insert_absent(session, PlateRowIndex, id=ONLY, **blank)
    index = session.get_one(PlateRowIndex, ONLY, with_for_update=True)
    if not any(index.digests):
        _write(session, index, {0: sha256(_content(session, index, 0)).digest()}, now=now)


def _grow(db: Database, *, most: int, now: datetime) -> None:
    """Have as many shards as the rows and those that wait need; they are read without holding up anybody's writing."""
    with db.read() as session:
        index = session.get_one(PlateRowIndex, ONLY)
        generation, before = index.generation, index.bits
        if bits_for(index.rows + ROWS_AT_ONCE, least=before) == before:
            return
        waiting = session.scalar(select(func.count()).where(PlateRow.taken == 0)) or 0
        bits = min(bits_for(index.rows + waiting, least=before), MAX_SHARD_BITS)
        if bits == before or bits > most:
            return
        at = {"bits": bits, "generation": generation}
        digests = [sha256(content_of(session, index, number, **at)).digest() for number in range(1 << bits)]
    db.run(
        partial(_divide, digests=digests, generation=generation, bits=bits, now=now), note=Note.BUNDLE_VERSION
    )


def _divide(session: Session, *, digests: Sequence[bytes], generation: int, bits: int, now: datetime) -> None:
    index = session.get_one(PlateRowIndex, ONLY, with_for_update=True)
    if index.generation != generation or index.bits >= bits:
        return  # rows entered meanwhile, or somebody was faster: the next turn looks again
    session.execute(update(PlateShard).where(PlateShard.replaced_at.is_(None)).values(replaced_at=now))
    index.bits, index.digests = bits, bytes(DIGEST_BYTES << bits)
    _write(session, index, dict(enumerate(digests)), now=now)


def _take_in(session: Session, *, now: datetime, at_once: int) -> bool:
    """Whether more may wait."""
    index = session.get_one(PlateRowIndex, ONLY, with_for_update=True)
    waiting = session.scalars(
        select(PlateRow.content).where(PlateRow.taken == 0).order_by(PlateRow.content).limit(at_once)
    ).all()
    numbers = list(dict.fromkeys(shard_of(content, index.bits) for content in waiting))[:SHARDS_AT_ONCE]
    chosen = (
        [content for content in waiting if shard_of(content, index.bits) <= numbers[-1]] if numbers else []
    )
    if not chosen:
        return False
    index.generation += 1
    index.rows += len(chosen)
    session.execute(
        update(PlateRow)
        .where(PlateRow.taken == 0, PlateRow.content.between(chosen[0], chosen[-1]))
        .values(taken=index.generation),
        execution_options={"synchronize_session": False},
    )
    changed = {number: sha256(_content(session, index, number)).digest() for number in numbers}
    _write(session, index, changed, now=now)
    session.execute(delete(PlateShard).where(PlateShard.replaced_at < now - KEEP_REPLACED))
    return len(chosen) == at_once or len(chosen) < len(waiting)


def _content(session: Session, index: PlateRowIndex, number: int) -> bytes:
    return content_of(session, index, number, bits=index.bits, generation=index.generation)


def _write(session: Session, index: PlateRowIndex, changed: Mapping[int, bytes], *, now: datetime) -> None:
    """Note the digests of these shards as they are now, and that those they had are replaced."""
    digests, replaced = bytearray(index.digests), []
    for number, digest in changed.items():
        place = slice(number * DIGEST_BYTES, (number + 1) * DIGEST_BYTES)
        replaced.append(bytes(digests[place]))
        digests[place] = digest
    for batch in batches(replaced):
        session.execute(update(PlateShard).where(PlateShard.digest.in_(batch)).values(replaced_at=now))
    index.digests = bytes(digests)
    at = {"generation": index.generation, "bits": index.bits, "replaced_at": None}
    statement = dialect_of(session).insert(table_of(PlateShard))
    current = statement.on_conflict_do_update(index_elements=["digest"], set_={"replaced_at": None})
    rows = [{"digest": digest, "number": number, **at} for number, digest in changed.items()]
    session.execute(current, rows)
