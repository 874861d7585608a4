"""Public keys as JWKs (RFC 7517, RFC 7518 section 6.2, RFC 8037; SM2: docs/profiles/sm2.md), thumbprints (RFC 7638)."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from keys.errors import MalformedKeySetError
from keys.model import Algorithm
from keys.sm2 import Sm2PublicKey

COORDINATE_BYTES = 32  # P-256 and SM2 coordinates and Ed25519 keys alike
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # SEC 2, section 2.4.2

PublicKey = EllipticCurvePublicKey | Ed25519PublicKey | Sm2PublicKey


@dataclass(frozen=True, slots=True)
class JwkShape:
    """How one algorithm's public key is written: fixed members, then coordinates of 32 bytes each."""

    fixed: Mapping[str, str]
    coordinates: tuple[str, ...]
    load: Callable[[tuple[bytes, ...]], PublicKey]


def _load_p256(coordinates: tuple[bytes, ...]) -> EllipticCurvePublicKey:
    x, y = (int.from_bytes(raw, "big") for raw in coordinates)
    return EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()  # refuses a point off the curve


def _load_ed25519(coordinates: tuple[bytes, ...]) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(coordinates[0])


def _load_sm2(coordinates: tuple[bytes, ...]) -> Sm2PublicKey:
    return Sm2PublicKey.from_bytes(b"".join(coordinates))


SHAPES: Mapping[Algorithm, JwkShape] = MappingProxyType(
    {
        Algorithm.ES256: JwkShape(MappingProxyType({"kty": "EC", "crv": "P-256"}), ("x", "y"), _load_p256),
        Algorithm.EDDSA: JwkShape(MappingProxyType({"kty": "OKP", "crv": "Ed25519"}), ("x",), _load_ed25519),
        Algorithm.SM2: JwkShape(MappingProxyType({"kty": "EC", "crv": "SM2"}), ("x", "y"), _load_sm2),
    }
)


def encode(raw: bytes) -> str:
    """Write bytes as base64url without padding (RFC 7515 section 2)."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def public_jwk(key: PublicKey) -> dict[str, str]:
    """Return the public members of a key: `kty`, `crv` and its coordinates."""
    values: tuple[bytes, ...]
    match key:
        case EllipticCurvePublicKey():
            numbers = key.public_numbers()
            # RFC 7518, 6.2.1.2: always the full 32 bytes, zeros in front included.
            values = (
                numbers.x.to_bytes(COORDINATE_BYTES, "big"),
                numbers.y.to_bytes(COORDINATE_BYTES, "big"),
            )
            shape = SHAPES[Algorithm.ES256]
        case Ed25519PublicKey():
            values = (key.public_bytes_raw(),)
            shape = SHAPES[Algorithm.EDDSA]
        case Sm2PublicKey():
            raw_key = key.to_bytes()
            values = (raw_key[:COORDINATE_BYTES], raw_key[COORDINATE_BYTES:])
            shape = SHAPES[Algorithm.SM2]
    return {**shape.fixed, **{name: encode(raw) for name, raw in zip(shape.coordinates, values, strict=True)}}


def load_public(algorithm: Algorithm, jwk: Mapping[str, object]) -> PublicKey:
    """Load the key that a JWK of this algorithm describes; members beyond the key itself are ignored.

    Raises: MalformedKeySetError for another type or curve, a coordinate that is not 32 canonical bytes, a
    point that is not on the curve.
    """
    shape = SHAPES[algorithm]
    if any(jwk.get(name) != value for name, value in shape.fixed.items()):
        raise MalformedKeySetError(f"not a key for {algorithm}")
    coordinates = tuple(_coordinate(jwk.get(name)) for name in shape.coordinates)
    try:
        return shape.load(coordinates)
    except ValueError as error:
        raise MalformedKeySetError("the key is not a point of its curve") from error


def thumbprint(jwk: Mapping[str, str]) -> bytes:
    """Compute the thumbprint of RFC 7638: SHA-256 of the required members in lexical order without spaces."""
    return hashlib.sha256(json.dumps(dict(jwk), sort_keys=True, separators=(",", ":")).encode()).digest()


def _coordinate(value: object) -> bytes:
    if not isinstance(value, str) or not value.isascii():
        raise MalformedKeySetError("a key member is missing or is not text")
    try:
        raw = urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except ValueError as error:
        raise MalformedKeySetError("a key member is not base64url") from error
    if len(raw) != COORDINATE_BYTES or encode(raw) != value:
        raise MalformedKeySetError("a key member is not 32 bytes in canonical base64url")
    return raw
