"""The JavaScript verifier in Node says what the Python one says, reason for reason."""

import json
from collections import Counter

import pytest

from keys.sm2 import VECTOR_POINT
from signing import Reason
from signing.bundle import BundleReason
from signing.log import LogReason
from signing.sdjwt import CredentialReason
from signing.status import StatusReason
from signing.strict_json import encode_base64url
from tests.support.forger import NOW, ORIGIN, Workshop
from tests.support.judged import GENUINE, OURS, Case, Work, corpus, in_node, vectors
from tests.support.judged_credentials import credential_vectors, credentials_work, holder_keys_work
from tests.support.judged_proofs import proofs_work

SHOWN_OF_LOGS = {
    reason for reason in LogReason if reason.startswith(("RECEIPT_", "PROOF_", "CHECKPOINT_"))
} | {LogReason.NOTE_FORM, LogReason.NOTE_KEY, LogReason.NOTE_UNSIGNED, LogReason.NOTE_SIGNATURE}
SHOWN_OF_CREDENTIALS = {reason for reason in CredentialReason if not reason.startswith("HOLDER_KEY_")} - {
    CredentialReason.CREDENTIAL_NO_SUCH_CLAIM,
    CredentialReason.BINDING_ALGORITHM_NOT_ACCEPTED,
}
SHOWN_OF_LISTS = set(StatusReason) - {StatusReason.STATUS_VALUE, StatusReason.STATUS_INDEX}


@pytest.fixture(scope="module")
def everything(workshop: Workshop) -> Work:
    return corpus(workshop)


def test_every_published_vector_is_judged_as_published() -> None:
    work = vectors()

    assert len(work.cases) >= 25
    assert work.disagreements(in_node(work)) == []


def test_every_forgery_is_refused_for_the_reason_that_python_gives(everything: Work) -> None:
    outcomes = in_node(everything)

    assert everything.disagreements(outcomes) == []
    assert len(outcomes) >= 20_000


def test_the_corpus_shows_every_reason_there_is(everything: Work) -> None:
    """But those that depend on the key set, which the vectors have, and the one of signers."""
    shown = Counter(case.reason for case in (*everything.cases, *vectors().cases))

    rare = {
        Reason.SIGNER_PURPOSE,
        Reason.CODE_KEY_PURPOSE,
        Reason.CODE_KEY_STATE,
        Reason.CODE_ALGORITHM_NOT_ACCEPTED,  # a policy of the Python verifier
        Reason.TOKEN_ALGORITHM_NOT_ACCEPTED,
    }
    assert {reason.value for reason in Reason if reason not in rare} | {GENUINE} <= set(shown)


def test_a_verifier_that_disagrees_is_noticed(everything: Work) -> None:
    outcomes = [case.reason for case in everything.cases]
    outcomes[0] = "CODE_SIGNATURE"

    assert len(everything.disagreements(outcomes)) == 1


def test_receipts_lists_bundles_and_offline_verdicts_are_judged_as_python_judges(workshop: Workshop) -> None:
    work = proofs_work(workshop)

    assert work.disagreements(in_node(work)) == []
    assert {case.reason for case in work.cases} >= {GENUINE, *BundleReason, *SHOWN_OF_LOGS, *SHOWN_OF_LISTS}


def test_every_published_credential_is_judged_as_published() -> None:
    work = credential_vectors()

    assert len(work.cases) >= 90
    assert work.disagreements(in_node(work)) == []


def test_credentials_and_presentations_are_judged_as_python_judges(workshop: Workshop) -> None:
    work = credentials_work(workshop)

    assert work.disagreements(in_node(work)) == []
    assert len(work.cases) >= 2_000
    assert {case.reason for case in work.cases} >= {GENUINE, *SHOWN_OF_CREDENTIALS}


def test_keys_that_nobody_should_bind_to_are_refused_as_python_refuses_them() -> None:
    work = holder_keys_work()

    assert work.disagreements(in_node(work)) == []


def test_an_algorithm_that_no_browser_computes_is_neither_yes_nor_no(workshop: Workshop) -> None:
    """SM2: everything before the signature is judged; then the answer is that it cannot be told here."""
    jwks = json.loads(json.dumps(workshop.ring.jwks()))
    point = {"x": encode_base64url(VECTOR_POINT[:32]), "y": encode_base64url(VECTOR_POINT[32:])}
    for key in jwks["keys"]:
        if key["kid"] == "P1":
            key.update({"crv": "SM2", "alg": "SM2", **point})
    cases = [
        Case("sm2", "code", workshop.plate, NOW, "ALGORITHM_NOT_SUPPORTED"),
        Case("sm2", "code", workshop.plate[:-1], NOW, Reason.CODE_BASE32),
        Case("sm2", "code", workshop.dynamic, NOW, GENUINE),
    ]
    work = Work({OURS: {"jwks": jwks, "origins": [ORIGIN]}}, cases)

    assert work.disagreements(in_node(work)) == []
