"""Every refusal has a code of its own and a sentence in both languages."""

import re

import pytest

from keys.messages import leaves
from signing import SENTENCES, CodeError, PlateIdError, Reason, SigningError, TokenError, WrongSignerError

LEAVES = [leaf for kind in (CodeError, PlateIdError, TokenError, WrongSignerError) for leaf in leaves(kind)]


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_is_told_in_both_languages(reason: Reason) -> None:
    sentence = SENTENCES[reason]

    assert re.search(r"[\u4e00-\u9fff].*。\Z", sentence.zh)
    assert re.search(r"\A[A-Z][ -~]+\.\Z", sentence.en)
    assert reason.value == reason.name


def test_every_leaf_has_its_own_reason_and_every_reason_its_leaf() -> None:
    given = [leaf.reason for leaf in LEAVES]

    assert sorted(given) == sorted(Reason)


@pytest.mark.parametrize("leaf", LEAVES)
def test_a_leaf_speaks_its_sentence_or_its_message(leaf: type[SigningError]) -> None:
    assert str(leaf()) == SENTENCES[leaf.reason].en
    assert str(leaf("more")) == "more"
