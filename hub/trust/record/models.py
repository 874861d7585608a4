"""What the hub puts on record: its acts, their leaves in the public log, the log's tiles and signed heads."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, Integer, LargeBinary, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.kernel.database import Base, Moment, Uscc

Number = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only in an INTEGER key


class Event(Base):
    """One act of the hub, written in the business transaction that it records; never changed afterwards.

    `batch_id` and `place` say where its leaf is; `salt` opens the leaf's commitment; `rows` names the rows that the
    act left behind, with the digest of each (None: the row was removed). All are NULL for acts older than the log.
    `at`: when it was put on record; `happened_at`: when it was done, where it came late to the record, else NULL
    (docs/adr/0046-acts-that-come-late.md).
    """

    __tablename__ = "trust_event"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)  # "" for acts that belong to no enterprise
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80))
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Moment)
    happened_at: Mapped[datetime | None] = mapped_column(Moment)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    batch_id: Mapped[int | None] = mapped_column(Number)
    place: Mapped[int | None] = mapped_column(Integer)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    rows: Mapped[dict[str, str | None] | None] = mapped_column(JSON)

    __table_args__ = (
        Index("ix_trust_event_at", "at", "id"),  # all acts of an import have one moment
        Index("ix_trust_event_kind", "kind", "at", "id"),
        Index("ix_trust_event_subject", "subject"),
        Index("ix_trust_event_id", "id"),
        Index("ix_trust_event_batch", "batch_id", "place"),
    )


class LeafBatch(Base):
    """The leaves of one transaction, in order. `first`: position of the first of them, None until sequenced.

    `id` rises with the order in which transactions that touch the same rows are committed: it is taken after their
    locks. `leaves`: each leaf as two bytes of length and its text (C2SP tlog-tiles, entry bundles).
    """

    __tablename__ = "trust_leaf_batch"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    first: Mapped[int | None] = mapped_column(Number, unique=True)
    count: Mapped[int] = mapped_column(Integer)
    leaves: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        Index(
            "ix_trust_leaf_batch_pending",
            "id",
            sqlite_where=first.is_(None),
            postgresql_where=first.is_(None),
        ),
        {"sqlite_autoincrement": True},  # the number of a removed batch is never given out again
    )


class LogTile(Base):
    """Up to 256 hashes of one level, 32 bytes each; a full tile never changes again."""

    __tablename__ = "trust_log_tile"

    level: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    hashes: Mapped[bytes] = mapped_column(LargeBinary(256 * 32))


class LogHead(Base):
    """The log as it stands: one row, `id` 1, which whoever extends the log locks.

    `frontier`: the roots of the complete subtrees at the right edge, from left to right, 32 bytes each.
    """

    __tablename__ = "trust_log_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(Number)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    frontier: Mapped[bytes] = mapped_column(LargeBinary)
    checkpoint: Mapped[str] = mapped_column(Text)  # the signed note; "" while the log is empty
    at: Mapped[datetime] = mapped_column(Moment)


class LogCheckpoint(Base):
    """A signed head that was given out, kept so that later ones can be held against it."""

    __tablename__ = "trust_log_checkpoint"

    size: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
