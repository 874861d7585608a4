"""Credentials: what is issued is believed, what was altered is not, and each refusal has its own reason."""

import secrets
from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import Purpose
from signing import SigningError, TokenKind
from signing.sdjwt import (
    CREDENTIAL_SENTENCES,
    CredentialReason,
    SoftwareWallet,
    UnaskedProof,
    VerifiedCredential,
    disclosable_names,
    errors,
    issue_credential,
    present,
    verify_credential,
)
from signing.sdjwt.disclosures import MAX_DISCLOSURES
from tests.support.credentials import (
    AUDIENCE,
    CLAIMS,
    FACE,
    HOLDER,
    NONCE,
    VCT,
    attached,
    digests,
    disclosed,
    genuine,
    presented,
    signed,
    signer_of,
)
from tests.support.forged_credentials import BINDINGS, FORGERIES, Forgery
from tests.support.forger import NOW, ORIGIN, Workshop
from tests.support.wallets import ed25519_wallet, wallet


def believe(
    shop: Workshop, text: object, *, asked: bool = False, unasked: UnaskedProof = UnaskedProof.REFUSE
) -> VerifiedCredential:
    return verify_credential(
        text,
        keys=shop.ring.verification_keys(),
        now=NOW,
        issuer=ORIGIN,
        audience=AUDIENCE if asked else None,
        nonce=NONCE if asked else None,
        unasked=unasked,
    )


def test_a_credential_says_what_was_put_in(workshop: Workshop) -> None:
    found = believe(workshop, genuine(workshop))

    assert {name: found.claims[name] for name in FACE} == FACE
    assert found.disclosed == FACE.keys()
    assert (found.vct, found.binding) == (VCT, None)
    assert found.status is not None
    assert (found.status.uri, found.status.index) == (f"{ORIGIN}/status/1", 7)
    assert found.holder is not None
    assert found.holder.thumbprint == HOLDER.key.thumbprint
    assert found.expires_at == NOW + timedelta(days=1)


def test_what_is_kept_back_is_not_in_the_text(workshop: Workshop) -> None:
    shown = present(genuine(workshop), ["number"])
    found = believe(workshop, shown)

    assert found.disclosed == {"number"}
    assert shown.count("~") == 2
    assert disclosable_names(genuine(workshop)) == tuple(FACE)


@pytest.mark.parametrize("holder", [wallet(), ed25519_wallet()], ids=["P-256", "Ed25519"])
def test_a_holder_of_either_kind_proves_to_hold_it(workshop: Workshop, holder: SoftwareWallet) -> None:
    text = genuine(workshop, holder=holder)
    shown = present(text, ["number"], audience=AUDIENCE, nonce=NONCE, signer=holder, now=NOW)

    found = believe(workshop, shown, asked=True)

    assert found.binding is not None
    assert (found.binding.audience, found.binding.nonce, found.binding.is_for_us) == (AUDIENCE, NONCE, True)


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_credential_is_refused_with_its_reason(workshop: Workshop, name: str) -> None:
    _refused(workshop, FORGERIES[name], asked=False)


@pytest.mark.parametrize("name", BINDINGS)
def test_a_forged_presentation_is_refused_with_its_reason(workshop: Workshop, name: str) -> None:
    _refused(workshop, BINDINGS[name], asked=True)


def _refused(shop: Workshop, forgery: Forgery, *, asked: bool) -> None:
    with pytest.raises(SigningError) as refusal:
        believe(shop, forgery.make(shop), asked=asked)

    assert refusal.value.reason == forgery.reason


def test_every_reason_has_both_sentences_and_a_case() -> None:
    tried = {forgery.reason for forgery in (*FORGERIES.values(), *BINDINGS.values())}
    elsewhere = {
        CredentialReason.BINDING_UNASKED,
        CredentialReason.BINDING_ALGORITHM_NOT_ACCEPTED,  # tests/unit/signing/test_sm2_holders.py
        CredentialReason.CREDENTIAL_NO_SUCH_CLAIM,
        *(reason for reason in CredentialReason if reason.startswith("HOLDER_KEY_")),
    }

    assert set(CREDENTIAL_SENTENCES) == set(CredentialReason)
    assert set(CredentialReason) - tried - elsewhere == set()
    assert all(said.zh and said.en for said in CREDENTIAL_SENTENCES.values())


def test_a_presentation_for_somebody_else_is_refused_or_reported(workshop: Workshop) -> None:
    shown = presented(workshop)

    with pytest.raises(errors.BindingUnaskedError):
        believe(workshop, shown)
    found = believe(workshop, shown, unasked=UnaskedProof.REPORT)

    assert found.binding is not None
    assert not found.binding.is_for_us
    with pytest.raises(errors.BindingStaleError):
        verify_credential(
            shown,
            keys=workshop.ring.verification_keys(),
            now=NOW + timedelta(minutes=6),
            unasked=UnaskedProof.REPORT,
        )


def test_nested_and_array_disclosures_of_others_are_read(workshop: Workshop) -> None:
    inner = disclosed("salt-1", "street", "中心路")
    outer = disclosed("salt-2", "address", {"_sd": digests(inner), "country": "CN"})
    element = disclosed("salt-3", {"code": "A"})
    payload = {
        **CLAIMS,
        "_sd": [*digests(outer), *digests("decoy")],
        "items": [{"...": digests(element)[0]}, "B", {"...": digests("decoy too")[0]}],
        "_sd_alg": "sha-256",
    }

    whole = believe(workshop, signed(workshop, payload, [outer, inner, element]))
    part = believe(workshop, signed(workshop, payload, [outer]))

    assert whole.claims["address"] == {"country": "CN", "street": "中心路"}
    assert whole.claims["items"] == [{"code": "A"}, "B"]
    assert part.claims["address"] == {"country": "CN"}
    assert part.claims["items"] == ["B"]
    assert not {"_sd", "_sd_alg"} & whole.claims.keys()


def test_a_wallet_shows_all_that_stands_inside_what_it_shows(workshop: Workshop) -> None:
    inner = disclosed("salt-1", "street", "中心路")
    outer = disclosed("salt-2", "address", {"_sd": digests(inner)})
    other = disclosed("salt-3", "number", "1")
    text = signed(workshop, {**CLAIMS, "_sd": digests(outer, other)}, [outer, inner, other])

    assert present(text, ["address"]).split("~")[1:-1] == [outer, inner]
    assert present(text, []).split("~")[1:-1] == []
    with pytest.raises(errors.CredentialNoSuchClaimError):
        present(text, ["street"])


def test_a_wallet_signs_only_what_is_bound_to_it(workshop: Workshop) -> None:
    text = genuine(workshop)

    with pytest.raises(errors.HolderKeyOtherError):
        present(text, [], audience=AUDIENCE, nonce=NONCE, signer=wallet(), now=NOW)
    with pytest.raises(errors.CredentialNoHolderError):
        present(genuine(workshop, holder=None), [], audience=AUDIENCE, nonce=NONCE, signer=HOLDER, now=NOW)
    with pytest.raises(ValueError, match="go together"):
        present(text, [], audience=AUDIENCE)
    with pytest.raises(errors.CredentialFormError):
        present(presented(workshop), [])


def test_an_issuer_hides_nothing_that_must_be_seen(workshop: Workshop) -> None:
    signer = signer_of(workshop)
    cases: list[tuple[Mapping[str, object], Mapping[str, object], type[SigningError]]] = [
        (CLAIMS, {"exp": 1}, errors.CredentialHidesRegisteredError),
        (CLAIMS, {"_sd": 1}, errors.CredentialReservedNameError),
        ({**CLAIMS, "_sd_alg": "x"}, {}, errors.CredentialReservedNameError),
        ({**CLAIMS, "number": 1}, {"number": 2}, errors.CredentialOverwritesError),
        ({**CLAIMS, "cnf": {}}, {}, errors.CredentialOverwritesError),
        ({"iat": 1}, {}, errors.CredentialClaimError),
        (CLAIMS, {f"a{i}": i for i in range(MAX_DISCLOSURES + 1)}, errors.CredentialTooManyError),
        (CLAIMS, {"a": object()}, errors.CredentialDisclosureError),
    ]
    for claims, hidden, refusal in cases:
        with pytest.raises(refusal):
            issue_credential(claims, hidden, signer=signer)
    with pytest.raises(SigningError):
        issue_credential(CLAIMS, {}, signer=workshop.signer(Purpose.RECEIPT))


def test_every_salt_is_new_and_decoys_look_like_digests(workshop: Workshop) -> None:
    signer = signer_of(workshop)
    first, second = (issue_credential(CLAIMS, {"number": "1"}, signer=signer, decoys=3) for _ in range(2))

    assert first.split("~")[1] != second.split("~")[1]
    assert believe(workshop, first).disclosed == {"number"}


def test_a_presentation_is_no_other_kind_of_token(workshop: Workshop) -> None:
    token = genuine(workshop).split("~")[0]
    for kind in TokenKind:
        if kind is not TokenKind.CREDENTIAL:
            with pytest.raises(SigningError):
                workshop.verifier().verify_token(token, kind=kind, now=NOW)
    with pytest.raises(SigningError):
        workshop.verifier().verify_token(
            attached(genuine(workshop)).split("~")[-1], kind=TokenKind.CREDENTIAL, now=NOW
        )


@given(st.binary(max_size=60), st.integers(min_value=0, max_value=2_000))
def test_no_altered_text_is_believed_or_crashes(workshop: Workshop, noise: bytes, place: int) -> None:
    text = presented(workshop, "number", "address")
    at = place % len(text)
    altered = text[:at] + noise.decode("latin-1") + text[at + len(noise) :]
    if altered == text:
        return

    with pytest.raises(SigningError):
        believe(workshop, altered, asked=True)


@given(st.dictionaries(st.text(min_size=1, max_size=12), st.text(max_size=20), max_size=8))
def test_whatever_is_hidden_comes_back(workshop: Workshop, face: dict[str, str]) -> None:
    reserved = {"_sd", "...", "_sd_alg", "iss", "iat", "nbf", "exp", "jti", "cnf", "vct", "status", "aud"}
    hidden = {name: value for name, value in face.items() if name not in reserved}
    text = issue_credential(CLAIMS, hidden, signer=signer_of(workshop), random_bytes=secrets.token_bytes)

    found = believe(workshop, text)

    assert {name: found.claims[name] for name in hidden} == hidden
