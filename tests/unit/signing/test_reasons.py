"""Every refusal has a code of its own and a sentence in both languages."""

import inspect
import re

import pytest

from signing import SENTENCES, Reason, SigningError, errors


def leaves() -> list[type[SigningError]]:
    classes = [
        thing for _, thing in inspect.getmembers(errors, inspect.isclass) if issubclass(thing, SigningError)
    ]
    return [thing for thing in classes if not thing.__subclasses__()]


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_is_told_in_both_languages(reason: Reason) -> None:
    sentence = SENTENCES[reason]

    assert re.search(r"[\u4e00-\u9fff].*。\Z", sentence.zh)
    assert re.search(r"\A[A-Z][ -~]+\.\Z", sentence.en)
    assert reason.value == reason.name


def test_every_leaf_has_its_own_reason_and_every_reason_its_leaf() -> None:
    given = [leaf.reason for leaf in leaves()]

    assert sorted(given) == sorted(Reason)


@pytest.mark.parametrize("leaf", leaves())
def test_a_leaf_speaks_its_sentence_or_its_message(leaf: type[SigningError]) -> None:
    assert str(leaf()) == SENTENCES[leaf.reason].en
    assert str(leaf("more")) == "more"
