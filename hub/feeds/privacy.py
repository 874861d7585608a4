"""What is kept of rows beside their records: shortened, visible, and without citizen numbers."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from hub.feeds.readers.rows import MAX_SHOWN_CHARS
from hub.kernel.exports import visible_text
from hub.registry.reading.texts import folded

MAX_KEPT_COLUMNS = 60  # of a refused row; the widest real source has some thirty
NAMES_KEPT = 1_024  # of columns: those of all files of a run
SHOWN_AT_EACH_END = 4
SHORT_CHARS = 8  # a shorter number shows nothing at its ends

# What people put between digits, and what nobody sees there.
_GAP: Final = r"[\s\-·.\u00ad\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]{0,3}"
_MONTH: Final = rf"(?:0{_GAP}[1-9]|1{_GAP}[0-2])"
_DAY: Final = rf"(?:0{_GAP}[1-9]|[12]{_GAP}\d|3{_GAP}[01])"


def _digits(count: int) -> str:
    return _GAP.join([r"\d"] * count)


# 公民身份号码 by its form (GB 11643): region, date of birth, serial, check; the old one of 15 digits has a short year and no check.
_CITIZEN_NUMBER: Final = re.compile(
    rf"(?<![0-9])[1-8]{_GAP}{_digits(5)}{_GAP}"
    rf"(?:(?:1{_GAP}[89]|2{_GAP}0){_GAP}{_digits(2)}{_GAP}{_MONTH}{_GAP}{_DAY}{_GAP}{_digits(3)}{_GAP}[\dXx]"
    rf"|{_digits(2)}{_GAP}{_MONTH}{_GAP}{_DAY}{_GAP}{_digits(3)})(?![0-9])"
)
_ROUNDED: Final = re.compile(
    r"(?<![0-9])\d\.\d{6,}[Ee]\+?1[47](?![0-9])"
)  # one that a spreadsheet kept as a number
_MANY_DIGITS: Final = re.compile(r"(?:\d\D{0,3}){14}\d")  # in any width
SHORTEST_CHARS: Final = 12  # of a number that is to be hidden, a rounded one
# Columns that by their name hold a person's number, whatever its form: passports and permits of residents too.
_OF_A_PERSON: Final = re.compile(
    r"身份证|公民身份|身份号|证件号|护照|通行证号|居民证|ID ?CARD|IDCARD|ID ?NO\b|ID ?NUM|IDENTITY|PASSPORT|SFZ|ZJHM|GMSFHM",
    re.IGNORECASE,
)


def masked(text: str) -> str:
    """Return the text with the middle of every citizen number hidden, in whatever width and with whatever gaps it is written."""
    if len(text) < SHORTEST_CHARS or (_MANY_DIGITS.search(text) is None and _ROUNDED.search(text) is None):
        return text
    narrow = _narrow(text)
    spans = [found.span() for pattern in (_CITIZEN_NUMBER, _ROUNDED) for found in pattern.finditer(narrow)]
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + _mask(text[start:end]) + text[end:]
    return text


def masked_extra(name: str, text: str) -> str:
    """Return the value of a column that no field reads; under a name of a person's number it is hidden whatever its form."""
    if not _is_of_a_person(name):
        return masked(text)
    return _mask(text) if len(text) > SHORT_CHARS else "*" * len(text)


@lru_cache(maxsize=NAMES_KEPT)
def _is_of_a_person(name: str) -> bool:
    return _OF_A_PERSON.search(folded(name).replace("_", " ").replace("-", " ")) is not None


def shown(text: str) -> str:
    """Return a value as a report shows it: at most 200 characters, nothing invisible, no citizen number."""
    return visible_text(masked(text[: MAX_SHOWN_CHARS * 2]))[:MAX_SHOWN_CHARS]


def shown_row(values: Mapping[str, str]) -> dict[str, str]:
    kept = list(values.items())[:MAX_KEPT_COLUMNS]
    return {shown(name): _shown_extra(name, text[: MAX_SHOWN_CHARS * 2]) for name, text in kept}


def _shown_extra(name: str, text: str) -> str:
    return visible_text(masked_extra(name, text))[:MAX_SHOWN_CHARS]


def _narrow(text: str) -> str:
    """Digits of every width and script as ASCII ones, character by character, so that places stay the same."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else ("X" if c in "Ｘｘ" else c)
        for c in text
    )


def _mask(number: str) -> str:
    hidden = "*" * (len(number) - 2 * SHOWN_AT_EACH_END)
    return number[:SHOWN_AT_EACH_END] + hidden + number[-SHOWN_AT_EACH_END:]
