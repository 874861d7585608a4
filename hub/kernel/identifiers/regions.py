"""行政区划代码 (GB/T 2260) of Quzhou, dated: identifiers keep the code of their day for life.

An unknown or retired code is a warning, never a refusal: registries of the province and of development zones
issue under codes of their own. The dates of change are general knowledge; the days are those of approval.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from hub.kernel.identifiers.problems import IdentifierProblem, shown
from hub.kernel.messages import Message


@dataclass(frozen=True, slots=True)
class Region:
    """One code under one name; both ends inclusive, None is open."""

    code: str
    name: Message
    valid_from: date | None
    valid_to: date | None

    def valid_on(self, day: date) -> bool:
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


_CITY_SINCE: Final = date(1985, 5, 15)  # Quzhou becomes a city at prefecture level
_QUJIANG_SINCE: Final = date(2001, 12, 10)  # 衢县 becomes 衢江区 under a new code

REGIONS: Final = (
    Region("330000", Message("浙江省", "Zhejiang Province"), None, None),
    Region("330800", Message("衢州市", "Quzhou City"), _CITY_SINCE, None),
    Region("330802", Message("柯城区", "Kecheng District"), _CITY_SINCE, None),
    Region("330803", Message("衢江区", "Qujiang District"), _QUJIANG_SINCE, None),
    Region("330821", Message("衢县", "Qu County"), _CITY_SINCE, date(2001, 12, 9)),
    Region("330822", Message("常山县", "Changshan County"), _CITY_SINCE, None),
    Region("330823", Message("江山县", "Jiangshan County"), _CITY_SINCE, date(1987, 11, 26)),
    Region("330824", Message("开化县", "Kaihua County"), _CITY_SINCE, None),
    Region("330825", Message("龙游县", "Longyou County"), _CITY_SINCE, None),
    Region("330881", Message("江山市", "Jiangshan City"), date(1987, 11, 27), None),
)


def find_region(code: str, *, on: date | None = None) -> Region | None:
    """Return the row of a six-digit code: the one valid on that day, or without a day the newest ever."""
    rows = [row for row in REGIONS if row.code == code and (on is None or row.valid_on(on))]
    return rows[-1] if rows else None


def region_name(code: str) -> Message:
    """Return the region's newest name; the code itself for one that is not in the table."""
    found = find_region(code)
    return Message(code, code) if found is None else found.name


def region_warnings(code: str, *, on: date) -> tuple[IdentifierProblem, ...]:
    """REGION_UNKNOWN or REGION_RETIRED, or nothing. Warnings for a person, never grounds to refuse."""
    if find_region(code, on=on) is not None:
        return ()
    reason = "REGION_UNKNOWN" if find_region(code) is None else "REGION_RETIRED"
    return (IdentifierProblem(reason, None, shown(code)),)
