"""Odd dates, cursors, numbers and ids in every parameter of every route: an answer, never a breakdown, on both databases."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.web.context import EXTENSION
from tests.support.applications import create_app, stop
from tests.support.browser import Browser
from tests.support.plates import USCC, add_enterprise

TEXTS = (
    "0001-01-01",
    "0000-00-00",
    "9999-12-31",
    "10000-01-01",
    "2026-02-30",
    "-1",
    "0",
    "9" * 17,
    "9" * 40,
    "1e999",
    "NaN",
    "[]",
    "'",
    "٣",
    "²",
    "字" * 400,
    f"{'9' * 17}.{'f' * 32}",
    f"-{'9' * 17}.0",
    f"253402300799999999.{'0' * 32}",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    f"{USCC}.ffffffff-ffff-ffff-ffff-ffffffffffff",
    f"{USCC}.x",
    "..",
    "a.b.c.d",
)
VALUES = (*map(quote, TEXTS), "%00", "%FF", "%ED%A0%80", "%F0%9F")
ODDEST = tuple(map(quote, ("0001-01-01", "9999-12-31", "9" * 17, f"{'9' * 17}.{'f' * 32}")))
NAMES = re.compile(
    r"""(?:args\.get\(|args\.getlist\(|argument\(|cursor\(|identifier\(|_day\()["']([a-z_]+)["']"""
)
ALWAYS = ("cursor", "before", "lang")
WIRE = ("algorithm", "region", "purpose", "county", "counties", "version", "nonce", "audience")
ROLES = (None, Role.OWNER, Role.OFFICER, Role.OFFICIAL, Role.AUDITOR)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))])
def city(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Flask]:
    url = settings.database_url
    if request.param == "postgresql":
        made: Database = request.getfixturevalue("postgres_db")
        url = made.engine.url.render_as_string(hide_password=False)
    app = create_app(replace(settings, database_url=url, rate_factor=100_000))
    add_enterprise(app.extensions[EXTENSION].db)
    yield app
    stop(app)


def queries_of(app: Flask, rule: Rule) -> Iterator[str]:
    """Odd values in every parameter at once; the oddest also alone in each that the view's module reads."""
    module = inspect.getmodule(inspect.unwrap(app.view_functions[rule.endpoint]))
    read = set(NAMES.findall(inspect.getsource(module))) if module is not None else set()
    every = sorted(read.union(ALWAYS, WIRE if rule.rule.startswith("/api/") else ()))
    for value in VALUES:
        yield "&".join(f"{name}={value}" for name in every)
    for name in sorted(read):
        yield from (f"{name}={value}" for value in ODDEST)


def path_of(rule: Rule, value: str) -> str:
    """The rule's address with an odd value in every part that takes a text, and the largest id where it takes one."""
    largest = "ffffffff-ffff-ffff-ffff-ffffffffffff"
    filled = re.sub(r"<uuid:[^>]+>", largest, rule.rule)
    filled = re.sub(r"<any\(([^,)]+)[^)]*\):[^>]+>", r"\1", filled)
    filled = re.sub(r"<uscc>", USCC, filled) if value == "" else filled
    return re.sub(r"<[^>]+>", value or "x", filled)


def visitors(app: Flask) -> dict[Role | None, Browser]:
    found = {role: Browser(app) for role in ROLES}
    for role, browser in found.items():
        if role is not None:
            browser.login(role, uscc=USCC)
    return found


def role_of(rule: Rule) -> Role | None:
    ends = {"/government/audit": Role.AUDITOR, "/government": Role.OFFICIAL, "/enforcement": Role.OFFICER}
    ends |= {"/enterprise": Role.OWNER, "/access": Role.OFFICIAL, "/api/v1/enterprises": Role.OFFICER}
    ends |= {"/api/v1/bundle": Role.OFFICER, "/api": Role.OWNER}
    return next((role for start, role in ends.items() if rule.rule.startswith(start)), None)


def rules(app: Flask, method: str) -> list[Rule]:
    return [
        rule
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ())
        and not rule.endpoint.endswith("static")
        and "logout" not in rule.rule
    ]


def broke(answer: TestResponse) -> bool:
    return answer.status_code == 500


def test_no_odd_parameter_of_any_page_or_document_breaks_it(city: Flask) -> None:
    everybody, asked = visitors(city), 0
    broken: set[str] = set()
    for rule in rules(city, "GET"):
        browser = everybody[role_of(rule)]
        for query in queries_of(city, rule):
            asked += 1
            if broke(browser.client.get(f"{path_of(rule, '')}?{query}", base_url=browser.base)):
                broken.add(f"{rule.rule}?{query}")

    assert asked > 1_000
    assert broken == set()


def test_no_odd_part_of_any_address_breaks_it(city: Flask) -> None:
    everybody = visitors(city)
    broken: set[str] = set()
    for rule in rules(city, "GET"):
        for value in VALUES if "<" in rule.rule else ():
            browser = everybody[role_of(rule)]
            path = path_of(rule, value)
            if broke(browser.client.get(path, base_url=browser.base)):
                broken.add(path)
    for rule in rules(city, "POST"):
        for value in VALUES[::3] if "<" in rule.rule else ():
            browser = everybody[role_of(rule)]
            path = path_of(rule, value)
            if broke(browser.post(path, {"words": "x", "action": "x", "decision": "approve"})):
                broken.add(path)

    assert broken == set()
