"""Batches of department data and the rows they had refused."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.kernel.database import Base, Moment
from hub.trust.record.bound_rows import bound

REFUSALS = "refusals"  # kept count: all refused rows


class Batch(Base):
    """One file being loaded. `position` and the counts move in the transaction that stores the rows,
    so that a killed import goes on where it stopped and ends with the same counts.
    """

    __tablename__ = "feeds_batch"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    source: Mapped[str] = mapped_column(String(40))
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(10))  # loading | done | failed | held | approved
    position: Mapped[int] = mapped_column(Integer)  # rows read and stored
    accepted: Mapped[int] = mapped_column(Integer)
    duplicate: Mapped[int] = mapped_column(Integer)
    superseded: Mapped[int] = mapped_column(Integer)
    blank: Mapped[int] = mapped_column(Integer)
    refused: Mapped[dict[str, int]] = mapped_column(JSON)
    started_at: Mapped[datetime] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(80))
    failure: Mapped[str | None] = mapped_column(Text)
    difference: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True)
    )  # of one that waited for a person: hub.feeds.differences

    __table_args__ = (Index("ix_feeds_batch_started", "started_at"), bound(exempt=("state", "loading")))


class Refusal(Base):
    """One refused row: where, what, why; the sentence comes from the table of reasons."""

    __tablename__ = "feeds_refusal"

    batch_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    sheet: Mapped[str] = mapped_column(
        String(31), primary_key=True, server_default=""
    )  # of a workbook, else ""
    line: Mapped[int] = mapped_column(Integer, primary_key=True)
    column: Mapped[str] = mapped_column(String(100))
    value: Mapped[str] = mapped_column(String(200))  # cut, control characters shown as escapes
    reason: Mapped[str] = mapped_column(String(40))
    row: Mapped[dict[str, Any]] = mapped_column(JSON)  # the row as read, cut to a bounded size
