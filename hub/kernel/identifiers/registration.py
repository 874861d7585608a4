"""工商注册号, the registration number before 2015 (GS 15-2006): 6 region, 8 serial, 1 check by MOD 11,10."""

from dataclasses import dataclass
from typing import Final

from hub.kernel.identifiers.checks import DIGITS, hybrid_check
from hub.kernel.identifiers.folding import fold
from hub.kernel.identifiers.problems import IdentifierError, Problem, shown, strangers, unusual

REGISTRATION_CHARS: Final = 15
_ALPHABET: Final = frozenset(DIGITS)


@dataclass(frozen=True, slots=True, order=True)
class RegistrationNumber:
    """Fifteen digits whose check holds; it cannot be made otherwise (IdentifierError)."""

    number: str

    def __post_init__(self) -> None:
        if problems := _problems(self.number):
            raise IdentifierError("registration_number", problems)

    def __str__(self) -> str:
        return self.number

    @property
    def region(self) -> str:
        """Code of the registering authority at that time, often retired today."""
        return self.number[:6]


def normalise_registration_number(text: str) -> str:
    """NFKC, without white space and hyphens."""
    return fold(text)


def parse_registration_number(text: str) -> RegistrationNumber:
    """Raises: IdentifierError with REG_LENGTH, REG_DIGITS or REG_CHECK."""
    return RegistrationNumber(fold(text))


def registration_number_problems(text: str) -> tuple[Problem, ...]:
    """Everything that is wrong with `text` as a registration number."""
    return _problems(fold(text))


def _problems(number: str) -> tuple[Problem, ...]:
    value = shown(number)
    out = unusual(number, value)
    out += [] if len(number) == REGISTRATION_CHARS else [Problem("REG_LENGTH", None, value)]
    out += strangers(number, _ALPHABET, "REG_DIGITS")
    if not out and number[14] != hybrid_check(number[:14], DIGITS):
        out.append(Problem("REG_CHECK", 14, value))
    return tuple(out)
