"""Versions of bundles, the public bundle as it is handed out, and the table of plates that bundles point to."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.kernel.database import Base, Moment, Uscc
from signing.bundle.plates import DIGEST_BYTES, ROW_BYTES

Number = BigInteger().with_variant(Integer, "sqlite")


class BundleVersion(Base):
    """One row for the public bundle (`id` 1) and for each county (its division code).

    `digest`: of the contents that the version is of; it moves when they do.
    """

    __tablename__ = "trust_bundle_version"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Number)
    digest: Mapped[str] = mapped_column(String(64), server_default="")


class PublicBundle(Base):
    """One row, `id` 1: what every worker hands out until one of them builds the next."""

    __tablename__ = "trust_public_bundle"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Number)
    keys: Mapped[str] = mapped_column(String(64))  # digest of the keys in it
    made_at: Mapped[datetime] = mapped_column(Moment)
    text: Mapped[str] = mapped_column(Text)


class PlateRow(Base):
    """The row of one plate in the table (`signing.bundle.plates`), made when its text was signed; never changed or removed.

    `taken`: the generation of the table that first had it, so that every shard which a bundle names can be made
    again; 0 until the next generation.
    """

    __tablename__ = "trust_plate_row"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    plate_id: Mapped[str] = mapped_column(String(10), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary(ROW_BYTES))
    taken: Mapped[int] = mapped_column(Number)

    __table_args__ = (
        Index("ix_trust_plate_row_content", "content", "taken"),  # a shard is read from it alone
        Index("ix_trust_plate_row_taken", "taken", "content"),  # those that wait, without reading all others
    )


class PlateRowIndex(Base):
    """One row, `id` 1: the digests of all shards at the newest generation, in the order of their numbers.

    `secret` keys the rows that fill up shards. With it, anybody could tell them from the rows of plates.
    """

    __tablename__ = "trust_plate_shards"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    generation: Mapped[int] = mapped_column(Number)
    bits: Mapped[int] = mapped_column(SmallInteger)  # there are 2 to this power
    rows: Mapped[int] = mapped_column(Number)
    secret: Mapped[bytes] = mapped_column(LargeBinary(32))
    digests: Mapped[bytes] = mapped_column(LargeBinary)


class PlateShard(Base):
    """What a digest is of, for as long as a bundle may name it; the shard itself is made again from the rows."""

    __tablename__ = "trust_plate_shard"

    digest: Mapped[bytes] = mapped_column(LargeBinary(DIGEST_BYTES), primary_key=True)
    generation: Mapped[int] = mapped_column(Number)
    bits: Mapped[int] = mapped_column(SmallInteger)
    number: Mapped[int] = mapped_column(Integer)
    replaced_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (Index("ix_trust_plate_shard_replaced_at", "replaced_at"),)
