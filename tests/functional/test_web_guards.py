"""Who gets in: roles, cross-site requests, form tokens, rate classes, the cap on work in flight."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask

from hub import config
from hub.config import Settings
from hub.kernel.actor import Role
from hub.web import csrf
from hub.web.guards import public, roles
from hub.web.limits import PER_MINUTE, Rate
from tests.support.applications import create_app, stop
from tests.support.browser import Browser

EVIL = "https://evil.example"


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The hub with three routes more, one per kind of guard."""
    app = create_app(settings, more=_probes)
    yield app
    stop(app)


def _probes(app: Flask) -> None:
    app.add_url_rule(
        "/probe/officer", "probe.officer", roles(Role.OFFICER)(lambda: "ok"), methods=["GET", "POST"]
    )
    app.add_url_rule("/probe/open", "probe.open", public(lambda: "ok"), methods=["GET", "POST"])


def test_an_anonymous_browser_is_led_to_the_login(browser: Browser) -> None:
    answer = browser.get("/probe/officer")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/access/login?next=/probe/officer"


def test_an_anonymous_program_gets_a_problem(browser: Browser) -> None:
    answer = browser.get("/probe/officer", headers={"Accept": "application/json"})

    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["reason"] == "LOGIN_REQUIRED"


@pytest.mark.parametrize("role", [Role.OWNER, Role.OFFICIAL, Role.AUDITOR])
def test_to_other_roles_the_route_looks_absent(browser: Browser, role: Role) -> None:
    browser.login(role, uscc="91330800MA28F00G7T")
    json = {"Accept": "application/json"}

    refused = browser.get("/probe/officer", headers=json)
    absent = browser.get("/probe/nothing", headers=json)

    assert refused.status_code == absent.status_code == 404
    assert {**refused.get_json(), "instance": ""} == {**absent.get_json(), "instance": ""}


def test_the_right_role_gets_in(browser: Browser) -> None:
    browser.login(Role.OFFICER)

    assert browser.get("/probe/officer").text == "ok"
    assert browser.post("/probe/officer").text == "ok"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": EVIL},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8001"},
        {"Origin": "https://127.0.0.1:8000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/probe/officer", "/probe/open", "/access/logout"])
def test_a_request_from_another_site_is_refused(browser: Browser, path: str, headers: dict[str, str]) -> None:
    browser.login(Role.OFFICER)
    browser.get("/")
    form = {"_csrf": browser.csrf}

    answer = browser.client.post(
        path, base_url=browser.base, data=form, headers={"Accept": "application/json", **headers}
    )

    assert answer.status_code == 403
    assert answer.get_json()["reason"] == "CROSS_SITE"


@pytest.mark.parametrize("token", ["", "x", "0.x", "٣.x", "9" * 30 + ".x"])
def test_a_request_without_the_form_token_is_refused(browser: Browser, token: str) -> None:
    browser.login(Role.OFFICER)

    answer = browser.client.post(
        "/probe/officer",
        base_url=browser.base,
        data={"_csrf": token},
        headers={"Origin": browser.base, "Accept": "application/json"},
    )

    assert answer.status_code == 403
    assert answer.get_json()["reason"] == "FORM_TOKEN"


def test_a_form_token_belongs_to_one_session(app: Flask) -> None:
    one, other = Browser(app), Browser(app)
    one.login(Role.OFFICER)
    other.login(Role.OFFICER)
    one.get("/")
    other.csrf = one.csrf

    assert other.post("/probe/officer").status_code == 403


def test_an_anonymous_form_token_opens_no_form_behind_the_login(app: Flask) -> None:
    visitor, officer = Browser(app), Browser(app)
    officer.login(Role.OFFICER)
    visitor.get("/")
    officer.csrf = visitor.csrf

    assert officer.post("/probe/officer").status_code == 403
    assert visitor.post("/probe/open").text == "ok"


def test_an_anonymous_form_token_grows_old(browser: Browser, app: Flask) -> None:
    with app.test_request_context(base_url=browser.base):
        moment = str(int((config.now() - timedelta(hours=3)).timestamp()))
        browser.csrf = f"{moment}.{csrf._sign('form', moment)}"

    answer = browser.post("/probe/open", headers={"Accept": "application/json"})

    assert answer.get_json()["reason"] == "FORM_TOKEN"


def test_a_foreign_host_name_is_not_answered(browser: Browser) -> None:
    answer = browser.client.get("/", base_url="http://evil.example:8000")

    assert answer.status_code == 400


@pytest.mark.parametrize("port", ["", "x", "80@evil.example", "80/..", "999999", "８０"])
def test_a_host_with_something_else_for_a_port_is_not_answered(browser: Browser, port: str) -> None:
    """The framework makes it an empty host, and redirects to nowhere with it."""
    name = urlsplit(browser.base).hostname
    told = {"HTTP_HOST": f"{name}:{port}"}

    answer = browser.client.get("/enterprise", base_url=browser.base, environ_overrides=told)

    assert answer.status_code == 400


def test_the_figures_answer_loopback_and_token_only(settings: Settings) -> None:
    app = create_app(replace(settings, metrics_token="a-token-for-the-scraper"))
    client = app.test_client()
    far = {"REMOTE_ADDR": "203.0.113.9"}
    base = settings.base_url

    def status(environ: dict[str, str], **headers: str) -> int:
        return client.get("/metrics", base_url=base, environ_base=environ, headers=headers).status_code

    assert status({"REMOTE_ADDR": "127.0.0.1"}) == 200
    assert status(far) == 404
    assert status(far, Authorization="Bearer a-token-for-the-scraper") == 200
    assert status(far, Authorization="Bearer wrong") == 404
    forwarded = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}
    assert status(forwarded) == 404
    stop(app)


def test_too_many_requests_of_one_address_are_told_when_to_come_back(browser: Browser) -> None:
    limit = PER_MINUTE[Rate.LOGIN]
    answers = [browser.json("/access/login/options").status_code for _ in range(limit + 1)]

    assert answers == [200] * limit + [429]
    refused = browser.json("/access/login/options")
    assert refused.headers["Retry-After"] == "60"
    assert refused.get_json()["reason"] == "RATE_LIMITED"
    elsewhere = {"REMOTE_ADDR": "203.0.113.7"}
    other = browser.client.get("/access/login", base_url=browser.base, environ_base=elsewhere)
    assert other.status_code == 200


def test_the_rate_factor_widens_every_class(settings: Settings) -> None:
    app = create_app(replace(settings, rate_factor=3))
    browser = Browser(app)

    answers = {browser.json("/access/login/options").status_code for _ in range(PER_MINUTE[Rate.LOGIN] * 2)}

    assert answers == {200}
    stop(app)


BEHIND = "https://hub.example:8443"


@pytest.mark.parametrize(
    ("base_url", "host", "origin"),
    [
        (BEHIND, "hub.example", BEHIND),  # the proxy dropped the port
        (BEHIND, "hub.example:8443", BEHIND),
        (BEHIND, "hub.example", "HTTPS://HUB.example:8443"),
        ("https://hub.example", "hub.example", "https://hub.example:443"),
        ("https://hub.example", "hub.example:443", "https://hub.example"),
        ("https://hub.example:443", "hub.example", "https://hub.example"),
    ],
)
def test_the_public_address_is_ours_however_it_is_written(
    settings: Settings, base_url: str, host: str, origin: str
) -> None:
    app = create_app(replace(settings, base_url=base_url, proxies=1))
    browser = Browser(app, base=f"https://{host}")
    browser.get("/access/login")

    answer = browser.post("/access/login/options", headers={"Origin": origin, "X-Forwarded-Proto": "https"})

    assert answer.status_code != 403
    stop(app)


@pytest.mark.parametrize(
    "origin",
    [
        "https://hub.example:8444",
        "http://hub.example:8443",
        "https://hub.example.evil.example:8443",
        "https://hub.example:8443@evil.example",
        "https://evil.example@hub.example:8443",
        "https://hub.example:8443/x",
        "https://hub.example:x",
        "hub.example:8443",
        "null",
        "",
    ],
)
def test_what_only_looks_like_the_public_address_is_not_ours(settings: Settings, origin: str) -> None:
    app = create_app(replace(settings, base_url=BEHIND, proxies=1))
    browser = Browser(app, base="https://hub.example")
    browser.get("/access/login")

    answer = browser.post("/access/login/options", headers={"Origin": origin, "X-Forwarded-Proto": "https"})

    assert answer.status_code == 403
    stop(app)
