"""Answers leave smaller for who can read them so, and nothing secret is repeated for compression to give away."""

import gzip
import re

from werkzeug.test import TestResponse

from hub.kernel.actor import Role
from tests.support.browser import Browser
from tests.support.plates import USCC, add_enterprise

STYLES = re.compile(r'href="(/static/[^"]+\.css[^"]*)"')


def fetched(browser: Browser, path: str, **headers: str) -> TestResponse:
    """Read whole and closed: a file is open until then."""
    answer = browser.client.get(path, base_url=browser.base, headers=headers)
    answer.get_data()
    answer.close()
    return answer


def test_a_page_is_the_same_page_compressed_and_not(browser: Browser) -> None:
    plain = browser.client.get("/access/login", base_url=browser.base)
    small = browser.client.get(
        "/access/login", base_url=browser.base, headers={"Accept-Encoding": "gzip, br"}
    )

    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in small.headers["Vary"]
    body = gzip.decompress(small.data)
    assert len(small.data) * 3 < len(body) * 2
    assert int(small.headers["Content-Length"]) == len(small.data)
    assert b"</html>" in body


def test_a_style_sheet_is_asked_for_again_by_its_validator(browser: Browser) -> None:
    home = browser.client.get("/", base_url=browser.base)
    found = STYLES.search(home.text)
    assert found is not None
    path, takes = found[1], {"Accept-Encoding": "gzip"}
    first = fetched(browser, path, **takes)
    again = fetched(browser, path, **takes, **{"If-None-Match": first.headers["ETag"]})
    whole = fetched(browser, path)

    assert first.headers["Content-Encoding"] == "gzip"
    assert first.headers["ETag"].startswith("W/")
    assert gzip.decompress(first.data) == whole.data
    assert again.status_code == 304
    assert "Content-Encoding" not in whole.headers


def test_small_answers_pictures_and_refusals_of_gzip_stay_as_they_are(browser: Browser) -> None:
    for path, takes in (("/healthz", "gzip"), ("/", "gzip;q=0"), ("/", "identity")):
        answer = browser.client.get(path, base_url=browser.base, headers={"Accept-Encoding": takes})
        assert "Content-Encoding" not in answer.headers, (path, takes)


def test_the_token_of_forms_looks_different_on_every_page_and_counts_on_all(browser: Browser) -> None:
    add_enterprise(browser.services.db)
    browser.login(Role.OWNER, uscc=USCC)
    tokens = {browser.get("/access/account").text.split('name="csrf" content="')[1][:128] for _ in range(3)}

    assert len(tokens) == 3
    for token in tokens:
        browser.csrf = token
        assert (
            browser.post("/access/logout-nowhere").status_code == 404
        )  # an address without a view asks no token
    forged = "0" * 64 + next(iter(tokens))[64:]
    answers = [
        browser.client.post(
            "/access/logout", base_url=browser.base, data={"_csrf": token}, headers={"Origin": browser.base}
        ).status_code
        for token in (forged, "zz" * 64, min(tokens))
    ]
    assert answers == [403, 403, 303]
