"""What the hub says of a receipt: by its own policy of algorithms and the caller's, and when the records are away."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from hub import config
from hub.kernel.outcomes import Outcome
from hub.trust.log import queries
from hub.trust.receipts import judge_receipt
from hub.trust.record.database import open_database
from keys import Algorithm, Purpose
from signing.log import LoggedEntry, sign_receipt
from tests.support.browser import Browser
from tests.support.logs import LogHub

NOT_ACCEPTED = ["TOKEN_ALGORITHM_NOT_ACCEPTED"]


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LogHub]:
    made = LogHub.make(tmp_path / "var")
    yield made
    made.db.close()


def receipt_of(browser: Browser, hub: LogHub) -> str:
    return str(browser.get(f"/log/receipts/{hub.add(1)[0]}").text)


def test_a_required_algorithm_holds_for_receipts_alone_and_in_batches(hub: LogHub) -> None:
    with hub.app() as app:
        browser = Browser(app)
        receipt = receipt_of(browser, hub)

        def reasons(*algorithms: str) -> list[str]:
            body = {"receipt": receipt, "algorithms": list(algorithms)}
            found: list[str] = browser.json("/api/v1/verifications", body).get_json()["reasons"]
            return found

        assert reasons("ES256") == ["RECEIPT_IN_LOG"]
        assert reasons("SM2") == NOT_ACCEPTED
        assert reasons("ES256", "SM2") == ["RECEIPT_IN_LOG"]
        batch = {"items": [{"receipt": receipt}, {"code": "nonsense"}], "algorithms": ["SM2"]}
        items = browser.json("/api/v1/verifications/batch", batch).get_json()["items"]
        assert items[0]["reasons"] == NOT_ACCEPTED


def test_a_caller_cannot_ask_for_more_than_the_hub_accepts(hub: LogHub) -> None:
    strict = LogHub(replace(hub.settings, algorithms=frozenset({Algorithm.SM2})), hub.db)
    with strict.app() as app:
        browser = Browser(app)
        receipt = receipt_of(browser, strict)
        for body in ({}, {"algorithms": ["ES256"]}, {"algorithms": ["ES256", "SM2"]}):
            answer = browser.json("/api/v1/verifications", {"receipt": receipt, **body})
            assert answer.get_json()["reasons"] == NOT_ACCEPTED
        browser.get("/log/")
        assert "签名算法" in browser.post("/log/check", {"receipt": receipt}).text
        assert "TOKEN_ALGORITHM_NOT_ACCEPTED" in strict.run("verify", receipt, "--json").output


def test_receipts_wait_for_the_records_like_codes_do(hub: LogHub, tmp_path: Path) -> None:
    """A batch is answered item by item: what is refused without records is refused still."""
    with hub.app() as app:
        receipt = receipt_of(Browser(app), hub)
    away = open_database(f"sqlite:///{tmp_path / 'no' / 'such' / 'place.sqlite3'}")
    issuer, base_url = hub.issuer, hub.settings.base_url

    def judged(text: str) -> tuple[Outcome, list[object]]:
        found = judge_receipt(text, issuer=issuer, base_url=base_url, now=config.now(), db=away)
        told = found.as_json()
        return found.outcome, [told["reasons"], told["genuine"], told["status_as_of"]]

    assert judged(receipt) == (Outcome.UNKNOWN, [["RECORDS_AWAY"], False, None])
    assert judged(receipt[:-4] + "AAAA") == (Outcome.REFUSED, [["TOKEN_SIGNATURE"], False, None])


def test_a_clock_behind_the_keys_makes_a_receipt_unknown_and_never_refused(hub: LogHub) -> None:
    """With a clock that cannot be right nothing is said of a receipt, not even of a forged one."""
    with hub.app() as app:
        receipt = receipt_of(Browser(app), hub)
    early = config.now() - timedelta(hours=1)
    for text in (receipt, receipt[:-4] + "AAAA"):
        found = judge_receipt(text, issuer=hub.issuer, base_url=hub.settings.base_url, now=early, db=hub.db)
        assert (found.outcome, found.reasons) == (Outcome.UNKNOWN, ("CLOCK_BEHIND",))


def test_a_receipt_for_one_act_with_the_entry_of_another_is_noticed(hub: LogHub) -> None:
    """Whoever has the receipts' key alone can sign it, and it proves an entry; the hub knows whose entry that is."""
    named, other = hub.add(2)
    proof = queries.proof_for(hub.db, UUID(other))
    assert proof is not None
    signer, base_url = hub.issuer.signer(Purpose.RECEIPT), hub.settings.base_url

    def judged(act: str) -> tuple[Outcome, str]:
        made = sign_receipt(
            LoggedEntry(*proof), receipt_id=act, issuer=base_url, now=config.now(), signer=signer
        )
        told = judge_receipt(made, issuer=hub.issuer, base_url=base_url, now=config.now(), db=hub.db)
        return told.outcome, told.reasons[0]

    assert judged(other) == (Outcome.VALID, "RECEIPT_IN_LOG")
    assert judged(named) == (Outcome.ATTENTION, "RECEIPT_ACT_DIFFERS")
    assert judged(str(UUID(int=7))) == (Outcome.ATTENTION, "RECEIPT_ACT_DIFFERS")
    assert judged("no id of ours") == (Outcome.ATTENTION, "RECEIPT_ACT_DIFFERS")
