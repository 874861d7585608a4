"""Strict tokens: the genuine one is believed, the forged never, and no kind passes for another."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import KeySet, KeyState, Purpose
from keys.jwk import P256_ORDER
from signing import (
    TOKEN_KINDS,
    Reason,
    SigningError,
    TokenError,
    TokenKind,
    Verifier,
    WrongSignerError,
    sign_token,
)
from signing.strict_json import decode_base64url, encode_base64url, read_object, write_json
from tests.support.forged_tokens import TOKEN_FORGERIES
from tests.support.forger import NOW, ForgeryClass, Workshop, attempt
from tests.support.tokens import AUDIENCE, CLAIMS, ISSUER, KIND, genuine

PLAIN = {"iat": int(NOW.timestamp())}


@pytest.mark.parametrize("kind", TokenKind)
@pytest.mark.parametrize("forgery", TOKEN_FORGERIES.values(), ids=TOKEN_FORGERIES.keys())
def test_a_class_of_forged_tokens_is_refused_with_its_reason(
    forgery: ForgeryClass, kind: TokenKind, workshop: Workshop
) -> None:
    _refused(forgery, replace(workshop, kind=kind))


NATIONAL = [kind for kind in TokenKind if TOKEN_KINDS[kind].purpose not in {Purpose.BUNDLE, Purpose.OIDC}]


@pytest.mark.parametrize("kind", NATIONAL)
@pytest.mark.parametrize("forgery", TOKEN_FORGERIES.values(), ids=TOKEN_FORGERIES.keys())
def test_a_class_of_forged_tokens_under_sm2_is_refused_with_its_reason(
    forgery: ForgeryClass, kind: TokenKind, national: Workshop
) -> None:
    _refused(forgery, replace(national, kind=kind))


def _refused(forgery: ForgeryClass, shop: Workshop) -> None:
    verifier = shop.verifier()

    outcome = attempt(
        forgery,
        shop,
        lambda token: verifier.verify_token(token, kind=shop.kind, now=NOW, issuer=ISSUER, audience=AUDIENCE),
        seed=7,
    )

    assert outcome.tried > 0
    assert outcome.accepted == []
    assert outcome.wrong == []


def test_there_are_as_many_classes_as_promised() -> None:
    assert len(TOKEN_FORGERIES) >= 20


def test_a_genuine_token_gives_its_claims(workshop: Workshop) -> None:
    token = workshop.verifier().verify_token(
        genuine(workshop), kind=KIND, now=NOW, issuer=ISSUER, audience=AUDIENCE
    )

    assert token.claims == CLAIMS
    assert (token.kind, token.kid, token.verified_at) == (KIND, workshop.signer(Purpose.RECEIPT).kid, NOW)
    with pytest.raises(TypeError):
        token.claims["iss"] = "other"  # type: ignore[index]


@pytest.mark.parametrize("asked", TokenKind)
@pytest.mark.parametrize("made", TokenKind)
def test_a_token_of_one_kind_is_refused_wherever_another_is_asked_for(
    workshop: Workshop, made: TokenKind, asked: TokenKind
) -> None:
    token = sign_token(PLAIN, kind=made, signer=workshop.signer(TOKEN_KINDS[made].purpose))

    if made is asked:
        assert workshop.verifier().verify_token(token, kind=asked, now=NOW).claims == PLAIN
    else:
        with pytest.raises(TokenError) as refusal:
            workshop.verifier().verify_token(token, kind=asked, now=NOW)
        assert refusal.value.reason is Reason.TOKEN_TYP


@pytest.mark.parametrize("kind", TokenKind)
@pytest.mark.parametrize("purpose", Purpose)
def test_a_key_signs_no_kind_but_its_own(workshop: Workshop, kind: TokenKind, purpose: Purpose) -> None:
    if TOKEN_KINDS[kind].purpose is purpose:
        assert sign_token(PLAIN, kind=kind, signer=workshop.signer(purpose))
    else:
        with pytest.raises(WrongSignerError):
            sign_token(PLAIN, kind=kind, signer=workshop.signer(purpose))


def test_ed25519_tokens_are_believed_under_both_names(workshop: Workshop) -> None:
    signer = workshop.signer(Purpose.BUNDLE)
    for name in ("EdDSA", "Ed25519"):
        header = {"alg": name, "kid": signer.kid, "typ": "bundle+jwt"}
        message = f"{encode_base64url(write_json(header))}.{encode_base64url(write_json(PLAIN))}"
        token = f"{message}.{encode_base64url(signer.sign(message.encode()))}"

        assert workshop.verifier().verify_token(token, kind=TokenKind.BUNDLE, now=NOW).claims == PLAIN


def test_the_twin_of_a_token_is_the_same_token(workshop: Workshop) -> None:
    """(r, n - s) verifies as everywhere else: a token is known by its jti, never by its text."""
    header, payload, signature = genuine(workshop).split(".")
    raw = decode_base64url(signature)
    twin = raw[:32] + (P256_ORDER - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")

    believed = workshop.verifier().verify_token(
        f"{header}.{payload}.{encode_base64url(twin)}", kind=KIND, now=NOW, issuer=ISSUER, audience=AUDIENCE
    )

    assert believed.claims["jti"] == CLAIMS["jti"]


def test_five_seconds_of_clock_difference_are_forgiven(workshop: Workshop) -> None:
    verifier, now = workshop.verifier(), int(NOW.timestamp())

    for claims in ({"iat": now + 5}, {"iat": now, "nbf": now + 5}, {"iat": now - 9, "exp": now - 4}):
        token = sign_token(claims, kind=KIND, signer=workshop.signer(Purpose.RECEIPT))
        assert verifier.verify_token(token, kind=KIND, now=NOW)


def test_a_token_for_somebody_is_refused_by_one_who_is_nobody(workshop: Workshop) -> None:
    with pytest.raises(TokenError) as refusal:
        workshop.verifier().verify_token(genuine(workshop), kind=KIND, now=NOW, issuer=ISSUER)

    assert refusal.value.reason is Reason.TOKEN_AUDIENCE


def test_a_token_for_several_is_taken_by_each(workshop: Workshop) -> None:
    token = genuine(workshop, aud=["https://other.example", AUDIENCE])

    assert workshop.verifier().verify_token(token, kind=KIND, now=NOW, audience=AUDIENCE)


@pytest.mark.parametrize(
    ("change", "believed"),
    [
        ({"state": KeyState.VERIFY_ONLY, "ended_at": NOW}, True),
        ({"state": KeyState.VERIFY_ONLY, "ended_at": NOW - timedelta(minutes=1)}, False),
        ({"state": KeyState.PENDING, "activated_at": NOW}, True),
        ({"state": KeyState.PENDING, "activated_at": NOW + timedelta(minutes=1)}, False),
        ({"state": KeyState.RETIRED}, False),
        ({"state": KeyState.COMPROMISED}, False),
    ],
)
def test_a_token_is_believed_only_if_its_key_was_in_use_at_its_issue(
    workshop: Workshop, change: dict[str, object], *, believed: bool
) -> None:
    infos = [
        replace(info, **change) if info.purpose is Purpose.RECEIPT else info for info in workshop.ring.infos
    ]
    token = sign_token(PLAIN, kind=KIND, signer=workshop.signer(Purpose.RECEIPT))
    verifier = Verifier(KeySet(infos))

    if believed:
        assert verifier.verify_token(token, kind=KIND, now=NOW)
    else:
        with pytest.raises(TokenError) as refusal:
            verifier.verify_token(token, kind=KIND, now=NOW)
        assert refusal.value.reason is Reason.TOKEN_KEY_STATE


def test_a_status_list_may_be_longer_than_other_tokens(workshop: Workshop) -> None:
    claims = {**PLAIN, "status_list": {"bits": 2, "lst": "x" * 300_000}}

    token = sign_token(claims, kind=TokenKind.STATUS_LIST, signer=workshop.signer(Purpose.STATUS))

    assert workshop.verifier().verify_token(token, kind=TokenKind.STATUS_LIST, now=NOW).claims == claims


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({}, Reason.TOKEN_CLAIM),
        ({"iat": 1.0}, Reason.TOKEN_CLAIM),
        ({"iat": 1, "a": float("nan")}, Reason.TOKEN_PAYLOAD),
        ({"iat": 1, "a": object()}, Reason.TOKEN_PAYLOAD),
        ({"iat": 1, "a": "\ud800"}, Reason.TOKEN_PAYLOAD),
        ({"iat": 1, "a": "x" * 16_384}, Reason.TOKEN_TOO_LONG),
    ],
)
def test_what_no_verifier_would_take_is_not_signed(
    workshop: Workshop, claims: dict[str, object], reason: Reason
) -> None:
    with pytest.raises(SigningError) as refusal:
        sign_token(claims, kind=KIND, signer=workshop.signer(Purpose.RECEIPT))

    assert refusal.value.reason is reason


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), JSON, max_size=5))
def test_strict_json_reads_what_it_wrote(value: dict[str, object]) -> None:
    try:
        written = write_json(value)
    except ValueError:
        return
    assert read_object(written) == value
    assert write_json(read_object(written)) == written


@given(st.text(max_size=200) | st.binary(max_size=80) | st.none())
def test_whatever_comes_as_a_token_is_refused_in_an_orderly_way(workshop: Workshop, anything: object) -> None:
    with pytest.raises(TokenError):
        workshop.verifier().verify_token(anything, kind=KIND, now=NOW)
