"""JSON that has no reading, or none that can be stored, is the caller's fault: 400, never 500."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from hub.api.body import strict_value
from hub.kernel.actor import Role
from hub.kernel.database import Database
from tests.support.browser import Browser
from tests.support.plates import USCC, add_enterprise
from tests.support.taking import VERIFY
from tests.support.wallets import KEYS

LONE = r'"\ud800"'
BODIES = {
    "a lone surrogate": f'{{"proof":"x","label":{LONE}}}',
    "the other half of a pair": r'{"proof":"x","label":"\udc00"}',
    "halves in the wrong order": r'{"proof":"x","label":"\udc00\ud800"}',
    "a lone surrogate in a name": rf'{{"proof":"x","label":"a",{LONE}:1}}',
    "a number beyond all numbers": '{"proof":"x","label":1e999}',
    "one below them": '{"proof":"x","label":-1e999}',
}


def posted(browser: Browser, path: str, body: str, **headers: str) -> TestResponse:
    token = browser.json(f"{KEYS}/challenge").request.headers["X-CSRF-Token"]
    sent = {"Accept": "application/json", "Origin": browser.base, "X-CSRF-Token": token, **headers}
    return browser.client.post(
        path, base_url=browser.base, data=body, content_type="application/json", headers=sent
    )


@pytest.fixture
def owner(app: Flask, db: Database) -> Browser:
    add_enterprise(db)
    browser = Browser(app)
    browser.login(Role.OWNER, uscc=USCC)
    return browser


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_wallet_is_not_registered_with_what_cannot_be_stored(owner: Browser, body: str) -> None:
    answer = posted(owner, KEYS, body)

    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


@pytest.mark.parametrize("name", ["code", "credential", "receipt"])
@pytest.mark.parametrize("value", [LONE, r'"a.b.\udfff"', "1e999", "-1e999", "[1e400]"])
def test_a_verification_of_what_is_not_json_is_a_problem_of_the_body(
    app: Flask, name: str, value: str
) -> None:
    client = app.test_client()

    for _ in range(2):  # the first is the application's, the second the fast path's
        client.post(VERIFY, json={"code": "nothing"})
        answer = client.post(VERIFY, data=f'{{"{name}":{value}}}', content_type="application/json")
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


@pytest.mark.parametrize("text", [rb'"\ud83d\ude00"', b"1.5e3", b"1e308", b"123456789012345678901234567890"])
def test_pairs_and_finite_numbers_are_read(text: bytes) -> None:
    assert strict_value(text) is not None


@pytest.mark.parametrize(
    "text", [b"1e999", rb'"\ud800"', b"NaN", b'{"a":1,"a":2}', b"\xff", b"[" * 100_000, b"{} {}"]
)
def test_what_has_no_single_reading_is_not_read(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        strict_value(text)
