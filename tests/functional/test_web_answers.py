"""What every answer carries: headers, problems, language, cache rules; and what it never tells."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask, Response, g
from marshmallow import Schema, fields
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from hub.access.errors import NameRefusedError
from hub.config import Settings
from hub.kernel.errors import ConflictError, HubError, NotAllowedError, UnavailableError
from hub.kernel.identifiers import parse_uscc
from hub.kernel.messages import Message
from hub.web import i18n, notices
from hub.web.guards import cacheable, public, scan_page
from keys import NoActiveKeyError
from tests.support.applications import create_app, stop
from tests.support.browser import Browser

JSON = {"Accept": "application/json"}
SECRET = "canary-4711"


class Shape(Schema):
    count = fields.Integer(required=True)


def _raise(error: Exception) -> Response:
    raise error


FAULTS = {
    "conflict": (lambda: _raise(ConflictError()), 409, "CONFLICT"),
    "forbidden": (lambda: _raise(NotAllowedError()), 403, "NOT_ALLOWED"),
    "other": (lambda: _raise(HubError()), 400, "HUB_ERROR"),
    "away": (lambda: _raise(UnavailableError()), 503, "UNAVAILABLE"),
    "input": (lambda: _raise(NameRefusedError()), 422, "NAME"),
    "uscc": (lambda: parse_uscc("91330800MA28F00G7X"), 422, "USCC_CHECK"),
    "shape": (lambda: Shape().load({"count": "many"}), 400, "VALIDATION"),
    "keys": (lambda: _raise(NoActiveKeyError("plate")), 503, "SERVICE_UNAVAILABLE"),
    "database": (
        lambda: _raise(OperationalError(f"SELECT {SECRET}", {}, Exception(SECRET))),
        503,
        "UNAVAILABLE",
    ),
    "unforeseen": (lambda: _raise(ZeroDivisionError(SECRET)), 500, "INTERNAL_SERVER_ERROR"),
}


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The hub with a route per fault."""
    app = create_app(settings, more=_probes)
    yield app
    stop(app)


def _probes(app: Flask) -> None:
    for name, (view, _, _) in FAULTS.items():
        app.add_url_rule(f"/fault/{name}", f"fault.{name}", public(view))
    app.add_url_rule("/probe/scan", "probe.scan", scan_page(public(lambda: "scan")))
    app.add_url_rule("/probe/kept", "probe.kept", cacheable(60)(public(lambda: "kept")))
    app.add_url_rule("/probe/notice", "probe.notice", public(_notice), methods=["POST"])


def _notice() -> Response:
    notices.say(Message("已保存<b>", "Saved<b>"))
    return Response(status=302, headers={"Location": "/"})


def directives(answer: Response) -> dict[str, str]:
    policy = answer.headers["Content-Security-Policy"]
    return dict(part.split(" ", 1) for part in policy.split("; "))


def test_pages_carry_the_security_headers(browser: Browser) -> None:
    answer = browser.get("/")
    policy = directives(answer)

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in answer.headers  # plain http on loopback


def test_pages_have_no_inline_script_or_style(browser: Browser) -> None:
    for path in ("/", "/access/login", "/nowhere"):
        text = browser.get(path).text
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick=" not in text
        assert text.count("<script") == text.count("<script src=")


def test_only_the_scan_page_may_compile_webassembly_and_use_the_camera(browser: Browser) -> None:
    answer = browser.get("/probe/scan")

    assert directives(answer)["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert "camera=(self)" in answer.headers["Permissions-Policy"]


def test_a_resource_marked_cacheable_may_be_kept(browser: Browser) -> None:
    assert browser.get("/probe/kept").headers["Cache-Control"] == "public, max-age=60"


def test_static_files_are_kept_for_ever_under_an_address_with_their_hash(browser: Browser) -> None:
    page = browser.get("/").text
    href = page.partition('rel="stylesheet" href="')[2].partition('"')[0]

    assert "immutable" in browser.get(href).headers["Cache-Control"]
    assert browser.get("/static/app.css?v=stale").headers["Cache-Control"] == "no-cache"
    assert browser.get("/static/nothing.css").status_code == 404


def test_no_answer_sets_a_cookie_of_flask(browser: Browser) -> None:
    assert browser.get("/").headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_a_problem_document_for_a_program(browser: Browser, name: str) -> None:
    _, status, reason = FAULTS[name]

    answer = browser.get(f"/fault/{name}", headers=JSON)
    document = answer.get_json()

    assert answer.status_code == document["status"] == status
    assert answer.mimetype == "application/problem+json"
    assert document["reason"] == reason
    assert document["message"]["zh"]
    assert document["message"]["en"]
    assert document["type"].startswith("http://127.0.0.1:8000/problems/")
    assert SECRET not in answer.text


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_a_page_for_a_person(browser: Browser, name: str) -> None:
    answer = browser.get(f"/fault/{name}")

    assert answer.status_code == FAULTS[name][1]
    assert answer.mimetype == "text/html"
    assert SECRET not in answer.text


@pytest.mark.parametrize("name", FAULTS)
def test_the_type_of_a_problem_answers_with_a_page(browser: Browser, name: str) -> None:
    document = browser.get(f"/fault/{name}", headers=JSON).get_json()

    assert browser.get(document["type"].removeprefix(browser.base)).status_code == 200


def test_what_is_away_says_when_to_try_again(browser: Browser) -> None:
    assert browser.get("/fault/away", headers=JSON).headers["Retry-After"] == "5"
    assert browser.get("/fault/database", headers=JSON).headers["Retry-After"] == "5"


def test_a_wrong_shape_names_the_fields(browser: Browser) -> None:
    document = browser.get("/fault/shape", headers=JSON).get_json()

    assert document["fields"] == {"count": [{"zh": "须为整数。", "en": "Not a valid integer."}]}


def test_a_wrong_input_names_its_field(browser: Browser) -> None:
    document = browser.get("/fault/input", headers=JSON).get_json()

    assert document["fields"] == {
        "name": [{"zh": "姓名须为 1 至 100 个可见字符。", "en": "A name has 1 to 100 visible characters."}]
    }
    assert document["type"].endswith("/problems/INVALID_INPUT")


def test_an_unforeseen_error_is_logged_once(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="hub"):
        browser.get("/fault/unforeseen", headers=JSON)

    assert [record.name for record in caplog.records] == ["hub.problems"]


def test_a_wrong_method_says_which_are_allowed(browser: Browser) -> None:
    answer = browser.json("/healthz")

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_the_request_log_holds_the_rule_and_neither_path_nor_query(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="hub.requests"):
        answer = browser.get(f"/problems/{SECRET}?code={SECRET}", headers={"User-Agent": SECRET})

    (record,) = (each for each in caplog.records if each.name == "hub.requests")  # threads may log beside it
    assert SECRET not in json.dumps(record.__dict__, default=str)
    assert record.__dict__["rule"] == "/problems/<reason>"
    assert record.__dict__["request_id"] == answer.headers["X-Request-ID"]


def test_figures_count_by_rule_and_not_by_path(browser: Browser) -> None:
    browser.get(f"/problems/{SECRET}")
    browser.services.metrics.verdict("valid", "plate")

    text = browser.get("/metrics").text

    assert SECRET not in text
    assert 'hub_requests_total{method="GET",rule="/problems/<reason>",status="4xx"} 1.0' in text
    assert 'hub_verdicts_total{kind="plate",verdict="valid"} 1.0' in text


def test_the_hub_is_alive_and_ready(browser: Browser) -> None:
    assert browser.get("/healthz").get_json() == {"status": "alive"}
    assert browser.get("/readyz").get_json() == {"status": "ready"}


def test_without_its_database_the_hub_is_alive_and_not_ready(browser: Browser) -> None:
    with browser.services.db.write() as session:
        session.execute(text("DELETE FROM alembic_version"))

    assert browser.get("/healthz").status_code == 200
    assert browser.get("/readyz", headers=JSON).get_json()["reason"] == "UNAVAILABLE"


@pytest.mark.parametrize(
    ("asked", "lang", "word"),
    [
        ("zh-CN,zh;q=0.9", "zh-CN", "您是谁"),
        ("zh-Hans-CN", "zh-CN", "您是谁"),
        ("en-US,en;q=0.9", "en", "Who are you"),
        ("en-GB", "en", "Who are you"),
        ("fr-FR", "zh-CN", "您是谁"),
        ("", "zh-CN", "您是谁"),
    ],
)
def test_the_page_speaks_the_visitors_language_and_chinese_first(
    browser: Browser, asked: str, lang: str, word: str
) -> None:
    page = browser.get("/", headers={"Accept-Language": asked}).text

    assert f'<html lang="{lang}">' in page
    assert word in page


def test_the_language_is_switched_and_kept(browser: Browser) -> None:
    answer = browser.post("/language/en", {"next": "/access/login"})

    assert answer.headers["Location"] == "/access/login"
    assert '<html lang="en">' in browser.get("/").text
    browser.post("/language/zh")
    assert '<html lang="zh-CN">' in browser.get("/").text


def test_the_switch_leads_nowhere_else(browser: Browser) -> None:
    assert browser.post("/language/en", {"next": "//evil.example"}).headers["Location"] == "/"
    assert browser.post("/language/xx").status_code == 404


@pytest.mark.parametrize(
    ("language", "written", "left"),
    [("zh", "2026年11月21日", "还有 12 天"), ("en", "21 Nov 2026", "12 days left")],
)
def test_dates_are_written_as_people_write_them(app: Flask, language: str, written: str, left: str) -> None:
    with app.test_request_context(f"/?lang={language}", base_url="http://127.0.0.1:8000"):
        g.now = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
        assert i18n.day(date(2026, 11, 21)) == written
        assert i18n.days_left(date(2026, 12, 3)) == left
        assert i18n.moment(g.now).endswith("16:00")
        assert i18n.figure(12345) == "12,345"


def test_a_notice_is_shown_once_and_escaped(browser: Browser) -> None:
    answer = browser.post("/probe/notice")

    assert answer.status_code == 303
    assert "已保存&lt;b&gt;" in browser.get("/").text
    assert "已保存" not in browser.get("/").text


def test_a_forged_notice_is_not_shown(browser: Browser) -> None:
    browser.client.set_cookie("notice", "WyJnb29kIiwieCIsIngiXQ.forged", domain="127.0.0.1")

    assert browser.get("/").status_code == 200


def test_the_ids_of_requests_do_not_count_them(browser: Browser) -> None:
    def identity() -> int:
        return int(browser.get("/healthz").headers["X-Request-ID"].replace("-", ""), 16)

    gaps = {abs(identity() - identity()) for _ in range(5)}

    assert min(gaps) > 2**20  # 64 random bits: nearer than that once in a million million
