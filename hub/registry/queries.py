"""The anchor as views show it: the license face, premises, parsed scope, and what changed when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.kernel.errors import NotFoundError
from hub.registry.faces import FACE_FIELDS, FaceFields
from hub.registry.models import Enterprise, EnterpriseVersion, Premises, ScopeLine
from hub.registry.rules import EntityState, EntityType, Overlay

MAX_VERSIONS = 100  # a license face changes a few times a year; more is a page nobody reads


@dataclass(frozen=True, slots=True)
class OverlayView:
    """Something that lies over the state, since when (if the source said), and which source said so."""

    kind: Overlay
    since: date | None
    source: str


@dataclass(frozen=True, slots=True)
class EnterpriseView:
    """The face of the business license as it stands, with where it came from."""

    uscc: str
    name: str
    kind: EntityType
    type_text: str
    person: str
    capital: str | None
    established_on: date | None
    term_to: date | None
    authority: str
    approved_on: date | None
    state: EntityState
    state_text: str
    overlays: tuple[OverlayView, ...]
    reports: (
        tuple[tuple[int, bool], ...] | None
    )  # year, and whether its annual report is filed; None: not told
    address: str
    region: str
    industry: str
    scope_text: str
    quality: tuple[str, ...]
    version: int
    source: str
    received_at: datetime

    @property
    def labels(self) -> FaceFields:
        """What the lines of this kind's face are called."""
        return FACE_FIELDS[self.kind]

    @property
    def overlay_kinds(self) -> frozenset[Overlay]:
        return frozenset(overlay.kind for overlay in self.overlays)


@dataclass(frozen=True, slots=True)
class PremisesView:
    id: UUID
    name: str
    address: str
    region: str
    area: str
    latitude: float | None
    longitude: float | None
    phone: str | None
    is_main: bool
    is_residence: bool
    version: int
    source: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ScopeLineView:
    """One item of the scope; `start` and `end` are offsets in the licence text, `item_code` None is undecided."""

    position: int
    text: str
    start: int
    end: int
    section: str
    item_code: str | None
    match: str
    confidence: float
    branch_only: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One field of the face before and after, as delivered."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of the face; the first has no changes."""

    version: int
    source: str
    recorded_at: datetime
    received_at: datetime | None  # where it came before it was put on record
    changes: tuple[Change, ...]


def enterprise(session: Session, uscc: str) -> EnterpriseView:
    """Return the face of one enterprise, in one statement. Raises: NotFoundError."""
    row = session.get(Enterprise, uscc)
    if row is None:
        raise NotFoundError
    return _enterprise(row)


def premises(session: Session, uscc: str) -> tuple[PremisesView, ...]:
    """Return every place of business, the registered address first. One statement."""
    rows = session.scalars(
        select(Premises)
        .where(Premises.uscc == uscc)
        .order_by(Premises.is_main.desc(), Premises.name, Premises.id)
    )
    return tuple(PremisesView(**{name: getattr(row, name) for name in _PREMISES_FIELDS}) for row in rows)


def scope(session: Session, uscc: str) -> tuple[ScopeLineView, ...]:
    """Return the parsed items in the order of the licence text. One statement."""
    rows = session.scalars(select(ScopeLine).where(ScopeLine.uscc == uscc).order_by(ScopeLine.position))
    return tuple(ScopeLineView(**{name: getattr(row, name) for name in _SCOPE_FIELDS}) for row in rows)


def versions(session: Session, uscc: str) -> tuple[VersionView, ...]:
    """Return what changed on the face, newest first. One statement."""
    rows = session.scalars(
        select(EnterpriseVersion)
        .where(EnterpriseVersion.uscc == uscc)
        .order_by(EnterpriseVersion.version.desc())
        .limit(MAX_VERSIONS + 1)
    ).all()
    # One row more than is shown is read, so that the oldest one shown has its predecessor to be compared with.
    pairs = zip_longest(rows[:MAX_VERSIONS], (row.content for row in rows[1:]))  # each with the one before it
    return tuple(
        VersionView(row.version, row.source, row.recorded_at, row.received_at, changes(before, row.content))
        for row, before in pairs
    )


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return the fields that differ, in the order of their names; nothing when there is no earlier version."""
    if before is None:
        return ()
    fields = sorted({*before, *after})
    return tuple(
        Change(field, _text(before.get(field)), _text(after.get(field)))
        for field in fields
        if before.get(field) != after.get(field)
    )


_PREMISES_FIELDS = tuple(PremisesView.__dataclass_fields__)
_SCOPE_FIELDS = tuple(ScopeLineView.__dataclass_fields__)
_DERIVED = frozenset({"kind", "state", "overlays", "reports", "quality"})
_AS_STORED = tuple(name for name in EnterpriseView.__dataclass_fields__ if name not in _DERIVED)


def _enterprise(row: Enterprise) -> EnterpriseView:
    stored = {name: getattr(row, name) for name in _AS_STORED}
    return EnterpriseView(
        **stored,
        kind=EntityType(row.entity_type),
        state=EntityState(row.state),
        overlays=tuple(_overlay(overlay) for overlay in row.overlays),
        reports=None if row.reports is None else tuple((year, is_filed) for year, is_filed in row.reports),
        quality=tuple(row.quality),
    )


def _overlay(stored: Mapping[str, Any]) -> OverlayView:
    since = stored.get("since")
    return OverlayView(
        kind=Overlay(stored["kind"]),
        since=date.fromisoformat(since) if since else None,
        source=stored.get("source", ""),
    )


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case list():
            return "、".join(_text(inner) for inner in value)
        case dict():
            return " ".join(_text(inner) for inner in value.values())
        case _:
            return str(value)
