"""Passkeys, with a software authenticator that can be made to lie."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from hub import config
from hub.access import passkeys
from hub.access.challenges import RelyingParty
from hub.access.errors import LinkRefusedError, PasskeyRefusedError
from hub.access.models import LoginSession, PasskeyChallenge
from hub.access.service import end_appointment
from hub.kernel.actor import Operator
from tests.support.authenticator import Authenticator, Lie
from tests.support.browser import Browser
from tests.support.invitees import ORIGIN, Invitee, invited

pytestmark = pytest.mark.usefixtures("acts_are_named")


def sessions_of(invitee: Invitee) -> int:
    with invitee.browser.services.db.read() as session:
        return len(session.scalars(select(LoginSession)).all())


def test_an_invited_person_enrols_and_is_logged_in(invitee: Invitee) -> None:
    assert "李明" in invitee.browser.get(invitee.path).text
    options = invitee.options()

    answer = invitee.enrol(invitee.phone.register(options))

    assert answer.status_code == 200
    assert answer.get_json() == {"next": "/enforcement/"}
    assert "我的手机" in invitee.browser.get("/access/account").text


def test_the_options_ask_for_a_discoverable_passkey_with_user_verification(invitee: Invitee) -> None:
    options = invitee.options()

    assert options["rp"] == {"id": "localhost", "name": "一照集成"}
    assert options["authenticatorSelection"] == {
        "residentKey": "required",
        "requireResidentKey": True,
        "userVerification": "required",
    }


def test_the_enrolment_link_works_once(invitee: Invitee) -> None:
    assert invitee.enrol(invitee.phone.register(invitee.options())).status_code == 200

    assert invitee.browser.json(f"{invitee.path}/options").status_code == 404
    assert invitee.browser.get(invitee.path).status_code == 404


def test_an_enrolment_link_dies_after_72_hours(invitee: Invitee) -> None:
    token = invitee.path.rpartition("/")[2]
    services = invitee.browser.services

    with pytest.raises(LinkRefusedError):
        passkeys.enrolment_options(
            token, settings=services.settings, now=config.now() + timedelta(hours=73), db=services.db
        )


@pytest.mark.parametrize(
    "lie",
    [
        Lie(origin="http://localhost.evil.example:8000"),
        Lie(origin="https://localhost:8000"),
        Lie(origin="http://127.0.0.1:8000"),
        Lie(rp_id="evil.example"),
        Lie(challenge="AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        Lie(kind="webauthn.get"),
        Lie(verified=False),
    ],
    ids=["look-alike", "scheme", "ip", "relying-party", "challenge", "ceremony", "unverified"],
)
def test_a_registration_that_lies_is_refused_and_leaves_nothing(invitee: Invitee, lie: Lie) -> None:
    answer = invitee.enrol(invitee.phone.register(invitee.options(), lie))

    assert answer.status_code == 401
    assert answer.get_json()["reason"] == "PASSKEY_REFUSED"
    assert sessions_of(invitee) == 0
    assert invitee.browser.get(invitee.path).status_code == 200  # the link is not spent by a failure


def test_a_passkey_logs_in_and_goes_where_one_wanted(enrolled: Invitee) -> None:
    answer = enrolled.log_in(enrolled.phone.log_in(enrolled.login_options()), "/access/account")

    assert answer.status_code == 200
    assert answer.get_json() == {"next": "/access/account"}
    assert enrolled.browser.get("/access/account").status_code == 200


def test_a_login_never_leads_to_a_foreign_address(enrolled: Invitee) -> None:
    answer = enrolled.log_in(enrolled.phone.log_in(enrolled.login_options()), "//evil.example/")

    assert answer.get_json() == {"next": "/enforcement/"}


def test_the_login_challenge_names_nobody(enrolled: Invitee) -> None:
    options = enrolled.login_options()

    assert options["rpId"] == "localhost"
    assert options["userVerification"] == "required"
    assert not options.get("allowCredentials")


def test_an_answer_cannot_be_replayed(enrolled: Invitee) -> None:
    credential = enrolled.phone.log_in(enrolled.login_options())
    assert enrolled.log_in(credential).status_code == 200

    thief = Browser(enrolled.browser.client.application, base=ORIGIN)
    again = thief.json("/access/login", {"credential": credential, "next": ""})

    assert again.status_code == 401
    assert thief.client.get_cookie("hub_session", domain="localhost") is None


@pytest.mark.parametrize(
    "lie",
    [
        Lie(origin="http://evil.example"),
        Lie(rp_id="evil.example"),
        Lie(challenge="AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        Lie(challenge="not base64url ☃"),
        Lie(kind="webauthn.create"),
        Lie(verified=False),
        Lie(handle=b"somebody else"),
        Lie(without_handle=True),
    ],
    ids=["origin", "relying-party", "challenge", "nonsense", "ceremony", "unverified", "handle", "no-handle"],
)
def test_a_login_that_lies_is_refused(enrolled: Invitee, lie: Lie) -> None:
    before = sessions_of(enrolled)

    answer = enrolled.log_in(enrolled.phone.log_in(enrolled.login_options(), lie))

    assert answer.status_code == 401
    assert answer.get_json()["reason"] == "PASSKEY_REFUSED"
    assert sessions_of(enrolled) == before


def test_a_failed_answer_uses_up_its_challenge(enrolled: Invitee) -> None:
    options = enrolled.login_options()
    assert enrolled.log_in(enrolled.phone.log_in(options, Lie(verified=False))).status_code == 401

    assert enrolled.log_in(enrolled.phone.log_in(options)).status_code == 401


def test_a_counter_that_falls_back_betrays_a_clone(enrolled: Invitee) -> None:
    clone = enrolled.phone.clone()
    for _ in range(2):
        assert enrolled.log_in(enrolled.phone.log_in(enrolled.login_options())).status_code == 200

    assert enrolled.log_in(clone.log_in(enrolled.login_options())).status_code == 401


def test_a_signature_of_another_key_is_refused(enrolled: Invitee) -> None:
    forger = Authenticator(
        ORIGIN, credential_id=enrolled.phone.credential_id, handle=enrolled.phone.handle, count=9
    )

    assert enrolled.log_in(forger.log_in(enrolled.login_options())).status_code == 401


def test_an_unknown_passkey_is_refused_in_the_same_words(enrolled: Invitee) -> None:
    stranger = Authenticator(ORIGIN, handle=enrolled.phone.handle)

    answer = enrolled.log_in(stranger.log_in(enrolled.login_options()))

    assert answer.status_code == 401
    assert answer.get_json()["reason"] == "PASSKEY_REFUSED"


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"response": {}},
        {"rawId": 1, "response": {"clientDataJSON": 5}},
        {"rawId": "AA", "response": {"clientDataJSON": "!!"}},
        {"rawId": "AA", "response": {"clientDataJSON": "eyJjaGFsbGVuZ2UiOjF9"}},
        {"rawId": "AA", "response": {"clientDataJSON": "W10"}},
        {"rawId": "AA", "response": {"clientDataJSON": "A" * 20_000}},
    ],
)
def test_nonsense_is_refused_without_a_crash(enrolled: Invitee, credential: dict[str, object]) -> None:
    assert enrolled.log_in(credential).status_code == 401


def test_a_challenge_lives_five_minutes(enrolled: Invitee) -> None:
    credential = enrolled.phone.log_in(enrolled.login_options())
    services = enrolled.browser.services
    later = config.now() + timedelta(minutes=6)

    with pytest.raises(PasskeyRefusedError):
        passkeys.log_in(credential, settings=services.settings, now=later, db=services.db)


def test_whoever_lost_the_appointment_cannot_log_in(enrolled: Invitee) -> None:
    services = enrolled.browser.services
    end_appointment(enrolled.appointment, by=Operator("test"), now=config.now(), db=services.db)

    assert enrolled.log_in(enrolled.phone.log_in(enrolled.login_options())).status_code == 401


def test_one_invited_person_cannot_enrol_with_the_challenge_of_another(app: Flask) -> None:
    one, other = invited(app, name="甲"), invited(app, name="乙")
    options = other.options()

    assert one.enrol(one.phone.register(options)).status_code == 401


def test_challenges_are_forgotten_after_their_answer(enrolled: Invitee) -> None:
    with enrolled.browser.services.db.read() as session:
        assert session.scalars(select(PasskeyChallenge)).all() == []


def test_at_a_bare_address_the_login_page_leads_to_the_host_name(browser: Browser) -> None:
    page = browser.get("/access/login")

    assert 'href="http://localhost:8000/access/login"' in page.text
    assert "data-passkey-start" not in page.text


def test_a_real_host_is_its_own_relying_party(browser: Browser) -> None:
    settings = browser.services.settings
    assert RelyingParty.of(settings) == RelyingParty("localhost", ORIGIN)


def test_a_challenge_of_one_ceremony_does_not_serve_the_other(enrolled: Invitee, app: Flask) -> None:
    registration = invited(app, name="乙").options()
    credential = enrolled.phone.log_in({"rpId": "localhost", "challenge": registration["challenge"]})

    assert enrolled.log_in(credential).status_code == 401
