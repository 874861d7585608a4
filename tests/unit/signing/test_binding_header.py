"""What a wallet adds to the header of its token changes nothing; what it says must be understood is refused."""

from datetime import timedelta
from pathlib import Path

import pytest

from signing.sdjwt import errors, verify_credential, verify_proof
from signing.strict_json import encode_base64url, write_json
from tests.support.credentials import AUDIENCE, HOLDER, NONCE, attached, genuine
from tests.support.forger import NOW, ORIGIN, Workshop
from tests.support.wallets import wallet

PLAIN = {"alg": "ES256", "typ": "kb+jwt"}
STRANGER = wallet()
MORE = (
    {"kid": "holder-1"},
    {"jwk": dict(STRANGER.key.jwk)},
    {"x5c": ["AAAA"]},
    {"cty": "JWT", "extra": [1]},
)
MOMENTS = (
    (60, None),
    (61, errors.BindingNotYetError),
    (-300, None),
    (-301, errors.BindingStaleError),
)


def believed(shop: Workshop, text: str) -> object:
    keys = shop.ring.verification_keys()
    return verify_credential(text, keys=keys, now=NOW, issuer=ORIGIN, audience=AUDIENCE, nonce=NONCE)


def proof(**more: object) -> str:
    header = {"alg": "ES256", "jwk": dict(HOLDER.key.jwk), "typ": "openid4vci-proof+jwt", **more}
    claims = {"aud": ORIGIN, "iat": int(NOW.timestamp()), "nonce": NONCE}
    message = f"{encode_base64url(write_json(header))}.{encode_base64url(write_json(claims))}"
    return f"{message}.{encode_base64url(HOLDER.sign(message.encode()))}"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop.open(Path(tmp_path_factory.mktemp("shop")))


@pytest.mark.parametrize("more", MORE)
def test_members_that_are_not_understood_are_passed_over(shop: Workshop, more: dict[str, object]) -> None:
    assert believed(shop, attached(genuine(shop), header={**PLAIN, **more}))


def test_the_key_comes_from_the_credential_alone(shop: Workshop) -> None:
    header = {**PLAIN, "jwk": dict(STRANGER.key.jwk), "kid": "holder-1"}
    with pytest.raises(errors.BindingSignatureError):
        believed(shop, attached(genuine(shop), header=header, holder=STRANGER))


@pytest.mark.parametrize("crit", [["exp"], [], ["b64"], "exp"])
def test_what_must_be_understood_is_refused(shop: Workshop, crit: object) -> None:
    with pytest.raises(errors.BindingHeaderError):
        believed(shop, attached(genuine(shop), header={**PLAIN, "crit": crit, "exp": 1}))


@pytest.mark.parametrize(
    "more", [{"cty": "JWT"}, {"key_attestation": "AAAA"}, {"trust_chain": []}, {"extra": {"crit": 1}}]
)
def test_a_wallets_proof_may_have_members_that_are_not_understood(more: dict[str, object]) -> None:
    key, nonce = verify_proof(proof(**more), audience=ORIGIN, now=NOW)

    assert (key.thumbprint, nonce) == (HOLDER.key.thumbprint, NONCE)


@pytest.mark.parametrize(
    "more", [{"crit": []}, {"crit": ["exp"]}, {"kid": "1"}, {"kid": None}, {"x5c": ["AAAA"]}, {"jwk": None}]
)
def test_a_wallets_proof_names_one_key_and_nothing_that_must_be_understood(more: dict[str, object]) -> None:
    with pytest.raises((errors.BindingHeaderError, errors.HolderKeyFormError)):
        verify_proof(proof(**more), audience=ORIGIN, now=NOW)


@pytest.mark.parametrize(("seconds", "error"), MOMENTS)
def test_a_wallets_clock_may_be_a_minute_ahead_and_its_token_five_minutes_old(
    shop: Workshop, seconds: int, error: type[Exception] | None
) -> None:
    issued = int((NOW + timedelta(seconds=seconds)).timestamp())
    shown = attached(genuine(shop), iat=issued)
    if error is None:
        assert believed(shop, shown)
        return
    with pytest.raises(error):
        believed(shop, shown)
