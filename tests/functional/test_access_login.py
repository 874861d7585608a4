"""Logging in by link (demonstration), sessions, cookies, roles, logging out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from hub import config
from hub.access import sessions
from hub.access.demonstrators import DEMONSTRATORS
from hub.access.errors import DemonstrationOnlyError, LinkRefusedError
from hub.access.models import Appointment, LoginSession
from hub.access.service import Post, end_appointment, invite
from hub.config import Settings
from hub.demo.errors import DemoKeysError
from hub.kernel.actor import Operator, Role
from hub.kernel.errors import InvalidInputError
from hub.kernel.ids import new_id
from tests.support.applications import create_app, stop
from tests.support.browser import Browser
from tests.support.building import unguarded
from tests.support.demonstrations import as_demonstration, demonstration_links
from tests.support.enterprises import USCC, add_enterprise

pytestmark = pytest.mark.usefixtures("acts_are_named")

OPERATOR = Operator("test")


@pytest.fixture
def demo(demo_app: Flask) -> Browser:
    browser = Browser(demo_app)
    add_enterprise(browser.services.db)
    return browser


def links(browser: Browser) -> dict[Role, str]:
    found = demonstration_links(browser.services.db, browser.services.settings, uscc=USCC, now=config.now())
    return {role: urlsplit(link).path for role, link in found.items()}


@pytest.mark.parametrize(
    ("role", "lands_on"),
    [(Role.OWNER, "/enterprise/"), (Role.OFFICER, "/enforcement/"), (Role.OFFICIAL, "/government/")],
)
def test_a_demonstration_link_logs_its_person_in(demo: Browser, role: Role, lands_on: str) -> None:
    path = links(demo)[role]
    assert demo.get(path).status_code == 200

    answer = demo.post(path)

    assert answer.status_code == 303
    assert answer.headers["Location"] == lands_on
    assert demo.get("/access/account").status_code == 200


def test_opening_the_link_does_not_spend_it_but_entering_does(demo: Browser) -> None:
    path = links(demo)[Role.OWNER]
    for _ in range(3):
        assert demo.get(path).status_code == 200
    assert demo.post(path).status_code == 303

    assert Browser(demo.client.application).get(path).status_code == 404
    assert Browser(demo.client.application).post(path).status_code == 404


def test_an_expired_link_is_refused_like_an_unknown_one(demo: Browser) -> None:
    token = links(demo)[Role.OWNER].rpartition("/")[2]
    later = config.now() + timedelta(hours=9)
    db, settings = demo.services.db, demo.services.settings

    with pytest.raises(LinkRefusedError):
        sessions.redeem_login_link(token, settings=settings, now=later, db=db)


def test_a_restart_of_the_demonstration_ends_the_old_links_and_keeps_the_persons(demo: Browser) -> None:
    old = links(demo)
    new = links(demo)

    assert demo.get(old[Role.OWNER]).status_code == 404
    assert demo.get(new[Role.OWNER]).status_code == 200
    with demo.services.db.read() as session:
        assert len(session.scalars(select(Appointment)).all()) == len(DEMONSTRATORS)


def test_outside_the_demonstration_there_are_no_login_links(app: Flask) -> None:
    browser = Browser(app)
    add_enterprise(browser.services.db)
    settings, db = browser.services.settings, browser.services.db

    with pytest.raises(DemonstrationOnlyError):
        demonstration_links(db, settings, uscc=USCC, now=config.now())


def test_a_link_left_over_from_a_demonstration_is_refused_when_it_is_none_any_more(demo: Browser) -> None:
    token = links(demo)[Role.OFFICIAL].rpartition("/")[2]
    serious = replace(demo.services.settings, demo=False)

    with pytest.raises(DemoKeysError):
        create_app(serious)
    with pytest.raises(DemonstrationOnlyError):
        sessions.redeem_login_link(token, settings=serious, now=config.now(), db=demo.services.db)


def test_every_page_of_the_demonstration_says_so(demo: Browser) -> None:
    assert "示范环境" in demo.get("/").text
    assert "示范环境" in demo.get("/nowhere").text


def test_logging_in_replaces_a_session_cookie_planted_before(demo: Browser) -> None:
    demo.set_session("planted-by-an-attacker")

    demo.post(links(demo)[Role.OWNER])

    cookie = demo.client.get_cookie("hub_session", domain="127.0.0.1")
    assert cookie is not None
    assert cookie.value != "planted-by-an-attacker"
    assert len(cookie.value) >= 43


def test_the_cookie_is_closed_to_scripts_and_other_sites(demo: Browser) -> None:
    answer = demo.post(links(demo)[Role.OWNER])

    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("hub_session=")]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


@pytest.fixture
def secure_app(settings: Settings) -> Iterator[Flask]:
    app = create_app(replace(as_demonstration(settings), base_url="https://hub.example"))
    yield app
    stop(app)


def test_over_https_the_cookie_is_bound_to_the_host(secure_app: Flask) -> None:
    browser = Browser(secure_app)
    add_enterprise(browser.services.db)

    answer = browser.post(links(browser)[Role.OWNER])

    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("__Host-hub=")]
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


def test_only_the_hash_of_a_session_is_stored(browser: Browser) -> None:
    browser.login(Role.OFFICIAL)
    cookie = browser.client.get_cookie("hub_session", domain="127.0.0.1")
    assert cookie is not None

    with browser.services.db.read() as session:
        stored = session.scalars(select(LoginSession.token_hash)).all()

    assert cookie.value not in stored


def test_logging_out_ends_the_session_on_the_server(browser: Browser) -> None:
    browser.login(Role.OFFICIAL)
    cookie = browser.client.get_cookie("hub_session", domain="127.0.0.1")
    assert cookie is not None

    assert browser.post("/access/logout").status_code == 303

    browser.set_session(cookie.value)  # a copy kept by somebody
    assert browser.get("/access/account").status_code == 303


@pytest.mark.parametrize(
    ("role", "minutes", "status"),
    [(Role.OFFICER, 29, 200), (Role.OFFICER, 31, 303), (Role.OWNER, 31, 200), (Role.OWNER, 8 * 60 + 1, 303)],
)
def test_a_session_dies_of_age_and_an_office_session_of_idleness(
    browser: Browser, role: Role, minutes: int, status: int
) -> None:
    browser.login(role, uscc=USCC, now=config.now() - timedelta(minutes=minutes))

    assert browser.get("/access/account").status_code == status


def test_using_a_session_keeps_it_awake(browser: Browser) -> None:
    browser.login(Role.OFFICER, now=config.now() - timedelta(minutes=20))
    browser.get("/access/account")

    with browser.services.db.read() as session:
        seen = session.scalars(select(LoginSession.seen_at)).one()

    assert config.now() - seen < timedelta(minutes=1)


def test_ending_an_appointment_ends_its_sessions_at_once(browser: Browser) -> None:
    browser.login(Role.OFFICIAL)
    end_appointment(browser.appointment_id, by=OPERATOR, now=config.now(), db=browser.services.db)

    assert browser.get("/access/account").status_code == 303


def test_when_the_license_holder_goes_those_he_authorised_go_too(app: Flask) -> None:
    owner, manager, agent, stranger = Browser(app), Browser(app), Browser(app), Browser(app)
    owner.login(Role.OWNER, uscc=USCC)
    manager.login(Role.MANAGER, uscc=USCC)
    agent.login(Role.AGENT, uscc=USCC)
    stranger.login(Role.MANAGER, uscc="91330110MA2B0XYZ1K")

    end_appointment(owner.appointment_id, by=OPERATOR, now=config.now(), db=owner.services.db)

    assert manager.get("/access/account").status_code == 303
    assert agent.get("/access/account").status_code == 303
    assert stranger.get("/access/account").status_code == 200


def test_a_person_with_two_roles_chooses_and_gets_a_new_session(browser: Browser) -> None:
    person = browser.login(Role.OFFICER)
    second = new_id(config.now())
    with unguarded(browser.services.db) as session:
        session.add(
            Appointment(
                person_id=person.person_id,
                id=second,
                role=Role.OFFICIAL,
                department="示范局",
                valid_from=config.now(),
                by="test",
            )
        )
    before = browser.client.get_cookie("hub_session", domain="127.0.0.1")
    assert "政务人员" in browser.get("/access/roles").text

    answer = browser.post("/access/roles", {"appointment_id": str(second)})

    assert answer.headers["Location"] == "/government/"
    after = browser.client.get_cookie("hub_session", domain="127.0.0.1")
    assert before is not None
    assert after is not None
    assert before.value != after.value


def test_nobody_takes_on_the_role_of_another_person(app: Flask) -> None:
    one, other = Browser(app), Browser(app)
    one.login(Role.OWNER, uscc=USCC)
    other.login(Role.OFFICIAL)

    answer = one.post("/access/roles", {"appointment_id": str(other.appointment_id)})

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example/",
        "///evil.example/",
        "////evil.example/",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "http:evil",
        "/" + "a" * 600,
    ],
)
def test_the_login_page_carries_no_foreign_target(browser: Browser, target: str) -> None:
    page = browser.get(f"/access/login?next={target}")

    assert 'data-next=""' in page.text


def test_a_page_behind_the_login_is_remembered_by_its_path(browser: Browser) -> None:
    answer = browser.get("/access/account?tab=keys")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/access/login?next=/access/account?tab%3Dkeys"


def test_an_invited_owner_needs_an_enterprise_that_exists(browser: Browser) -> None:
    with pytest.raises(InvalidInputError, match="ENTERPRISE_UNKNOWN"):
        invite(
            Post(Role.OWNER, uscc=USCC),
            name="张三",
            by=OPERATOR,
            base_url="http://127.0.0.1:8000",
            now=config.now(),
            db=browser.services.db,
        )


def test_a_session_does_not_outlive_the_term_of_the_appointment(browser: Browser) -> None:
    browser.login(Role.OFFICIAL)
    with unguarded(browser.services.db) as session:
        row = session.scalars(select(Appointment)).one()
        row.valid_to = config.now()

    assert browser.get("/access/account").status_code == 303
