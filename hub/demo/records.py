"""One enterprise of the demonstration city with all that belongs to it, before anything is stored."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hub.licenses.rules import LicenseState
from hub.registry.rules import EntityState, EntityType, Overlay


class PlateFate(StrEnum):
    """How far the plate of a place has come; the order of the steps is that of `hub.codes.rules`."""

    NONE = "none"
    MADE = "made"
    PLACED = "placed"
    LOST = "lost"
    SUSPENDED = "suspended"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class OverlayListing:
    """An entry in a list that lies over the state (经营异常名录, 严重违法失信名单, …)."""

    kind: Overlay
    since: date


@dataclass(frozen=True, slots=True)
class DemoPremises:
    """A place of business; the first of an enterprise is its registered address. Degrees are WGS 84."""

    name: str
    address: str
    area: str  # "" outside the commercial areas
    latitude: float
    longitude: float
    phone: str
    is_residence: bool
    plate: PlateFate


@dataclass(frozen=True, slots=True)
class DemoLicense:
    """A license with its dates; `place` is the index of the place it names, None when it names none."""

    type_code: str
    number: str
    issuer: str
    issued_on: date
    valid_from: date
    valid_to: date | None
    state: LicenseState
    place: int | None


@dataclass(frozen=True, slots=True)
class Punishment:
    decision_no: str
    act: str
    kind: str
    fine_yuan: int
    level: str
    decided_on: date
    authority: str


@dataclass(frozen=True, slots=True)
class Face:
    """What stands on the business license."""

    uscc: str
    name: str
    entity_type: EntityType
    type_text: str
    person: str
    capital: str | None  # in 10 000 yuan
    established_on: date
    term_to: date | None
    authority: str
    state: EntityState
    region: str
    industry: str
    scope_text: str


@dataclass(frozen=True, slots=True)
class DemoEnterprise:
    number: int
    face: Face
    places: tuple[DemoPremises, ...]
    listings: tuple[OverlayListing, ...] = ()
    permits: tuple[DemoLicense, ...] = ()
    punishments: tuple[Punishment, ...] = ()
