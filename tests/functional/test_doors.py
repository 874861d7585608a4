"""Every route, every role: who gets past the door is read from the guards, what happens is read from the answers."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask

from hub import config
from hub.access.looks import record_look
from hub.access.rules import Action, may
from hub.config import Settings
from hub.kernel.actor import Actor, Role
from hub.kernel.database import Database
from hub.licenses.models import Waiver
from hub.web.guards import GuardKind, RouteGuard, guard_of
from tests.support.browser import Browser
from tests.support.plates import NOW, OTHER_USCC, USCC, add_license, lay_plate, press_of
from tests.support.spaces import add_space

EVIL = "https://evil.example"
LOGGED_IN = (None, *Role)  # None: nobody
ARGUMENT = re.compile(r"<(?:(?P<kind>[^:<>]+):)?(?P<name>\w+)>")
CHOICE = re.compile(r"any\((\w+)")
PLAIN = {  # of a shape that the route takes; of nothing that exists
    "credential": "AAAA",
    "code": "P1.NONE",
    "extension": "png",
    "plate_id": "0000000000",
    "reason": "VALIDATION",
    "token": "none",
    "thumbprint": "A" * 43,
    "type_code": "food-operation",
    "uscc": USCC,
}
NAMELESS = frozenset(  # these want the name of an area in the query; without it there is nothing to show
    {"/government/plates/area", "/government/plates/area/sheets.pdf"}
)
TOLD = frozenset({401, 303})  # "log in first", to a program and to a browser

Door = tuple[str, str, RouteGuard]


@pytest.fixture
def theirs(db: Database, settings: Settings) -> dict[str, str]:
    """Rows of another enterprise, by the names that routes give to their ids."""
    add_space(db, uscc=USCC)
    place, _ = add_space(db, uscc=OTHER_USCC, name="别家")
    plate = lay_plate(place, press=press_of(settings), now=NOW, db=db)
    waiver = Waiver(
        uscc=OTHER_USCC,
        id=UUID(int=7),
        type_code="tobacco-retail",
        premises_id=None,
        reason="本店不卖烟草制品",
        declared_by="别家",
        declared_at=NOW,
        revoked_at=None,
    )
    with db.write() as session:
        session.add(waiver)
    return {
        "license_id": str(add_license(db, uscc=OTHER_USCC, number="JY9")),
        "plate_id": plate.plate_id,
        "premises_id": str(place),
        "uscc": OTHER_USCC,
        "waiver_id": str(UUID(int=7)),
    }


def doors(app: Flask) -> Iterator[Door]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule.rule, guard_of(app, rule.endpoint, method)


def filled(rule: str, known: dict[str, str]) -> str:
    """A path that the rule takes, with ids from `known` where it has them."""

    def value(found: re.Match[str]) -> str:
        kind, name = found["kind"] or "", found["name"]
        choice = CHOICE.match(kind)
        if choice is not None:
            return choice[1]
        return known.get(name) or (str(UUID(int=1)) if kind == "uuid" else PLAIN.get(name, "none"))

    return ARGUMENT.sub(value, rule)


def knock(browser: Browser, method: str, path: str, *, origin: str | None = None) -> int:
    sent = {"Accept": "application/json"} | ({"Origin": origin} if origin else {})
    acts = {"GET": browser.get, "POST": browser.post, "DELETE": browser.delete}
    return acts[method](path, headers=sent).status_code


@pytest.mark.usefixtures("theirs")
@pytest.mark.parametrize("role", LOGGED_IN, ids=str)
def test_every_door_opens_to_whom_its_guard_names_and_to_nobody_else(app: Flask, role: Role | None) -> None:
    wrong = []
    for method, rule, guard in doors(app):
        if guard.kind in {GuardKind.PUBLIC, GuardKind.OPERATIONS}:
            continue
        browser = Browser(app)  # a new one each time: some of these doors end the session
        if role is not None:
            _looking(browser, browser.login(role, uscc=USCC))
        status = knock(browser, method, filled(rule, {}))
        is_named = role is not None and (guard.kind is GuardKind.LOGGED_IN or role in guard.roles)
        if role is None and status not in TOLD:
            wrong.append((method, rule, status, "open to nobody in particular"))
        elif role is not None and not is_named and status != 404:
            wrong.append((method, rule, status, "there for another role"))
        elif is_named and (
            status in {401, 403}
            or status >= 500
            or (status == 404 and "<" not in rule and rule not in NAMELESS)
        ):
            wrong.append((method, rule, status, "shut to its own role"))

    assert wrong == []


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER, Role.AGENT], ids=str)
def test_what_belongs_to_another_enterprise_is_not_there_for_any_of_its_ids(
    app: Flask, browser: Browser, theirs: dict[str, str], db: Database, role: Role
) -> None:
    """With the right token and origin, so that nothing but the ownership refuses."""
    before = _rows(db)
    browser.login(role, uscc=USCC)
    tried = []
    for method, rule, guard in doors(app):
        owned = {found["name"] for found in ARGUMENT.finditer(rule)} & theirs.keys()
        if guard.kind is GuardKind.ROLES and role in guard.roles and owned:
            tried.append((method, rule, knock(browser, method, filled(rule, theirs))))

    assert len(tried) > 2
    assert [each for each in tried if each[2] != 404] == []
    assert _rows(db) == before


@pytest.mark.usefixtures("theirs")
def test_every_post_from_another_site_is_refused_to_everyone(app: Flask, browser: Browser) -> None:
    taken = []
    for method, rule, guard in doors(app):
        if method == "GET" or guard.cookieless:
            continue
        browser.login(min(guard.roles, default=Role.OWNER), uscc=USCC)
        browser.get("/")
        status = knock(browser, method, filled(rule, {}), origin=EVIL)
        browser.csrf = "0.forged"
        forged = knock(browser, method, filled(rule, {}))
        if (status, forged) != (403, 403):
            taken.append((rule, status, forged))

    assert taken == []


def test_a_caller_without_a_cookie_is_who_the_cookieless_routes_know(app: Flask) -> None:
    """Only verification and other logs' requests may come from elsewhere: they act in nobody's name."""
    assert {rule for _, rule, guard in doors(app) if guard.cookieless} == {
        "/api/v1/verifications",
        "/api/v1/verifications/batch",
        "/log/witness/add-checkpoint",
    }


def test_the_doors_of_a_demonstration_are_the_same(app: Flask, demo_app: Flask) -> None:
    assert list(doors(app)) == list(doors(demo_app))


def _looking(browser: Browser, actor: Actor) -> None:
    """Who may look has a look that stands: without one the doors behind it are shut to everybody."""
    if may(actor, Action.LOOK, USCC):
        record_look(
            actor=actor,
            uscc=USCC,
            purpose="routine",
            reason="",
            seen="doors",
            now=config.now(),
            db=browser.services.db,
        )


def _rows(db: Database) -> list[tuple[object, ...]]:
    """The other enterprise's plates, premises and declarations as they stand."""
    with db.engine.connect() as connection:
        return [
            tuple(row)
            for table in ("codes_plate", "registry_premises", "licenses_waiver", "licenses_license")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table} WHERE uscc = ?", (OTHER_USCC,))  # noqa: S608  # names written above
        ]
