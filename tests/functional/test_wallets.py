"""Wallets over HTTP: proven, registered, used, removed."""

from uuid import UUID

import pytest
from flask import Flask

from hub.kernel.actor import Role
from hub.kernel.database import Database
from schemas.credentials import HolderKeyList
from tests.support.browser import Browser
from tests.support.plates import OTHER_USCC, USCC, add_enterprise, add_license
from tests.support.taking import PARTY, fetch, shown, text_of, verdict_of
from tests.support.wallets import KEYS, proof_for, registered, wallet


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


def test_the_business_license_needs_a_wallet_and_is_bound_to_it(owner: Browser) -> None:
    refused = fetch(owner, USCC)
    holder = registered(owner)
    text = text_of(owner, USCC)

    assert (refused.status_code, refused.get_json()["reason"]) == (409, "CREDENTIAL_HOLDER_NEEDED")
    verdict = verdict_of(owner, shown(text, holder, "name", "uscc"), **PARTY)
    assert verdict["reasons"] == ["CREDENTIAL_CURRENT", "HOLDER_PROVEN", "BL_OK"]


def test_a_wallet_proves_its_key_once_and_with_a_fresh_nonce(owner: Browser) -> None:
    holder = wallet()
    proof = proof_for(owner, holder)

    first = owner.json(KEYS, {"proof": proof})
    again = owner.json(KEYS, {"proof": proof})
    held = owner.json(KEYS, {"proof": proof_for(owner, holder)})
    listed = owner.get(KEYS, headers={"Accept": "application/json"}).get_json()

    assert first.status_code == 201
    assert (again.status_code, again.get_json()["reason"]) == (422, "HOLDER_CHALLENGE")
    assert (held.status_code, held.get_json()["reason"]) == (409, "HOLDER_KEY_HELD")
    assert HolderKeyList().validate(listed) == {}
    assert [key["thumbprint"] for key in listed["items"]] == [holder.key.thumbprint]


def test_a_nonce_of_one_enterprise_serves_no_other(app: Flask, owner: Browser) -> None:
    other = Browser(app)
    other.login(Role.OWNER, uscc=OTHER_USCC)

    answer = other.json(KEYS, {"proof": proof_for(owner, wallet())})

    assert answer.get_json()["reason"] == "HOLDER_CHALLENGE"


def test_a_removed_wallet_takes_its_credentials_with_it_and_never_comes_back(
    owner: Browser, food: UUID
) -> None:
    holder = registered(owner)
    text = text_of(owner, food)

    answer = owner.delete(f"{KEYS}/{holder.key.thumbprint}")

    assert (answer.status_code, answer.get_json()) == (200, {"items": []})
    assert verdict_of(owner, text)["reasons"] == ["CREDENTIAL_ENDED"]
    back = owner.json(KEYS, {"proof": proof_for(owner, holder)})
    assert back.get_json()["reason"] == "HOLDER_KEY_REMOVED"
    asked_for = fetch(owner, food, f"?holder={holder.key.thumbprint}")
    assert asked_for.get_json()["reason"] == "HOLDER_KEY_REMOVED"
    assert fetch(owner, food, f"?holder={'A' * 43}").get_json()["reason"] == "HOLDER_KEY_UNKNOWN"


def test_two_wallets_have_two_credentials(owner: Browser, food: UUID) -> None:
    one, two = registered(owner), registered(owner)

    texts = {text_of(owner, food, f"?holder={each.key.thumbprint}") for each in (one, two)}

    assert len(texts) == 2
    assert {verdict_of(owner, text)["verdict"] for text in texts} == {"valid"}
