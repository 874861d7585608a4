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
from tests.support.forger import NOW, ORIGIN
from tests.support.holder_keys import BAD, P256
from tests.support.wallets import ed25519_wallet, wallet

C = CredentialReason


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
        ({"now": NOW + timedelta(seconds=61)}, C.BINDING_NOT_YET),
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
