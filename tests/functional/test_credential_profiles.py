"""Credentials under the dual profile: signed in what is asked for, and held against the hub's own policy."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.trust.issuing.models import IntentRow
from keys import Algorithm
from tests.functional.test_profiles import asked, running, under
from tests.support.browser import Browser
from tests.support.plates import USCC, add_enterprise, add_license
from tests.support.taking import PARTY, fetch, shown, text_of, verdict_of
from tests.support.wallets import registered

NOT_ACCEPTED = ["TOKEN_ALGORITHM_NOT_ACCEPTED"]


@pytest.fixture
def food(db: Database) -> UUID:
    add_enterprise(db)
    return add_license(db)


@pytest.fixture
def dual(settings: Settings, tmp_path: Path) -> Settings:
    return under("dual", settings, tmp_path / "dual")


@pytest.fixture
def dual_app(dual: Settings) -> Iterator[Flask]:
    yield from running(dual)


@pytest.fixture
def strict_app(dual: Settings) -> Iterator[Flask]:
    """The same keys, and HUB_ALGORITHMS=SM2."""
    yield from running(replace(dual, algorithms=frozenset({Algorithm.SM2})))


def owner_of(app: Flask) -> Browser:
    browser = Browser(app)
    browser.login(Role.OWNER, uscc=USCC)
    return browser


def test_a_caller_never_asks_for_more_than_the_hub_accepts(
    dual_app: Flask, strict_app: Flask, food: UUID
) -> None:
    owner = owner_of(dual_app)
    usual, sm2 = text_of(owner, food, "?alg=ES256"), text_of(owner, food, "?alg=SM2")

    assert asked(strict_app, {"credential": usual})["reasons"] == NOT_ACCEPTED
    for named in (["ES256"], ["ES256", "SM2"]):
        assert asked(strict_app, {"credential": usual, "algorithms": named})["reasons"] == NOT_ACCEPTED
    assert asked(strict_app, {"credential": sm2})["genuine"] is True
    assert asked(strict_app, {"credential": sm2, "algorithms": ["ES256", "SM2"]})["genuine"] is True
    assert asked(strict_app, {"credential": sm2, "algorithms": ["ES256"]})["reasons"] == NOT_ACCEPTED


def test_a_batch_of_credentials_is_held_against_the_hubs_policy_as_well(
    dual_app: Flask, strict_app: Flask, food: UUID
) -> None:
    text = text_of(owner_of(dual_app), food, "?alg=ES256")
    body = {"items": [{"credential": text}, {"credential": "x"}], "algorithms": ["ES256"]}

    told = strict_app.test_client().post("/api/v1/verifications/batch", json=body).get_json()

    assert told["items"][0]["reasons"] == NOT_ACCEPTED


def test_an_sm2_credential_is_issued_presented_and_verified(dual_app: Flask, food: UUID) -> None:
    owner = owner_of(dual_app)
    holder = registered(owner)
    text = text_of(owner, food, "?alg=SM2")

    verdict = verdict_of(owner, shown(text, holder, "number"), **PARTY)

    assert verdict["verdict"] == "valid"
    assert asked(dual_app, {"credential": text, "algorithms": ["SM2"]})["genuine"] is True
    assert asked(dual_app, {"credential": text, "algorithms": ["ES256"]})["reasons"] == NOT_ACCEPTED
    assert text_of(owner, food, "?alg=SM2") == text


def test_an_algorithm_without_a_key_is_refused_before_anything_is_on_record(
    app: Flask, db: Database, food: UUID
) -> None:
    answer = fetch(owner_of(app), food, "?alg=SM2")

    assert (answer.status_code, answer.get_json()["reason"]) == (409, "ALGORITHM_NOT_OFFERED")
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(IntentRow)) == 0
