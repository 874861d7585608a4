"""Keys that nobody should bind a credential to, each with the reason, and good ones to compare with."""

from keys.sm2 import VECTOR_POINT
from signing.sdjwt import CredentialReason
from signing.strict_json import decode_base64url, encode_base64url
from tests.support.wallets import ed25519_wallet, wallet

C = CredentialReason
P256 = dict(wallet().key.jwk)
ED25519 = dict(ed25519_wallet().key.jwk)
SM2 = {
    "kty": "EC",
    "crv": "SM2",
    "x": encode_base64url(VECTOR_POINT[:32]),
    "y": encode_base64url(VECTOR_POINT[32:]),
}
FIELD = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
LOW_ORDER = (  # y of the points whose order divides 8, little-endian, and the same with the sign bit
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
)
NOT_CANONICAL = (  # y not below the prime, and minus zero
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
)


def x_only(raw: str) -> dict[str, str]:
    return {**ED25519, "x": encode_base64url(bytes.fromhex(raw))}


def moved(name: str) -> dict[str, str]:
    """A coordinate with its last bit flipped: off the curve."""
    raw = bytearray(decode_base64url(P256[name]))
    raw[-1] ^= 1
    return {**P256, name: encode_base64url(bytes(raw))}


BAD: list[tuple[object, CredentialReason]] = [
    (None, C.HOLDER_KEY_FORM),
    ([P256], C.HOLDER_KEY_FORM),
    ("a key", C.HOLDER_KEY_FORM),
    ({str(i): "x" for i in range(21)}, C.HOLDER_KEY_FORM),
    ({**P256, "d": "AA"}, C.HOLDER_KEY_PRIVATE),
    ({"kty": "oct", "k": "AA"}, C.HOLDER_KEY_PRIVATE),
    ({}, C.HOLDER_KEY_KIND),
    ({**P256, "crv": "P-384"}, C.HOLDER_KEY_KIND),
    ({**P256, "crv": "secp256k1"}, C.HOLDER_KEY_KIND),
    ({**P256, "kty": "OKP"}, C.HOLDER_KEY_KIND),
    ({**ED25519, "crv": "X25519"}, C.HOLDER_KEY_KIND),
    ({**P256, "kty": ["EC"]}, C.HOLDER_KEY_KIND),
    ({**P256, "use": "enc"}, C.HOLDER_KEY_KIND),
    ({**P256, "alg": "EdDSA"}, C.HOLDER_KEY_ALG),
    ({**P256, "alg": "none"}, C.HOLDER_KEY_ALG),
    ({**P256, "alg": None}, C.HOLDER_KEY_ALG),
    ({**ED25519, "alg": "ES256"}, C.HOLDER_KEY_ALG),
    (moved("x"), C.HOLDER_KEY_POINT),
    (moved("y"), C.HOLDER_KEY_POINT),
    ({**P256, "x": encode_base64url(bytes(32)), "y": encode_base64url(bytes(32))}, C.HOLDER_KEY_POINT),
    ({**P256, "x": encode_base64url(FIELD.to_bytes(32, "big"))}, C.HOLDER_KEY_POINT),
    ({**P256, "x": P256["x"] + "="}, C.HOLDER_KEY_POINT),
    ({**P256, "x": P256["x"][:-1]}, C.HOLDER_KEY_POINT),
    ({**P256, "y": None}, C.HOLDER_KEY_POINT),
    ({"kty": "EC", "crv": "P-256", "x": P256["x"]}, C.HOLDER_KEY_POINT),
    (x_only("02" + "00" * 31), C.HOLDER_KEY_POINT),
    ({**SM2, "y": SM2["x"]}, C.HOLDER_KEY_POINT),
    ({**SM2, "x": encode_base64url(b"\xff" * 32)}, C.HOLDER_KEY_POINT),
    *((x_only(raw), C.HOLDER_KEY_POINT) for raw in NOT_CANONICAL),
    *((x_only(raw), C.HOLDER_KEY_LOW_ORDER) for raw in LOW_ORDER),
]
