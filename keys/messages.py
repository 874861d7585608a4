"""What a person is told: one sentence in Chinese and in English, and the exceptions that carry one."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

_FIELD = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class Message:
    """One statement to a person, in Chinese and in English, never empty in either."""

    zh: str
    en: str

    def __post_init__(self) -> None:
        if not self.zh or not self.en:
            raise ValueError("a message is said in both languages")

    def as_json(self) -> dict[str, str]:
        """Return the members that every document of ours says it with."""
        return {"zh": self.zh, "en": self.en}


class StatedError(Exception):
    """Base of every refusal: the class declares a stable code and one sentence in each language.

    `{name}` in a sentence stands for the attribute of that name of the exception. What the exception is given as
    text (`str`) names the thing at hand for an operator; without any, it is the English sentence.
    """

    reason: str
    zh: str
    en: str

    def __str__(self) -> str:
        return super().__str__() or self.message.en

    @property
    def message(self) -> Message:
        """The fact for a reader, in both languages."""
        return Message(self.zh.format_map(vars(self)), self.en.format_map(vars(self)))


def leaves(kind: type[StatedError]) -> Iterator[type[StatedError]]:
    """Return the classes below `kind` that have a reason of their own, `kind` first if it has one."""
    if "reason" in vars(kind):
        yield kind
    for child in kind.__subclasses__():
        yield from leaves(child)


def sentences(*kinds: type[StatedError]) -> Mapping[str, Message]:
    """Return what each reason of the classes below `kinds` says, whatever the case: `…` stands for a `{name}`."""
    found = (leaf for kind in kinds for leaf in leaves(kind))
    return MappingProxyType(
        {leaf.reason: Message(_FIELD.sub("…", leaf.zh), _FIELD.sub("…", leaf.en)) for leaf in found}
    )
