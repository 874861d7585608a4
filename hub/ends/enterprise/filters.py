"""What of the wallet is shown: by colour, by kind, by words. A filter selects; a wrong one selects everything."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hub.licenses.colours.rules import Colour
from hub.licenses.space import LicenseView

MAX_WORDS = 60  # longer than any license's name or number


@dataclass(frozen=True, slots=True)
class WalletFilter:
    colour: Colour | None = None
    type_code: str = ""
    words: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "WalletFilter":
        colour = query.get("colour", "")
        return cls(
            colour=Colour(colour) if colour in set(Colour) else None,
            type_code=query.get("type", "")[:MAX_WORDS],
            words=" ".join(query.get("q", "").split())[:MAX_WORDS],
        )

    @property
    def is_set(self) -> bool:
        return self != WalletFilter()

    def as_query(self) -> dict[str, str]:
        """Return the filter as it stands in a link."""
        pairs = {"colour": self.colour.value if self.colour else "", "type": self.type_code, "q": self.words}
        return {name: value for name, value in pairs.items() if value}


def matching(licenses: Iterable[LicenseView], wanted: WalletFilter) -> tuple[LicenseView, ...]:
    return tuple(one for one in licenses if _matches(one, wanted))


def _matches(one: LicenseView, wanted: WalletFilter) -> bool:
    if wanted.colour is not None and one.colour is not wanted.colour:
        return False
    if wanted.type_code and one.type_code != wanted.type_code:
        return False
    words = wanted.words.casefold().split()
    text = f"{one.title.zh} {one.title.en} {one.number} {one.issuer} {one.address}".casefold()
    return all(word in text for word in words)
