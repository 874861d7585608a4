"""The fast path gives the application's own answers, and leaves everything else to it."""

import json
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from hub.api.fast_path import PATH, VerificationFastPath
from hub.config import Settings
from hub.trust.keys.issuer import LOOK_SECONDS
from hub.web.context import EXTENSION, Services
from hub.web.headers import HeaderSealing
from hub.web.limits import PER_MINUTE, Rate
from tests.functional.test_verification import MALFORMED
from tests.support.applications import create_app, stop
from tests.support.plates import add_license, add_plate

VARYING = {"x-request-id", "content-length"}  # a problem names the request, in as many characters as it takes

Answer = tuple[str, dict[str, str], bytes]


class Watched:
    """An application that says how often it was asked."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.asked = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.asked += 1
        return self.app(environ, start_response)


@pytest.fixture
def services(app: Flask) -> Services:
    found: Services = app.extensions[EXTENSION]
    return found


@pytest.fixture
def plain(app: Flask) -> Watched:
    """The application without any fast path."""
    wsgi = app.wsgi_app
    while not isinstance(wsgi, VerificationFastPath):
        wsgi = wsgi._app  # type: ignore[attr-defined]
    return Watched(wsgi._app)


@pytest.fixture
def fast_path(plain: Watched, services: Services) -> HeaderSealing:
    """A fast path that has learnt its headers, and an application that has not been asked since."""
    fast_path = HeaderSealing(VerificationFastPath(plain, services))
    ask(fast_path, b'{"code":"x"}')
    plain.asked = 0
    return fast_path


def ask(app: Any, body: bytes, **changes: Any) -> Answer:
    given = {"method": "POST", "base_url": "http://127.0.0.1:8000", "content_type": "application/json"}
    environ = EnvironBuilder(path=changes.pop("path", PATH), data=body, **{**given, **changes}).get_environ()
    rows, status, headers = run_wsgi_app(app, environ, buffered=True)
    told = {name.lower(): value for name, value in headers if name.lower() not in VARYING}
    text = b"".join(rows)
    document = json.loads(text) if text[:1] == b"{" else {}
    for member in ("checked_at", "status_as_of", "instance"):
        document.pop(member, None)
    return status, told, json.dumps(document, sort_keys=True).encode()


def test_the_lane_answers_as_the_application_does(
    fast_path: HeaderSealing, plain: Watched, services: Services, settings: Settings
) -> None:
    plate = add_plate(services.db, settings)
    add_license(services.db)
    add_license(services.db, number="JY2", state="吊销")
    codes = [plate.text, plate.text.partition("/c/")[2], "nonsense", "", "\u0000", "衢州", plate.text * 2]

    answers = [ask(fast_path, json.dumps({"code": code}).encode()) for code in codes]

    assert plain.asked == 0
    assert answers == [ask(HeaderSealing(plain), json.dumps({"code": code}).encode()) for code in codes]
    assert answers[0][1]["cache-control"] == "no-store"


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_not_well_formed_is_answered_by_the_application(
    fast_path: HeaderSealing, plain: Watched, body: bytes
) -> None:
    status, headers, document = ask(fast_path, body)

    assert plain.asked == 1
    assert status.startswith("400")
    assert (status, headers, document) == ask(HeaderSealing(plain), body)


@pytest.mark.parametrize(
    "changes",
    [
        {"content_type": "text/plain"},
        {"content_type": "application/json; charset=utf-8"},
        {"method": "PUT"},
        {"base_url": "http://evil.example"},
        {"path": PATH + "/batch"},
        {"path": PATH + "/"},
        {"environ_overrides": {"CONTENT_LENGTH": "-1"}},
        {"environ_overrides": {"CONTENT_LENGTH": "\u00b2"}},
        {"environ_overrides": {"CONTENT_LENGTH": "0" * 5_000 + "12"}},
    ],
    ids=lambda changes: " ".join(map(str, changes.values()))[:60],
)
def test_another_request_is_answered_by_the_application(
    fast_path: HeaderSealing, plain: Watched, changes: dict[str, Any]
) -> None:
    answer = ask(fast_path, b'{"code":"x"}', **changes)

    assert plain.asked == 1
    assert answer == ask(HeaderSealing(plain), b'{"code":"x"}', **changes)


def test_a_body_over_the_limit_is_not_read_by_the_fast_path(fast_path: HeaderSealing, plain: Watched) -> None:
    status, _, _ = ask(fast_path, b'{"code":"' + b"A" * 70_000 + b'"}')

    assert (status[:3], plain.asked) == ("413", 1)


def test_the_lane_counts_against_the_same_rate_as_the_application(
    fast_path: HeaderSealing, plain: Watched
) -> None:
    """One request was the fast path's first; the application refuses the one that is too many."""
    statuses = [ask(fast_path, b'{"code":"x"}')[0][:3] for _ in range(PER_MINUTE[Rate.VERIFICATION])]

    assert statuses.count("200") == PER_MINUTE[Rate.VERIFICATION] - 1
    assert (statuses[-1], plain.asked) == ("429", 1)


def test_until_it_has_seen_a_good_answer_the_lane_gives_none(plain: Watched, services: Services) -> None:
    fast_path = HeaderSealing(VerificationFastPath(plain, services))

    assert ask(fast_path, b"{")[0][:3] == "400"
    assert ask(fast_path, b'{"code":"x"}')[0][:3] == "200"
    assert plain.asked == 2
    ask(fast_path, b'{"code":"x"}')
    assert plain.asked == 2


def test_every_answer_of_the_lane_has_an_id_of_its_own(fast_path: HeaderSealing) -> None:
    def identity() -> str:
        environ = EnvironBuilder(
            path=PATH,
            method="POST",
            base_url="http://127.0.0.1:8000",
            content_type="application/json",
            input_stream=BytesIO(b'{"code":"x"}'),
            content_length=12,
        ).get_environ()
        _, _, headers = run_wsgi_app(fast_path, environ, buffered=True)
        return headers["X-Request-ID"]

    assert identity() != identity()


def test_behind_https_the_lane_says_so_like_the_application(settings: Settings) -> None:
    app = create_app(replace(settings, base_url="https://yizhao.example.cn"))

    first, second = (
        ask(app.wsgi_app, b'{"code":"x"}', base_url="https://yizhao.example.cn") for _ in range(2)
    )
    stop(app)

    assert first == second
    assert second[1]["strict-transport-security"]
    assert second[1]["cache-control"] == "no-store"


def test_a_key_ring_that_was_damaged_meanwhile_is_told_as_the_application_tells_it(
    fast_path: HeaderSealing, plain: Watched, settings: Settings
) -> None:
    (Path(settings.keys_uri.removeprefix("file:")) / "ring.json").write_text("{")
    time.sleep(LOOK_SECONDS)

    answer = ask(fast_path, b'{"code":"x"}')

    assert answer[0][:3] == "503"
    assert answer == ask(HeaderSealing(plain), b'{"code":"x"}')
