"""Sessions know the passkey they were made with, are listed for the person, and end when they should."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from hub import config
from hub.access.models import LoginSession, Passkey
from hub.kernel.actor import Role
from hub.trust.record.models import Event
from tests.support.authenticator import Authenticator, Lie
from tests.support.beside import beside
from tests.support.browser import Browser
from tests.support.invitees import ORIGIN, Invitee

pytestmark = pytest.mark.usefixtures("acts_are_named")

CHROME = "Mozilla/5.0 (Linux; Android 14; 2210132C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0 Mobile Safari/537.36"
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15"
ACCOUNT = "/access/account"
TRUTH = Lie()


def another_browser(invitee: Invitee, phone: Authenticator | None = None, agent: str = SAFARI) -> Invitee:
    """The same person at another browser, logged in there."""
    browser = Browser(invitee.browser.client.application, base=ORIGIN)
    other = Invitee(browser, invitee.path, phone or invitee.phone, invitee.appointment)
    credential = other.phone.log_in(other.login_options())
    answer = browser.json(
        "/access/login", {"credential": credential, "next": ""}, headers={"User-Agent": agent}
    )
    assert answer.status_code == 200, answer.text
    return other


def is_in(invitee: Invitee) -> bool:
    return invitee.browser.get(ACCOUNT).status_code == 200


def grow_stale(invitee: Invitee) -> None:
    """Six minutes pass since any passkey was used."""
    with beside(invitee.browser.services.db) as session:
        session.execute(update(LoginSession).values(proved_at=config.now() - timedelta(minutes=6)))


def add_passkey(invitee: Invitee) -> Authenticator:
    key = Authenticator(ORIGIN, handle=invitee.phone.handle)
    options = invitee.browser.json("/access/passkeys/options").get_json()
    assert invitee.browser.json("/access/passkeys", {"credential": key.register(options)}).status_code == 200
    return key


def prove(invitee: Invitee, phone: Authenticator, lie: Lie = TRUTH) -> int:
    options = invitee.browser.json("/access/prove/options").get_json()
    credential = phone.log_in(options, lie)
    return invitee.browser.json("/access/prove", {"credential": credential, "next": ACCOUNT}).status_code


def identifier(phone: Authenticator) -> object:
    return phone._answer({})["id"]


def acts(invitee: Invitee, kind: str) -> list[dict[str, object]]:
    with invitee.browser.services.db.read() as session:
        return [dict(row.data) for row in session.scalars(select(Event).where(Event.kind == kind))]


@pytest.fixture
def inside(enrolled: Invitee) -> Invitee:
    assert enrolled.log_in(enrolled.phone.log_in(enrolled.login_options())).status_code == 200
    return enrolled


def test_the_sessions_of_a_removed_passkey_end_with_it_and_no_others(inside: Invitee) -> None:
    stolen = add_passkey(inside)
    thief = another_browser(inside, stolen)
    desk = another_browser(inside)
    assert is_in(thief)

    assert inside.browser.post(f"/access/passkeys/{identifier(stolen)}/remove").status_code == 303

    assert not is_in(thief)
    assert thief.browser.json("/access/passkeys/options").status_code == 401
    assert is_in(inside)
    assert is_in(desk)
    assert [one["reason"] for one in acts(inside, "session.ended")][-1] == "passkey-removed"


def test_who_removes_the_passkey_of_the_present_session_must_log_in_again(inside: Invitee) -> None:
    add_passkey(inside)

    answer = inside.browser.post(f"/access/passkeys/{identifier(inside.phone)}/remove")

    assert answer.location == "/access/login"
    assert not is_in(inside)


def test_logging_in_over_a_session_ends_the_old_one(inside: Invitee) -> None:
    cookie = inside.browser.client.get_cookie("hub_session", domain="localhost")
    assert cookie is not None

    assert inside.log_in(inside.phone.log_in(inside.login_options())).status_code == 200

    assert is_in(inside)
    inside.browser.set_session(cookie.value)
    assert not is_in(inside)


def test_a_person_sees_where_he_is_logged_in_and_ends_one_or_all_others(inside: Invitee) -> None:
    phone = another_browser(inside, agent=CHROME)
    desk = another_browser(inside)
    page = inside.browser.get(ACCOUNT).text

    assert "Chrome · 安卓" in page
    assert "Safari · Mac" in page
    assert page.count("当前登录</span>") == 1
    ids = re.findall(r'name="session" value="([0-9a-f]{64})"', page)
    assert len(ids) == 2
    assert inside.browser.post("/access/sessions/end", {"session": ids[1]}).status_code == 303
    assert (is_in(phone), is_in(desk), is_in(inside)) == (False, True, True)

    another_browser(inside)
    assert inside.browser.post("/access/sessions/end-others").status_code == 303
    assert "已结束 2 个其他登录" in inside.browser.get(ACCOUNT).text
    assert (is_in(phone), is_in(desk), is_in(inside)) == (False, False, True)
    assert len(acts(inside, "session.ended")) == 4  # enrolment's log-out among them


@pytest.mark.parametrize("chosen", ["", "0" * 64, "x" * 64, "0" * 63])
def test_a_session_that_is_none_is_not_ended(inside: Invitee, chosen: str) -> None:
    assert inside.browser.post("/access/sessions/end", {"session": chosen}).status_code in {400, 404}


def test_nobody_ends_the_session_of_another_person(inside: Invitee) -> None:
    stranger = Browser(inside.browser.client.application)
    stranger.login(Role.OFFICIAL)
    with inside.browser.services.db.read() as session:
        living = select(LoginSession.token_hash).where(
            LoginSession.passkey.is_not(None), LoginSession.ended_at.is_(None)
        )
        theirs = session.scalars(living).one()

    assert stranger.post("/access/sessions/end", {"session": theirs}).status_code == 404
    assert stranger.post("/access/sessions/end-others").status_code == 303
    assert is_in(inside)


def test_adding_and_removing_ask_for_a_passkey_used_within_five_minutes(inside: Invitee) -> None:
    second = add_passkey(inside)
    options = inside.browser.json("/access/passkeys/options").get_json()
    grow_stale(inside)
    body = {"credential": Authenticator(ORIGIN).register(options)}

    for refused in (
        inside.browser.json("/access/passkeys/options"),
        inside.browser.json("/access/passkeys", body),
    ):
        assert (refused.status_code, refused.json["reason"]) == (403, "STEP_UP_NEEDED")
    led = inside.browser.post(
        f"/access/passkeys/{identifier(second)}/remove", headers={"Referer": f"{ORIGIN}{ACCOUNT}"}
    )
    assert (led.status_code, led.location) == (303, "/access/prove?next=/access/account")
    shown = inside.browser.get(ACCOUNT).text
    assert "确认本人" in shown
    assert "/remove" not in shown
    with inside.browser.services.db.read() as session:
        assert len(session.scalars(select(Passkey)).all()) == 2

    assert "请确认是您本人" in inside.browser.get(led.location).text
    assert prove(inside, inside.phone) == 200
    assert inside.browser.post(f"/access/passkeys/{identifier(second)}/remove").status_code == 303
    assert len(acts(inside, "session.proved")) == 1


@pytest.mark.parametrize(
    "lie",
    [
        Lie(verified=False),
        Lie(origin="http://evil.example"),
        Lie(kind="webauthn.create"),
        Lie(rp_id="evil.example"),
    ],
    ids=["unverified", "origin", "ceremony", "relying-party"],
)
def test_a_proof_that_lies_proves_nothing(inside: Invitee, lie: Lie) -> None:
    grow_stale(inside)

    assert prove(inside, inside.phone, lie) == 401
    assert inside.browser.json("/access/passkeys/options").status_code == 403


def test_a_passkey_of_somebody_else_proves_nothing(inside: Invitee) -> None:
    grow_stale(inside)

    assert prove(inside, Authenticator(ORIGIN, handle=inside.phone.handle)) == 401
    assert inside.browser.json("/access/passkeys/options").status_code == 403


def test_a_login_challenge_is_no_proof_and_a_proof_is_no_login(inside: Invitee) -> None:
    grow_stale(inside)
    login = inside.phone.log_in(inside.login_options())
    proof = inside.phone.log_in(inside.browser.json("/access/prove/options").get_json())

    assert inside.browser.json("/access/prove", {"credential": login}).status_code == 401
    assert inside.log_in(proof).status_code == 401


def test_another_role_goes_on_with_the_same_passkey(inside: Invitee) -> None:
    answer = inside.browser.post("/access/roles", {"appointment_id": str(inside.appointment)})

    assert answer.status_code == 303
    with inside.browser.services.db.read() as session:
        known = session.scalars(select(LoginSession).where(LoginSession.ended_at.is_(None))).one()
        assert known.passkey is not None
        assert known.proved_at is not None


def test_going_on_in_another_role_asks_for_the_passkey_no_later(inside: Invitee) -> None:
    """Else whoever changes roles before every evening is logged in for ever, and so is who stole the cookie."""
    db = inside.browser.services.db
    ends = config.now() + timedelta(minutes=20)
    with beside(db) as session:
        session.execute(update(LoginSession).values(expires_at=ends))
    assert (
        inside.browser.post("/access/roles", {"appointment_id": str(inside.appointment)}).status_code == 303
    )

    with db.read() as session:
        living = select(LoginSession.expires_at).where(LoginSession.ended_at.is_(None))
        assert session.scalars(living).all() == [ends]
