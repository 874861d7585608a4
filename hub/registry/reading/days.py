"""Days and ends of periods as departments write them. What cannot be read is refused, and never taken for no end."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final, NamedTuple

from hub.registry.reading.errors import DayRefusedError, PeriodReversedError

FIRST_YEAR: Final = 1900  # no living registration is older; 1899-12-30 is a spreadsheet's zero
LAST_START: Final = date(2099, 12, 30)
NO_END_DAYS: Final = frozenset({date(2099, 12, 31), date(9999, 12, 31)})
NO_END_WORDS: Final = frozenset(
    {
        "长期",
        "长期有效",
        "永久",
        "永久有效",
        "终身",
        "终身有效",
        "无固定期限",
        "无限期",
        "不约定期限",
        "无期限",
        "不限",
        "不限期",
        "至长期",
    }
)
DATES_KEPT: Final = 65_536  # a century has 36 525 days, each written in a few ways
FURTHEST_ZONE: Final = timedelta(hours=14)  # Kiribati
DAY_END_HOUR: Final = 24

_DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日?"
    r"|(\d{2})(\d{2}))(?!(?<=\d)\d)",
    re.ASCII,
)
_TIME = re.compile(
    r"(?:[Tt ]|(?<=日))(\d{1,2})"
    r"(?::(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?|时(?:(\d{1,2})分(?:(\d{1,2})秒)?)?)"
    r" ?([Zz]|[+-]\d{2}(?::?\d{2})?)?\Z",
    re.ASCII,
)
_COMPACT = re.compile(r"(\d{8})(\d{2})(\d{2})(\d{2})\Z", re.ASCII)
_POINT_ZERO = re.compile(r"(\d{8})\.0+\Z", re.ASCII)
_SPACED = re.compile(r"\s*([年月日/.-])\s*")
_WORD_AND_REMARK = re.compile(
    r"([^()]+)\(([^()\d〇零一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾百佰千仟万廿卅两半]{0,40})\)\Z"
)
_TELLS_AN_END = re.compile(  # a remark that takes back what the word before it says, or counts a time
    r"[A-Za-z数几至到止终失过暂停销撤废尽满]|未延|届|年(?!度)|月|季|[今明次当本]日|[天周]"
)


class _Moment(NamedTuple):
    """What a text says: the day as written, the legal day of the hub, and whether it is 24:00 of that day."""

    written: date
    legal: date
    ends_the_day: bool = False


def read_day(text: str, field: str, zone: tzinfo) -> date:
    """Read a day: 2025-01-03, 2025/1/3, 2025.1.3, 20250103 or 2025年1月3日, perhaps with a time of day.

    A time with an offset is a moment: its day is the one it falls on in `zone`. Raises: DayRefusedError.
    """
    moment = _moment(text, zone)
    # 24:00 ends a day and begins none: as a first day it would be read one day early.
    if moment is None or moment.ends_the_day or moment.legal > LAST_START:
        raise DayRefusedError(field, text)
    return moment.legal


def read_optional_day(text: str, field: str, zone: tzinfo) -> date | None:
    """Read a day, None for nothing. Raises: DayRefusedError."""
    return read_day(text, field, zone) if text else None


def read_end(text: str, field: str, zone: tzinfo) -> date | None:
    """Read the last day of a period; None for an empty cell, the words for no end, 2099-12-31 and 9999-12-31.

    Raises: DayRefusedError for everything else, a dash and `null` among it.
    """
    if not text or _is_word_for_no_end(text):
        return None
    moment = _moment(text, zone)
    if moment is None:
        raise DayRefusedError(field, text)
    # Both, because 2099-12-31T16:00Z is written as one of these days and falls on the next one in Shanghai.
    return None if {moment.written, moment.legal} & NO_END_DAYS else moment.legal


def check_period(first: date | None, last: date | None, *, field: str, value: str) -> None:
    """Check that a period does not end before it begins; both ends count. Raises: PeriodReversedError."""
    if first is not None and last is not None and last < first:
        raise PeriodReversedError(field, value)


def _is_word_for_no_end(text: str) -> bool:
    if text in NO_END_WORDS:
        return True
    # Nearly every end is a date; words for no end begin with a Chinese character.
    if text[0].isascii():
        return False
    word = "".join(text.split())
    remark = _WORD_AND_REMARK.match(word)
    if remark is None:
        return word in NO_END_WORDS
    return remark[1] in NO_END_WORDS and _TELLS_AN_END.search(remark[2]) is None


@lru_cache(maxsize=DATES_KEPT)
def _moment(text: str, zone: tzinfo) -> _Moment | None:
    found = _parts(text) or _parts(_respelled(text))
    if found is None:
        return None
    day, clock = found
    return _Moment(day, day) if clock is None else _on_the_clock(day, clock, zone)


def _respelled(text: str) -> str:
    """A day that a number held, a time without signs, blanks around 年 and 月: as other days are written."""
    whole = _COMPACT.sub(r"\1 \2:\3:\4", _POINT_ZERO.sub(r"\1", text))
    return _SPACED.sub(r"\1", whole)


def _parts(text: str) -> tuple[date, re.Match[str] | None] | None:
    begins = _DATE.match(text)
    if begins is None:
        return None
    clock = None
    if begins.end() != len(text):
        clock = _TIME.match(text, begins.end())
        if clock is None:
            return None
    year, month, day = (int(part) for part in begins.groups() if part is not None)
    try:
        made = date(year, month, day)
    except ValueError:
        return None
    return (made, clock) if made.year >= FIRST_YEAR else None


def _on_the_clock(day: date, clock: re.Match[str], zone: tzinfo) -> _Moment | None:
    *numbers, offset = clock.groups()
    hour, minute, second = [*(int(part) for part in numbers if part is not None), 0, 0][:3]
    if hour == DAY_END_HOUR and not (minute or second or offset):
        return _Moment(day, day, ends_the_day=True)
    try:
        at = datetime.combine(day, time(hour, minute, second))
        return _Moment(
            day, day if offset is None else at.replace(tzinfo=_zone(offset)).astimezone(zone).date()
        )
    except ValueError:
        return None
    except OverflowError:  # the last hours of the year 9999, written in UTC
        return _Moment(day, day)


def _zone(offset: str) -> timezone:
    """Raises: ValueError for what no place on earth keeps."""
    if offset in {"Z", "z"}:
        return UTC
    hours, minutes = int(offset[1:3]), int(offset[3:].removeprefix(":") or 0)
    ahead = timedelta(hours=hours, minutes=minutes)
    if minutes >= 60 or ahead > FURTHEST_ZONE:  # noqa: PLR2004  # minutes of an hour
        raise ValueError(offset)
    return timezone(ahead if offset[0] == "+" else -ahead)
