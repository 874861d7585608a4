"""Answers of authenticators changed in one place: accepted, or refused with a reason; never another error."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.access.authenticator_answers import (
    checked_assertion,
    checked_registration,
    claimed_challenge,
    credential_id,
)
from hub.access.challenges import RelyingParty
from hub.access.cose import check_key
from hub.access.errors import PasskeyRefusedError, PasskeyUnfitError
from tests.support.authenticator import Authenticator, b64, unb64
from tests.support.odd_answers import KEYS, encoded
from tests.support.rounds import examples

PARTY = RelyingParty("localhost", "http://localhost:8000")
CHALLENGE = b"c" * 32
PHONE = Authenticator(PARTY.origin)
REGISTRATION = PHONE.register(
    {"user": {"id": b64(b"h" * 64)}, "rp": {"id": PARTY.id}, "challenge": b64(CHALLENGE)}
)
LOGIN = PHONE.log_in({"rpId": PARTY.id, "challenge": b64(CHALLENGE)})
KEY = PHONE._credential()[16 + 2 + 32 :]
MANY = examples(150)  # of each property: enough to meet every member

cbor_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.binary(max_size=70)
    | st.text(max_size=20)
    | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.integers(-5, 5) | st.text(max_size=8), inner, max_size=5)
    ),
    max_leaves=8,
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
MEMBERS = ("clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle")


def is_answered(step: Callable[[], object]) -> bool:
    """Whether it was accepted; a refusal is an answer too, everything else is raised."""
    try:
        step()
    except (PasskeyRefusedError, PasskeyUnfitError):
        return False
    return True


def register(answer: dict[str, object]) -> bool:
    return is_answered(lambda: checked_registration(answer, challenge=CHALLENGE, party=PARTY))


def log_in(answer: dict[str, object], key: bytes = KEY) -> bool:
    return is_answered(lambda: checked_assertion(answer, challenge=CHALLENGE, public_key=key, party=PARTY))


def with_response(answer: dict[str, object], **changes: object) -> dict[str, object]:
    response = answer["response"]
    assert isinstance(response, dict)
    return {**answer, "response": {**response, **changes}}


def attestation(answer: dict[str, object]) -> dict[str, object]:
    response = answer["response"]
    assert isinstance(response, dict)
    found: dict[str, object] = cbor2.loads(unb64(response["attestationObject"]))
    return found


def test_the_genuine_ones_are_accepted() -> None:
    assert register(REGISTRATION)
    assert log_in(LOGIN)


@settings(max_examples=MANY)
@given(st.sampled_from([*MEMBERS, "id", "rawId", "type", "response", "extra"]), json_values)
def test_any_member_of_the_answer_may_be_anything(member: str, value: object) -> None:
    for answer, door in ((REGISTRATION, register), (LOGIN, log_in)):
        changed = with_response(answer, **{member: value}) if member in MEMBERS else {**answer, member: value}
        door(changed)
        is_answered(lambda changed=changed: credential_id(changed))  # type: ignore[misc]  # bound at once
        is_answered(lambda changed=changed: claimed_challenge(changed))  # type: ignore[misc]


@settings(max_examples=MANY)
@given(st.data())
def test_any_byte_of_any_member_may_be_changed_or_missing(data: st.DataObject) -> None:
    for answer, door in ((REGISTRATION, register), (LOGIN, log_in)):
        response = answer["response"]
        assert isinstance(response, dict)
        member = data.draw(st.sampled_from(sorted(response)))
        raw = bytearray(urlsafe_b64decode(response[member] + "=="))
        place = data.draw(st.integers(0, len(raw) - 1))
        if data.draw(st.booleans()):
            raw[place] ^= data.draw(st.integers(1, 255))
        else:
            del raw[place : place + data.draw(st.integers(1, 40))]
        door(with_response(answer, **{member: urlsafe_b64encode(bytes(raw)).decode().rstrip("=")}))


@settings(max_examples=MANY)
@given(st.sampled_from(["fmt", "attStmt", "authData"]), cbor_values)
def test_any_part_of_an_attestation_may_be_anything(part: str, value: object) -> None:
    whole = cbor2.dumps({**attestation(REGISTRATION), part: value})

    accepted = register(with_response(REGISTRATION, attestationObject=b64(whole)))

    assert accepted == (part != "authData")  # what is said about the device is nothing to us


@settings(max_examples=MANY)
@given(cbor_values | st.binary(max_size=200))
def test_any_key_that_is_stored_logs_nobody_in_by_accident(value: object) -> None:
    key = value if isinstance(value, bytes) else cbor2.dumps(value)

    assert not log_in(LOGIN, key)


@settings(max_examples=MANY)
@given(st.dictionaries(st.integers(-4, 4), cbor_values, max_size=6))
def test_no_key_made_up_at_random_is_taken_for_one(members: dict[int, object]) -> None:
    assert not is_answered(lambda: check_key(cbor2.dumps(members)))


@settings(max_examples=MANY)
@given(json_values)
def test_client_data_may_say_anything(said: object) -> None:
    for answer, door in ((REGISTRATION, register), (LOGIN, log_in)):
        assert not door(with_response(answer, clientDataJSON=b64(json.dumps(said).encode())))


@pytest.mark.parametrize("key", list(KEYS))
def test_every_odd_key_is_unfit(key: str) -> None:
    with pytest.raises(PasskeyUnfitError):
        check_key(encoded(KEYS[key]))


def test_the_keys_that_we_ask_for_are_fit() -> None:
    check_key(KEY)
    check_key(
        cbor2.dumps(
            {
                1: 1,
                3: -8,
                -1: 6,
                -2: bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
            }
        )
    )
