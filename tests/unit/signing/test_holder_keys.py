"""Keys that nobody should bind to are refused at import; a wallet proves the one that it has."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keys import public_jwk
from signing import SigningError
from signing.sdjwt import (
    CredentialReason,
    SoftwareWallet,
    edwards,
    import_holder_key,
    sign_proof,
    verify_proof,
)
from signing.sdjwt.errors import HolderKeyKindError
from signing.strict_json import decode_base64url, encode_base64url
from tests.support.forger import NOW, ORIGIN
from tests.support.wallets import ed25519_wallet, wallet

C = CredentialReason
P256 = dict(wallet().key.jwk)
ED25519 = dict(ed25519_wallet().key.jwk)
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
    *((x_only(raw), C.HOLDER_KEY_POINT) for raw in NOT_CANONICAL),
    *((x_only(raw), C.HOLDER_KEY_LOW_ORDER) for raw in LOW_ORDER),
]


@pytest.mark.parametrize(
    ("jwk", "reason"), BAD, ids=[f"{reason}-{number}" for number, (_jwk, reason) in enumerate(BAD)]
)
def test_a_key_nobody_should_bind_to_is_refused(jwk: object, reason: CredentialReason) -> None:
    with pytest.raises(SigningError) as refusal:
        import_holder_key(jwk)

    assert refusal.value.reason is reason


def test_members_beyond_the_key_are_dropped() -> None:
    browser = {**P256, "ext": True, "key_ops": ["verify"], "alg": "ES256", "use": "sig", "kid": "mine"}

    assert dict(import_holder_key(browser).jwk) == P256
    assert len(import_holder_key(browser).thumbprint) == 43


def test_a_thousand_honest_ed25519_keys_are_points_of_full_order() -> None:
    for _ in range(1_000):
        raw = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
        point = edwards.decode(raw)
        assert point is not None
        assert not edwards.has_low_order(point)
        assert point[1].to_bytes(32, "little")[:31] == raw[:31]


def test_a_wallet_of_another_curve_is_refused() -> None:
    with pytest.raises(HolderKeyKindError):
        SoftwareWallet.of(generate_private_key(SECP384R1()))
    with pytest.raises(HolderKeyKindError):
        SoftwareWallet.of("a key")


@pytest.mark.parametrize("holder", [wallet(), ed25519_wallet()], ids=["P-256", "Ed25519"])
def test_a_proof_names_its_key_and_nonce(holder: SoftwareWallet) -> None:
    proof = sign_proof(audience=ORIGIN, nonce="n", signer=holder, now=NOW)

    key, nonce = verify_proof(proof, audience=ORIGIN, now=NOW)

    assert (key.thumbprint, nonce) == (holder.key.thumbprint, "n")
    assert dict(key.jwk) == public_jwk(holder.private.public_key())


@pytest.mark.parametrize(
    ("altered", "reason"),
    [
        ({"audience": "https://evil.example"}, C.BINDING_AUDIENCE),
        ({"now": NOW - timedelta(minutes=6)}, C.BINDING_STALE),
        ({"now": NOW + timedelta(minutes=1)}, C.BINDING_NOT_YET),
    ],
)
def test_a_proof_for_others_or_of_another_time_is_refused(
    altered: dict[str, object], reason: CredentialReason
) -> None:
    told = {"audience": ORIGIN, "nonce": "n", "signer": wallet(), "now": NOW, **altered}

    with pytest.raises(SigningError) as refusal:
        verify_proof(sign_proof(**told), audience=ORIGIN, now=NOW)  # type: ignore[arg-type]  # as in the table

    assert refusal.value.reason is reason


def test_a_proof_of_a_key_that_did_not_sign_it_is_refused() -> None:
    mine, theirs = (sign_proof(audience=ORIGIN, nonce="n", signer=wallet(), now=NOW) for _ in range(2))
    mixed = ".".join((theirs.split(".")[0], *mine.split(".")[1:]))

    with pytest.raises(SigningError) as refusal:
        verify_proof(mixed, audience=ORIGIN, now=NOW)

    assert refusal.value.reason is C.BINDING_SIGNATURE
    for wrong in ("", "a.b.c", mine + "é", mine.split(".")[0]):
        with pytest.raises(SigningError):
            verify_proof(wrong, audience=ORIGIN, now=NOW)
