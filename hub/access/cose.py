"""Public keys of passkeys (COSE_Key, RFC 9052 §7; RFC 9053 §7; RFC 8230 §4): only what we ask authenticators for.

A key is looked at once, before it is stored: a point that is not on its curve, a modulus that anybody can factor or
an odd member would otherwise fail, or worse succeed, at every later login.
"""

from collections.abc import Callable, Mapping

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from webauthn.helpers import parse_cbor
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException

from hub.access.errors import PasskeyUnfitError

ALGORITHMS = (
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
)
RSA_BITS = (2048, 4096)  # NIST SP 800-131A: at least 2048; authenticators make no longer ones than 4096
RSA_EXPONENTS = (3, 2**32)  # odd, and what hardware uses; a huge one only costs time

_KTY, _ALG, _CRV, _X, _Y = 1, 3, -1, -2, -3
_N, _E = -1, -2  # of RSA keys (RFC 8230)
_P256, _ED25519 = 1, 6
_COORDINATE = 32  # bytes, of both curves
_P = 2**255 - 19
# points whose order divides 8 (RFC 7748 §6.1 and its twin on the Edwards curve): a signature under them proves nothing
_SMALL_Y = frozenset(
    {
        0,
        1,
        _P - 1,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD83D3D706A17C7,
    }
)

Members = Mapping[object, object]


def check_key(key: bytes) -> None:
    """Raises: PasskeyUnfitError for a key that we did not ask for or that is none."""
    try:
        members = parse_cbor(key)
        check = _checker(members)
        check(members)
    except (WebAuthnException, UnsupportedAlgorithm, LookupError, TypeError, ValueError) as error:
        raise PasskeyUnfitError(f"{type(error).__name__}: {error}") from error


def _checker(members: Members) -> Callable[[Members], None]:
    kind = (_number(members, _KTY), _number(members, _ALG))
    match kind:
        case (1, -8):
            return _check_ed25519
        case (2, -7):
            return _check_p256
        case (3, -257):
            return _check_rsa
    raise ValueError(f"kind {kind}")


def _check_ed25519(members: Members) -> None:
    text = _text(members, _X)
    if _number(members, _CRV) != _ED25519 or len(text) != _COORDINATE:
        raise ValueError("no Ed25519 key")
    y = int.from_bytes(text, "little") & (2**255 - 1)
    if y >= _P or y in _SMALL_Y:
        raise ValueError("no point of the group")
    Ed25519PublicKey.from_public_bytes(text)


def _check_p256(members: Members) -> None:
    x, y = _text(members, _X), _text(members, _Y)
    if _number(members, _CRV) != _P256 or len(x) != _COORDINATE or len(y) != _COORDINATE:
        raise ValueError("no P-256 key")
    EllipticCurvePublicNumbers(int.from_bytes(x), int.from_bytes(y), SECP256R1()).public_key()


def _check_rsa(members: Members) -> None:
    modulus, exponent = int.from_bytes(_text(members, _N)), int.from_bytes(_text(members, _E))
    least, most = RSA_BITS
    if not least <= modulus.bit_length() <= most or modulus % 2 == 0:
        raise ValueError("modulus")
    if not RSA_EXPONENTS[0] <= exponent < RSA_EXPONENTS[1] or exponent % 2 == 0:
        raise ValueError("exponent")
    RSAPublicNumbers(exponent, modulus).public_key()


def _number(members: Members, label: int) -> int:
    value = members[label]
    if type(value) is not int:  # True is one to `==`
        raise TypeError(f"member {label}")
    return value


def _text(members: Members, label: int) -> bytes:
    value = members[label]
    if not isinstance(value, bytes):
        raise TypeError(f"member {label}")
    return value
