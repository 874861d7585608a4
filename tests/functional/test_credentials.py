"""Credentials over HTTP: who gets them, what is in them, and what the hub says of them afterwards."""

from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, update

from hub import config
from hub.credentials.models import CredentialIndex
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.licenses.models import License
from hub.registry.models import Enterprise
from hub.trust.statuses.service import LicenseChange, license_changed
from schemas.credentials import JwtVcIssuerSchema, OwnLicenseListSchema, TypeMetadataSchema
from schemas.verification import VerdictBatchSchema
from signing.sdjwt import disclosable_names, present, unverified_claims
from signing.status import Status
from tests.support.browser import Browser
from tests.support.plates import OTHER_USCC, USCC, add_enterprise, add_license
from tests.support.taking import PARTY, VERIFY, fetch, shown, text_of, verdict_of
from tests.support.wallets import registered


@pytest.fixture
def food(db: Database) -> UUID:
    """Written as a department's file would, beside the running hub."""
    add_enterprise(db)
    add_enterprise(db, uscc=OTHER_USCC, name="另一家公司")
    return add_license(db)


@pytest.fixture
def owner(app: Flask, food: UUID) -> Browser:  # noqa: ARG001  # the enterprise is there
    browser = Browser(app)
    browser.login(Role.OWNER, uscc=USCC)
    return browser


def test_the_owner_takes_a_credential_bound_to_the_wallet(owner: Browser, food: UUID) -> None:
    holder = registered(owner)

    answer = fetch(owner, food)
    claims = unverified_claims(answer.get_json()["credential"])

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.get_json()["holder"] == holder.key.thumbprint
    assert claims["cnf"] == {"jwk": dict(holder.key.jwk)}
    assert claims["vct"] == "http://127.0.0.1:8000/vct/food-operation"
    assert claims["iss"] == "http://127.0.0.1:8000"
    assert {"iat", "nbf", "exp", "jti", "status", "source"} <= claims.keys()
    assert claims["source"]["signed_by_department"] is False  # type: ignore[index]  # an object
    assert set(disclosable_names(answer.get_json()["credential"])) >= {"number", "holder_name", "valid_to"}


def test_the_plain_media_type_gives_the_text_alone(owner: Browser, food: UUID) -> None:
    answer = owner.post(f"/api/v1/licenses/{food}/credential", headers={"Accept": "application/dc+sd-jwt"})

    assert answer.mimetype == "application/dc+sd-jwt"
    assert answer.text == text_of(owner, food)


def test_unchanged_the_same_credential_is_given_again_and_a_changed_license_gives_a_new_one(
    owner: Browser, db: Database, food: UUID
) -> None:
    first = text_of(owner, food)
    assert text_of(owner, food) == first
    with db.write() as session:
        session.execute(update(License).values(version=2, number="JY23308020000099"))

    assert verdict_of(owner, first)["reasons"][0] == "CREDENTIAL_CHANGED"  # type: ignore[index]  # a list
    second = text_of(owner, food)

    assert second != first
    assert verdict_of(owner, second)["verdict"] == "valid"
    assert verdict_of(owner, first) | {"reasons": ["CREDENTIAL_ENDED"]} == verdict_of(owner, first)
    assert verdict_of(owner, first)["verdict"] == "refused"


def test_a_presentation_is_verified_for_its_audience_and_nonce(owner: Browser, food: UUID) -> None:
    holder = registered(owner)
    shown_text = shown(text_of(owner, food), holder, "license_type", "number")

    right = verdict_of(owner, shown_text, **PARTY)
    unasked = verdict_of(owner, shown_text)
    other = verdict_of(owner, shown_text, audience=PARTY["audience"], nonce="another")

    assert (right["verdict"], right["kind"], right["genuine"]) == ("valid", "credential", True)
    assert right["reasons"] == ["CREDENTIAL_CURRENT", "HOLDER_PROVEN", "PM_OK", "BL_OK"]
    assert (unasked["verdict"], "HOLDER_NOT_ASKED" in unasked["reasons"]) == ("attention", True)  # type: ignore[operator]  # a list
    assert (other["verdict"], other["reasons"]) == ("refused", ["BINDING_NONCE"])


def test_taking_the_holders_signature_away_makes_no_verdict_better(owner: Browser, food: UUID) -> None:
    nobodys = verdict_of(owner, text_of(owner, food))
    holder = registered(owner)
    bound = text_of(owner, food)
    shown_text = shown(bound, holder, "number")
    stripped = shown_text.rpartition("~")[0] + "~"

    with_it, without_it = verdict_of(owner, shown_text), verdict_of(owner, stripped)

    assert (with_it["verdict"], without_it["verdict"]) == ("attention", "attention")
    assert without_it["reasons"] == ["CREDENTIAL_CURRENT", "HOLDER_NOT_PROVEN", "PM_OK", "BL_OK"]
    assert "未证明出示人就是持有人" in without_it["message"]["zh"]  # type: ignore[index]  # an object
    assert verdict_of(owner, bound)["verdict"] == "attention"
    assert (nobodys["verdict"], nobodys["reasons"]) == ("valid", without_it["reasons"])


def test_the_verdict_tells_no_more_than_was_disclosed(owner: Browser, food: UUID) -> None:
    text = text_of(owner, food)

    little = verdict_of(owner, present(text, ["number"]))
    much = verdict_of(owner, text)

    assert little["credential"]["disclosed"].keys() == {"number"}  # type: ignore[index]  # an object
    assert not {"enterprise", "licenses", "premises"} & little.keys()
    assert USCC not in str(little)
    assert much["enterprise"]["uscc"] == USCC  # type: ignore[index]  # an object
    assert much["licenses"][0]["colour"] == "blue"  # type: ignore[index]  # a list


def test_another_enterprises_license_looks_like_none_at_all(app: Flask, owner: Browser, food: UUID) -> None:
    other, officer, nobody = Browser(app), Browser(app), Browser(app)
    other.login(Role.OWNER, uscc=OTHER_USCC)
    officer.login(Role.OFFICER)
    agent = Browser(app)
    agent.login(Role.AGENT, uscc=USCC)
    absent = fetch(other, UUID(int=7)).get_json()

    for browser in (other, officer, agent):
        answer = fetch(browser, food)
        assert answer.status_code == 404
        assert {**answer.get_json(), "instance": ""} == {**absent, "instance": ""}
    assert fetch(other, USCC).status_code == 404
    assert fetch(nobody, food).status_code == 401
    assert fetch(owner, "not-an-id").status_code == 404
    assert fetch(owner, "ä").status_code == 400


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"state": "吊销"}, "CREDENTIAL_LICENSE_ENDED"),
        ({"state": "注销"}, "CREDENTIAL_LICENSE_ENDED"),
        ({"state": "暂扣"}, "CREDENTIAL_LICENSE_SUSPENDED"),
        ({"state": "失效"}, "CREDENTIAL_LICENSE_EXPIRED"),
        ({"valid_to": date(2020, 1, 1)}, "CREDENTIAL_LICENSE_EXPIRED"),
        ({"valid_from": date(2090, 1, 1)}, "CREDENTIAL_LICENSE_NOT_YET"),
    ],
)
def test_a_license_that_is_not_in_force_gives_no_credential(
    owner: Browser, db: Database, food: UUID, changed: dict[str, object], reason: str
) -> None:
    with db.write() as session:
        session.execute(update(License).values(**changed))

    answer = fetch(owner, food)

    assert (answer.status_code, answer.get_json()["reason"]) == (409, reason)


def test_an_enterprise_that_has_ended_gives_none(owner: Browser, db: Database, food: UUID) -> None:
    with db.write() as session:
        session.execute(update(Enterprise).where(Enterprise.uscc == USCC).values(state="注销"))

    assert fetch(owner, food).get_json()["reason"] == "CREDENTIAL_ENTERPRISE"


def test_a_credential_never_outlives_its_license_nor_a_year(owner: Browser, db: Database, food: UUID) -> None:
    claims = unverified_claims(text_of(owner, food))
    with db.write() as session:
        session.execute(
            update(License).values(version=2, valid_to=owner.services.settings.today(config.now()))
        )
    last_day = unverified_claims(text_of(owner, food))

    assert claims["exp"] - claims["iat"] == 365 * 86_400  # type: ignore[operator]  # seconds
    assert 0 < last_day["exp"] - last_day["iat"] <= 86_400  # type: ignore[operator]  # seconds


def test_codes_and_credentials_are_verified_side_by_side(owner: Browser, food: UUID) -> None:
    text = text_of(owner, food)
    items = [{"code": "nothing"}, {"credential": text}, {"credential": text[:-9]}, {"credential": "~"}]

    answer = owner.client.post(f"{VERIFY}/batch", json={"items": items})

    assert VerdictBatchSchema().validate(answer.get_json()) == {}
    assert [each["verdict"] for each in answer.get_json()["items"]] == [
        "refused",
        "valid",
        "refused",
        "refused",
    ]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"code": "a", "credential": "b"},
        {"credential": "a", "audience": "b"},
        {"credential": "a", "nonce": "b"},
        {"code": "a", "audience": "b", "nonce": "c"},
        {"credential": 7},
        {"credential": "a", "audience": "", "nonce": ""},
    ],
)
def test_a_request_of_another_shape_is_refused(owner: Browser, body: dict[str, object]) -> None:
    assert owner.client.post(VERIFY, json=body).status_code == 400


def test_a_credential_that_is_on_no_record_is_refused(owner: Browser, db: Database, food: UUID) -> None:
    text = text_of(owner, food)
    with db.write() as session:
        session.execute(delete(CredentialIndex))

    assert verdict_of(owner, text)["reasons"] == ["CREDENTIAL_UNKNOWN"]


def test_a_revoked_license_makes_its_credential_refused_and_a_suspended_one_asks_for_attention(
    owner: Browser, db: Database, food: UUID
) -> None:
    text = text_of(owner, food)
    for value, outcome, reason in (
        (Status.SUSPENDED, "attention", "CREDENTIAL_SUSPENDED"),
        (Status.REVOKED, "refused", "CREDENTIAL_REVOKED"),
    ):
        change = LicenseChange(USCC, food, value)
        db.run(lambda session, change=change: license_changed(session, [change], now=config.now()))  # type: ignore[misc]  # bound at once
        verdict = verdict_of(owner, text)
        assert (verdict["verdict"], reason in verdict["reasons"]) == (outcome, True)  # type: ignore[operator]  # a list


def test_the_issuers_document_has_the_keys_that_sign_credentials_and_no_other(owner: Browser) -> None:
    answer = owner.get("/.well-known/jwt-vc-issuer")
    document = answer.get_json()

    assert JwtVcIssuerSchema().validate(document) == {}
    assert document["issuer"] == "http://127.0.0.1:8000"
    assert {key["purpose"] for key in document["jwks"]["keys"]} == {"credential"}
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert (
        owner.get("/.well-known/jwt-vc-issuer", headers={"If-None-Match": answer.headers["ETag"]}).status_code
        == 304
    )


def test_every_type_of_license_has_a_document_under_its_name(owner: Browser, food: UUID) -> None:
    text = text_of(owner, food)
    for code in ("food-operation", "business-license", "tobacco-retail"):
        document = owner.get(f"/vct/{code}").get_json()
        assert TypeMetadataSchema().validate(document) == {}
        assert document["vct"].endswith(f"/vct/{code}")
    told = {claim["path"][0] for claim in owner.get("/vct/food-operation").get_json()["claims"]}

    assert set(disclosable_names(text)) <= told
    assert owner.get("/vct/nothing").status_code == 404


def test_the_owner_lists_the_licenses_and_where_their_credentials_are(owner: Browser, food: UUID) -> None:
    answer = owner.get("/api/v1/licenses", headers={"Accept": "application/json"}).get_json()

    assert OwnLicenseListSchema().validate(answer) == {}
    assert [item["id"] for item in answer["items"]] == [USCC, str(food)]
    assert answer["items"][1]["credential"].endswith(f"/api/v1/licenses/{food}/credential")
