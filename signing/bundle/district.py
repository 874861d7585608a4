"""What an officer takes along: the enterprises of one district with their premises and licenses."""

import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from signing.bundle.errors import BundleDistrictError
from signing.strict_json import NotCanonicalError, decode_base64url, encode_base64url, read_object, write_json

COMPRESSION = 6
MAX_DISTRICT_BYTES = 32 * 1024 * 1024  # 60 000 enterprises with five licenses each

Row = list[object]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CarriedPremises:
    """A registered place: `id` as plates and pages name it."""

    id: str
    address: str


@dataclass(frozen=True, slots=True)
class CarriedLicense:
    """A license as it stood; `valid_to` is an ISO date or empty (no end), `colour` and `reason` those of the day."""

    type: str
    number: str
    valid_to: str
    colour: str
    reason: str


@dataclass(frozen=True, slots=True)
class CarriedEnterprise:
    """An enterprise as it stood when the bundle was made."""

    uscc: str
    name: str
    status: str
    premises: tuple[CarriedPremises, ...]
    licenses: tuple[CarriedLicense, ...]

    def as_row(self) -> Row:
        return [
            self.uscc,
            self.name,
            self.status,
            [[each.id, each.address] for each in self.premises],
            [[each.type, each.number, each.valid_to, each.colour, each.reason] for each in self.licenses],
        ]


@dataclass(frozen=True, slots=True)
class District:
    """Enterprises by credit code, of a region (the first digits of an administrative division code)."""

    region: str
    enterprises: Mapping[str, CarriedEnterprise]

    @classmethod
    def of(cls, region: str, enterprises: Iterable[CarriedEnterprise]) -> "District":
        return cls(region, MappingProxyType({each.uscc: each for each in enterprises}))

    def written(self) -> dict[str, str]:
        """Return the claim: the rows as JSON, compressed by zlib, in base64url."""
        content = write_json({"enterprises": [each.as_row() for each in self.enterprises.values()]})
        return {"region": self.region, "zip": encode_base64url(zlib.compress(content, COMPRESSION))}

    @classmethod
    def read(cls, claim: object) -> "District":
        """Raises: BundleDistrictError."""
        match claim:
            case {"region": str(region), "zip": str(packed)}:
                content = _inflate(packed)
            case _:
                raise BundleDistrictError
        return cls.of(region, _list_of(content.get("enterprises"), _enterprise))


def _inflate(packed: str) -> dict[str, object]:
    stream = zlib.decompressobj()
    try:
        raw = stream.decompress(decode_base64url(packed), MAX_DISTRICT_BYTES + 1)
        if len(raw) > MAX_DISTRICT_BYTES or not stream.eof or stream.unused_data:
            raise BundleDistrictError
        return read_object(raw)
    except (NotCanonicalError, zlib.error) as error:
        raise BundleDistrictError from error


def _enterprise(row: object) -> CarriedEnterprise:
    match row:
        case [str(uscc), str(name), str(status), list(premises), list(licenses)]:
            return CarriedEnterprise(
                uscc, name, status, _list_of(premises, _premises), _list_of(licenses, _license)
            )
    raise BundleDistrictError


def _premises(row: object) -> CarriedPremises:
    match row:
        case [str(premises_id), str(address)]:
            return CarriedPremises(premises_id, address)
    raise BundleDistrictError


def _license(row: object) -> CarriedLicense:
    match row:
        case [str(kind), str(number), str(valid_to), str(colour), str(reason)]:
            return CarriedLicense(kind, number, valid_to, colour, reason)
    raise BundleDistrictError


def _list_of(rows: object, read: Callable[[object], T]) -> tuple[T, ...]:
    if not isinstance(rows, list):
        raise BundleDistrictError
    return tuple(read(row) for row in rows)
