"""What a cell says: kept as written where it is shown, folded where it is compared; errors and formulas told apart.

A name, a person, an address stay as the registry has them, in their own widths and characters. A code, a number,
a day or a word of a vocabulary is folded: NFKC, without outer space and without what cannot be seen.
"""

import re
import unicodedata
from typing import Final

from hub.kernel.visible_characters import without_unseen
from hub.registry.reading.errors import NumberRoundedError

PLACEHOLDERS: Final = frozenset(
    {
        "-",
        "--",
        "---",
        "/",
        "\\",
        "—",
        "——",
        "无",
        "空",
        "null",
        "none",
        "nil",
        "n/a",
        "nan",
        "undefined",
        "(null)",
    }
)
SHORTEST_CODE: Final = 5  # characters of the longest number in scientific notation without point and sign
LONGEST_PLACEHOLDER: Final = max(map(len, PLACEHOLDERS))
FIRST_IDEOGRAPH: Final = "\u4e00"
LAST_IDEOGRAPH: Final = "\u9fff"
EXACT_DIGITS: Final = 15  # a double holds every integer of so many digits; spreadsheets keep no more

# A spreadsheet's errors in every language, LibreOffice's, and the marks of a column too narrow for its number.
_ERROR: Final = re.compile(
    r"#(?:N/?[A-Z]|[^\W\d_]/T|GETTING_DATA|[^\s#]{1,30}[!?]|#{2,})\Z|Err:\d{3}\Z", re.IGNORECASE
)
_CONSTANT: Final = re.compile(r'[=＝]\s*"((?:[^"]|"")+)"\Z', re.DOTALL)
_APOSTROPHES: Final = "'\u2018\u2019"  # before a cell that is to be text; word processors bend it
_SCIENTIFIC: Final = re.compile(r"[+-]?\d(?:\.\d*)?E\+?\d{2,3}\Z", re.IGNORECASE | re.ASCII)
_POINT_ZERO: Final = re.compile(r"(\d+)\.0+\Z", re.ASCII)


def original(text: str) -> str:
    """Return the value in its own characters, without outer space; a constant formula is its text."""
    trimmed = text.strip()
    return _unwrapped(trimmed) if trimmed[:1] in {"=", "＝"} and trimmed else trimmed


def folded(text: str) -> str:
    """Return the value for comparing: NFKC, without outer space, unseen characters and the apostrophe of a text cell."""
    plain = text.strip()
    if not plain.isascii():
        plain = _folded_letters(plain)
    if plain[:1] == "=":
        plain = _unwrapped(plain)
    return plain[1:].lstrip() if plain[:1] and plain[0] in _APOSTROPHES else plain


def _folded_letters(text: str) -> str:
    text = without_unseen(text)
    return (text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)).strip()


def stands_for_nothing(text: str) -> bool:
    """Return whether a department wrote a dash or `null` because it had nothing to write."""
    if len(text) > LONGEST_PLACEHOLDER or (
        FIRST_IDEOGRAPH <= text[:1] <= LAST_IDEOGRAPH and text not in PLACEHOLDERS
    ):
        return False  # nearly every name, without folding it
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold() in PLACEHOLDERS


def present(text: str) -> str:
    """Return the folded value; "" for a placeholder."""
    plain = folded(text)
    return "" if stands_for_nothing(plain) else plain


def is_error(text: str) -> bool:
    """Return whether a spreadsheet wrote this where it could not calculate."""
    if text[:1] not in {"#", "＃", "E"} or not text:
        return False
    return _ERROR.match(unicodedata.normalize("NFKC", text)) is not None


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet would calculate it; a Chinese one takes the full-width sign too."""
    return text[:1] in {"=", "＝"} and bool(text)


def exact(text: str, field: str) -> str:
    """Return digits as they were before a floating point number held them, when it held them all.

    Raises: NumberRoundedError for scientific notation and for more digits than such a number keeps.
    """
    if len(text) > SHORTEST_CODE and text.isalnum():
        return text  # nearly every one
    if _SCIENTIFIC.match(text):
        raise NumberRoundedError(field, text)
    found = _POINT_ZERO.match(text)
    if found is None:
        return text
    if len(found[1]) > EXACT_DIGITS:
        raise NumberRoundedError(field, text)
    return found[1]


def _unwrapped(formula: str) -> str:
    found = _CONSTANT.match(formula)
    return found[1].replace('""', '"').strip() if found else formula
