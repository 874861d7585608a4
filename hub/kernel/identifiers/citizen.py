"""公民身份号码, the citizen identity number (GB 11643-1999), checked and never shown.

The number itself is not kept anywhere: what is stored is a salted digest and the last four characters.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from hub.kernel.identifiers.checks import DIGITS, citizen_check
from hub.kernel.identifiers.folding import fold
from hub.kernel.identifiers.problems import IdentifierError, Problem, unusual

CITIZEN_CHARS: Final = 18
_SHOWN_CHARS: Final = 4
_DIGITS: Final = frozenset(DIGITS)


@dataclass(frozen=True, slots=True, repr=False)
class CitizenId:
    """A number whose date and check hold; it cannot be made otherwise. Its `repr` and `str` are masked."""

    number: str

    def __post_init__(self) -> None:
        if problems := _problems(self.number):
            raise IdentifierError("citizen_id", problems)

    def __repr__(self) -> str:
        return f"CitizenId({masked_citizen_id(self.number)})"

    def __str__(self) -> str:
        return masked_citizen_id(self.number)

    @property
    def last_four(self) -> str:
        return self.number[-_SHOWN_CHARS:]

    @property
    def birth_date(self) -> date:
        return date(int(self.number[6:10]), int(self.number[10:12]), int(self.number[12:14]))


def masked_citizen_id(number: str) -> str:
    """Asterisks and the last four characters; of a text too short to hide anything, asterisks only."""
    if len(number) != CITIZEN_CHARS:
        return "*" * min(len(number), CITIZEN_CHARS)
    return "*" * (CITIZEN_CHARS - _SHOWN_CHARS) + number[-_SHOWN_CHARS:]


def normalise_citizen_id(text: str) -> str:
    """NFKC, x in upper case, without white space and hyphens."""
    return fold(text)


def parse_citizen_id(text: str) -> CitizenId:
    """Raises: IdentifierError with ID_LENGTH, ID_DIGITS, ID_DATE or ID_CHECK; its `value` is masked."""
    return CitizenId(fold(text))


def citizen_id_problems(text: str) -> tuple[Problem, ...]:
    """Everything that is wrong with `text` as an identity number; values are masked."""
    return _problems(fold(text))


def _problems(number: str) -> tuple[Problem, ...]:
    value = masked_citizen_id(number)
    if len(number) != CITIZEN_CHARS:
        return (*unusual(number, value), Problem("ID_LENGTH", None, value))
    foreign = [i for i, c in enumerate(number) if c not in _DIGITS and not (i == 17 and c == "X")]  # noqa: PLR2004  # the last place
    if foreign:
        return tuple(Problem("ID_DIGITS", i, value) for i in foreign)
    out = [] if _is_date(number[6:14]) else [Problem("ID_DATE", 6, value)]
    if number[17] != citizen_check(number[:17]):
        out.append(Problem("ID_CHECK", 17, value))
    return tuple(out)


def _is_date(text: str) -> bool:
    try:
        born = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return born.year >= 1850  # noqa: PLR2004  # nobody older was ever numbered; catches shifted digits
