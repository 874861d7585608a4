"""Answers to requests with an idempotency key: kept for a day, so that a repeated request gets the first one's answer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, Integer, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.kernel.database import Base, Moment


class AnswerRow(Base):
    """One key of one caller on one route; without a status while the request is worked on."""

    __tablename__ = "kernel_answer"

    scope: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of caller and route
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    claim_id: Mapped[UUID] = mapped_column(Uuid)
    request_hash: Mapped[str] = mapped_column(String(64))
    claimed_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    status: Mapped[int | None] = mapped_column(Integer)
    headers: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (Index("ix_kernel_answer_expires", "expires_at"),)
