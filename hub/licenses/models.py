"""Licenses gathered from departments, every version, waivers, and the kept summary of each enterprise."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.kernel.database import Base, Moment, Uscc
from hub.kernel.personal import Personal
from hub.registry.version_columns import VersionColumns
from hub.trust.record.bound_rows import KEPT, bound, index_of


class License(Base):
    """One permit, filing or qualification as it stands now.

    `colour`, `colour_reason` and `colour_until` are kept for counting; every single view computes them afresh.
    """

    __tablename__ = "licenses_license"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    type_code: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(100))
    holder_name: Mapped[str] = mapped_column(String(200))
    issuer: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(300))  # as on the permit; "" when it names none
    issued_on: Mapped[date | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]  # None: no end (长期)
    state: Mapped[str] = mapped_column(String(10))  # hub.licenses.rules.LicenseState
    premises_id: Mapped[UUID | None] = mapped_column(Uuid)
    extra: Mapped[dict[str, Any]] = mapped_column(JSON)
    quality: Mapped[list[str]] = mapped_column(JSON)
    source_version: Mapped[int] = mapped_column(Integer)  # the department's own version, 1 when it gives none
    version: Mapped[int] = mapped_column(Integer)  # ours, +1 at every change
    source: Mapped[str] = mapped_column(String(40))
    received_at: Mapped[datetime] = mapped_column(Moment)
    content_hash: Mapped[str] = mapped_column(String(64))
    colour: Mapped[str] = mapped_column(String(8), info=KEPT)
    colour_reason: Mapped[str] = mapped_column(String(24), info=KEPT)
    colour_until: Mapped[date | None] = mapped_column(
        info=KEPT
    )  # first day on which the colour must be computed again
    inspection_due: Mapped[date | None] = mapped_column(
        info=KEPT
    )  # of its `YearlyCheck`; None: nothing was told

    __table_args__ = (
        UniqueConstraint("uscc", "type_code", "number"),
        Index("ix_licenses_license_type_colour", "type_code", "colour"),
        Index(
            "ix_licenses_license_number", "number", "type_code"
        ),  # who holds it: of numbers that change hands
        Index("ix_licenses_license_colour_until", "colour_until"),
        bound(),
    )


class LicenseVersion(VersionColumns, Base):
    __tablename__ = "licenses_license_version"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    license_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)

    __table_args__ = bound()


class LicenseIndex(Base):
    """Global look-up: license id → USCC."""

    __tablename__ = "licenses_license_index"

    license_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    uscc: Mapped[str] = mapped_column(Uscc)

    __table_args__ = index_of("licenses_license", license_id="id", uscc="uscc")


class YearlyCheck(Base):
    """The yearly check (年检, 校验) of a license, as the department last said. `next_due`: last day for the next one."""

    __tablename__ = "licenses_yearly_check"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    license_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    inspected_on: Mapped[date | None]
    result: Mapped[str] = mapped_column(String(100))  # as delivered; "" when the department says none
    next_due: Mapped[date]
    version: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(40))
    received_at: Mapped[datetime] = mapped_column(Moment)
    content_hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = bound()


class YearlyCheckVersion(VersionColumns, Base):
    __tablename__ = "licenses_yearly_check_version"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    license_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)

    __table_args__ = bound()


class Waiver(Base):
    """不涉及: the enterprise declares that it does not do what would need this permit. Revocable, seen by regulators."""

    __tablename__ = "licenses_waiver"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    type_code: Mapped[str] = mapped_column(String(40))
    premises_id: Mapped[UUID | None] = mapped_column(Uuid)
    reason: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime] = mapped_column(Moment)
    declared_by: Mapped[str] = mapped_column(Personal("licenses_waiver.declared_by"))
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = bound()


class Summary(Base):
    """What the city counts of one enterprise; kept by `hub.licenses.summaries`, never the source of a verdict."""

    __tablename__ = "licenses_summary"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    region: Mapped[str] = mapped_column(String(6))
    state: Mapped[str] = mapped_column(String(10))
    business_colour: Mapped[str] = mapped_column(String(8))
    blue: Mapped[int] = mapped_column(Integer)
    yellow: Mapped[int] = mapped_column(Integer)
    red: Mapped[int] = mapped_column(Integer)
    grey: Mapped[int] = mapped_column(Integer)
    required: Mapped[int] = mapped_column(Integer)
    held: Mapped[int] = mapped_column(Integer)
    missing: Mapped[int] = mapped_column(Integer)
    stale_on: Mapped[date | None] = mapped_column(index=True)  # first day on which it must be computed again

    __table_args__ = (
        Index("ix_licenses_summary_group", "region", "state", "business_colour", "uscc"),  # filtered lists
    )
