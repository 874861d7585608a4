"""A sentence in both languages of the hub: Chinese first, English complete."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """One statement to a person, in Chinese and in English, never empty in either."""

    zh: str
    en: str

    def __post_init__(self) -> None:
        if not self.zh or not self.en:
            raise ValueError("a message is said in both languages")
