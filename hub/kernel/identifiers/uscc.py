"""统一社会信用代码, the unified social credit code (GB 32100-2015): 18 characters, for life."""

from dataclasses import dataclass
from typing import Final

from hub.kernel.identifiers.checks import ALPHABET_31, organisation_check, uscc_check
from hub.kernel.identifiers.folding import fold
from hub.kernel.identifiers.problems import IdentifierError, IdentifierProblem, shown, strangers, unusual
from hub.kernel.identifiers.uscc_categories import CATEGORIES, UsccCategory

USCC_CHARS: Final = 18
_ALPHABET: Final = frozenset(ALPHABET_31)
_ORG = slice(8, 16)


@dataclass(frozen=True, slots=True, order=True)
class Uscc:
    """A code whose form and own check character hold, and whose kind is known; else IdentifierError.

    A kind that nobody knows is taken where both checks are right: kinds are added, and a slip passes both once in 341.

    The embedded organisation code is another matter: some codes in circulation were issued with a wrong one,
    see `org_check_holds`. `parse_uscc` decides whether that is tolerated.
    """

    code: str

    def __post_init__(self) -> None:
        if not _holds(self.code):
            raise IdentifierError("uscc", _problems(self.code))

    def __str__(self) -> str:
        return self.code

    @property
    def category(self) -> UsccCategory | None:
        """Registering department and kind of body, from the first two characters; None for a kind not known here."""
        return CATEGORIES.get(self.code[:2])

    @property
    def region(self) -> str:
        """GB/T 2260 code of the registry, perhaps retired or of a development zone: never refused for it."""
        return self.code[2:8]

    @property
    def org_check_holds(self) -> bool:
        return self.code[16] == organisation_check(self.code[_ORG])


def normalise_uscc(text: str) -> str:
    """As a code would be written: NFKC, upper case, no white space, hyphens or invisible characters."""
    return fold(text)


def parse_uscc(text: str, *, tolerate_org_check: bool = False) -> Uscc:
    """Return the code in `text`, normalised.

    `tolerate_org_check` is for data that a registry delivers: a wrong embedded organisation code is then the
    caller's data-quality flag (`Uscc.org_check_holds`); what a person types is refused.
    Raises: IdentifierError with USCC_LENGTH, _ALPHABET, _REGION, _CATEGORY, _CHECK or _ORG_CHECK.
    """
    code = Uscc(fold(text))
    if not tolerate_org_check and code.code[16] != organisation_check(code.code[_ORG]):
        raise IdentifierError("uscc", _problems(code.code))
    return code


def uscc_problems(text: str) -> tuple[IdentifierProblem, ...]:
    """Everything that is wrong with `text` as a code, most basic first; empty when all checks hold."""
    return _problems(fold(text))


def _holds(code: str) -> bool:
    try:
        # The check runs first: it looks every character up in the alphabet, and nearly every code passes it.
        return (
            len(code) == USCC_CHARS
            and code[17] == uscc_check(code[:17])
            and code[2:8].isdigit()
            and (code[:2] in CATEGORIES or code[16] == organisation_check(code[_ORG]))
        )
    except KeyError:
        return False


def _problems(code: str) -> tuple[IdentifierProblem, ...]:
    value = shown(code)
    out = unusual(code, value)
    out += [] if len(code) == USCC_CHARS else [IdentifierProblem("USCC_LENGTH", None, value)]
    out += strangers(code, _ALPHABET, "USCC_ALPHABET")
    if len(code) != USCC_CHARS:
        return tuple(out)
    bad = {problem.position for problem in out}
    letters = [i for i in range(2, 8) if i not in bad and not code[i].isdigit()]
    out += [IdentifierProblem("USCC_REGION", i, value) for i in letters]
    wrong = []
    if not bad and code[17] != uscc_check(code[:17]):
        wrong.append(IdentifierProblem("USCC_CHECK", 17, value))
    if not bad & set(range(8, 17)) and code[16] != organisation_check(code[_ORG]):
        wrong.append(IdentifierProblem("USCC_ORG_CHECK", 16, value))
    if (bad or wrong) and not bad & {0, 1} and code[:2] not in CATEGORIES:
        out.append(IdentifierProblem("USCC_CATEGORY", 0, value))
    return (*out, *wrong)
