"""Codes and tokens under the national profile: believed, refused by a policy, and never taken for another algorithm."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from pathlib import Path

import pytest

from keys import Algorithm, KeyRing, Purpose, PurposeSigner, profile_algorithms
from signing import TOKEN_KINDS, Reason, SigningError, TokenError, TokenKind, Verifier, sign_plate, sign_token
from tests.support.forger import CHEAP, MADE_AT, NOW, ORIGIN, uscc

NATIONAL = [
    kind
    for kind, row in TOKEN_KINDS.items()
    if row.purpose in {Purpose.CREDENTIAL, Purpose.STATUS, Purpose.RECEIPT}
]
SM2 = frozenset({Algorithm.SM2})
ES256 = frozenset({Algorithm.ES256})


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    folder: Path = tmp_path_factory.mktemp("dual") / "keys"
    return KeyRing.create(folder, "ours", now=MADE_AT, cost=CHEAP, algorithms=profile_algorithms("dual"))


def token(kind: TokenKind, signer: PurposeSigner) -> str:
    return sign_token({"iat": int(NOW.timestamp()), "jti": "1"}, kind=kind, signer=signer)


def refusal(verifier: Verifier, text: str, kind: TokenKind) -> Reason:
    with pytest.raises(TokenError) as refused:
        verifier.verify_token(text, kind=kind, now=NOW)
    return refused.value.reason


@pytest.mark.parametrize("kind", NATIONAL)
def test_a_token_signed_with_sm2_is_believed_and_says_so_in_its_header(
    ring: KeyRing, kind: TokenKind
) -> None:
    text = token(kind, ring.signer(TOKEN_KINDS[kind].purpose, Algorithm.SM2))
    header = json.loads(urlsafe_b64decode(text.partition(".")[0] + "=="))

    assert header["alg"] == "SM2"
    assert Verifier(ring.verification_keys()).verify_token(text, kind=kind, now=NOW).claims["jti"] == "1"
    assert Verifier(ring.verification_keys(), algorithms=SM2).verify_token(text, kind=kind, now=NOW)


@pytest.mark.parametrize("kind", NATIONAL)
@pytest.mark.parametrize(("used", "required"), [(Algorithm.SM2, ES256), (Algorithm.ES256, SM2)])
def test_a_policy_refuses_the_other_algorithm_with_its_own_reason(
    ring: KeyRing, kind: TokenKind, used: Algorithm, required: frozenset[Algorithm]
) -> None:
    text = token(kind, ring.signer(TOKEN_KINDS[kind].purpose, used))
    verifier = Verifier(ring.verification_keys(), algorithms=required)

    assert refusal(verifier, text, kind) is Reason.TOKEN_ALGORITHM_NOT_ACCEPTED


@pytest.mark.parametrize("kind", NATIONAL)
@pytest.mark.parametrize("named", ["ES256", "EdDSA", "none", "sm2", "SM3", ""])
def test_a_token_of_an_sm2_key_that_names_another_algorithm_is_refused(
    ring: KeyRing, kind: TokenKind, named: str
) -> None:
    text = token(kind, ring.signer(TOKEN_KINDS[kind].purpose, Algorithm.SM2))
    head, payload, signature = text.split(".")
    header = json.loads(urlsafe_b64decode(head + "==")) | {"alg": named}
    written = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    forged = f"{urlsafe_b64encode(written).rstrip(b'=').decode()}.{payload}.{signature}"

    assert refusal(Verifier(ring.verification_keys()), forged, kind) is Reason.TOKEN_ALG


@pytest.mark.parametrize("kind", NATIONAL)
def test_no_bit_of_an_sm2_token_may_change(ring: KeyRing, kind: TokenKind) -> None:
    text = token(kind, ring.signer(TOKEN_KINDS[kind].purpose, Algorithm.SM2))
    verifier = Verifier(ring.verification_keys())
    for place in range(0, len(text), 7):
        changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        with pytest.raises(TokenError):
            verifier.verify_token(changed, kind=kind, now=NOW)


@pytest.mark.parametrize(("used", "required"), [(Algorithm.SM2, ES256), (Algorithm.ES256, SM2)])
def test_a_policy_refuses_a_code_before_its_signature_is_looked_at(
    ring: KeyRing, used: Algorithm, required: frozenset[Algorithm]
) -> None:
    signer = ring.signer(Purpose.CODE_PLATE, used)
    text = sign_plate(uscc=uscc("TEXT1"), plate_id="7K2M9QXT4K", origin=ORIGIN, signer=signer)
    strict = Verifier(ring.verification_keys(), origins=[ORIGIN], algorithms=required)
    altered = text[:-20] + "AAAAAAAAAAAAAAAAAAAA"

    for shown in (text, altered):
        with pytest.raises(SigningError) as refused:
            strict.verify_code(shown, now=NOW)
        assert refused.value.reason is Reason.CODE_ALGORITHM_NOT_ACCEPTED
    assert Verifier(ring.verification_keys(), origins=[ORIGIN]).verify_code(text, now=NOW + timedelta(days=1))


def test_an_empty_policy_takes_nothing(ring: KeyRing) -> None:
    kind = NATIONAL[0]
    text = token(kind, ring.signer(TOKEN_KINDS[kind].purpose))

    verifier = Verifier(ring.verification_keys(), algorithms=frozenset())
    assert refusal(verifier, text, kind) is Reason.TOKEN_ALGORITHM_NOT_ACCEPTED
