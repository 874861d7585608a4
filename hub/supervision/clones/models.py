"""What is kept of looks at a plate, for 48 hours and without anybody's position; and suspicions that a plate was copied."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, Integer, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.kernel.database import Base, Moment, Uscc
from hub.kernel.personal import Personal
from hub.trust.record.bound_rows import bound

_OPEN = text("state = 'open'")


class PlateSighting(Base):
    """Somebody saw the plate: in which five minutes, near its place or not, in which square kilometre. Not who.

    Forgotten after 48 hours. `id` is made of the slot, not of the moment; `cell` "" for a report, and for a phone at the
    registered place that place's own.
    """

    __tablename__ = "supervision_plate_sighting"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    plate_id: Mapped[str] = mapped_column(String(10))
    premises_version: Mapped[int] = mapped_column(Integer)
    slot: Mapped[datetime] = mapped_column(Moment)
    witness: Mapped[str] = mapped_column(String(8))  # hub.supervision.clones.rules.Witness
    nearness: Mapped[str] = mapped_column(String(8))  # hub.supervision.clones.geography.Nearness
    cell: Mapped[str] = mapped_column(String(14))

    __table_args__ = (
        Index("ix_supervision_plate_sighting_plate", "uscc", "plate_id", "slot"),
        Index("ix_supervision_plate_sighting_slot", "slot"),
    )


class PlateAsker(Base):
    """That an asker has counted for this plate: a keyed digest of who, plate and day; beside it no place and no moment.

    Forgotten after the second day that follows.
    """

    __tablename__ = "supervision_plate_asker"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    mark: Mapped[str] = mapped_column(String(32), primary_key=True)
    day: Mapped[date]

    __table_args__ = (Index("ix_supervision_plate_asker_day", "day"),)


class PlateSuspicion(Base):
    """A plate of which a copy seems to hang elsewhere, until a person has looked. At most one of a plate is open."""

    __tablename__ = "supervision_plate_suspicion"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    plate_id: Mapped[str] = mapped_column(String(10))
    premises_id: Mapped[UUID] = mapped_column(Uuid)
    why: Mapped[dict[str, Any]] = mapped_column(JSON)  # the numbers of hub.supervision.clones.rules.Suspected
    state: Mapped[str] = mapped_column(String(12))  # hub.supervision.clones.rules.SuspicionState
    answer: Mapped[str | None] = mapped_column(Personal("supervision_plate_suspicion.answer"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    handled_at: Mapped[datetime | None] = mapped_column(Moment)
    handled_by: Mapped[str | None] = mapped_column(Personal("supervision_plate_suspicion.handled_by"))

    __table_args__ = (
        Index("ix_supervision_plate_suspicion_state", "state", "id"),
        Index("ix_supervision_plate_suspicion_id", "id"),
        Index(
            "uq_supervision_plate_suspicion_open",
            "uscc",
            "plate_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        bound(),
    )
