"""What is wrong with an identifier: one `Problem` per fact, `IdentifierError` to refuse it."""

from dataclasses import dataclass

from hub.kernel.errors import InvalidInputError
from hub.kernel.identifiers.sentences import MESSAGES
from hub.kernel.messages import Message

MAX_SHOWN_CHARS = 64  # a hostile value of a megabyte must not fill a log line or a page


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: reason code, 0-based position in the normalised text (None: the whole), the value shown."""

    reason: str
    position: int | None
    value: str

    @property
    def message(self) -> Message:
        return MESSAGES[self.reason]


class IdentifierError(InvalidInputError):
    """The text is not such an identifier. `problems` names everything wrong; the first decides `reason`."""

    # The base keeps one reason per class; an identifier has one per fault, read from the instance.
    reason: str

    def __init__(self, field: str, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        super().__init__(field, first.reason, first.message)
        self.reason = first.reason
        self.position = first.position
        self.value = first.value
        self.problems = problems


def shown(text: str) -> str:
    """The value as it may be repeated to a person: cut, never longer than `MAX_SHOWN_CHARS`."""
    return text if len(text) <= MAX_SHOWN_CHARS else text[: MAX_SHOWN_CHARS - 1] + "…"


def strangers(text: str, alphabet: frozenset[str], reason: str) -> list[Problem]:
    """One problem per character outside `alphabet`, by position."""
    return [
        Problem(reason, i, shown(text)) for i, c in enumerate(text[:MAX_SHOWN_CHARS]) if c not in alphabet
    ]
