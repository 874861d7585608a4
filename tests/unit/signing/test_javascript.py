"""The JavaScript verifier in Node says what the Python one says, reason for reason."""

from collections import Counter

import pytest

from signing import Reason
from signing.bundle import BundleReason
from signing.log import LogReason
from signing.status import StatusReason
from tests.support.forger import Workshop
from tests.support.judged import GENUINE, Work, corpus, in_node, vectors
from tests.support.judged_proofs import proofs_work

SHOWN_OF_LOGS = {
    reason for reason in LogReason if reason.startswith(("RECEIPT_", "PROOF_", "CHECKPOINT_"))
} | {LogReason.NOTE_FORM, LogReason.NOTE_KEY, LogReason.NOTE_UNSIGNED, LogReason.NOTE_SIGNATURE}
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
