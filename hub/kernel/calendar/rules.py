"""Working days: which days count towards a legal deadline.

The State Council names each year's holidays, and the weekend days worked in exchange, in the autumn before.
Hence a table that later rows override.
"""

import calendar as gregorian
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

SATURDAY = 5
MONTHS_A_YEAR = 12


class DayKind(StrEnum):
    OFF = "off"
    WORK = "work"


@dataclass(frozen=True)
class DayRow:
    """The days `first` to `last`, both inclusive, are off or worked; `verified` against the notice."""

    first: date
    last: date
    kind: DayKind
    name: str
    basis: str
    verified: bool

    def days(self) -> Iterator[date]:
        for ordinal in range(self.first.toordinal(), self.last.toordinal() + 1):
            yield date.fromordinal(ordinal)


@dataclass(frozen=True)
class Calendar:
    """Working-day arithmetic over a table of exceptions to "Monday to Friday"; of two rows the later wins."""

    rows: tuple[DayRow, ...] = ()

    @cached_property
    def _kinds(self) -> MappingProxyType[date, DayKind]:
        return MappingProxyType({day: row.kind for row in self.rows for day in row.days()})

    def is_working_day(self, day: date) -> bool:
        kind = self._kinds.get(day)
        return day.weekday() < SATURDAY if kind is None else kind is DayKind.WORK

    def add_working_days(self, day: date, count: int) -> date:
        """Return the `count`-th working day after `day` (before it, when negative); `day` itself is not counted.

        Zero gives `day` back even when it is a holiday. Raises OverflowError past the ends of `date`.
        """
        step = timedelta(days=1 if count > 0 else -1)
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day


def add_months(day: date, count: int) -> date:
    """Return the same day `count` calendar months on (back, when negative), or that month's last day if it has none.

    Raises: OverflowError when the year leaves the range of `date`.
    """
    years, month = divmod(day.month - 1 + count, MONTHS_A_YEAR)
    year = day.year + years
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError(f"year {year} is out of range")
    last = gregorian.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def shift_days(day: date, count: int) -> date:
    """`day` moved by `count` days, held at the ends of `date` (departments write "no end" as 9999-12-31)."""
    ordinal = day.toordinal() + count
    return date.fromordinal(max(date.min.toordinal(), min(date.max.toordinal(), ordinal)))
