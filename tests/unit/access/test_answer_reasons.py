"""Why an authenticator's answer is refused: the reason that the log keeps, one for each check of our own."""

import json
from collections.abc import Callable

import pytest

from hub.access.authenticator_answers import (
    MAX_ANSWER_CHARS,
    checked_assertion,
    checked_registration,
    claimed_challenge,
    credential_id,
    user_handle,
)
from hub.access.challenges import RelyingParty
from hub.access.errors import PasskeyRefusedError
from tests.support.authenticator import Authenticator, Lie, b64

PARTY = RelyingParty("localhost", "http://localhost:8000")
CHALLENGE = b"c" * 32
PHONE = Authenticator(PARTY.origin)
MAKING = {"user": {"id": b64(b"h" * 64)}, "rp": {"id": PARTY.id}, "challenge": b64(CHALLENGE)}
USING: dict[str, object] = {"rpId": PARTY.id, "challenge": b64(CHALLENGE)}
REGISTRATION = PHONE.register(MAKING)
KEY = PHONE._credential()[16 + 2 + 32 :]
ELIGIBLE, BACKED_UP = 0x08, 0x10


def log_in(*, lasting: int = 0, **members: object) -> dict[str, object]:
    phone = PHONE.clone()
    phone.lasting = lasting
    return phone.log_in(USING, Lie(more=members))


def asserted(answer: dict[str, object]) -> object:
    return checked_assertion(answer, challenge=CHALLENGE, public_key=KEY, party=PARTY)


def registered(answer: dict[str, object]) -> object:
    return checked_registration(answer, challenge=CHALLENGE, party=PARTY)


def reason_of(step: Callable[[], object]) -> str:
    with pytest.raises(PasskeyRefusedError) as caught:
        step()
    return str(caught.value)


@pytest.mark.parametrize(
    "members",
    [
        {"topOrigin": "https://other.example"},
        {"topOrigin": None},
        {"topOrigin": PARTY.origin},
        {"crossOrigin": True},
        {"crossOrigin": None},
        {"crossOrigin": 0},
        {"crossOrigin": "false"},
    ],
    ids=json.dumps,
)
def test_what_was_signed_inside_another_page_is_refused_as_that(members: dict[str, object]) -> None:
    assert reason_of(lambda: asserted(log_in(**members))) == "inside another page"
    making = PHONE.clone().register(MAKING, Lie(more=members))
    assert reason_of(lambda: registered(making)) == "inside another page"


def test_a_registration_that_names_another_credential_outside_than_inside_is_refused_as_that() -> None:
    other = b64(b"x" * 32)

    assert (
        reason_of(lambda: registered({**REGISTRATION, "id": other, "rawId": other})) == "two credential ids"
    )


@pytest.mark.parametrize("response", [None, "", [], 1], ids=repr)
def test_an_answer_without_a_response_is_refused_as_that(response: object) -> None:
    changed = {**log_in(), "response": response}

    assert reason_of(lambda: asserted(changed)) == "response is missing"
    assert reason_of(lambda: registered({**REGISTRATION, "response": response})) == "response is missing"


@pytest.mark.parametrize("member", ["id", "rawId", "type"])
@pytest.mark.parametrize("value", [None, 1, "A" * (MAX_ANSWER_CHARS + 1)], ids=["none", "number", "long"])
def test_a_member_that_is_no_text_or_too_long_is_refused_as_that(member: str, value: object) -> None:
    changed = {**log_in(), member: value}

    assert reason_of(lambda: asserted(changed)) == "a member is no text, or too long"


def test_a_passkey_that_is_backed_up_was_eligible_for_it() -> None:
    assert "backed up" in reason_of(lambda: asserted(log_in(lasting=BACKED_UP)))


@pytest.mark.parametrize(
    ("lasting", "flags"),
    [(0, (False, False)), (ELIGIBLE, (True, False)), (ELIGIBLE | BACKED_UP, (True, True))],
)
def test_what_an_authenticator_says_of_copies_is_read_in_its_order(
    lasting: int, flags: tuple[bool, bool]
) -> None:
    found = checked_assertion(log_in(lasting=lasting), challenge=CHALLENGE, public_key=KEY, party=PARTY)

    assert (found.is_eligible, found.is_backed_up) == flags


@pytest.mark.parametrize("count", [0, 1, 2**32 - 1])
def test_the_counter_is_passed_on_and_not_compared(count: int) -> None:
    answer = PHONE.clone().log_in(USING, Lie(count=count))

    found = checked_assertion(answer, challenge=CHALLENGE, public_key=KEY, party=PARTY)
    assert found.sign_count == count


@pytest.mark.parametrize(
    "answer",
    [{}, {"rawId": None}, {"rawId": 1}, {"rawId": "A" * (MAX_ANSWER_CHARS + 1)}],
    ids=["absent", "none", "number", "long"],
)
def test_a_credential_id_that_is_missing_is_refused_as_that(answer: dict[str, object]) -> None:
    assert reason_of(lambda: credential_id(answer)) == "credential id is missing"


def test_a_credential_id_as_long_as_a_member_may_be_is_read() -> None:
    assert credential_id({"rawId": "A" * MAX_ANSWER_CHARS}) == bytes(MAX_ANSWER_CHARS // 4 * 3)


@pytest.mark.parametrize("encoded", ["AA==", "AB", "A", "A+", "A/", " AA", "AA\n"], ids=repr)
def test_an_id_in_a_second_spelling_is_refused(encoded: str) -> None:
    assert reason_of(lambda: credential_id({"rawId": encoded})) != "credential id is missing"


@pytest.mark.parametrize(
    "response",
    [None, {}, {"userHandle": None}, {"userHandle": ""}, {"userHandle": "A" * (MAX_ANSWER_CHARS + 1)}],
    ids=["no-response", "absent", "none", "empty", "long"],
)
def test_an_authenticator_need_not_say_whose_a_credential_is(response: object) -> None:
    assert user_handle({"response": response}) is None


def test_a_handle_that_is_said_is_read() -> None:
    assert user_handle({"response": {"userHandle": b64(b"h")}}) == b"h"
    assert user_handle({"response": {"userHandle": "A" * MAX_ANSWER_CHARS}}) is not None


@pytest.mark.parametrize("said", [None, {}, [], {"challenge": None}, {"challenge": 1}], ids=json.dumps)
def test_client_data_that_name_no_challenge_are_missing(said: object) -> None:
    answer = {"response": {"clientDataJSON": b64(json.dumps(said).encode())}}

    assert reason_of(lambda: claimed_challenge(answer)) == "client data is missing"


def test_the_challenge_of_client_data_is_read_before_anything_is_checked() -> None:
    answer = {"response": {"clientDataJSON": b64(json.dumps({"challenge": b64(b"any")}).encode())}}

    assert claimed_challenge(answer) == b"any"
    assert reason_of(lambda: claimed_challenge({})) == "client data is missing"
