"""What is wrong with an identifier: one `IdentifierProblem` per fact, `IdentifierError` to refuse it."""

import unicodedata
from dataclasses import dataclass

from hub.kernel.errors import InvalidInputError
from hub.kernel.identifiers.sentences import MESSAGES
from hub.kernel.messages import Message
from hub.kernel.visible_characters import UNSEEN

MAX_SHOWN_CHARS = 64  # a hostile value of a megabyte must not fill a log line or a page

# Marks on the character before, symbols that are pictures, and what UNSEEN has; private use shows what a font likes.
_UNUSUAL = UNSEEN | {"Mn", "Mc", "Me", "So", "Co", "Cn"}


@dataclass(frozen=True, slots=True)
class IdentifierProblem:
    """One fault: reason code, 0-based position in the normalised text (None: the whole), the value shown."""

    reason: str
    position: int | None
    value: str

    @property
    def message(self) -> Message:
        return MESSAGES[self.reason]


class IdentifierError(InvalidInputError):
    """The text is not such an identifier. `problems` names everything wrong; the first gives `reason`, `zh` and `en`."""

    def __init__(self, field: str, problems: tuple[IdentifierProblem, ...]) -> None:
        first = problems[0]
        self.reason, self.zh, self.en = first.reason, first.message.zh, first.message.en
        super().__init__(field)
        self.position = first.position
        self.value = first.value
        self.problems = problems


def shown(text: str) -> str:
    """Return the value as it may be repeated to a person: cut, never longer than `MAX_SHOWN_CHARS`."""
    return text if len(text) <= MAX_SHOWN_CHARS else text[: MAX_SHOWN_CHARS - 1] + "…"


def unusual(text: str, value: str) -> list[IdentifierProblem]:
    """Return one problem per character that is not seen or that no keyboard writes: marks, controls, pictures, by position.

    `value` is what may be shown. It comes before "too long": a person counts only the characters that are seen.
    """
    return [
        IdentifierProblem("CHARACTER_UNUSUAL", i, value)
        for i, c in enumerate(text[:MAX_SHOWN_CHARS])
        if unicodedata.category(c) in _UNUSUAL
    ]


def strangers(text: str, alphabet: frozenset[str], reason: str) -> list[IdentifierProblem]:
    """Return one problem per character outside `alphabet`, by position."""
    return [
        IdentifierProblem(reason, i, shown(text))
        for i, c in enumerate(text[:MAX_SHOWN_CHARS])
        if c not in alphabet
    ]
