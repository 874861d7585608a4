"""Food license numbers: SC production, JY trade, YB filing for pre-packaged food only; 14 digits, MOD 11,10.

The check by GB/T 17710 is published for SC; that JY and YB use the same is common practice.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hub.kernel.identifiers.checks import DIGITS, hybrid_check
from hub.kernel.identifiers.folding import fold
from hub.kernel.identifiers.problems import IdentifierError, Problem, shown, unusual


class FoodNumberKind(StrEnum):
    """The two letters, and how many digits of class, region and serial follow."""

    PRODUCTION = "SC"
    TRADE = "JY"
    PREPACKAGED_FILING = "YB"

    @property
    def class_digits(self) -> int:
        return 3 if self is FoodNumberKind.PRODUCTION else 1


# SC: 1 food or 2 additive, then two digits of class. JY and YB: 1 sale, 2 catering, 3 canteen.
_FORM: Final = re.compile(r"(?:SC[12][0-9]{13}|(?:JY|YB)[123][0-9]{13})\Z")
_REGION_DIGITS: Final = 6


@dataclass(frozen=True, slots=True, order=True)
class FoodNumber:
    """Two letters and 14 digits whose check holds; it cannot be made otherwise (IdentifierError)."""

    number: str

    def __post_init__(self) -> None:
        if problems := _problems(self.number):
            raise IdentifierError("food_number", problems)

    def __str__(self) -> str:
        return self.number

    @property
    def kind(self) -> FoodNumberKind:
        return FoodNumberKind(self.number[:2])

    @property
    def class_code(self) -> str:
        """SC: three digits of food class; JY and YB: one digit of business form."""
        return self.number[2 : 2 + self.kind.class_digits]

    @property
    def region(self) -> str:
        """Province, city, county; may be retired or stand for the issuing city: at most a warning."""
        start = 2 + self.kind.class_digits
        return self.number[start : start + _REGION_DIGITS]

    @property
    def serial(self) -> str:
        return self.number[2 + self.kind.class_digits + _REGION_DIGITS : 15]

    @property
    def check(self) -> str:
        return self.number[15]


def normalise_food_number(text: str) -> str:
    """NFKC, upper case, without white space and hyphens."""
    return fold(text)


def parse_food_number(text: str) -> FoodNumber:
    """Raises: IdentifierError with NUMBER_FORM or NUMBER_CHECK."""
    return FoodNumber(fold(text))


def food_number_problems(text: str) -> tuple[Problem, ...]:
    """Everything that is wrong with `text` as a food license number; the check needs the form."""
    return _problems(fold(text))


def _problems(number: str) -> tuple[Problem, ...]:
    if _FORM.match(number) is None:
        return (*unusual(number, shown(number)), Problem("NUMBER_FORM", None, shown(number)))
    if number[15] != hybrid_check(number[2:15], DIGITS):
        return (Problem("NUMBER_CHECK", 15, shown(number)),)
    return ()
