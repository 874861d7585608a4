"""How each algorithm's signatures are believed: one row per algorithm, and a key has exactly one.

All signatures are 64 raw bytes. Signing is the key's own business (`keys`), so that no private key passes here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from keys import Algorithm, PublicKey, Sm2PublicKey
from keys.jwk import P256_ORDER

SCALAR_BYTES = 32
SIGNATURE_BYTES = 64
# Where (r, s) verifies, (r, n - s) does too: we write the lower s alone, and codes with the other are refused, so that
# a code has no second text.
HALF_ORDER = P256_ORDER // 2

RawVerify = Callable[[bytes, bytes], bool]
"""(message, signature of 64 bytes) -> whether the key made it."""


@dataclass(frozen=True, slots=True)
class AlgorithmRow:
    """`names` are the JOSE names accepted for it, the first is the one written. `bind` prepares a loaded key."""

    names: tuple[str, ...]
    bind: Callable[[PublicKey], RawVerify]
    is_twin: Callable[[bytes], bool]


def _bind_es256(key: PublicKey) -> RawVerify:
    if not isinstance(key, EllipticCurvePublicKey):
        raise TypeError("ES256 needs a P-256 key")
    raw, scheme = key.verify, ECDSA(SHA256())

    def verify(message: bytes, signature: bytes) -> bool:
        r = int.from_bytes(signature[:SCALAR_BYTES], "big")
        s = int.from_bytes(signature[SCALAR_BYTES:], "big")
        # FIPS 186-5, 6.4.2 step 1. A verifier without it took a signature of zeros for good (CVE-2022-21449).
        if not (0 < r < P256_ORDER and 0 < s < P256_ORDER):
            return False
        try:
            raw(encode_dss_signature(r, s), message, scheme)
        except InvalidSignature:
            return False
        return True

    return verify


def _bind_eddsa(key: PublicKey) -> RawVerify:
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError("EdDSA needs an Ed25519 key")
    raw = key.verify

    def verify(message: bytes, signature: bytes) -> bool:
        try:
            raw(signature, message)
        except InvalidSignature:
            return False
        return True

    return verify


def _bind_sm2(key: PublicKey) -> RawVerify:
    if not isinstance(key, Sm2PublicKey):
        raise TypeError("SM2 needs an SM2 key")
    raw = key.verify

    def verify(message: bytes, signature: bytes) -> bool:
        return raw(signature, message)

    return verify


def _is_high_s(signature: bytes) -> bool:
    """Whether s lies in the upper half, where only an altered signature of ours can lie."""
    return int.from_bytes(signature[SCALAR_BYTES:], "big") > HALF_ORDER


def _has_no_twin(_signature: bytes) -> bool:
    return False


ALGORITHMS: Mapping[Algorithm, AlgorithmRow] = MappingProxyType(
    {
        Algorithm.ES256: AlgorithmRow(("ES256",), _bind_es256, _is_high_s),
        Algorithm.EDDSA: AlgorithmRow(("EdDSA", "Ed25519"), _bind_eddsa, _has_no_twin),  # RFC 8037, RFC 9864
        Algorithm.SM2: AlgorithmRow(("SM2",), _bind_sm2, _has_no_twin),  # docs/profiles/sm2.md section 4
    }
)
