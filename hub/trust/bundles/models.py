"""Versions of bundles, one counter for each kind, shared by all workers, and the public bundle as it is handed out."""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.kernel.database import Base, Moment

Number = BigInteger().with_variant(Integer, "sqlite")


class BundleVersion(Base):
    """One row for each kind (`Kind`). `digest`: of the contents that the version is of; it moves when they do."""

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
