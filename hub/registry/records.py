"""What a department says of an enterprise or a place of business, checked and ready to be stored."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from functools import lru_cache
from operator import attrgetter
from types import MappingProxyType, NoneType
from typing import Any
from uuid import UUID

from sqlalchemy import Table

from hub.registry.rules import EntityState, EntityType
from hub.trust.record.leaf import late_moment


class StoreOutcome(StrEnum):
    """What became of one record: stored, already there word for word, or older than what is there."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a call's records come from: which source, in which batch (None: not from a file), when.

    `now`: when they are put on record. `first_received_at`: when they were received, where that may be earlier: a file
    waited for a person, or its load was stopped and is gone on with (docs/adr/0046-acts-that-come-late.md).
    """

    source: str
    now: datetime
    batch_id: UUID | None = None
    first_received_at: datetime | None = None

    @property
    def received_at(self) -> datetime:
        """Return when the source's word reached the hub."""
        return self.now if self.first_received_at is None else self.first_received_at

    def version_columns(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "batch_id": self.batch_id,
            "recorded_at": self.now,
            "received_at": late_moment(self.received_at, self.now),
        }

    @property
    def by(self) -> str:
        """Whose word an act rests on."""
        return f"source:{self.source}"

    def act_data(
        self, version: int, *, before: str | None = None, after: str | None = None
    ) -> dict[str, Any]:
        """Return what is put on record of one accepted version; the state where it changed."""
        data: dict[str, Any] = {"source": self.source, "version": version}
        if self.batch_id is not None:
            data["batch"] = str(self.batch_id)
        if before is not None and before != after:
            data |= {"from": before, "to": after}
        return data


OURS: Mapping[str, Any] = MappingProxyType({"ours": True})  # of a field that the source does not tell

_PLAIN = frozenset({str, int, float, bool, NoneType})  # nearly every value: as it is, without a call
_Members = tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]  # names, and how to take them all at once


class SourceRecord:
    """What a source tells, as a frozen dataclass. Fields marked `OURS` are our own doubts, and no part of it."""

    __slots__ = ()

    def content(self) -> dict[str, Any]:
        """Return what makes a version, for JSON: every fact of the source, none of our own doubts about it."""
        kind: Any = type(self)
        names, values = _facts(kind)
        return {
            name: value if type(value) in _PLAIN else _for_json(value)
            for name, value in zip(names, values(self), strict=True)
        }


class DepartmentRecord(SourceRecord):
    """What a department says of one thing that belongs to an enterprise, checked and ready to be stored."""

    __slots__ = ()

    uscc: str

    def columns(self, table: Table) -> dict[str, Any]:
        """Return the fields that have a column of their name in that table."""
        kind: Any = type(self)
        names, values = _columns(kind, table)
        return {
            name: value if type(value) in _PLAIN else _for_column(value)
            for name, value in zip(names, values(self), strict=True)
        }


@lru_cache(maxsize=64)  # kinds of records
def _facts(kind: type[Any]) -> _Members:
    return _members(each.name for each in fields(kind) if "ours" not in each.metadata)


@lru_cache(maxsize=64)
def _columns(kind: type[Any], table: Table) -> _Members:
    return _members(each.name for each in fields(kind) if each.name in table.columns)


def _members(names: Iterable[str]) -> _Members:
    chosen = tuple(names)
    return chosen, attrgetter(*chosen)


def _for_json(value: Any) -> Any:
    """Sums are in yuan, to the fen."""
    match value:
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:.2f}"
        case SourceRecord():
            return value.content()
        case _:
            return _for_column(value)


def _for_column(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case tuple():
            return [each if type(each) in _PLAIN else _for_json(each) for each in value]
        case Mapping():
            return dict(value)
        case _:
            return value


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayFact(SourceRecord):
    """An overlay (hub.registry.rules.Overlay) as it is stored with the enterprise."""

    kind: str
    since: date
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseRecord(DepartmentRecord):
    """The licence face. `overlays` None: the source says nothing about lists, what is stored stays."""

    uscc: str
    name: str
    entity_type: EntityType
    type_text: str
    person: str
    capital: str | None
    established_on: date | None
    term_to: date | None
    authority: str
    approved_on: date | None
    state: EntityState
    state_text: str
    address: str
    region: str
    industry: str
    scope_text: str
    quality: tuple[str, ...] = field(default=(), metadata=OURS)
    overlays: tuple[OverlayFact, ...] | None = None
    is_residence: bool | None = field(default=None, metadata=OURS)  # of the main place


@dataclass(frozen=True, slots=True, kw_only=True)
class PremisesRecord(DepartmentRecord):
    """A place of business. One with the registered address is the main place and merges into it.

    `is_residence` None: the source does not say whether somebody lives there.
    """

    uscc: str
    name: str
    address: str
    region: str = ""
    area: str = ""
    latitude: float | None = None
    longitude: float | None = None
    phone: str | None = None
    is_residence: bool | None = None


# Digests are compared over years and between machines: no other choice of separators, order or escapes may creep in.
_CANONICAL = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
_OUTER_REGIONS = re.compile(
    r"(?:浙江省)?(?:衢州市)?"
)  # written or left out at will; the district tells places apart


def address_key(address: str) -> str:
    """Return one spelling for comparing addresses: NFKC, no blanks, without the province and the city."""
    folded = "".join(unicodedata.normalize("NFKC", address).split())
    return _OUTER_REGIONS.sub("", folded, count=1)


def iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def digest(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the content's one canonical text (sorted members, no spaces, UTF-8)."""
    return hashlib.sha256(_CANONICAL.encode(content).encode()).hexdigest()
