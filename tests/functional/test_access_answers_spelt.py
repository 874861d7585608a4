"""An authenticator's answer has one spelling, and was given on our own page and not inside another site's."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from hub.app import create_app
from hub.config import Settings
from tests.support.authenticator import ALPHABET, Lie
from tests.support.invitees import Invitee

pytestmark = pytest.mark.usefixtures("acts_are_named")

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
def app(settings: Settings) -> Flask:
    return create_app(replace(settings, rate_factor=1_000))  # a hundred logins in a minute


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
