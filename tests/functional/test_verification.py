"""Verification over HTTP: the whole application, a real database, real keys and clock."""

import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub import config
from hub.api.body import BATCH as BATCH_BYTES
from hub.codes import dynamic
from hub.codes.plates import queries, service
from hub.codes.rules import PlateAction, PlateEnd
from hub.config import Settings
from hub.web.context import EXTENSION, Services
from schemas.problem import ProblemSchema
from schemas.verification import MAX_BATCH, VerdictBatchSchema, VerdictSchema
from signing import new_plate_id, sign_plate
from tests.support.plates import (
    NOW,
    OPERATOR,
    OTHER_USCC,
    OWNER,
    USCC,
    add_enterprise,
    add_license,
    add_plate,
    press_of,
)

PATH, BATCH = "/api/v1/verifications", "/api/v1/verifications/batch"
JSON = "application/json"


@pytest.fixture
def services(app: Flask) -> Services:
    found: Services = app.extensions[EXTENSION]
    return found


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def ask(client: FlaskClient, body: bytes | str, path: str = PATH, kind: str = JSON) -> TestResponse:
    return client.post(path, data=body, content_type=kind)


def tampered(text: str) -> str:
    """Another signature, as canonically written."""
    return text[:-3] + ("BQ" if text[-3:-1] != "BQ" else "QB") + text[-1]


def verdict_of(client: FlaskClient, code: object) -> dict[str, object]:
    response = client.post(PATH, json={"code": code})
    assert response.status_code == 200
    document: dict[str, object] = response.get_json()
    assert VerdictSchema().validate(document) == {}
    return document


def test_a_genuine_plate_is_answered_with_a_verdict_that_nobody_may_keep(
    client: FlaskClient, services: Services, settings: Settings
) -> None:
    plate = add_plate(services.db, settings)
    add_license(services.db)

    response = client.post(PATH, json={"code": plate.text})

    document = response.get_json()
    assert (response.status_code, response.mimetype) == (200, "application/json")
    assert response.headers["Cache-Control"] == "no-store"
    assert (document["verdict"], document["genuine"], document["kind"]) == ("valid", True, "plate")
    assert document["enterprise"]["uscc"] == USCC
    assert [each["number"] for each in document["licenses"]] == ["JY13308020000001"]
    assert VerdictSchema().validate(document) == {}


def test_a_bare_code_is_as_good_as_its_address(
    client: FlaskClient, services: Services, settings: Settings
) -> None:
    plate = add_plate(services.db, settings)

    assert verdict_of(client, plate.text.partition("/c/")[2])["verdict"] == "valid"


def test_a_suspended_plate_is_refused_at_once(
    client: FlaskClient, services: Services, settings: Settings
) -> None:
    plate = add_plate(services.db, settings)
    assert verdict_of(client, plate.text)["verdict"] == "valid"

    service.change_plate(plate.plate_id, action=PlateAction.SUSPEND, by=OPERATOR, now=NOW, db=services.db)

    assert verdict_of(client, plate.text)["reasons"] == ["PLATE_ENDED"]


def test_refusals_are_the_same_whether_or_not_the_enterprise_exists(
    client: FlaskClient, services: Services, settings: Settings
) -> None:
    plate = add_plate(services.db, settings)
    service.end_plate(plate.plate_id, reason=PlateEnd.LOST, by=OPERATOR, now=NOW, db=services.db)
    press = press_of(settings)

    def never_recorded(uscc: str) -> str:
        signer = press.issuer.plate_signer
        return sign_plate(uscc=uscc, plate_id=new_plate_id(), origin=press.origin, signer=signer)

    def told(code: str) -> dict[str, object]:
        document = verdict_of(client, code)
        document.pop("checked_at")
        return document

    assert told(plate.text) == told(never_recorded(USCC)) == told(never_recorded(OTHER_USCC))
    changed = [tampered(text) for text in (plate.text, never_recorded(OTHER_USCC))]
    assert told(changed[0]) == told(changed[1])
    assert all("91330802" not in json.dumps(told(code)) for code in (plate.text, *changed))


def test_a_shown_code_may_be_looked_at_by_platforms_more_than_once(
    client: FlaskClient, services: Services, settings: Settings
) -> None:
    add_enterprise(services.db)
    shown = dynamic.new_dynamic(USCC, press=press_of(settings), seconds=60, by=OWNER, now=config.now())

    assert [verdict_of(client, shown.text)["verdict"] for _ in range(2)] == ["valid", "valid"]
    old = dynamic.new_dynamic(
        USCC, press=press_of(settings), seconds=60, by=OWNER, now=config.now() - timedelta(seconds=61)
    )
    assert verdict_of(client, old.text)["reasons"] == ["CODE_EXPIRED"]


def test_a_batch_is_answered_item_by_item_in_order(
    client: FlaskClient, services: Services, settings: Settings
) -> None:
    plate = add_plate(services.db, settings)
    codes = [plate.text, "nonsense", tampered(plate.text), plate.text]

    response = client.post(BATCH, json={"items": [{"code": code} for code in codes]})

    document = response.get_json()
    assert [each["verdict"] for each in document["items"]] == ["valid", "refused", "refused", "valid"]
    assert VerdictBatchSchema().validate(document) == {}


def test_a_batch_holds_one_to_a_thousand_items(client: FlaskClient) -> None:
    def answer_to(count: int) -> int:
        asker = {
            "REMOTE_ADDR": f"198.51.100.{count % 250}"
        }  # a batch uses up what its asker may ask in a minute
        return client.post(BATCH, json={"items": [{"code": "x"}] * count}, environ_base=asker).status_code

    assert [answer_to(count) for count in (0, 1, MAX_BATCH, MAX_BATCH + 1)] == [400, 200, 200, 400]


MALFORMED = {
    "empty": b"",
    "not JSON": b"{",
    "two values": b'{"code":"a"}{"code":"b"}',
    "a member twice": b'{"code":"a","code":"b"}',
    "NaN": b'{"code":NaN}',
    "Infinity": b'{"code":Infinity}',
    "deep arrays": b"[" * 30_000,
    "deep objects": b'{"code":' * 8_000,
    "not UTF-8": b'{"code":"\xff\xfe"}',
    "UTF-16": '{"code":"a"}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"code":"a"}',
    "an integer of 60 000 digits": b'{"code":' + b"9" * 60_000 + b"}",
    "a number": b'{"code":5}',
    "null": b'{"code":null}',
    "an array": b'{"code":["a"]}',
    "an object": b'{"code":{"code":"a"}}',
    "true": b'{"code":true}',
    "no member": b"{}",
    "another member beside it": b'{"code":"a","admin":true}',
    "an array outside": b'["a"]',
    "a string outside": b'"a"',
    "null outside": b"null",
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
@pytest.mark.parametrize("path", [PATH, BATCH])
def test_a_body_of_another_shape_is_a_problem_of_the_asker(
    client: FlaskClient, body: bytes, path: str
) -> None:
    response = ask(client, body, path=path)

    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"
    assert ProblemSchema().validate(response.get_json()) == {}
    assert client.get("/problems/" + response.get_json()["reason"]).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"code": "a", "credential": "b"},
        {"code": "a", "audience": "x", "nonce": "y"},
        {"credential": "a", "nonce": "y"},
        {"credential": "a", "audience": "x" * 1_000, "nonce": "y"},
        {"code": "a", "algorithms": []},
        {"code": "a", "algorithms": ["none"]},
    ],
)
def test_what_is_wrong_with_a_field_is_said_in_both_languages(client: FlaskClient, body: object) -> None:
    said = client.post(PATH, json=body).get_json()["fields"]

    texts = [text for found in said.values() for text in found]
    assert texts
    assert all(re.search(r"[\u4e00-\u9fff]", text["zh"]) and text["en"].isascii() for text in texts), texts


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])
def test_a_body_of_another_type_is_415(client: FlaskClient, kind: str) -> None:
    assert ask(client, '{"code":"a"}', kind=kind).status_code == 415


def test_a_charset_in_the_type_is_no_harm(client: FlaskClient) -> None:
    assert ask(client, '{"code":"a"}', kind="application/json; charset=utf-8").status_code == 200


def test_a_body_too_large_is_413_and_a_long_code_within_is_a_refusal(client: FlaskClient) -> None:
    at_limit = b'{"code":"' + b"A" * (64 * 1024 - 11) + b'"}'

    assert verdict_of(client, "A" * 60_000)["reasons"] == ["CODE_TOO_LONG"]
    assert ask(client, at_limit).status_code == 200
    assert ask(client, at_limit + b" ").status_code == 413
    assert ask(client, b'{"items":[' + b" " * BATCH_BYTES + b"]}", path=BATCH).status_code == 413


@pytest.mark.parametrize(
    "code",
    ["", "\\u0000", "\\u202e", "P1.\\u0660", "'; DROP TABLE codes_plate; --"],
)
def test_a_hostile_text_is_a_refusal(client: FlaskClient, code: str) -> None:
    response = ask(client, f'{{"code":"{code}"}}')

    assert response.status_code == 200
    assert response.get_json()["verdict"] == "refused"


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_only_post_asks_for_a_verdict(client: FlaskClient, method: str) -> None:
    response = getattr(client, method)(PATH)

    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_while_the_records_are_away_the_answer_is_that_nobody_can_tell(
    client: FlaskClient, services: Services, settings: Settings
) -> None:
    plate = add_plate(services.db, settings)
    services.db.close()
    (settings.home / "hub.sqlite3").rename(settings.home / "moved.sqlite3")
    (settings.home / "hub.sqlite3").mkdir()  # not a database any more

    document = verdict_of(client, plate.text)

    assert (document["verdict"], document["genuine"], document["reasons"]) == (
        "unknown",
        False,
        ["RECORDS_AWAY"],
    )


def test_every_answer_is_counted_and_names_no_one(
    client: FlaskClient, services: Services, settings: Settings
) -> None:
    plate = add_plate(services.db, settings)
    for code in (plate.text, plate.text, "nonsense"):
        verdict_of(client, code)
    scans = services.verification._scans
    assert scans is not None

    scans.flush()

    today = settings.today(config.now())
    counts = {
        (each.audience, each.verdict): each.count
        for each in queries.scans_per_day(since=today, until=today, db=services.db)
    }
    assert counts == {("platform", "valid"): 2, ("platform", "refused"): 1}


def test_the_answer_holds_no_personal_data(
    client: FlaskClient, services: Services, settings: Settings
) -> None:
    add_plate(services.db, settings, phone="13857000000", is_residence=True, latitude=28.9, longitude=118.8)
    plate = queries.plates_of(USCC, db=services.db)[0].plate

    text = client.post(PATH, json={"code": plate.text}).text

    assert not re.search("张三|13857000000|28\\.9|118\\.8|12号", text)
