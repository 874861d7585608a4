"""What a department says of an enterprise or a place of business, checked and ready to be stored."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from hub.registry.rules import EntityState, EntityType


class Outcome(StrEnum):
    """What became of one record: stored, already there word for word, or older than what is there."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a call's records come from: which source, in which batch (None: not from a file), when."""

    source: str
    batch_id: UUID | None
    now: datetime

    def version_columns(self) -> dict[str, Any]:
        return {"source": self.source, "batch_id": self.batch_id, "recorded_at": self.now}

    @property
    def by(self) -> str:
        """Whose word an act rests on."""
        return f"source:{self.source}"

    def act_data(
        self, version: int, *, before: str | None = None, after: str | None = None
    ) -> dict[str, Any]:
        """What is put on record of one accepted version; the state where it changed."""
        data: dict[str, Any] = {"source": self.source, "version": version}
        if self.batch_id is not None:
            data["batch"] = str(self.batch_id)
        if before is not None and before != after:
            data |= {"from": before, "to": after}
        return data


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayFact:
    """An overlay (hub.registry.rules.Overlay) as it is stored with the enterprise."""

    kind: str
    since: date
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseRecord:
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
    quality: tuple[str, ...] = ()
    overlays: tuple[OverlayFact, ...] | None = None
    is_residence: bool | None = None

    def content(self) -> dict[str, Any]:
        """What makes a version: every fact of the source, none of our own doubts about it."""
        return {
            "uscc": self.uscc,
            "name": self.name,
            "entity_type": self.entity_type.value,
            "type_text": self.type_text,
            "person": self.person,
            "capital": self.capital,
            "established_on": iso(self.established_on),
            "term_to": iso(self.term_to),
            "authority": self.authority,
            "approved_on": iso(self.approved_on),
            "state": self.state.value,
            "state_text": self.state_text,
            "address": self.address,
            "region": self.region,
            "industry": self.industry,
            "scope_text": self.scope_text,
            "overlays": None
            if self.overlays is None
            else [{"kind": o.kind, "since": o.since.isoformat(), "source": o.source} for o in self.overlays],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PremisesRecord:
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

    def content(self) -> dict[str, Any]:
        return {
            "uscc": self.uscc,
            "name": self.name,
            "address": self.address,
            "region": self.region,
            "area": self.area,
            "latitude": self.latitude,
            "longitude": self.longitude,
            "phone": self.phone,
            "is_residence": self.is_residence,
        }


_CANONICAL = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
_OUTER_REGIONS = re.compile(
    r"(?:浙江省)?(?:衢州市)?"
)  # written or left out at will; the district tells places apart


def address_key(address: str) -> str:
    """One spelling for comparing addresses: NFKC, no blanks, without the province and the city."""
    folded = "".join(unicodedata.normalize("NFKC", address).split())
    return _OUTER_REGIONS.sub("", folded, count=1)


def iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content's one canonical text (sorted members, no spaces, UTF-8)."""
    return hashlib.sha256(_CANONICAL.encode(content).encode()).hexdigest()
