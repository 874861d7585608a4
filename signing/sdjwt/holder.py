"""The holder's key: the public half that a credential is bound to, and the wallet's side that signs with it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from keys import Algorithm, PublicKey
from keys.errors import MalformedKeySetError
from keys.jwk import SHAPES, JwkShape, load_public, public_jwk, thumbprint
from signing.algorithms import ALGORITHMS, SCALAR_BYTES
from signing.sdjwt import edwards, errors
from signing.strict_json import encode_base64url

MAX_MEMBERS = 20  # a JWK of RFC 7517 has twelve at most; more is not a key
PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})  # RFC 7518 section 6
KEYS_LOADED = 4_096  # wallets seen again and again; a loaded key is about 1 KB

_ALGORITHM_OF: Mapping[tuple[str, str], Algorithm] = MappingProxyType(
    {(shape.fixed["kty"], shape.fixed["crv"]): algorithm for algorithm, shape in SHAPES.items()}
)


@dataclass(frozen=True, slots=True)
class HolderKey:
    """A public key that may be bound to: loaded, a point of its curve, not of low order.

    `jwk` has the members that make the key and no other.
    """

    algorithm: Algorithm
    jwk: Mapping[str, str]
    public_key: PublicKey

    @property
    def thumbprint(self) -> str:
        """RFC 7638 with SHA-256, base64url: 43 characters."""
        return encode_base64url(thumbprint(self.jwk))


def import_holder_key(jwk: object) -> HolderKey:
    """Return the key that a wallet's JWK describes. Members beyond the key itself are dropped. The steps are numbered.

    Raises: HolderKeyFormError (1) not an object of a few members, HolderKeyPrivateError (2) a secret member,
    HolderKeyKindError (3) another type or curve, or not for signatures, HolderKeyAlgError (4) an `alg` that is
    not the key's, HolderKeyPointError (5) not canonical or not on the curve, HolderKeyLowOrderError (6).
    """
    if not isinstance(jwk, Mapping) or len(jwk) > MAX_MEMBERS:  # step 1
        raise errors.HolderKeyFormError
    if PRIVATE_MEMBERS & jwk.keys():  # step 2
        raise errors.HolderKeyPrivateError
    kty, crv = jwk.get("kty"), jwk.get("crv")
    if not isinstance(kty, str) or not isinstance(crv, str) or jwk.get("use", "sig") != "sig":  # step 3
        raise errors.HolderKeyKindError
    algorithm = _ALGORITHM_OF.get((kty, crv))
    if algorithm is None:
        raise errors.HolderKeyKindError
    if "alg" in jwk and jwk["alg"] not in ALGORITHMS[algorithm].names:  # step 4
        raise errors.HolderKeyAlgError
    members = tuple(jwk.get(name) for name in SHAPES[algorithm].coordinates)
    if not all(isinstance(value, str) for value in members):  # step 5
        raise errors.HolderKeyPointError
    return _load(algorithm, *(str(value) for value in members))


class HolderSigner(Protocol):
    """A wallet's private key at work."""

    @property
    def key(self) -> HolderKey: ...

    def sign(self, message: bytes) -> bytes:
        """64 raw bytes."""


@dataclass(frozen=True, slots=True)
class SoftwareWallet:
    """A private key held in memory: the command line's wallet, and the tests'."""

    private: EllipticCurvePrivateKey | Ed25519PrivateKey
    key: HolderKey

    @classmethod
    def of(cls, private: object) -> "SoftwareWallet":
        """Raises: HolderKeyKindError for another key than P-256 or Ed25519."""
        match private:
            case Ed25519PrivateKey():
                return cls(private, import_holder_key(public_jwk(private.public_key())))
            case EllipticCurvePrivateKey(curve=SECP256R1()):
                return cls(private, import_holder_key(public_jwk(private.public_key())))
            case _:
                raise errors.HolderKeyKindError

    def sign(self, message: bytes) -> bytes:
        if isinstance(self.private, Ed25519PrivateKey):
            return self.private.sign(message)
        r, s = decode_dss_signature(self.private.sign(message, ECDSA(SHA256())))
        return r.to_bytes(SCALAR_BYTES, "big") + s.to_bytes(SCALAR_BYTES, "big")


@lru_cache(maxsize=KEYS_LOADED)
def _load(algorithm: Algorithm, *coordinates: str) -> HolderKey:
    shape: JwkShape = SHAPES[algorithm]
    jwk = {**shape.fixed, **dict(zip(shape.coordinates, coordinates, strict=True))}
    try:
        key = load_public(algorithm, jwk)
    except MalformedKeySetError as error:
        raise errors.HolderKeyPointError from error
    if isinstance(key, Ed25519PublicKey):
        point = edwards.decode(key.public_bytes_raw())
        if point is None:
            raise errors.HolderKeyPointError
        if edwards.has_low_order(point):  # step 6; the other curves have no points of low order
            raise errors.HolderKeyLowOrderError
    return HolderKey(algorithm, MappingProxyType(jwk), key)


def sd_hash(presented: str) -> str:
    """Return what the holder's signature covers: SHA-256 of the token and disclosures with every tilde (RFC 9901 4.3.1)."""
    return encode_base64url(hashlib.sha256(presented.encode("ascii")).digest())
