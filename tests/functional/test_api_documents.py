"""The OpenAPI document, its page, the key set, and the resources behind a login."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hub import config
from hub.access.models import Look
from hub.api.document import PARTS, operations
from hub.config import Settings
from hub.kernel.actor import Role
from hub.web.context import EXTENSION, Services
from keys import KeySet
from schemas.enterprise import PURPOSES, EnterpriseResourceSchema, LicenseListSchema
from signing import Verifier
from tests.support.browser import Browser
from tests.support.plates import OTHER_USCC, USCC, add_enterprise, add_license, add_plate


@pytest.fixture
def services(app: Flask) -> Services:
    found: Services = app.extensions[EXTENSION]
    return found


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_every_operation_of_the_api_is_in_the_document(app: Flask, client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    told = {(each.method, each.path) for each in operations(document)}
    parts = {part.blueprint.name for part in PARTS}
    routed = {
        (method, re.sub(r"<(?:[^<>]+:)?(\w+)>", r"{\1}", str(rule)))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in parts
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert document["openapi"] == "3.1.0"
    assert told == routed


def test_every_operation_is_named_described_and_says_its_problems(client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    told = list(operations(document))

    assert len({each.id for each in told}) == len(told)
    for each in told:
        codes = {code for code, _ in each.responses}
        assert each.summary
        assert {"429", "503"} <= codes
        assert codes & {"200", "201"}
        assert "default" not in codes
    assert set(document["components"]["schemas"]) >= {"Verdict", "VerificationRequest", "Problem"}


def test_the_document_is_kept_by_caches_and_revalidated(client: FlaskClient) -> None:
    first = client.get("/openapi.json")

    again = client.get("/openapi.json", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_page_for_people_lists_every_operation(client: FlaskClient, language: str) -> None:
    page = client.get("/docs", headers={"Accept": "text/html", "Accept-Language": language})

    assert page.status_code == 200
    for each in operations(client.get("/openapi.json").get_json()):
        assert each.path in page.text
        assert f'id="{each.id}"' in page.text
    assert "<script>" not in page.text
    assert "https://" not in page.text.replace("https://www.w3.org", "")


def test_the_published_keys_verify_a_plate_without_the_hub(
    client: FlaskClient, services: Services, settings: Settings
) -> None:
    plate = add_plate(services.db, settings)
    response = client.get("/.well-known/jwks.json")

    verifier = Verifier(KeySet.from_jwks(response.get_json()), origins=[settings.base_url])

    assert verifier.verify_code(plate.text, now=config.now()).uscc == USCC
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert '"d"' not in response.text
    unchanged = client.get("/.well-known/jwks.json", headers={"If-None-Match": response.headers["ETag"]})
    assert unchanged.status_code == 304


def test_an_owner_reads_his_own_enterprise_and_no_other(browser: Browser, services: Services) -> None:
    add_enterprise(services.db)
    add_license(services.db, valid_to=date(2020, 1, 1))
    add_enterprise(services.db, uscc=OTHER_USCC)
    browser.login(Role.OWNER, uscc=USCC)

    face = browser.get(f"/api/v1/enterprises/{USCC}").get_json()
    licenses = browser.get(f"/api/v1/enterprises/{USCC}/licenses").get_json()

    assert (face["uscc"], face["status"], face["colour"]) == (USCC, "存续", "blue")
    assert EnterpriseResourceSchema().validate(face) == {}
    assert [(each["colour"], each["reason"]) for each in licenses["items"]] == [("red", "PM_EXPIRED")]
    assert LicenseListSchema().validate(licenses) == {}
    for path in (OTHER_USCC, f"{OTHER_USCC}/licenses", "91330802MA2TEXT991"):
        assert browser.get(f"/api/v1/enterprises/{path}").status_code == 404


def test_an_official_reads_with_a_purpose_and_the_enterprise_sees_it(
    browser: Browser, services: Services
) -> None:
    add_enterprise(services.db)
    browser.login(Role.OFFICIAL)

    path = f"/api/v1/enterprises/{USCC}"
    refused = browser.get(f"{path}?purpose=routine&reason=x", headers={"Accept": "application/json"})
    assert (refused.status_code, refused.get_json()["reason"]) == (403, "LOOK_NEEDED")
    for wrong, status in (({"purpose": "curiosity"}, 400), ({"purpose": "other"}, 422), ({}, 400)):
        assert browser.json("/api/v1/looks", {"uscc": USCC, **wrong}).status_code == status
    told = browser.json("/api/v1/looks", {"uscc": USCC, "purpose": "routine"})
    assert told.status_code == 201
    assert browser.get(path).status_code == browser.get(f"{path}/licenses").status_code == 200

    with services.db.read() as session:
        seen = [tuple(row) for row in session.execute(select(Look.uscc, Look.purpose, Look.seen))]
    assert seen == [(USCC, "routine", "接口 API")]


def test_without_a_login_the_resources_ask_for_one(client: FlaskClient) -> None:
    response = client.get(f"/api/v1/enterprises/{USCC}")

    assert (response.status_code, response.mimetype) == (401, "application/problem+json")


@pytest.mark.parametrize(
    ("extension", "mimetype", "start"),
    [
        ("png", "image/png", b"\x89PNG"),
        ("svg", "image/svg+xml", b"<svg"),
        ("pdf", "application/pdf", b"%PDF-1.6"),
    ],
)
def test_an_owner_gets_his_plate_as_a_file(
    browser: Browser, services: Services, settings: Settings, extension: str, mimetype: str, start: bytes
) -> None:
    plate = add_plate(services.db, settings)
    browser.login(Role.OWNER, uscc=USCC)

    response = browser.get(f"/api/v1/premises/{plate.premises_id}/plate.{extension}")

    assert (response.status_code, response.mimetype) == (200, mimetype)
    assert response.data.startswith(start)
    assert plate.plate_id in response.headers["Content-Disposition"]


def test_a_plate_file_is_for_those_who_manage_the_plate(
    app: Flask, services: Services, settings: Settings
) -> None:
    plate = add_plate(services.db, settings)
    path = f"/api/v1/premises/{plate.premises_id}/plate.svg"
    expected = [
        (Role.OFFICIAL, None, 200),
        (Role.OWNER, OTHER_USCC, 404),
        (Role.OFFICER, None, 404),
        (Role.AGENT, USCC, 404),
    ]

    for role, uscc, status in expected:
        visitor = Browser(app)
        visitor.login(role, uscc=uscc)
        assert visitor.get(path).status_code == status, role
    assert app.test_client().get(path).status_code == 401
    owner = Browser(app)
    owner.login(Role.OWNER, uscc=USCC)
    assert owner.get(path.replace(".svg", ".exe")).status_code == 404


def test_the_document_says_which_codes_and_purposes_are_taken(browser: Browser) -> None:
    document = browser.get("/openapi.json").get_json()
    said = document["paths"]["/api/v1/enterprises/{uscc}"]["get"]["parameters"]
    shapes = {each["name"]: each["schema"] for each in said}
    asked = document["components"]["schemas"]["LookRequest"]["properties"]["purpose"]

    assert re.search(shapes["uscc"]["pattern"], "91330802MA2TEXT162")
    assert not re.search(shapes["uscc"]["pattern"], "91330802MA2TEXT162X")
    assert set(asked["enum"]) == set(PURPOSES)
