"""Kinds of license: who grants them, for how long, when to renew, what their numbers look like.

Rows are dated configuration (GB/T 36902 catalogue fields); nothing here knows one kind from another by name.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from hub.kernel.calendar.rules import Calendar, add_months, shift_days
from hub.kernel.errors import NotFoundError
from hub.kernel.identifiers.checks import DIGITS, hybrid_check
from hub.kernel.messages import Message
from hub.kernel.visible_characters import without_unseen

SEQUENCE_DIGITS = 3  # GB/T 36904: USCC of the defining authority and three digits
FOOD_PREFIX_CHARS = 2  # SC, JY, YB before the fourteen digits that carry the check


class UnknownLicenseTypeError(NotFoundError):
    reason = "LICENSE_TYPE"
    zh = "证照类型不在目录中。"
    en = "This kind of license is not in the catalogue."


class LicenseNature(StrEnum):
    PERMIT = "许可"
    FILING = "备案"
    QUALIFICATION = "资质"


class WindowUnit(StrEnum):
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


class NumberCheck(StrEnum):
    NONE = "none"
    MOD11_10 = "mod11_10"


@dataclass(frozen=True)
class RenewalRule:
    """Apply from `opens` to `closes` units before the last day of validity.

    Many rules name only the latest day; then `opens` is our advice, and `opens_is_advice` says so.
    """

    opens: int
    closes: int
    unit: WindowUnit
    opens_is_advice: bool


class RenewalPhase(StrEnum):
    """How far the renewal of a license has come."""

    AHEAD = "ahead"
    OPEN = "open"
    PAST = "past"

    @property
    def is_ahead(self) -> bool:
        return self is RenewalPhase.AHEAD

    @property
    def is_open(self) -> bool:
        return self is RenewalPhase.OPEN


@dataclass(frozen=True)
class Window:
    """First and last day to apply for renewal, both inclusive."""

    opens: date
    closes: date
    opens_is_advice: bool

    def phase(self, on: date) -> RenewalPhase:
        """Return where a day stands to the window."""
        if on < self.opens:
            return RenewalPhase.AHEAD
        return RenewalPhase.OPEN if on <= self.closes else RenewalPhase.PAST


@dataclass(frozen=True)
class LicenseType:
    """One row of the catalogue. `validity_months` None: no usual end; `verified` False: unchecked default."""

    code: str
    name: str
    name_en: str
    aliases: tuple[str, ...]
    department: Message
    nature: LicenseNature
    validity_months: int | None
    renewal: RenewalRule | None
    number_pattern: str | None
    number_check: NumberCheck
    site_bound: bool
    authority_uscc: str
    authority_seq: str
    basis: str
    verified: bool
    valid_from: date
    valid_to: date | None

    def __post_init__(self) -> None:
        """Raises: ValueError when a check digit is asked for without the form that says where it stands."""
        if self.number_check is not NumberCheck.NONE and self.number_pattern is None:
            raise ValueError(f"{self.code}: a number check needs a number pattern")

    @property
    def title(self) -> Message:
        return Message(self.name, self.name_en)

    @property
    def standard_code(self) -> str | None:
        """The 21-character type code of GB/T 36904, when defining authority and sequence are known."""
        if not self.authority_uscc or len(self.authority_seq) != SEQUENCE_DIGITS:
            return None
        return self.authority_uscc + self.authority_seq


@dataclass(frozen=True)
class LicenseCatalogue:
    """All kinds of license at one time. Raises ValueError when two rows claim one code or one name.

    `past`: the last rows of kinds that are granted no more; their licenses are still held and read. Their names are
    theirs until another kind takes them over.
    """

    types: tuple[LicenseType, ...]
    past: tuple[LicenseType, ...] = ()

    def __post_init__(self) -> None:
        codes = [kind.code for kind in (*self.past, *self.types)]
        names = [name for kind in self.types for name in {_key(text) for text in (kind.name, *kind.aliases)}]
        for claimed in (codes, names):
            twice = {text for text in claimed if claimed.count(text) > 1}
            if twice:
                raise ValueError(f"claimed twice in the catalogue: {sorted(twice)}")

    @cached_property
    def _by_code(self) -> Mapping[str, LicenseType]:
        return MappingProxyType({kind.code: kind for kind in (*self.past, *self.types)})

    @cached_property
    def _by_name(self) -> Mapping[str, LicenseType]:
        return MappingProxyType(
            {_key(text): kind for kind in (*self.past, *self.types) for text in (kind.name, *kind.aliases)}
        )

    def find(self, code: str) -> LicenseType | None:
        return self._by_code.get(code)

    def by_code(self, code: str) -> LicenseType:
        """Raises: UnknownLicenseTypeError."""
        kind = self.find(code)
        if kind is None:
            raise UnknownLicenseTypeError(code)
        return kind

    def by_name(self, text: str) -> LicenseType | None:
        """Return the kind with that name or alias, whatever the width of its characters and the blanks."""
        return self._by_name.get(_key(text))


def _key(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def renewal_window(kind: LicenseType, valid_to: date | None, calendar: Calendar) -> Window | None:
    """When to apply for renewal of a license valid through `valid_to`; None when nothing is to be renewed."""
    rule = kind.renewal
    if rule is None or valid_to is None:
        return None
    return Window(
        opens=_before(valid_to, rule.opens, rule.unit, calendar),
        closes=_before(valid_to, rule.closes, rule.unit, calendar),
        opens_is_advice=rule.opens_is_advice,
    )


def _before(day: date, count: int, unit: WindowUnit, calendar: Calendar) -> date:
    match unit:
        case WindowUnit.DAYS:
            return shift_days(day, -count)
        case WindowUnit.WORKING_DAYS:
            return calendar.add_working_days(day, -count)
        case WindowUnit.MONTHS:
            return add_months(day, -count)


NUMBER_PROBLEMS: Mapping[str, Message] = MappingProxyType(
    {
        "NUMBER_FORM": Message(
            "证照编号的格式与该类证照不符，请与发证机关核对。",
            "The number does not have the form of this kind of license; check with the issuer.",
        ),
        "NUMBER_CHECK": Message(
            "证照编号的校验码不正确，请核对是否录错。",
            "The check digit of the number is wrong; look for a typing error.",
        ),
    }
)

BRACKETS = str.maketrans("〔〕【】", "[][]")


def normalise_number(text: str) -> str:
    """Return one spelling for comparison: NFKC, no blanks, capitals, square brackets around the year."""
    return "".join(unicodedata.normalize("NFKC", without_unseen(text)).split()).upper().translate(BRACKETS)


def number_problem(kind: LicenseType, number: str) -> str | None:
    """Return what is odd about the number: None, "NUMBER_FORM" or "NUMBER_CHECK" (see `NUMBER_PROBLEMS`).

    The check digit of SC/JY/YB numbers is MOD 11,10 of GB/T 17710 over the first thirteen of fourteen digits.
    """
    text = normalise_number(number)
    if kind.number_pattern is not None and re.match(kind.number_pattern, text, re.ASCII) is None:
        return "NUMBER_FORM"
    match kind.number_check:
        case NumberCheck.NONE:
            return None
        case NumberCheck.MOD11_10:
            digits = text[FOOD_PREFIX_CHARS:]
            if not (digits.isascii() and digits.isdigit()):
                return "NUMBER_CHECK"  # the pattern of an edited row lets other characters through
            return None if hybrid_check(digits[:-1], DIGITS) == digits[-1] else "NUMBER_CHECK"
