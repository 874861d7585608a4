"""Single values as departments write them; pure, and strict about what cannot be seen or does not exist.

Values come from `texts`: names and addresses as written, everything else folded. Whatever is refused is
refused by reason code (hub.feeds.reasons), field and value.
"""

import re
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Final
from unicodedata import is_normalized

from hub.kernel.identifiers import IdentifierError, Uscc, normalise_uscc, uscc_problems
from hub.kernel.visible_characters import is_visible, shows_nothing
from hub.registry.reading.errors import (
    EncodingLostError,
    FaultyValueError,
    FormulaRefusedError,
    NameControlsError,
    NumberRoundedError,
    PhoneRefusedError,
    PositionRefusedError,
    TextControlsError,
    ValueTooLongError,
    VersionRefusedError,
)
from hub.registry.reading.texts import EXACT_DIGITS, exact, is_formula
from hub.registry.rules import name_problem

USCCS_KEPT: Final = 65_536  # the same holder comes once per license
MAX_VERSION: Final = 1_000_000  # fits the table; a license is not changed more often
CHINA_LATITUDE: Final = (3.0, 54.0)
CHINA_LONGITUDE: Final = (73.0, 136.0)

_INTEGER = re.compile(r"\d{1,7}(?:\.0+)?\Z", re.ASCII)
_DEGREES = re.compile(r"-?\d{1,3}(?:\.\d{1,15})?\Z", re.ASCII)
_PHONE = re.compile(r"\+?[0-9][0-9 ()\-,;/、转]{4,29}\Z", re.ASCII)
_BREAK = re.compile(r"\s*[\t-\r\x1c-\x1f\x85\u2028\u2029]\s*")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});", re.ASCII)
_LOST = "\ufffd"  # what a decoder leaves where it found no text


def read_uscc(text: str, field: str, exceptions: AbstractSet[str] = frozenset()) -> tuple[str, bool]:
    """Read the credit code, and whether the organisation code inside it holds (a few were issued wrongly).

    `exceptions`: codes that are taken though they fail their check.

    Raises: RowRefusedError with the first USCC_… problem, or NUMBER_ROUNDED.
    """
    found = _uscc(text)
    if found is None:
        # First: a spreadsheet's 9.1E+17 is to be refused as a rounded number, not as a code of wrong length.
        exact(text, field)
        code = normalise_uscc(text)
        # Only now: a code that holds needs no look at the list, and the list never excuses a wrong form.
        if code in exceptions:
            return code, True
        problem = next(each for each in uscc_problems(text) if each.reason != "USCC_ORG_CHECK")
        raise FaultyValueError(problem.reason, problem.message, field=field, value=text)
    code, org_holds = found
    if not org_holds and code.isdigit() and not code[EXACT_DIGITS:].strip("0"):
        raise NumberRoundedError(field, text)  # a spreadsheet puts noughts after 15 digits
    return found


@lru_cache(maxsize=USCCS_KEPT)
def _uscc(text: str) -> tuple[str, bool] | None:
    try:
        code = Uscc(normalise_uscc(text))
    except IdentifierError:
        return None
    return code.code, code.org_check_holds


def read_name(text: str, field: str) -> str:
    """Read a name, in its own characters.

    Raises: NameControlsError, ValueTooLongError, EncodingLostError, FormulaRefusedError.
    """
    # Nearly every name is in order as it stands, and is spared the folding.
    problem = None if text.isprintable() and is_normalized("NFKC", text) else name_problem(text)
    if problem == "NAME_TOO_LONG":
        raise ValueTooLongError(field, text)  # folded, as it is searched
    if problem == "NAME_CONTROL_CHARACTERS" or shows_nothing(text):
        raise NameControlsError(field, text)
    return _seen(text, field)


def read_text(text: str, field: str) -> str:
    """Read text on one line. Raises: TextControlsError, EncodingLostError, FormulaRefusedError."""
    return _seen(_on_one_line(text, field), field)


def _on_one_line(text: str, field: str) -> str:
    if text.isprintable():
        return text
    line = _BREAK.sub(" ", text).strip()
    if not is_visible(line):
        raise TextControlsError(field, text)
    return line


def holds_markup(name: str) -> bool:
    """Return whether a name holds what a web page's source writes for a sign: `&amp;`, `&#38;`."""
    return "&" in name and _ENTITY.search(name) is not None


def _seen(text: str, field: str) -> str:
    if _LOST in text:
        raise EncodingLostError(field, text)
    if is_formula(text):
        raise FormulaRefusedError(field, text)
    return text


def read_version(text: str, field: str) -> int:
    """Read a department's own version, 1 when it gives none. Raises: VersionRefusedError."""
    if not text:
        return 1
    plain = text.lstrip("Vv")
    version = int(plain.split(".")[0]) if _INTEGER.match(plain) else 0
    if not 1 <= version <= MAX_VERSION:
        raise VersionRefusedError(field, text)
    return version


def read_position(latitude: str, longitude: str) -> tuple[float, float] | None:
    """Read WGS 84 or GCJ-02 degrees, as delivered; None when neither is given.

    Raises: PositionRefusedError for one alone, for other than numbers and for places outside China.
    """
    if not latitude and not longitude:
        return None
    north = _degrees(latitude, "latitude", CHINA_LATITUDE)
    east = _degrees(longitude, "longitude", CHINA_LONGITUDE)
    return north, east


def _degrees(text: str, field: str, limits: tuple[float, float]) -> float:
    value = float(text) if _DEGREES.match(text) else None
    if value is None or not limits[0] <= value <= limits[1]:
        raise PositionRefusedError(field, text)
    return value


def read_phone(text: str, field: str) -> str | None:
    """Read a telephone number with the signs people put between digits. Raises: PhoneRefusedError."""
    if not text:
        return None
    plain = " ".join(text.split())
    if _PHONE.match(plain) is None:
        raise PhoneRefusedError(field, text)
    return plain
