"""The fast path of the page behind a plate gives the application's own pages, and leaves everything else to it."""

import gzip
import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from hub.config import Settings
from hub.ends.public.fast_path import PageFastPath
from hub.web.context import EXTENSION, Services
from hub.web.headers import HeaderSealing
from hub.web.limits import PER_MINUTE, Rate
from tests.functional.test_fast_path import Watched
from tests.support.plates import add_license, add_plate

VARYING = {"x-request-id", "content-length"}
CHANCE = re.compile(rb'name="_csrf" value="[^"]+"|\d{1,2}:\d{2}|urn:request:[0-9a-f]+')
PHONE = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8", "Accept-Encoding": "gzip, deflate, br"}
VISITORS: dict[str, dict[str, str]] = {
    "a program": {},
    "a phone": PHONE,
    "a phone in English": {**PHONE, "Accept-Language": "en-GB,en;q=0.9"},
    "a language of neither": {"Accept-Language": "fr"},
    "no compression": {"Accept-Encoding": "gzip;q=0, identity"},
}

Answer = tuple[str, dict[str, str], bytes]


@pytest.fixture
def services(app: Flask) -> Services:
    found: Services = app.extensions[EXTENSION]
    return found


@pytest.fixture
def plain(app: Flask) -> Watched:
    """The application without this fast path."""
    wsgi = app.wsgi_app
    while not isinstance(wsgi, PageFastPath):
        wsgi = wsgi._app  # type: ignore[attr-defined]
    return Watched(wsgi._app)


@pytest.fixture
def fast_path(plain: Watched, services: Services) -> HeaderSealing:
    return HeaderSealing(PageFastPath(plain, services))


@pytest.fixture
def code(services: Services, settings: Settings) -> str:
    plate = add_plate(services.db, settings)
    add_license(services.db)
    return plate.text.rsplit("/", 1)[1]


def ask(app: Any, path: str, *, method: str = "GET", **headers: str) -> Answer:
    environ = EnvironBuilder(
        path=path, method=method, base_url="http://127.0.0.1:8000", headers=list(headers.items())
    ).get_environ()
    rows, status, sent = run_wsgi_app(app, environ, buffered=True)
    told = {name.lower(): value for name, value in sent if name.lower() not in VARYING}
    body = b"".join(rows)
    page = gzip.decompress(body) if told.get("content-encoding") == "gzip" else body
    return status, told, CHANCE.sub(b"", page)


@pytest.mark.parametrize("headers", VISITORS.values(), ids=VISITORS.keys())
def test_the_lane_shows_the_page_that_the_application_shows(
    fast_path: HeaderSealing, plain: Watched, code: str, headers: dict[str, str]
) -> None:
    ask(fast_path, f"/c/{code}", **headers)
    plain.asked = 0

    answer = ask(fast_path, f"/c/{code}", **headers)

    assert plain.asked == 0
    assert answer == ask(HeaderSealing(plain), f"/c/{code}", **headers)
    assert (answer[0], answer[1]["cache-control"]) == ("200 OK", "no-store")


def test_a_page_of_other_facts_is_drawn_by_the_application(
    fast_path: HeaderSealing, plain: Watched, code: str, services: Services
) -> None:
    ask(fast_path, f"/c/{code}")
    add_license(services.db, number="JY2", state="吊销")
    plain.asked = 0

    answers = [ask(fast_path, f"/c/{code}") for _ in range(2)]

    assert plain.asked == 1
    assert answers[0] == answers[1] == ask(HeaderSealing(plain), f"/c/{code}")


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        ("/c/{code}?all=1", "GET", {}),
        ("/c/{code}?lang=en", "GET", {}),
        ("/c/{code}", "GET", {"Cookie": "lang=en"}),
        ("/c/{code}", "HEAD", {}),
        ("/c/nonsense", "GET", {}),
        ("/c/", "GET", {}),
        ("/c/{code}/", "GET", {}),
        ("/c/%00{code}", "GET", {}),
    ],
)
def test_another_request_is_answered_by_the_application(
    fast_path: HeaderSealing, plain: Watched, code: str, path: str, method: str, headers: dict[str, str]
) -> None:
    ask(fast_path, f"/c/{code}")
    plain.asked = 0

    answer = ask(fast_path, path.format(code=code), method=method, **headers)

    assert plain.asked == 1
    assert answer == ask(HeaderSealing(plain), path.format(code=code), method=method, **headers)


@pytest.mark.parametrize("wanted", ["good", "nonsense"])
def test_each_look_counts_once_against_the_rate(fast_path: HeaderSealing, code: str, wanted: str) -> None:
    path = f"/c/{code if wanted == 'good' else wanted}"

    statuses = [ask(fast_path, path)[0][:3] for _ in range(PER_MINUTE[Rate.VERIFICATION] + 1)]

    assert statuses.count("429") == 1
    assert statuses[-1] == "429"


def test_a_look_is_counted_once_whoever_draws_the_page(
    fast_path: HeaderSealing, code: str, services: Services
) -> None:
    before = _seen(services)
    for _ in range(3):
        ask(fast_path, f"/c/{code}")

    assert _seen(services) - before == 3


def _seen(services: Services) -> int:
    samples = (sample for _, _, _, found in services.metrics.told() for sample in found)
    return sum(
        int(value)
        for name, labels, value in samples
        if name == "hub_requests_total" and labels["rule"] == "/c/<code>"
    )
