"""组织机构代码, the organisation code (GB 11714-1997): eight characters and a check, inside every USCC."""

from dataclasses import dataclass
from typing import Final

from hub.kernel.identifiers.checks import ALPHABET_36, organisation_check
from hub.kernel.identifiers.folding import fold
from hub.kernel.identifiers.problems import IdentifierError, Problem, shown, strangers, unusual

ORGANISATION_CHARS: Final = 9
_ALPHABET: Final = frozenset(ALPHABET_36)


@dataclass(frozen=True, slots=True, order=True)
class OrganisationCode:
    """Nine characters whose check holds; it cannot be made otherwise (IdentifierError)."""

    code: str

    def __post_init__(self) -> None:
        if problems := _problems(self.code):
            raise IdentifierError("organisation_code", problems)

    def __str__(self) -> str:
        return f"{self.code[:8]}-{self.code[8]}"


def normalise_organisation_code(text: str) -> str:
    """NFKC, upper case, without white space and without the hyphen before the check character."""
    return fold(text)


def parse_organisation_code(text: str) -> OrganisationCode:
    """Raises: IdentifierError with ORG_LENGTH, ORG_ALPHABET or ORG_CHECK."""
    return OrganisationCode(fold(text))


def organisation_code_problems(text: str) -> tuple[Problem, ...]:
    """Everything that is wrong with `text` as an organisation code."""
    return _problems(fold(text))


def _problems(code: str) -> tuple[Problem, ...]:
    value = shown(code)
    out = unusual(code, value)
    out += [] if len(code) == ORGANISATION_CHARS else [Problem("ORG_LENGTH", None, value)]
    out += strangers(code, _ALPHABET, "ORG_ALPHABET")
    if not out and code[8] != organisation_check(code[:8]):
        out.append(Problem("ORG_CHECK", 8, value))
    return tuple(out)
