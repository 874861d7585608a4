"""The JavaScript verifier in Node says what the Python one says, reason for reason."""

from collections import Counter

import pytest

from signing import Reason
from tests.support.forger import Workshop
from tests.support.judged import GENUINE, Work, corpus, in_node, vectors


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
