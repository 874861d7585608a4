"""Wallets over HTTP: proven, registered, used, removed."""

import re
from uuid import UUID

import pytest
from flask import Flask

from hub import config
from hub.kernel.actor import Role
from hub.kernel.database import Database
from schemas.credentials import HolderKeyListSchema
from signing.sdjwt import sign_proof, unverified_claims
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
    assert HolderKeyListSchema().validate(listed) == {}
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
    assert {verdict_of(owner, text)["verdict"] for text in texts} == {"attention"}  # neither has signed
    assert all(verdict_of(owner, text)["genuine"] for text in texts)


def test_a_wallet_is_registered_and_removed_on_the_page(owner: Browser, food: UUID) -> None:
    holder = wallet()
    page = owner.post("/enterprise/wallets/challenge")
    nonce = re.search(r"<dt>随机数</dt><dd[^>]*>([\w-]{43})<", page.text)
    assert nonce is not None
    proof = sign_proof(audience=owner.base, nonce=nonce[1], signer=holder, now=config.now())

    added = owner.post("/enterprise/wallets", {"proof": f"{proof[:80]}\n {proof[80:]}", "label": "店长手机"})
    listed = owner.get("/enterprise/wallets").text
    taken = owner.post(f"/enterprise/credentials/{food}.txt")
    removed = owner.post(f"/enterprise/wallets/{holder.key.thumbprint}/remove")

    assert (added.status_code, removed.status_code) == (303, 303)
    assert "店长手机" in listed
    assert holder.key.thumbprint in listed
    assert taken.mimetype == "application/dc+sd-jwt"
    assert taken.headers["Content-Disposition"].startswith('attachment; filename="credential-food-operation-')
    assert unverified_claims(taken.text)["cnf"] == {"jwk": dict(holder.key.jwk)}
    assert verdict_of(owner, taken.text)["reasons"] == ["CREDENTIAL_ENDED"]
    assert holder.key.thumbprint not in owner.get("/enterprise/wallets").text


def test_pages_of_licenses_offer_the_credential_to_those_who_keep_them(
    app: Flask, owner: Browser, food: UUID
) -> None:
    agent = Browser(app)
    agent.login(Role.AGENT, uscc=USCC)

    for path in (f"/enterprise/licenses/{food}", "/enterprise/business-license"):
        assert "下载电子凭证" in owner.get(path).text
        assert "Download the credential" in owner.get(f"{path}?lang=en").text
        assert "下载电子凭证" not in agent.get(path).text
    assert agent.get("/enterprise/wallets").status_code == 404
    assert agent.post(f"/enterprise/credentials/{food}.txt").status_code == 404
