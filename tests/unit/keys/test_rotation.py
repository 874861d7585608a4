"""The steps of a key's life: what each one does, and every reason for which it is refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from keys import Algorithm, KeyAction, KeyState, Purpose, RingContents, refusals, rotation
from keys.model import KeyInfo
from keys.policy import POLICIES, kid_rule, lead_time
from keys.rotation import NewKey

T0 = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
LEAD = timedelta(minutes=10)
EMPTY = RingContents((), ())
JWK = {"kty": "EC", "crv": "P-256", "x": "a", "y": "b"}
PLATE, DYNAMIC = Purpose.CODE_PLATE, Purpose.CODE_DYNAMIC
ES256 = Algorithm.ES256


def new(kid: str, purpose: Purpose = PLATE) -> NewKey:
    return NewKey(kid, purpose, ES256, JWK)


def started(kid: str = "P1", purpose: Purpose = PLATE) -> RingContents:
    return rotation.generate(EMPTY, new(kid, purpose), now=T0, lead=LEAD, at_once=True)


def waiting() -> RingContents:
    return rotation.generate(started(), new("P2"), now=T0, lead=LEAD)


def rotated(first: str = "P1", second: str = "P2", purpose: Purpose = PLATE) -> RingContents:
    book = rotation.generate(started(first, purpose), new(second, purpose), now=T0, lead=LEAD)
    return rotation.rotate(book, purpose, ES256, now=T0 + LEAD)


def found(book: RingContents, kid: str) -> KeyInfo:
    info = book.find(kid)
    assert info is not None
    return info


def test_a_new_key_waits_and_is_published_until_its_time() -> None:
    key = found(waiting(), "P2")

    assert key.state is KeyState.PENDING
    assert key.activated_at == T0 + LEAD
    assert not key.is_believed(T0 + LEAD - timedelta(seconds=1))


def test_rotation_hands_over_without_a_gap_and_the_old_key_is_believed_on() -> None:
    book = rotated()
    old, fresh = found(book, "P1"), found(book, "P2")

    assert (old.state, old.ended_at) == (KeyState.VERIFY_ONLY, T0 + LEAD)
    assert (fresh.state, fresh.activated_at) == (KeyState.ACTIVE, T0 + LEAD)
    assert old.is_believed(T0 + timedelta(days=3650))
    assert old.was_signing(T0 + LEAD)
    assert fresh.was_signing(T0 + LEAD)


def test_every_step_is_kept_with_its_time_its_reason_and_whom_it_followed() -> None:
    book = rotated()
    book = rotation.retire(book, "P1", now=T0 + 2 * LEAD, force_reason="all plates were replaced")
    book = rotation.compromise(book, "P2", reason="token stolen", now=T0 + 3 * LEAD)

    assert [(act.deed, act.kid, act.previous, act.reason) for act in book.acts] == [
        (KeyAction.GENERATED, "P1", None, None),
        (KeyAction.GENERATED, "P2", None, None),
        (KeyAction.ROTATED, "P2", "P1", None),
        (KeyAction.RETIRED, "P1", None, "all plates were replaced"),
        (KeyAction.COMPROMISED, "P2", None, "token stolen"),
    ]
    assert [act.at for act in book.acts] == sorted(act.at for act in book.acts)


def test_a_compromised_key_is_believed_with_an_older_receipt_only() -> None:
    lost_at = T0 + 3 * LEAD
    key = found(rotation.compromise(rotated(), "P2", reason="stolen", now=lost_at), "P2")

    assert (key.state, key.revoked_at, key.ended_at) == (KeyState.COMPROMISED, lost_at, lost_at)
    assert not key.is_believed(lost_at)
    assert key.is_believed_with_receipt(lost_at - timedelta(seconds=1))
    assert not key.is_believed_with_receipt(lost_at)
    assert not key.is_believed_with_receipt(T0)


def test_after_a_compromise_a_successor_starts_at_once() -> None:
    lost = rotation.compromise(started(), "P1", reason="stolen", now=T0 + LEAD)

    book = rotation.generate(lost, new("P2"), now=T0 + LEAD, lead=LEAD, at_once=True)

    assert found(book, "P2").state is KeyState.ACTIVE
    assert found(book, "P2").activated_at == T0 + LEAD


def test_after_a_compromise_the_waiting_key_takes_over_before_its_time() -> None:
    lost = rotation.compromise(waiting(), "P1", reason="stolen", now=T0)

    book = rotation.rotate(lost, PLATE, ES256, now=T0, at_once=True)

    assert found(book, "P2").state is KeyState.ACTIVE
    assert book.acts[-1].previous is None


@pytest.mark.parametrize("state_of", [started, waiting, rotated])
def test_a_key_in_any_state_can_be_compromised(state_of: Callable[[], RingContents]) -> None:
    book = state_of()
    for info in book.infos:
        lost = rotation.compromise(book, info.kid, reason="lost", now=T0 + 2 * LEAD)
        assert found(lost, info.kid).state is KeyState.COMPROMISED


@pytest.mark.parametrize("purpose", [each for each in Purpose if POLICIES[each].life is not None])
def test_a_key_retires_when_nothing_it_signed_can_still_live(purpose: Purpose) -> None:
    life = POLICIES[purpose].life
    assert life is not None
    book = rotated("K1", "K2", purpose)

    with pytest.raises(refusals.StillNeededError, match="until"):
        rotation.retire(book, "K1", now=T0 + LEAD + life - timedelta(seconds=1))
    retired = rotation.retire(book, "K1", now=T0 + LEAD + life)
    assert found(retired, "K1").state is KeyState.RETIRED
    assert not found(retired, "K1").is_believed(T0 + LEAD + life)


@pytest.mark.parametrize("purpose", [Purpose.CODE_PLATE, Purpose.RECEIPT, Purpose.LOG])
def test_what_lives_for_ever_keeps_its_key(purpose: Purpose) -> None:
    with pytest.raises(refusals.StillNeededError, match="for ever"):
        rotation.retire(rotated("K1", "K2", purpose), "K1", now=T0 + timedelta(days=36_500))


def test_those_who_pin_a_key_see_its_successor_for_a_fortnight() -> None:
    online = timedelta(seconds=600)

    assert {each for each in Purpose if lead_time(each, online=online) == timedelta(days=14)} == {
        Purpose.LOG,
        Purpose.BUNDLE,
    }
    assert lead_time(Purpose.LOG, online=timedelta(days=30)) == timedelta(days=30)


def test_the_names_of_a_ring_that_was_lost_are_not_used_again() -> None:
    first = kid_rule(PLATE, year=2026, known=(), earlier=4)(JWK)
    second = kid_rule(PLATE, year=2026, known=started(first).infos)(JWK)
    log = kid_rule(Purpose.LOG, year=2027, known=started("log-2026-7-0011aabb", Purpose.LOG).infos)(JWK)

    assert (first, second) == ("P5", "P6")
    assert log.startswith("log-2027-8-")


Step = Callable[[], Any]
REFUSED: dict[str, tuple[type[Exception], Step]] = {
    "rotate without a waiting key": (
        refusals.NoPendingKeyError,
        lambda: rotation.rotate(started(), PLATE, ES256, now=T0),
    ),
    "rotate another algorithm": (
        refusals.NoPendingKeyError,
        lambda: rotation.rotate(waiting(), PLATE, Algorithm.EDDSA, now=T0 + LEAD),
    ),
    "rotate too early": (
        refusals.TooEarlyError,
        lambda: rotation.rotate(waiting(), PLATE, ES256, now=T0 + LEAD - timedelta(seconds=1)),
    ),
    "rotate at once over an active key": (
        refusals.ActiveKeyExistsError,
        lambda: rotation.rotate(waiting(), PLATE, ES256, now=T0, at_once=True),
    ),
    "start at once beside an active key": (
        refusals.ActiveKeyExistsError,
        lambda: rotation.generate(started(), new("P2"), now=T0, lead=LEAD, at_once=True),
    ),
    "a second waiting key": (
        refusals.PendingExistsError,
        lambda: rotation.generate(waiting(), new("P3"), now=T0, lead=LEAD),
    ),
    "a kid used before": (
        refusals.KidTakenError,
        lambda: rotation.generate(started(), new("P1"), now=T0, lead=LEAD),
    ),
    "retire the active key": (
        refusals.NotVerifyOnlyError,
        lambda: rotation.retire(started(), "P1", now=T0, force_reason="why not"),
    ),
    "retire the waiting key": (
        refusals.NotVerifyOnlyError,
        lambda: rotation.retire(waiting(), "P2", now=T0, force_reason="why not"),
    ),
    "retire nothing": (refusals.UnknownKeyError, lambda: rotation.retire(started(), "P9", now=T0)),
    "force without a reason": (
        refusals.ReasonMissingError,
        lambda: rotation.retire(rotated(), "P1", now=T0 + LEAD, force_reason=" \n"),
    ),
    "compromise nothing": (
        refusals.UnknownKeyError,
        lambda: rotation.compromise(started(), "P9", reason="x", now=T0),
    ),
    "compromise without a reason": (
        refusals.ReasonMissingError,
        lambda: rotation.compromise(started(), "P1", reason="", now=T0),
    ),
    "compromise with a novel": (
        refusals.ReasonMissingError,
        lambda: rotation.compromise(started(), "P1", reason="x" * 201, now=T0),
    ),
    "compromise twice": (
        refusals.AlreadyCompromisedError,
        lambda: rotation.compromise(
            rotation.compromise(started(), "P1", reason="x", now=T0), "P1", reason="y", now=T0
        ),
    ),
    "a clock that went back": (
        refusals.ClockBehindError,
        lambda: rotation.compromise(started(), "P1", reason="x", now=T0 - timedelta(seconds=1)),
    ),
    "a thousandth plate key": (
        refusals.KidsUsedUpError,
        lambda: kid_rule(PLATE, year=2026, known=started("P999").infos),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_step_that_is_not_allowed_is_refused(name: str) -> None:
    kind, step = REFUSED[name]

    with pytest.raises(kind):
        step()


def test_every_refusal_has_been_seen_here() -> None:
    leaves = {kind for kind in vars(refusals).values() if isinstance(kind, type)}
    leaves = {kind for kind in leaves if issubclass(kind, refusals.KeyChangeError)}

    assert leaves - {refusals.KeyChangeError} == {kind for kind, _ in REFUSED.values()} | {
        refusals.StillNeededError
    }
