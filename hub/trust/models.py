"""The hub as issuer: events that the public log will sequence."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.kernel.database import Base, Moment, Uscc


class Event(Base):
    """One act of the hub, written in the business transaction that it records; never changed afterwards."""

    __tablename__ = "trust_event"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)  # "" for acts that belong to no enterprise
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80))
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Moment)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (Index("ix_trust_event_at", "at"),)
