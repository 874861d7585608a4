"""What a verdict from a bundle warns of besides age and status: no proof of the holder, another algorithm, an ended list."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.cli.offline import exit_code, terminal_text
from keys import Algorithm, KeySet, KeyState, Purpose
from signing import Reason
from signing.bundle import BUNDLE_SENTENCES, OfflineReason, read_bundle
from signing.log import LogReason, note_keys, open_checkpoint, verify_receipt
from signing.log.errors import NoteUnsignedError
from signing.offline import OfflineState, OfflineVerifier
from signing.sdjwt import present
from signing.status import Status
from tests.support import credentials
from tests.support.bundles import (
    INDEX,
    LIST,
    LOG,
    MADE,
    bundle_of,
    checkpoint_of,
    credential,
    plate_ids,
    plate_of,
    proofs_of,
    r_of,
    receipt,
    row_of,
    short_status,
    whole_of,
)
from tests.support.forger import NOW, Workshop

ONLY_SM2 = frozenset({Algorithm.SM2})


def offline(workshop: Workshop, **policy: frozenset[Algorithm]) -> OfflineVerifier:
    return OfflineVerifier(read_bundle(bundle_of(workshop)), **policy)


def test_a_presentation_for_another_verifier_asks_for_attention(workshop: Workshop) -> None:
    text = credentials.presented(workshop, "number")

    verdict = offline(workshop).verify(text, now=NOW)

    assert verdict.is_genuine
    assert OfflineReason.HOLDER_NOT_ASKED in verdict.reasons
    assert verdict.needs_attention
    assert verdict.as_json()["attention"] is True
    assert BUNDLE_SENTENCES[OfflineReason.HOLDER_NOT_ASKED].zh in terminal_text(verdict)
    assert exit_code([verdict]) == 1


def test_a_bound_credential_without_its_holders_signature_asks_for_attention_however_fresh(
    workshop: Workshop,
) -> None:
    text = credential(workshop, INDEX[Status.VALID], holder=credentials.HOLDER.key)

    verdict = offline(workshop).verify(text, now=NOW)

    assert verdict.state is OfflineState.FRESH
    assert verdict.reasons == ("HOLDER_NOT_PROVEN", "OFFLINE_FRESH")
    assert verdict.needs_attention
    assert verdict.as_json()["reasons"] == ["HOLDER_NOT_PROVEN", "OFFLINE_FRESH"]
    assert BUNDLE_SENTENCES[OfflineReason.HOLDER_NOT_PROVEN].en in terminal_text(verdict)
    assert exit_code([verdict]) == 1


def test_a_revoked_one_without_a_holder_says_both_the_gravest_first(workshop: Workshop) -> None:
    text = credential(workshop, INDEX[Status.REVOKED], holder=credentials.HOLDER.key)

    assert offline(workshop).verify(text, now=NOW).reasons == (
        "OFFLINE_REVOKED",
        "HOLDER_NOT_PROVEN",
        "OFFLINE_FRESH",
    )


def test_a_presentation_made_for_us_needs_no_warning(workshop: Workshop) -> None:
    bound = credential(workshop, INDEX[Status.VALID], holder=credentials.HOLDER.key)
    text = present(
        bound,
        ["number"],
        audience=credentials.AUDIENCE,
        nonce=credentials.NONCE,
        signer=credentials.HOLDER,
        now=NOW,
    )

    verdict = offline(workshop).verify_credential(
        text, now=NOW, audience=credentials.AUDIENCE, nonce=credentials.NONCE
    )

    assert (verdict.reasons, verdict.needs_attention) == (("OFFLINE_FRESH",), False)


def test_an_algorithm_that_is_not_required_is_refused_of_receipts_and_credentials_too(
    workshop: Workshop,
) -> None:
    proofs, strict = proofs_of(workshop), offline(workshop, algorithms=ONLY_SM2)

    for text in (proofs.receipt, proofs.opened, proofs.credentials[Status.VALID]):
        assert strict.verify(text, now=NOW).reasons == (Reason.TOKEN_ALGORITHM_NOT_ACCEPTED,)
    es256 = offline(workshop, algorithms=frozenset({Algorithm.ES256}))
    assert es256.verify(proofs.receipt, now=NOW).is_genuine, "the log's own Ed25519 is no matter of policy"


def test_a_checkpoint_by_a_log_key_that_may_not_sign_yet_is_not_believed(workshop: Workshop) -> None:
    pending = _with_log(workshop, KeyState.PENDING, starts_in=timedelta(days=7))
    text = checkpoint_of(workshop)

    for now in (None, NOW, NOW + timedelta(days=7) - timedelta(seconds=6)):
        assert note_keys(pending, name=LOG, now=now) == ()
        with pytest.raises(NoteUnsignedError):
            open_checkpoint(text, keys=pending, origin=LOG, now=now)
    with pytest.raises(NoteUnsignedError) as refused:
        verify_receipt(receipt(workshop), keys=pending, now=NOW)
    assert refused.value.reason is LogReason.NOTE_UNSIGNED


def test_a_log_key_is_believed_from_its_start_and_in_history_ever_after(workshop: Workshop) -> None:
    soon = _with_log(workshop, KeyState.PENDING, starts_in=timedelta(seconds=5))
    text = checkpoint_of(workshop)

    assert open_checkpoint(text, keys=soon, origin=LOG, now=NOW).size == 11
    for state in (KeyState.ACTIVE, KeyState.VERIFY_ONLY):
        started = _with_log(workshop, state, starts_in=timedelta(days=-3))
        assert open_checkpoint(text, keys=started, origin=LOG).size == 11


def test_what_an_ended_list_called_valid_is_no_longer_known(workshop: Workshop) -> None:
    document = bundle_of(workshop, statuses=(short_status(workshop),))
    verifier, proofs = OfflineVerifier(read_bundle(document)), proofs_of(workshop)
    last, ended = MADE + timedelta(seconds=599), MADE + timedelta(seconds=600)

    for texts in (proofs.plates, proofs.credentials):
        assert verifier.verify(texts[Status.VALID], now=last).state is OfflineState.FRESH
        gone = verifier.verify(texts[Status.VALID], now=ended)
        assert (gone.state, gone.status, gone.reasons) == (
            OfflineState.AGED,
            None,
            ("OFFLINE_STATUS_UNKNOWN",),
        )
        for status in (Status.REVOKED, Status.SUSPENDED, Status.CHANGED):
            assert verifier.verify(texts[status], now=ended).status is status


def test_of_two_plates_with_one_name_an_unknown_status_is_worse_than_a_valid_one(workshop: Workshop) -> None:
    plate_id = plate_ids()[Status.VALID]
    other = LIST + "0"
    bundle = read_bundle(
        bundle_of(
            workshop,
            statuses=(short_status(workshop), short_status(workshop, uri=other, seconds=86_400)),
            plates=whole_of(
                [row_of(workshop, plate_id, INDEX[Status.VALID], position=position) for position in range(2)],
                (LIST, other),
            ),
        )
    )
    r = r_of(plate_of(workshop.ring, plate_id))

    assert bundle.plate_status(plate_id, r) == (Status.VALID, MADE)
    assert bundle.plate_status(plate_id, r, now=MADE + timedelta(seconds=600)) is None


def _with_log(workshop: Workshop, state: KeyState, *, starts_in: timedelta) -> KeySet:
    """Our keys, the log's as it would be published in that state."""
    return KeySet(
        replace(key.info, state=state, activated_at=NOW + starts_in)
        if key.info.purpose is Purpose.LOG
        else key.info
        for key in workshop.ring.verification_keys()
    )
