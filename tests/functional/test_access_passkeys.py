"""Passkeys, with a software authenticator that can be made to lie."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from hub import config
from hub.access import passkeys
from hub.access.errors import LinkRefusedError, PasskeyRefusedError
from hub.access.models import Challenge, LoginSession, Passkey
from hub.access.passkeys import RelyingParty
from hub.access.service import Place, end_appointment, invite
from hub.kernel.actor import Operator, Role
from hub.web.current import EXTENSION
from tests.support.authenticator import Authenticator, Lie
from tests.support.browser import Browser

ORIGIN = "http://localhost:8000"  # where a hub at 127.0.0.1 speaks to authenticators
DEPARTMENT = "示范市市场监督管理局"


@dataclass
class Invitee:
    browser: Browser
    path: str
    phone: Authenticator
    appointment: object

    def options(self) -> dict[str, object]:
        answer = self.browser.json(f"{self.path}/options")
        assert answer.status_code == 200, answer.text
        document: dict[str, object] = answer.get_json()
        return document

    def enrol(self, credential: dict[str, object]) -> TestResponse:
        return self.browser.json(self.path, {"credential": credential, "label": "我的手机"})

    def login_options(self) -> dict[str, object]:
        document: dict[str, object] = self.browser.json("/access/login/options").get_json()
        return document

    def log_in(self, credential: dict[str, object], target: str = "") -> TestResponse:
        return self.browser.json("/access/login", {"credential": credential, "next": target})


def invited(app: Flask, *, name: str = "李明") -> Invitee:
    services = app.extensions[EXTENSION]
    made = invite(
        Place(Role.OFFICER, department=DEPARTMENT, certificate_no="TEST-1"),
        name=name,
        by=Operator("test"),
        base_url=services.settings.base_url,
        now=config.now(),
        db=services.db,
    )
    assert made.link.startswith(ORIGIN)
    browser = Browser(app, base=ORIGIN)
    return Invitee(browser, urlsplit(made.link).path, Authenticator(ORIGIN), made.appointment_id)


@pytest.fixture
def invitee(app: Flask) -> Invitee:
    return invited(app)


@pytest.fixture
def enrolled(invitee: Invitee) -> Invitee:
    assert invitee.enrol(invitee.phone.register(invitee.options())).status_code == 200
    assert invitee.browser.post("/access/logout").status_code == 303
    return invitee


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
    end_appointment(enrolled.appointment, by=Operator("test"), now=config.now(), db=services.db)  # type: ignore[arg-type]

    assert enrolled.log_in(enrolled.phone.log_in(enrolled.login_options())).status_code == 401


def test_one_invited_person_cannot_enrol_with_the_challenge_of_another(app: Flask) -> None:
    one, other = invited(app, name="甲"), invited(app, name="乙")
    options = other.options()

    assert one.enrol(one.phone.register(options)).status_code == 401


def test_a_second_passkey_can_be_added_renamed_and_removed(enrolled: Invitee) -> None:
    assert enrolled.log_in(enrolled.phone.log_in(enrolled.login_options())).status_code == 200
    browser = enrolled.browser
    tablet = Authenticator(ORIGIN)
    options = browser.json("/access/passkeys/options").get_json()
    assert len(options["excludeCredentials"]) == 1
    body = {"credential": tablet.register(options), "label": "平板"}
    assert browser.json("/access/passkeys", body).status_code == 200
    identifier = tablet._answer({})["id"]

    assert browser.post(f"/access/passkeys/{identifier}/rename", {"label": "办公室平板"}).status_code == 303
    assert "办公室平板" in browser.get("/access/account").text
    assert browser.post(f"/access/passkeys/{identifier}/remove").status_code == 303
    assert "办公室平板" not in browser.get("/access/account").text


def test_the_last_passkey_stays(enrolled: Invitee) -> None:
    enrolled.log_in(enrolled.phone.log_in(enrolled.login_options()))
    identifier = enrolled.phone._answer({})["id"]

    assert enrolled.browser.post(f"/access/passkeys/{identifier}/remove").status_code == 409


def test_nobody_touches_the_passkey_of_another_person(enrolled: Invitee) -> None:
    stranger = Browser(enrolled.browser.client.application)
    stranger.login(Role.OFFICIAL)
    identifier = enrolled.phone._answer({})["id"]

    assert stranger.post(f"/access/passkeys/{identifier}/rename", {"label": "x"}).status_code == 404
    assert stranger.post(f"/access/passkeys/{identifier}/remove").status_code == 404
    with enrolled.browser.services.db.read() as session:
        assert session.scalars(select(Passkey.label)).one() == "我的手机"


def test_challenges_are_forgotten_after_their_answer(enrolled: Invitee) -> None:
    with enrolled.browser.services.db.read() as session:
        assert session.scalars(select(Challenge)).all() == []


def test_at_a_bare_address_the_login_page_leads_to_the_host_name(browser: Browser) -> None:
    page = browser.get("/access/login")

    assert 'href="http://localhost:8000/access/login"' in page.text
    assert "data-passkey-start" not in page.text


def test_a_real_host_is_its_own_relying_party(browser: Browser) -> None:
    settings = browser.services.settings
    assert RelyingParty.of(settings) == RelyingParty("localhost", ORIGIN)
