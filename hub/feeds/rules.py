"""Reading single values as departments write them; pure, and strict about what cannot be seen or does not exist.

Values come from `present`, in NFKC and without outer space. Whatever is refused is refused by reason code
(hub.feeds.reasons), field and value.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from hub.kernel.identifiers import IdentifierError, Uscc, normalise_uscc, uscc_problems
from hub.registry.rules import name_problem

FIRST_YEAR: Final = 1900  # no living registration is older; 1899-12-30 is a spreadsheet's zero
NO_END_FROM: Final = date(2099, 12, 31)  # 2099-12-31 and 9999-12-31 stand for no end
NO_END_WORDS: Final = frozenset(
    {"长期", "长期有效", "永久", "永久有效", "无固定期限", "无限期", "不约定期限", "无期限", "至长期"}
)
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
    | {"#n/a", "#value!", "#ref!", "#name?", "#div/0!", "#null!", "#num!"}  # a spreadsheet's errors
)
LONGEST_PLACEHOLDER: Final = max(map(len, PLACEHOLDERS))
DATES_KEPT: Final = 65_536  # a century has 36 525 days, each written in a few ways
USCCS_KEPT: Final = 65_536  # the same holder comes once per license
MAX_VERSION: Final = 1_000_000  # fits the table; a license is not changed more often
MAX_AMOUNT: Final = Decimal(10) ** 12  # fits the table (14 digits, 2 of them after the point)
CHINA_LATITUDE: Final = (3.0, 54.0)
CHINA_LONGITUDE: Final = (73.0, 136.0)

_DAY = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日?"
    r"|(\d{2})(\d{2}))"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?\Z",
    re.ASCII,
)
_SPACED = re.compile(r"\s*([年月日/.-])\s*")
_AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?\Z|\d{1,14}(?:\.\d{1,6})?\Z", re.ASCII)
_INTEGER = re.compile(r"\d{1,7}(?:\.0+)?\Z", re.ASCII)
_DEGREES = re.compile(r"-?\d{1,3}(?:\.\d{1,15})?\Z", re.ASCII)
_PHONE = re.compile(r"\+?[0-9][0-9 ()\-,;/、转]{4,29}\Z", re.ASCII)
_SPACE = re.compile(r"[\s\u3000\u00a0]+")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs that show nothing
_LOST = "\ufffd"  # what a decoder leaves where it found no text


class RowRefusedError(ValueError):
    """One value for which a row is refused."""

    def __init__(self, reason: str, field: str, value: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.reason = reason
        self.field = field
        self.value = value


def original(text: str) -> str:
    """The value without outer space, in its own widths."""
    return text.strip()


def present(text: str) -> str:
    """The value in NFKC without outer space; "" where a department writes a dash or `null` for nothing."""
    trimmed = (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()
    if len(trimmed) <= LONGEST_PLACEHOLDER and trimmed.casefold() in PLACEHOLDERS:
        return ""
    return trimmed


def read_uscc(text: str, field: str) -> tuple[str, bool]:
    """The credit code, and whether the organisation code inside it holds (a few were issued wrongly).

    Raises: RowRefusedError with the first USCC_… problem.
    """
    found = _uscc(text)
    if found is None:
        problems = (problem.reason for problem in uscc_problems(text))
        raise RowRefusedError(next(reason for reason in problems if reason != "USCC_ORG_CHECK"), field, text)
    return found


@lru_cache(maxsize=USCCS_KEPT)
def _uscc(text: str) -> tuple[str, bool] | None:
    try:
        code = Uscc(normalise_uscc(text))
    except IdentifierError:
        return None
    return code.code, code.org_check_holds


def read_name(text: str, field: str) -> str:
    """A name. Raises: RowRefusedError NAME_CONTROL_CHARACTERS, ENCODING, FORMULA."""
    unseen = not text.isprintable() and name_problem(text) == "NAME_CONTROL_CHARACTERS"
    if unseen or not _BLANK_LETTERS.isdisjoint(text):
        raise RowRefusedError("NAME_CONTROL_CHARACTERS", field, text)
    return _seen(text, field)


def read_text(text: str, field: str) -> str:
    """Text on one line. Raises: RowRefusedError CONTROL_CHARACTERS, ENCODING, FORMULA."""
    return _seen(_on_one_line(text, field), field)


def _on_one_line(text: str, field: str) -> str:
    if text.isprintable():
        return text
    line = _SPACE.sub(" ", text).strip()
    if any(unicodedata.category(character) in _UNSEEN for character in line):
        raise RowRefusedError("CONTROL_CHARACTERS", field, text)
    return line


def _seen(text: str, field: str) -> str:
    if _LOST in text:
        raise RowRefusedError("ENCODING", field, text)
    if text.startswith("="):
        raise RowRefusedError("FORMULA", field, text)
    return text


def read_day(text: str, field: str) -> date:
    """A day of the calendar: 2025-01-03, 2025/1/3, 2025.1.3, 20250103 or 2025年1月3日, perhaps with a time.

    Raises: RowRefusedError DATE.
    """
    day = _day(text)
    if day is None or day >= NO_END_FROM:
        raise RowRefusedError("DATE", field, text)
    return day


def read_optional_day(text: str, field: str) -> date | None:
    """None for nothing. Raises: RowRefusedError DATE."""
    return read_day(text, field) if text else None


def read_end(text: str, field: str) -> date | None:
    """The last day of a period; None for 长期, for nothing and for the far ends that stand for none.

    Raises: RowRefusedError DATE.
    """
    if not text or text in NO_END_WORDS:
        return None
    day = _day(text)
    if day is None:
        raise RowRefusedError("DATE", field, text)
    return None if day >= NO_END_FROM else day


@lru_cache(maxsize=DATES_KEPT)
def _day(text: str) -> date | None:
    found = _DAY.match(text) or _DAY.match(_SPACED.sub(r"\1", text))
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        made = date(year, month, day)
    except ValueError:
        return None
    return made if made.year >= FIRST_YEAR else None


def check_period(first: date | None, last: date | None, *, field: str, value: str) -> None:
    """Both ends count. Raises: RowRefusedError PERIOD_REVERSED."""
    if first is not None and last is not None and last < first:
        raise RowRefusedError("PERIOD_REVERSED", field, value)


def read_version(text: str, field: str) -> int:
    """A department's own version, 1 when it gives none. Raises: RowRefusedError VERSION."""
    if not text:
        return 1
    plain = text.lstrip("Vv")
    version = int(plain.split(".")[0]) if _INTEGER.match(plain) else 0
    if not 1 <= version <= MAX_VERSION:
        raise RowRefusedError("VERSION", field, text)
    return version


def amount(text: str) -> Decimal | None:
    """A sum from 0 up, thousands separated or not; None for anything else."""
    plain = text.removesuffix("元").strip()
    if _AMOUNT.match(plain) is None:
        return None
    value = Decimal(plain.replace(",", ""))
    return value if value < MAX_AMOUNT else None


def read_amount(text: str, field: str) -> Decimal | None:
    """A fine in yuan to the fen; None for nothing. Raises: RowRefusedError AMOUNT."""
    if not text:
        return None
    value = amount(text)
    if value is None:
        raise RowRefusedError("AMOUNT", field, text)
    return value.quantize(Decimal("0.01"))


def read_position(latitude: str, longitude: str) -> tuple[float, float] | None:
    """WGS 84 or GCJ-02 degrees, as delivered; None when neither is given.

    Raises: RowRefusedError COORDINATES for one alone, for other than numbers and for places outside China.
    """
    if not latitude and not longitude:
        return None
    north = _degrees(latitude, "latitude", CHINA_LATITUDE)
    east = _degrees(longitude, "longitude", CHINA_LONGITUDE)
    return north, east


def _degrees(text: str, field: str, limits: tuple[float, float]) -> float:
    value = float(text) if _DEGREES.match(text) else None
    if value is None or not limits[0] <= value <= limits[1]:
        raise RowRefusedError("COORDINATES", field, text)
    return value


def read_phone(text: str, field: str) -> str | None:
    """A telephone number with the signs people put between digits. Raises: RowRefusedError PHONE."""
    if not text:
        return None
    plain = " ".join(text.split())
    if _PHONE.match(plain) is None:
        raise RowRefusedError("PHONE", field, text)
    return plain
