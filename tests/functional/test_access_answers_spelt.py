"""An authenticator's answer has one spelling, was given on our own page, and says of itself the same at every door."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from hub.access.rules import CHALLENGE_LIFE
from hub.config import Settings
from tests.support.applications import create_app, stop
from tests.support.authenticator import ALPHABET, Lie
from tests.support.invitees import Invitee

pytestmark = pytest.mark.usefixtures("acts_are_named")

TRUTH = Lie()
MEMBERS = ("rawId", "clientDataJSON", "authenticatorData", "signature", "userHandle")
SPELT: dict[str, Callable[[str], str]] = {
    "unused bits": lambda text: text[:-1] + ALPHABET[ALPHABET.index(text[-1]) ^ 1],
    "padding": lambda text: text + "=",
    "too much padding": lambda text: text + "==",
    "a line end": lambda text: text + "\n",
    "a blank before": lambda text: " " + text,
    "other characters inside": lambda text: text[:4] + "!*" + text[4:],
}


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(replace(settings, rate_factor=1_000))  # a hundred logins in a minute
    yield app
    stop(app)


@pytest.mark.parametrize("spelt", SPELT)
@pytest.mark.parametrize("member", MEMBERS)
def test_an_answer_spelt_otherwise_is_refused(enrolled: Invitee, member: str, spelt: str) -> None:
    answer = enrolled.phone.log_in(enrolled.login_options())
    response = answer["response"]
    assert isinstance(response, dict)
    holding = answer if member == "rawId" else response
    before = str(holding[member])
    holding[member] = SPELT[spelt](before)

    assert enrolled.log_in(answer).status_code == 401
    assert enrolled.log_in(enrolled.phone.log_in(enrolled.login_options())).status_code == 200


@pytest.mark.parametrize("member", ["clientDataJSON", "attestationObject"])
def test_a_registration_spelt_otherwise_is_refused(invitee: Invitee, member: str) -> None:
    answer = invitee.phone.register(invitee.options())
    response = answer["response"]
    assert isinstance(response, dict)
    response[member] += "="

    assert invitee.enrol(answer).status_code == 401


@pytest.mark.parametrize(
    "said",
    [
        {"crossOrigin": True},
        {"crossOrigin": "true"},
        {"crossOrigin": 1},
        {"topOrigin": "https://evil.example"},
        {"crossOrigin": True, "topOrigin": "https://evil.example"},
    ],
    ids=json.dumps,
)
def test_what_was_signed_inside_another_sites_page_is_refused(
    enrolled: Invitee, said: dict[str, object]
) -> None:
    answer = enrolled.phone.log_in(enrolled.login_options(), Lie(more=said))

    assert enrolled.log_in(answer).status_code == 401


def test_a_passkey_made_inside_another_sites_page_is_refused(invitee: Invitee) -> None:
    answer = invitee.phone.register(invitee.options(), Lie(more={"crossOrigin": True}))

    assert invitee.enrol(answer).status_code == 401


def test_members_of_the_client_data_that_nobody_knows_are_passed_over(enrolled: Invitee) -> None:
    """Browsers add some on purpose, so that nobody compares the whole with a template (§5.8.1)."""
    more: dict[str, object] = {"other_keys_can_be_added_here": "do not compare", "tokenBinding": "unused"}

    assert enrolled.log_in(enrolled.phone.log_in(enrolled.login_options(), Lie(more=more))).status_code == 200


@pytest.mark.parametrize(
    "path", ["/access/login/options", "/access/prove/options", "/access/passkeys/options"]
)
def test_every_browser_waits_as_long_as_the_challenge_lives(enrolled: Invitee, path: str) -> None:
    assert enrolled.log_in(enrolled.phone.log_in(enrolled.login_options())).status_code == 200
    assert enrolled.browser.json(path).get_json()["timeout"] == CHALLENGE_LIFE.total_seconds() * 1_000


def prove(invitee: Invitee, lie: Lie = TRUTH, **changed: str) -> int:
    options = invitee.browser.json("/access/prove/options").get_json()
    answer = invitee.phone.log_in(options, lie)
    response = answer["response"]
    assert isinstance(response, dict)
    response.update(changed)
    return invitee.browser.json(
        "/access/prove", {"credential": answer, "next": "/access/account"}
    ).status_code


def test_a_proof_that_names_another_person_is_refused(enrolled: Invitee) -> None:
    assert enrolled.log_in(enrolled.phone.log_in(enrolled.login_options())).status_code == 200

    assert prove(enrolled, Lie(handle=b"somebody else")) == 401
    assert prove(enrolled, userHandle="!") == 401
    assert (
        prove(enrolled, Lie(without_handle=True)) == 200
    )  # who proves himself is known already (§7.2 step 6)
    assert prove(enrolled, userHandle="") == 200


@pytest.mark.parametrize(("lasting", "count"), [(0, 0), (0, 1), (0x08, None), (0x10, None), (0x18, None)])
def test_a_proof_is_doubted_as_a_login_is(enrolled: Invitee, lasting: int, count: int | None) -> None:
    """A counter that fell or stands, a credential that may be backed up now, one that is and may not."""
    assert enrolled.log_in(enrolled.phone.log_in(enrolled.login_options())).status_code == 200
    enrolled.phone.lasting = lasting

    assert prove(enrolled, Lie(count=count)) == 401
    enrolled.phone.lasting = 0
    assert prove(enrolled) == 200


def test_a_counter_that_counts_nothing_may_begin_and_never_end(enrolled: Invitee) -> None:
    for count, status in (
        (0, 200),
        (0, 200),
        (1, 200),
        (0, 401),
        (1, 401),
        (2**32 - 1, 200),
        (2**32 - 1, 401),
    ):
        answer = enrolled.phone.log_in(enrolled.login_options(), Lie(count=count))
        assert (count, enrolled.log_in(answer).status_code) == (count, status)
