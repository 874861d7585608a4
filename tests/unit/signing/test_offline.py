"""Offline verdicts: good and fresh, good and so many hours old, not genuine; never plainly valid."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from keys import Algorithm
from signing import Reason, SigningError, VerifiedCode, Verifier, load_bundle
from signing.bundle import BundleReason, OfflineReason, read_bundle
from signing.log.receipt import VerifiedReceipt
from signing.offline import FRESH_FOR, OfflineState, OfflineVerifier
from signing.sdjwt import VerifiedCredential
from signing.status import Status
from tests.support.bundles import LIST, MADE, Proofs, bundle_of, credential, proofs_of
from tests.support.forged_codes import CODE_FORGERIES
from tests.support.forger import NOW, ORIGIN, Workshop, uscc

LATER = MADE + timedelta(hours=5)
SAID = {
    Status.VALID: (),
    Status.REVOKED: ("OFFLINE_REVOKED",),
    Status.SUSPENDED: ("OFFLINE_SUSPENDED",),
    Status.CHANGED: ("OFFLINE_CHANGED",),
}


@pytest.fixture(scope="module")
def proofs(workshop: Workshop) -> Proofs:
    return proofs_of(workshop)


@pytest.fixture(scope="module")
def verifier(workshop: Workshop) -> OfflineVerifier:
    return OfflineVerifier(read_bundle(bundle_of(workshop)))


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("kind", ["plate", "credential"])
def test_what_is_listed_is_said_with_its_age(
    verifier: OfflineVerifier, proofs: Proofs, kind: str, status: Status
) -> None:
    text = (proofs.plates if kind == "plate" else proofs.credentials)[status]

    fresh, aged = verifier.verify(text, now=NOW), verifier.verify(text, now=LATER)

    assert (fresh.state, aged.state) == (OfflineState.FRESH, OfflineState.AGED)
    assert fresh.reasons == (*SAID[status], "OFFLINE_FRESH")
    assert aged.reasons == (*SAID[status], "OFFLINE_AGED")
    assert (fresh.kind, fresh.status, fresh.as_of) == (kind, status, MADE)
    assert aged.age == timedelta(hours=5)
    assert "约5小时" in aged.message.zh
    assert "about 5 hours" in aged.message.en
    assert fresh.needs_attention is (status is not Status.VALID)
    assert aged.needs_attention


def test_the_interface_promised_to_strangers_works(
    workshop: Workshop, proofs: Proofs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bundle.json").write_text(json.dumps(bundle_of(workshop)), encoding="utf-8")
    monkeypatch.chdir(tmp_path)  # the example names a file beside it

    verdict = Verifier(load_bundle("bundle.json")).verify_code(proofs.plates[Status.VALID], now=NOW)

    assert verdict.state is OfflineState.FRESH
    assert isinstance(verdict.believed, VerifiedCode)
    assert verdict.uscc == uscc("TEXT1")


def test_status_is_fresh_for_a_quarter_of_an_hour(verifier: OfflineVerifier, proofs: Proofs) -> None:
    text = proofs.plates[Status.VALID]

    assert timedelta(seconds=900) == FRESH_FOR
    assert verifier.verify(text, now=MADE + FRESH_FOR).state is OfflineState.FRESH
    assert verifier.verify(text, now=MADE + FRESH_FOR + timedelta(seconds=1)).state is OfflineState.AGED


def test_an_officers_bundle_says_whose_it_is_and_how_its_licenses_stood(
    verifier: OfflineVerifier, proofs: Proofs
) -> None:
    written = verifier.verify(proofs.plates[Status.VALID], now=NOW).as_json()

    assert json.loads(json.dumps(written))["enterprise"] == {
        "uscc": uscc("TEXT1"),
        "name": "示范餐饮有限公司",
        "status": "存续",
        "premises": [{"id": "0192f400-0000-7000-8000-000000000001", "address": "示范市示范路1号"}],
        "licenses": [
            {
                "type": "食品经营许可证",
                "number": "JY23308020000017",
                "valid_to": "2027-03-01",
                "colour": "blue",
                "reason": "PM_OK",
            },
            {
                "type": "公共卫生许可证",
                "number": "GW1",
                "valid_to": None,
                "colour": "red",
                "reason": "PM_REVOKED",
            },
        ],
    }
    assert "valid" not in {written["state"], written.get("verdict")}


def test_a_plate_that_the_bundle_does_not_list_needs_a_look_online(
    verifier: OfflineVerifier, proofs: Proofs
) -> None:
    verdict = verifier.verify(proofs.unlisted, now=NOW)

    assert (verdict.state, verdict.status, verdict.as_of, verdict.age) == (
        OfflineState.AGED,
        None,
        None,
        None,
    )
    assert verdict.reasons == ("OFFLINE_STATUS_UNKNOWN",)
    assert verdict.needs_attention


def test_a_dynamic_code_needs_a_look_online(workshop: Workshop) -> None:
    """Whether it was used before, only the hub knows."""
    verifier = OfflineVerifier(read_bundle(bundle_of(workshop)))

    verdict = verifier.verify(workshop.dynamic, now=NOW)

    assert (verdict.kind, verdict.status, verdict.needs_attention) == ("dynamic", None, True)
    assert verifier.verify(workshop.dynamic, now=LATER).reasons == (Reason.CODE_EXPIRED,)


def test_a_credential_of_a_list_that_the_bundle_lacks_is_of_unknown_status(
    workshop: Workshop, verifier: OfflineVerifier
) -> None:
    text = credential(workshop, 7, uri=LIST + "7")

    assert OfflineReason.OFFLINE_STATUS_UNKNOWN in verifier.verify(text, now=NOW).reasons


def test_a_receipt_proves_what_was_logged(verifier: OfflineVerifier, proofs: Proofs) -> None:
    closed, opened = verifier.verify(proofs.receipt, now=NOW), verifier.verify(proofs.opened, now=LATER)

    assert isinstance(closed.believed, VerifiedReceipt)
    assert isinstance(opened.believed, VerifiedReceipt)
    assert (closed.state, closed.kind, closed.believed.opening) == (OfflineState.FRESH, "receipt", None)
    assert opened.state is OfflineState.AGED
    assert opened.believed.opening is not None


def test_a_credential_is_believed_with_what_it_discloses(verifier: OfflineVerifier, proofs: Proofs) -> None:
    believed = verifier.verify(proofs.credentials[Status.VALID], now=NOW).believed

    assert isinstance(believed, VerifiedCredential)
    assert believed.claims["number"] == "JY23308020000017"


@pytest.mark.parametrize("altered", ["plate", "credential", "receipt"])
def test_what_was_altered_is_not_genuine(verifier: OfflineVerifier, proofs: Proofs, altered: str) -> None:
    texts = {
        "plate": proofs.plates[Status.VALID].replace("TEXT1", "TEXT2"),
        "credential": proofs.credentials[Status.VALID].replace("~", "~WyJh", 1),
        "receipt": proofs.receipt[:-4] + "AAAA",
    }

    verdict = verifier.verify(texts[altered], now=NOW)

    assert verdict.state is OfflineState.NOT_GENUINE
    assert (verdict.is_genuine, verdict.needs_attention, verdict.believed) == (False, False, None)
    assert len(verdict.reasons) == 1
    assert verdict.message.zh


@pytest.mark.parametrize("name", ["foreign_ring", "signature_bits_flipped"])
def test_forged_codes_are_not_genuine_for_their_reasons(
    workshop: Workshop, verifier: OfflineVerifier, name: str
) -> None:
    for forged, reasons in list(CODE_FORGERIES[name](workshop))[::23]:
        verdict = verifier.verify_code(forged, now=NOW)
        assert verdict.state is OfflineState.NOT_GENUINE
        assert set(verdict.reasons) <= {str(reason) for reason in reasons}


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (MADE - timedelta(minutes=1), BundleReason.BUNDLE_NOT_YET),
        (MADE + timedelta(days=1), BundleReason.BUNDLE_EXPIRED),
    ],
)
def test_out_of_its_time_a_bundle_says_nothing_at_all(
    workshop: Workshop, proofs: Proofs, now: datetime, reason: str
) -> None:
    bundle = read_bundle(bundle_of(workshop))
    offline = OfflineVerifier(bundle)

    for ask in (
        lambda: offline.verify(proofs.plates[Status.VALID], now=now),
        lambda: offline.verify("nonsense", now=now),
        lambda: offline.verify(proofs.receipt, now=now),
        lambda: offline.verify(proofs.credentials[Status.VALID], now=now),
        lambda: Verifier(bundle).verify_token(proofs.receipt, kind="receipt+jwt", now=now),  # type: ignore[arg-type]  # never read
    ):
        with pytest.raises(SigningError) as refusal:
            ask()
        assert refusal.value.reason == reason


def test_a_bundle_accepts_codes_under_its_issuers_address_and_those_named(
    workshop: Workshop, proofs: Proofs
) -> None:
    bundle = read_bundle(bundle_of(workshop))
    moved = proofs.plates[Status.VALID].replace(ORIGIN, "http://127.0.0.1:8000")

    assert Verifier(bundle).verify_code(moved, now=NOW).reasons == (Reason.CODE_HOST,)
    assert Verifier(bundle, origins=["http://127.0.0.1:8000"]).verify_code(moved, now=NOW).is_genuine


def test_a_policy_of_algorithms_holds_for_a_bundle_too(workshop: Workshop, proofs: Proofs) -> None:
    strict = OfflineVerifier(read_bundle(bundle_of(workshop)), algorithms=frozenset({Algorithm.EDDSA}))

    verdict = strict.verify(proofs.plates[Status.VALID], now=NOW)

    assert verdict.reasons == (Reason.CODE_ALGORITHM_NOT_ACCEPTED,)
