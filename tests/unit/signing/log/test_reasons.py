"""Every refusal about a log has a code of its own and a sentence in both languages."""

import inspect
import re

import pytest

from signing.log import LOG_SENTENCES, LogError, LogReason, errors


def leaves() -> list[type[LogError]]:
    classes = [
        thing for _, thing in inspect.getmembers(errors, inspect.isclass) if issubclass(thing, LogError)
    ]
    return [thing for thing in classes if not thing.__subclasses__()]


@pytest.mark.parametrize("reason", LogReason)
def test_a_reason_is_told_in_both_languages(reason: LogReason) -> None:
    sentence = LOG_SENTENCES[reason]

    assert re.search(r"[\u4e00-\u9fff].*。\Z", sentence.zh)
    assert re.search(r"\A[A-Z][ -~]+\.\Z", sentence.en)
    assert reason.value == reason.name


def test_every_leaf_has_its_own_reason_and_every_reason_its_leaf() -> None:
    assert sorted(leaf.reason for leaf in leaves()) == sorted(LogReason)


@pytest.mark.parametrize("leaf", leaves())
def test_a_leaf_speaks_its_sentence(leaf: type[LogError]) -> None:
    assert str(leaf()) == LOG_SENTENCES[leaf.reason].en
