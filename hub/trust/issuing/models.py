"""What the hub has undertaken to issue: every intent for good, and the open ones once more, where they are unique."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.kernel.database import Base, Moment, Uscc
from hub.trust.record.bound_rows import bound


class IntentRow(Base):
    """Recorded and logged before anything is signed; changed once, when it is done or refused."""

    __tablename__ = "trust_intent"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)  # "" for what belongs to no enterprise
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(80))
    request: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    token: Mapped[str | None] = mapped_column(String(64))  # the caller's mark of the request
    state: Mapped[str] = mapped_column(String(8))  # hub.trust.issuing.rules.IntentState
    by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    result: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(String(60))

    __table_args__ = (
        UniqueConstraint("uscc", "token"),  # NULLs differ from each other on both databases
        bound(),
    )


class OpenIntent(Base):
    """An intent that waits to be completed: the primary key lets one stand for each thing, and a row goes with it.

    A worklist, not a record: attempts are counted here, and what happened is in `trust_intent` and the events.
    """

    __tablename__ = "trust_open_intent"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    intent_id: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(Integer)
    last_failure: Mapped[str | None] = mapped_column(String(60))  # the name of the error, nothing of its text

    __table_args__ = (Index("ix_trust_open_intent_kind", "kind", "created_at"),)
