"""No forged code is believed, none makes the verifier stumble, and each is refused for its own reason."""

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import KeySet, KeyState, Purpose
from signing import CodeError, Reason, Verifier, sign_dynamic
from tests.support.forged_codes import CODE_FORGERIES
from tests.support.forger import NOW, ORIGIN, ForgeryClass, Workshop, attempt, bare, uscc

SEED = 20261121


@pytest.mark.parametrize("forgery", CODE_FORGERIES.values(), ids=CODE_FORGERIES.keys())
def test_a_class_of_forged_codes_is_refused_with_its_reason(
    forgery: ForgeryClass, workshop: Workshop
) -> None:
    verifier = workshop.verifier()

    outcome = attempt(forgery, workshop, lambda text: verifier.verify_code(text, now=NOW), seed=SEED)

    assert outcome.tried > 0
    assert outcome.accepted == []
    assert outcome.wrong == []


@pytest.mark.parametrize("forgery", CODE_FORGERIES.values(), ids=CODE_FORGERIES.keys())
def test_a_class_of_forged_codes_under_sm2_is_refused_with_its_reason(
    forgery: ForgeryClass, national: Workshop
) -> None:
    """Every fifth: a check of SM2 takes as long as five of ES256."""
    verifier = national.verifier()

    outcome = attempt(forgery, national, lambda text: verifier.verify_code(text, now=NOW), seed=SEED, every=5)

    assert outcome.tried > 0
    assert outcome.accepted == []
    assert outcome.wrong == []


def test_the_corpus_is_as_large_as_promised(workshop: Workshop) -> None:
    verifier = workshop.verifier()

    outcomes = [
        attempt(forgery, workshop, lambda text: verifier.verify_code(text, now=NOW), seed=SEED + 1)
        for forgery in CODE_FORGERIES.values()
    ]

    assert len(outcomes) >= 50
    assert sum(outcome.tried for outcome in outcomes) >= 20_000
    assert not any(outcome.accepted for outcome in outcomes)


def test_the_corpus_notices_a_verifier_that_believes(workshop: Workshop) -> None:
    outcome = attempt(CODE_FORGERIES["foreign_ring"], workshop, lambda _text: None, seed=SEED)

    assert len(outcome.accepted) == outcome.tried


def test_the_corpus_notices_a_wrong_reason(workshop: Workshop) -> None:
    stranger = Verifier(KeySet([]), origins=(ORIGIN,))

    outcome = attempt(
        CODE_FORGERIES["foreign_ring"], workshop, lambda text: stranger.verify_code(text, now=NOW), seed=SEED
    )

    assert {reason for _, reason, _ in outcome.wrong} == {Reason.CODE_KEY_UNKNOWN}


@pytest.mark.parametrize("state", [KeyState.RETIRED, KeyState.COMPROMISED])
def test_a_code_of_an_ended_key_is_refused(workshop: Workshop, state: KeyState) -> None:
    assert _reason(workshop, state=state) is Reason.CODE_KEY_STATE


def test_a_code_of_a_key_that_has_not_begun_is_refused(workshop: Workshop) -> None:
    later = NOW + timedelta(days=1)

    assert _reason(workshop, state=KeyState.PENDING, activated_at=later) is Reason.CODE_KEY_STATE
    assert _reason(workshop, state=KeyState.PENDING, activated_at=None) is Reason.CODE_KEY_STATE


def test_a_code_named_after_a_key_of_another_purpose_is_refused(workshop: Workshop) -> None:
    assert _reason(workshop, purpose=Purpose.RECEIPT) is Reason.CODE_KEY_PURPOSE
    assert _reason(workshop, purpose=Purpose.CODE_DYNAMIC) is Reason.CODE_KEY_PURPOSE


def test_a_dynamic_code_made_after_its_key_stopped_is_refused(workshop: Workshop) -> None:
    stopped = NOW - timedelta(hours=1)
    infos = [
        replace(info, state=KeyState.VERIFY_ONLY, ended_at=stopped) if info.kid == "D1" else info
        for info in workshop.ring.infos
    ]
    verifier = workshop.verifier(KeySet(infos))

    with pytest.raises(CodeError) as refusal:
        verifier.verify_code(workshop.dynamic, now=NOW)

    assert refusal.value.reason is Reason.CODE_KEY_STATE


def test_a_dynamic_code_shown_just_before_its_key_stopped_is_still_good(workshop: Workshop) -> None:
    infos = [
        replace(info, state=KeyState.VERIFY_ONLY, ended_at=NOW) if info.kid == "D1" else info
        for info in workshop.ring.infos
    ]

    assert workshop.verifier(KeySet(infos)).verify_code(workshop.dynamic, now=NOW).kid == "D1"


@given(st.text(max_size=320) | st.binary(max_size=80) | st.none() | st.integers())
def test_whatever_is_scanned_is_refused_in_an_orderly_way(workshop: Workshop, anything: object) -> None:
    with pytest.raises(CodeError):
        workshop.verifier().verify_code(anything, now=NOW)


@given(data=st.data())
def test_a_genuine_code_with_anything_put_into_it_is_refused(workshop: Workshop, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([workshop.plate, workshop.dynamic, bare(workshop.plate)]))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    changed = text[:start] + data.draw(st.text(max_size=12)) + text[end:]

    if changed in {text, bare(text)}:
        assert workshop.verifier().verify_code(changed, now=NOW)
    else:
        with pytest.raises(CodeError):
            workshop.verifier().verify_code(changed, now=NOW)


def test_a_code_is_good_until_the_second_before_it_expires(workshop: Workshop) -> None:
    text = sign_dynamic(
        uscc=uscc("TEXT1"),
        nonce="9QX7TR2A",
        expires_at=NOW + timedelta(seconds=60),
        origin=ORIGIN,
        signer=workshop.signer(Purpose.CODE_DYNAMIC),
    )
    verifier = workshop.verifier()

    assert verifier.verify_code(text, now=NOW + timedelta(seconds=59.999))
    with pytest.raises(CodeError, match="expired"):
        verifier.verify_code(text, now=NOW + timedelta(seconds=60))


def _reason(workshop: Workshop, **change: object) -> StrEnum:
    infos = [replace(info, **change) if info.kid == "P1" else info for info in workshop.ring.infos]  # type: ignore[arg-type]
    with pytest.raises(CodeError) as refusal:
        workshop.verifier(KeySet(infos)).verify_code(workshop.plate, now=NOW)
    return refusal.value.reason
