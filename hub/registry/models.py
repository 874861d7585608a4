"""The anchor: enterprises with every version, premises, the parsed business scope, and the search index."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Float, Index, Integer, String, Text, UniqueConstraint, Uuid, false
from sqlalchemy.orm import Mapped, mapped_column

from hub.kernel.database import Base, Moment, Uscc
from hub.registry.version_columns import VersionColumns
from hub.trust.record.bound_rows import KEPT, bound, index_of


class Enterprise(Base):
    """The licence face as it stands now; GB/T 36903 wording in `hub.licenses.metadata`."""

    __tablename__ = "registry_enterprise"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    entity_type: Mapped[str] = mapped_column(String(20))  # hub.registry.rules.EntityType
    type_text: Mapped[str] = mapped_column(String(100))
    person: Mapped[str] = mapped_column(String(100))
    capital: Mapped[str | None] = mapped_column(String(40))  # as delivered, in 10 000 yuan
    established_on: Mapped[date | None]
    term_to: Mapped[date | None]  # None: no end (长期)
    authority: Mapped[str] = mapped_column(String(100))
    approved_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(10))  # hub.registry.rules.EntityState
    state_text: Mapped[str] = mapped_column(String(40))  # as delivered
    overlays: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON
    )  # [{"kind": Overlay, "since": iso date, "source": id}]
    address: Mapped[str] = mapped_column(String(300))
    region: Mapped[str] = mapped_column(String(6))
    industry: Mapped[str] = mapped_column(String(10))
    scope_text: Mapped[str] = mapped_column(Text)
    quality: Mapped[list[str]] = mapped_column(JSON)  # reason codes of doubts that did not refuse the row
    version: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(40))
    received_at: Mapped[datetime] = mapped_column(Moment)
    content_hash: Mapped[str] = mapped_column(String(64))  # SHA-256 of the canonical content
    reports: Mapped[list[list[Any]] | None] = mapped_column(
        JSON(none_as_null=True), info=KEPT
    )  # [[year, whether its annual report is filed], …] of `AnnualReport`; None: nothing was told

    __table_args__ = (
        Index("ix_registry_enterprise_name", "name"),
        Index("ix_registry_enterprise_region_state", "region", "state"),
        bound(),
    )


class EnterpriseVersion(VersionColumns, Base):
    """Every change kept: the whole face as it was, with source and date."""

    __tablename__ = "registry_enterprise_version"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)

    __table_args__ = bound()


class AnnualReport(Base):
    """Whether an enterprise's annual report (年报) of one year is filed, as the department last said."""

    __tablename__ = "registry_annual_report"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    is_filed: Mapped[bool]
    filed_on: Mapped[date | None]
    told_on: Mapped[date | None]  # the day of the department's list, where it says one
    version: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(40))
    received_at: Mapped[datetime] = mapped_column(Moment)
    content_hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = bound()


class AnnualReportVersion(VersionColumns, Base):
    __tablename__ = "registry_annual_report_version"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)

    __table_args__ = bound()


class Premises(Base):
    """A place of business (一照多址). `is_main` marks the registered address; each has its own plate."""

    __tablename__ = "registry_premises"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(300))
    region: Mapped[str] = mapped_column(String(6))
    area: Mapped[str] = mapped_column(String(60))  # commercial area, "" when none
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    phone: Mapped[str | None] = mapped_column(String(30))
    is_main: Mapped[bool]
    is_residence: Mapped[bool]  # a home: the public page masks the house number
    version: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(40))
    received_at: Mapped[datetime] = mapped_column(Moment)
    content_hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        UniqueConstraint("uscc", "name", "address"),
        Index("ix_registry_premises_area", "area"),
        bound(),
    )


class PremisesVersion(VersionColumns, Base):
    __tablename__ = "registry_premises_version"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    premises_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)

    __table_args__ = bound()


class PremisesIndex(Base):
    """Global look-up: premises id → USCC."""

    __tablename__ = "registry_premises_index"

    premises_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    uscc: Mapped[str] = mapped_column(Uscc)

    __table_args__ = index_of("registry_premises", premises_id="id", uscc="uscc")


class ScopeLine(Base):
    """One item of the parsed business scope, with its place in the licence text; `item_code` None waits for a person."""

    __tablename__ = "registry_scope_line"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    start: Mapped[int] = mapped_column(Integer)
    end: Mapped[int] = mapped_column(Integer)
    section: Mapped[str] = mapped_column(String(10))
    item_code: Mapped[str | None] = mapped_column(String(20))
    match: Mapped[str] = mapped_column(String(12))
    confidence: Mapped[float] = mapped_column(Float)
    branch_only: Mapped[bool] = mapped_column(server_default=false())  # the licence leaves it to branches

    __table_args__ = (Index("ix_registry_scope_line_match", "match", "uscc", "position"),)


class ScopeReading(Base):
    """One row: by which reader and catalogue the stored lines were read, and how far a newer reading has come."""

    __tablename__ = "registry_scope_reading"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    version: Mapped[str] = mapped_column(String(80))  # hub.registry.scope.rules.reading_version
    done_to: Mapped[str | None] = mapped_column(
        String(18)
    )  # last USCC read again; None: everybody's lines are of it


class SearchTerms(Base):
    """Bigrams of the name, pinyin, initials and USCC tail as one space-separated text.

    SQLite searches it through an FTS5 table, PostgreSQL through a GIN index (both made by the migration).
    """

    __tablename__ = "registry_search_terms"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    terms: Mapped[str] = mapped_column(Text)
