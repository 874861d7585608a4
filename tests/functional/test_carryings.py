"""A county's records over HTTP: a carrying on record, then the bundle under it, and the enterprise's line about it."""

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from hub.access.district_looks import MAX_CARRIED
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.kernel.instants import instant
from hub.trust.record.models import Event
from signing.bundle import read_bundle
from tests.support.browser import Browser
from tests.support.plates import USCC, add_enterprises, add_plate

pytestmark = pytest.mark.usefixtures("acts_are_named")

REGION = "/api/v1/bundle?region=330802"


def carried(db: Database) -> list[tuple[str, str, dict[str, object]]]:
    with db.read() as session:
        events = session.scalars(select(Event).where(Event.kind == "bundle.carried").order_by(Event.at))
        return [(event.subject, event.by, dict(event.data)) for event in events]


def carry(browser: Browser, **changes: object) -> TestResponse:
    wanted = {"region": "330802", "purpose": "routine", "reason": "下乡检查", **changes}
    return browser.json(
        "/api/v1/carryings", {name: value for name, value in wanted.items() if value is not None}
    )


@pytest.mark.parametrize("role", [Role.OFFICER, Role.OFFICIAL])
def test_who_serves_the_state_gets_a_district_and_is_on_record(
    app: Flask, browser: Browser, settings: Settings, db: Database, role: Role
) -> None:
    add_plate(db, settings)
    actor = browser.login(role, name="林知远")

    told = carry(browser)
    answer = browser.get(REGION, headers={"Accept": "application/json"})

    assert (told.status_code, answer.status_code) == (201, 200)
    bundle = read_bundle(answer.get_json())
    found = bundle.enterprise(USCC)
    assert found is not None
    assert found.premises[0].address == "浙江省衢州市柯城区荷花一路12号"
    assert instant(bundle.expires_at) <= told.get_json()["until"]
    ((subject, by, data),) = carried(browser.services.db)
    assert (subject, by, data["purpose"]) == ("330802", f"{role}:{actor.person_id}", "routine")
    owner = Browser(app)
    owner.login(Role.OWNER, uscc=USCC)
    seen = owner.get("/enterprise/looks").text
    for said in ("林知远", "下乡检查", "随辖区资料带走", "柯城区"):
        assert said in seen


def test_a_district_is_built_once_for_its_carrying(
    browser: Browser, settings: Settings, db: Database
) -> None:
    add_plate(db, settings)
    browser.login(Role.OFFICER)
    carry(browser)

    first, second = (browser.get(REGION, headers={"Accept": "application/json"}).get_json() for _ in range(2))

    assert first == second


@pytest.mark.parametrize(("role", "status"), [(None, 401), (Role.OWNER, 404), (Role.AUDITOR, 404)])
def test_nobody_else_gets_a_district(
    browser: Browser, settings: Settings, db: Database, role: Role | None, status: int
) -> None:
    add_plate(db, settings)
    if role is not None:
        browser.login(role, uscc=USCC)

    answer = carry(browser)
    fetched = browser.get(REGION, headers={"Accept": "application/json"})

    assert answer.status_code == status
    assert fetched.status_code in {401, 403}
    assert USCC not in answer.text + fetched.text
    assert carried(browser.services.db) == []


def test_without_a_carrying_on_record_there_is_no_district_and_a_colleagues_serves_nobody_else(
    app: Flask, browser: Browser, settings: Settings, db: Database
) -> None:
    add_plate(db, settings)
    colleague = Browser(app)
    colleague.login(Role.OFFICER)
    carry(colleague)
    actor = browser.login(Role.OFFICER)

    answer = browser.get(REGION, headers={"Accept": "application/json"})

    assert (answer.status_code, answer.get_json()["reason"]) == (403, "CARRY_NEEDED")
    assert USCC not in answer.text
    assert [by for _, by, _ in carried(browser.services.db)] != [f"officer:{actor.person_id}"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"region": "33080"}, 400),
        ({"region": "33"}, 400),
        ({"region": "3308"}, 400),
        ({"region": "%"}, 400),
        ({"purpose": None}, 400),
        ({"purpose": "other", "reason": ""}, 422),
        ({"purpose": "curiosity"}, 400),
        ({"district": "330802"}, 400),
    ],
)
def test_a_district_is_asked_for_rightly_and_with_a_purpose(
    browser: Browser, changes: dict[str, object], status: int
) -> None:
    browser.login(Role.OFFICER)

    assert carry(browser, **changes).status_code == status
    assert carried(browser.services.db) == []


def test_a_bundle_is_fetched_by_county_and_the_public_one_by_no_other_word(browser: Browser) -> None:
    browser.login(Role.OFFICER)
    for query in ("region=33080", "region=33", "region=%25", "district=330802", f"{REGION}&purpose=routine"):
        answer = browser.get(f"/api/v1/bundle?{query}", headers={"Accept": "application/json"})
        assert answer.status_code == 400


def test_a_county_that_no_bundle_holds_is_refused_whole(browser: Browser, db: Database) -> None:
    add_enterprises(db, MAX_CARRIED + 1)
    browser.login(Role.OFFICER)

    answer = carry(browser)

    assert (answer.status_code, answer.get_json()["reason"]) == (422, "COUNTY_TOO_LARGE")
    assert set(answer.get_json()["message"]) == {"zh", "en"}
    assert carried(browser.services.db) == []
