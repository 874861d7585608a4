"""Taking and showing credentials over HTTP."""

from werkzeug.test import TestResponse

from hub import config
from schemas.credentials import CredentialResourceSchema
from schemas.verification import VerdictSchema
from signing.sdjwt import SoftwareWallet, present
from tests.support.browser import Browser

VERIFY = "/api/v1/verifications"
PARTY = {"audience": "https://bank.example", "nonce": "n-0S6_WzA2Mj"}


def fetch(browser: Browser, subject: object, query: str = "") -> TestResponse:
    return browser.post(
        f"/api/v1/licenses/{subject}/credential{query}", headers={"Accept": "application/json"}
    )


def text_of(browser: Browser, subject: object, query: str = "") -> str:
    answer = fetch(browser, subject, query)
    assert answer.status_code == 200, answer.text
    assert CredentialResourceSchema().validate(answer.get_json()) == {}
    text: str = answer.get_json()["credential"]
    return text


def verdict_of(browser: Browser, credential: str, **party: str) -> dict[str, object]:
    answer = browser.client.post(VERIFY, json={"credential": credential, **party})
    assert answer.status_code == 200, answer.text
    document: dict[str, object] = answer.get_json()
    assert VerdictSchema().validate(document) == {}
    return document


def shown(text: str, holder: SoftwareWallet, *names: str) -> str:
    return present(text, names, signer=holder, now=config.now(), **PARTY)
