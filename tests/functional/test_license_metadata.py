"""The metadata of licenses by GB/T 36903 through the API: who may read it, and what it says."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from flask import Flask

from hub.kernel.actor import Role
from hub.web.context import EXTENSION, Services
from schemas.metadata import LicenseElementsListSchema, LicenseElementsSchema
from tests.support.browser import Browser
from tests.support.plates import OTHER_USCC, USCC, add_enterprise, add_license

BASE = f"/api/v1/enterprises/{USCC}/licenses"
IDENTIFIER = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"


@pytest.fixture
def services(app: Flask) -> Services:
    found: Services = app.extensions[EXTENSION]
    return found


@pytest.fixture
def license_id(services: Services) -> UUID:
    add_enterprise(services.db)
    return add_license(
        services.db,
        valid_to=date(2029, 1, 1),
        extra={"ZZBS": IDENTIFIER, "ZZBFJGDM": "11430000006122244L", "联系人": "张三"},
    )


def test_an_owner_reads_the_metadata_of_the_business_license_and_of_every_license(
    browser: Browser, license_id: UUID
) -> None:
    browser.login(Role.OWNER, uscc=USCC)

    all_of_one = browser.get(f"{BASE}/metadata").get_json()
    business, food = all_of_one["items"]

    assert LicenseElementsListSchema().validate(all_of_one) == {}
    assert all_of_one["standard"] == "GB/T 36903-2018"
    assert (business["ZZMC"], business["ZZBH"], business["ZZYXQJZRQ"]) == ("营业执照", USCC, "长期")
    assert (food["ZZMC"], food["ZZYXQJZRQ"], food["CZZTDM"]) == ("食品经营许可证", "2029-01-01", USCC)
    assert (food["ZZBS"], food["ZZBFJGDM"], food["ZT"]) == (IDENTIFIER, "11430000006122244L", "有效")
    assert "张三" not in str(all_of_one)
    assert browser.get(f"{BASE}/{license_id}/metadata").get_json() == food
    assert browser.get(f"{BASE}/{USCC}/metadata").get_json() == business
    assert LicenseElementsSchema().validate(food) == {}


@pytest.mark.usefixtures("license_id")
def test_absent_and_refused_look_alike(browser: Browser, services: Services) -> None:
    add_enterprise(services.db, uscc=OTHER_USCC)
    foreign = add_license(services.db, uscc=OTHER_USCC)
    browser.login(Role.OWNER, uscc=USCC)

    answers = [
        browser.get(f"/api/v1/enterprises/{path}")
        for path in (
            f"{OTHER_USCC}/licenses/metadata",
            f"{OTHER_USCC}/licenses/{foreign}/metadata",
            "91330802MA2TEXT991/licenses/metadata",
            f"{USCC}/licenses/{foreign}/metadata",
            f"{USCC}/licenses/{uuid4()}/metadata",
            f"{USCC}/licenses/{OTHER_USCC}/metadata",
            f"{USCC}/licenses/no-id/metadata",
        )
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.get_json()["reason"] for answer in answers}) == 1


@pytest.mark.parametrize("role", [Role.OFFICER, Role.OFFICIAL])
def test_those_who_supervise_read_under_a_look_that_stands(
    browser: Browser, license_id: UUID, role: Role
) -> None:
    browser.login(role)
    paths = (f"{BASE}/metadata", f"{BASE}/{license_id}/metadata", f"{BASE}/{USCC}/metadata")

    refused = [browser.get(path, headers={"Accept": "application/json"}) for path in paths]
    assert [(each.status_code, each.get_json()["reason"]) for each in refused] == [(403, "LOOK_NEEDED")] * 3

    assert browser.json("/api/v1/looks", {"uscc": USCC, "purpose": "routine"}).status_code == 201
    assert [browser.get(path).status_code for path in paths] == [200] * 3


def test_without_a_login_or_as_an_auditor_there_is_nothing(browser: Browser, license_id: UUID) -> None:
    path = f"{BASE}/{license_id}/metadata"
    assert browser.get(path, headers={"Accept": "application/json"}).status_code == 401

    browser.login(Role.AUDITOR)
    assert browser.get(path).status_code == 404
