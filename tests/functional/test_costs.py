"""What a request costs before anybody is known: no body of 64 KB takes long, on any route, and memory stays."""

import json
import re
import time
from collections.abc import Iterator
from functools import partial
from uuid import UUID

import pytest
from flask import Flask

from hub.web import guards
from hub.web.budgets import Budget, RouteCosts
from hub.web.context import EXTENSION
from hub.web.limits import PER_MINUTE, Rate
from hub.web.problems import MAX_FINDINGS

SIZE = 64 * 1024
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
FACTOR = 15  # times the calibration, itself some 15 ms here: room for slow and busy machines; the faults were 30 and more

HOSTILE = {
    "members": ("application/json", b"{" + b",".join(b'"m%d":1' % i for i in range(5_000)) + b"}"),
    "items": ("application/json", b'{"items":[' + b"{}," * 20_000 + b"{}]}"),
    "ones": ("application/json", b'{"items":[' + b"1," * 30_000 + b"1]}"),
    "wrong items": ("application/json", b'{"items":[' + b"{}," * 900 + b"{}]}"),
    "depth": ("application/json", b"[" * SIZE),
    "objects": ("application/json", b'{"a":' * 10_000),
    "escapes": ("application/json", b'{"code":"' + b"\\u0041" * 10_000 + b'"}'),
    "number": ("application/json", b'{"code":' + b"9" * 60_000 + b"}"),
    "pairs": (FORM, b"&".join(b"m%d=1" % i for i in range(8_000))),
    "empty pairs": (FORM, b"&" * SIZE),
    "percent": (FORM, b"text=" + b"%E6" * 20_000),
    "parts": (
        MULTIPART,
        b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' * 1_200 + b"--b--\r\n",
    ),
    "boundaries": (MULTIPART, b"--b\r\n" * 13_000),
    "garbage": ("application/octet-stream", b"\xff" * SIZE),
}
PARAMETER = re.compile(r"<(?:(\w+)(?:\(([^)]*)\))?:)?\w+>")
FILLED = {"uuid": str(UUID(int=7)), "int": "1", "path": "a/b", "string": "x"}


def cost(work: object) -> float:
    begun = time.process_time()
    work()  # type: ignore[operator]  # any call
    return time.process_time() - begun


@pytest.fixture(scope="module")
def unit() -> float:
    """CPU seconds of a fixed piece of interpreter work on this machine, now."""

    def count() -> None:
        total = 0
        for number in range(300_000):
            total += number % 7

    return min(cost(count) for _ in range(5))


def routes(app: Flask, *, bodiless: bool = False) -> Iterator[tuple[str, str]]:
    """Every address that takes a body, or none, with its parameters filled in."""
    for rule in app.url_map.iter_rules():
        path = PARAMETER.sub(_value, rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if (method == "GET") is bodiless:
                yield method, path


def _value(found: re.Match[str]) -> str:
    """Something that the parameter of an address takes."""
    kind, choices = found[1] or "string", found[2] or ""
    return choices.partition(",")[0] if kind == "any" else FILLED.get(kind, "x")


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_hostile_body_costs_much_on_any_route(app: Flask, unit: float, kind: str) -> None:
    media, body = HOSTILE[kind]
    base = app.extensions[EXTENSION].settings.base_url
    client = app.test_client()
    dear = {}
    for number, (method, path) in enumerate(routes(app)):
        asker = {"REMOTE_ADDR": f"198.51.{number // 250}.{number % 250}"}

        def ask(method: str = method, path: str = path, asker: dict[str, str] = asker) -> None:
            answer = client.open(
                path, method=method, data=body, content_type=media, base_url=base, environ_base=asker
            )
            assert answer.status_code < 500
            assert len(answer.data) < SIZE

        spent = cost(ask)
        if spent > FACTOR * unit:  # once more: a collection or a first import is not the route's cost
            spent = cost(ask)
        if spent > FACTOR * unit:
            dear[f"{method} {path}"] = round(spent / unit, 1)

    assert dear == {}


def test_a_refused_request_is_not_even_read(app: Flask, unit: float) -> None:
    """Above the rate, a body of any kind costs what an empty one does."""
    base = app.extensions[EXTENSION].settings.base_url
    client, asker = app.test_client(), {"REMOTE_ADDR": "198.51.100.7"}
    for _ in range(PER_MINUTE[Rate.VERIFICATION] + 1):
        client.post("/api/v1/verifications", base_url=base, environ_base=asker)

    spent = []
    for media, body in HOSTILE.values():

        def ask(media: str = media, body: bytes = body) -> None:
            answer = client.post(
                "/api/v1/verifications", data=body, content_type=media, base_url=base, environ_base=asker
            )
            assert answer.status_code == 429

        spent.append(min(cost(ask), cost(ask)))

    assert max(spent) < unit


def test_a_batch_counts_as_many_as_it_holds(app: Flask) -> None:
    base = app.extensions[EXTENSION].settings.base_url
    client, asker = app.test_client(), {"REMOTE_ADDR": "198.51.100.8"}

    def batch(size: int) -> int:
        items = {"items": [{"code": "x"}] * size}
        return client.post(
            "/api/v1/verifications/batch", json=items, base_url=base, environ_base=asker
        ).status_code

    assert [batch(1_000), batch(1)] == [200, 429]
    asker["REMOTE_ADDR"] = "198.51.100.9"
    limit = PER_MINUTE[Rate.VERIFICATION]
    assert [batch(limit - 1), batch(1), batch(1)] == [200, 200, 429]


def test_a_batch_names_its_first_findings_only(app: Flask) -> None:
    base = app.extensions[EXTENSION].settings.base_url
    answer = app.test_client().post(
        "/api/v1/verifications/batch", json={"items": [{}] * 1_000}, base_url=base
    )

    assert answer.status_code == 400
    assert len(answer.get_json()["fields"]) == MAX_FINDINGS


@pytest.mark.parametrize("items", [[{"code": "x"}] * 1_001, [], "x", None, {"0": {"code": "x"}}])
def test_the_number_of_items_is_bounded_before_they_are_read(app: Flask, items: object) -> None:
    base = app.extensions[EXTENSION].settings.base_url
    answer = app.test_client().post("/api/v1/verifications/batch", json={"items": items}, base_url=base)

    assert answer.status_code == 400
    assert list(answer.get_json()["fields"]) == ["items"]


def test_a_form_of_too_many_fields_is_refused_unread(app: Flask) -> None:
    base = app.extensions[EXTENSION].settings.base_url
    client = app.test_client()
    for count, status in ((99, 403), (100, 403), (101, 413)):  # 403: without the token of our own form
        body = "&".join(f"a{i}=1" for i in range(count))
        answer = client.post("/language/en", data=body, content_type=FORM, base_url=base)
        assert answer.status_code == status, count


def test_every_route_has_a_budget_and_none_may_ask_for_more_than_there_is() -> None:
    with pytest.raises(ValueError, match="may cost"):
        Budget(body=17 * 1024 * 1024)
    with pytest.raises(ValueError, match="may cost"):
        Budget(pairs=501)


def test_methods_that_callers_make_up_are_one_series(app: Flask) -> None:
    base = app.extensions[EXTENSION].settings.base_url
    client = app.test_client()
    for number in range(300):
        client.open("/", method=f"X{number}", base_url=base)
        client.open("/api/v1/verifications", method=f"Y{number}", base_url=base)

    told = json.dumps(app.extensions[EXTENSION].metrics.told())
    assert '"other"' in told
    assert "X1" not in told
    assert "Y299" not in told


def test_what_may_take_long_is_told_by_its_address_however_it_is_written(app: Flask) -> None:
    """The server asks at each request, before it reads it, and matches an address against all routes only if it must."""
    heavy, told = set(), set()
    costs = RouteCosts(app, partial(guards.budget_of, app))
    adapter = app.url_map.bind("localhost")
    for method, path in (*routes(app), *routes(app, bodiless=True)):
        endpoint, _ = adapter.match(path, method)
        letter = path[1:2] or "/"
        for spelling in (path, path.replace(letter, f"%{ord(letter):02X}", 1)):
            if guards.budget_of(app, endpoint, method).is_heavy:
                heavy.add((method, spelling))
            if costs.is_heavy(method, spelling):
                told.add((method, spelling))

    assert len(heavy) > 10
    assert told == heavy
