"""Enterprise identity codes: plates on walls, dynamic codes on screens, and who scanned."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.kernel.database import Base, Moment, Uscc
from hub.trust.record.bound_rows import bound, index_of


class Plate(Base):
    """One plate of one premises. `serial` counts re-issues; a new one ends the one before."""

    __tablename__ = "codes_plate"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    plate_id: Mapped[str] = mapped_column(String(10), primary_key=True)
    premises_id: Mapped[UUID] = mapped_column(Uuid)
    serial: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(8))  # hub.codes.rules.PlateState
    kid: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(String(300))  # "" until signed (待制码)
    created_at: Mapped[datetime] = mapped_column(Moment)
    made_at: Mapped[datetime | None] = mapped_column(Moment)
    placed_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    end_reason: Mapped[str | None] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(80))

    __table_args__ = (
        UniqueConstraint("uscc", "premises_id", "serial"),
        Index("ix_codes_plate_state", "state"),
        bound(),
    )


class PlateIndex(Base):
    """Global look-up: plate id → USCC."""

    __tablename__ = "codes_plate_index"

    plate_id: Mapped[str] = mapped_column(String(10), primary_key=True)
    uscc: Mapped[str] = mapped_column(Uscc)

    __table_args__ = index_of("codes_plate", plate_id="plate_id", uscc="uscc")


class AreaPremises(Base):
    """A place of a commercial area and how its plate stands, kept by `hub.codes.plates.coverage`; never the source of a verdict.

    `standing`: the state of the plate that is not void, or `none`, or `ended`.
    """

    __tablename__ = "codes_place"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    premises_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    area: Mapped[str] = mapped_column(String(60))
    standing: Mapped[str] = mapped_column(String(8))

    __table_args__ = (Index("ix_codes_place_area", "area", "standing", "uscc", "premises_id"),)


class DynamicUse(Base):
    """A dynamic code was used by an officer or official; the primary key makes the second use fail."""

    __tablename__ = "codes_dynamic_use"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    nonce: Mapped[str] = mapped_column(String(16), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid)
    used_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (Index("ix_codes_dynamic_use_expires", "expires_at"),)


class Scan(Base):
    """One scan. Public details are kept 24 h; officers' and officials' scans stay with the enterprise's record."""

    __tablename__ = "codes_scan"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    plate_id: Mapped[str | None] = mapped_column(String(10))
    audience: Mapped[str] = mapped_column(String(12))  # public | enterprise | officer | official | platform
    verdict: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[UUID | None] = mapped_column(Uuid)
    at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        Index("ix_codes_scan_at", "at"),
        Index("ix_codes_scan_person", "person_id", "at"),
    )


class ScanDay(Base):
    """Scans per legal day, audience and verdict; kept for ever, without any person or enterprise."""

    __tablename__ = "codes_scan_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(String(12), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(10), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
