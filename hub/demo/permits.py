"""How the licenses of the demonstration city fare: a fate for each, and the dates and state that follow from it."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from hub.kernel.calendar.loader import shipped_calendar
from hub.kernel.calendar.rules import Calendar, add_months
from hub.licenses.catalogue.rules import LicenseCatalogue, LicenseType, renewal_window
from hub.licenses.rules import LicenseState

SLACK_DAYS = 25  # holidays move a window of working days; a license without worry stays clear of it
WARN_DAYS = 30  # every kind turns yellow at the latest thirty days before its end
LONG_TERM_DAYS = 3650  # a license without end was issued some time in the last ten years


class PermitFate(StrEnum):
    FINE = "fine"
    DUE = "due"
    DUE_TODAY = "due-today"
    EXPIRED_YESTERDAY = "expired-yesterday"
    EXPIRED = "expired"
    LAPSED = "lapsed"
    RENEWING = "renewing"
    NOT_YET = "not-yet"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    ANNULLED = "annulled"
    WITHDRAWN = "withdrawn"
    DEREGISTERED = "deregistered"
    TRANSFERRED = "transferred"
    REPLACED = "replaced"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class FateRow:
    """`remaining`: days from today to the last day of validity, both ends inclusive; None: somewhere in its life."""

    fate: PermitFate
    weight: int  # in thousandths of the licenses of enterprises that live
    state: LicenseState
    remaining: tuple[int, int] | None = None


FATES = (
    FateRow(PermitFate.FINE, 842, LicenseState.VALID),
    FateRow(PermitFate.DUE, 45, LicenseState.VALID, (1, 28)),
    FateRow(PermitFate.DUE_TODAY, 5, LicenseState.VALID, (0, 0)),
    FateRow(PermitFate.EXPIRED_YESTERDAY, 5, LicenseState.VALID, (-1, -1)),
    FateRow(PermitFate.EXPIRED, 20, LicenseState.VALID, (-400, -2)),
    FateRow(PermitFate.LAPSED, 5, LicenseState.EXPIRED, (-500, -30)),
    FateRow(PermitFate.RENEWING, 12, LicenseState.RENEWING, (-15, 20)),
    FateRow(PermitFate.NOT_YET, 5, LicenseState.VALID),
    FateRow(PermitFate.SUSPENDED, 6, LicenseState.SUSPENDED),
    FateRow(PermitFate.REVOKED, 4, LicenseState.REVOKED),
    FateRow(PermitFate.ANNULLED, 3, LicenseState.ANNULLED),
    FateRow(PermitFate.WITHDRAWN, 3, LicenseState.WITHDRAWN),
    FateRow(PermitFate.DEREGISTERED, 8, LicenseState.DEREGISTERED),
    FateRow(PermitFate.TRANSFERRED, 2, LicenseState.TRANSFERRED),
    FateRow(PermitFate.MISSING, 38, LicenseState.VALID),
)
BY_FATE: Mapping[PermitFate, FateRow] = MappingProxyType(
    {row.fate: row for row in FATES}
    | {PermitFate.REPLACED: FateRow(PermitFate.REPLACED, 0, LicenseState.REPLACED)}
)
_FATES = tuple(row.fate for row in FATES)
_WEIGHTS = tuple(row.weight for row in FATES)

OFFICES: Mapping[str, str] = MappingProxyType(  # department of the catalogue → a district's office
    {
        "市场监督管理部门": "市场监督管理局",
        "药品监督管理部门": "市场监督管理局",
        "卫生健康部门": "卫生健康局",
        "教育部门": "教育局",
        "人力资源和社会保障部门": "人力资源和社会保障局",
        "交通运输部门": "交通运输局",
        "应急管理部门": "应急管理局",
        "住房和城乡建设部门": "住房和城乡建设局",
        "生态环境部门": "生态环境分局",
        "水行政主管部门": "水利局",
        "烟草专卖部门": "烟草专卖局",
        "新闻出版部门": "新闻出版局",
        "文化和旅游部门": "文化和广电旅游体育局",
        "公安机关": "公安局",
        "消防救援机构": "消防救援大队",
        "通信管理部门": "通信管理局",
        "农业农村部门": "农业农村局",
        "地方金融管理部门": "地方金融管理局",
    }
)


@dataclass(frozen=True, slots=True)
class PermitKind:
    """A kind of license as the generator needs it. `months` None: without end; `lead`: days of warning before it."""

    code: str
    months: int | None
    lead: int
    life: int
    office: str


@dataclass(frozen=True, slots=True)
class Validity:
    issued_on: date
    valid_from: date
    valid_to: date | None
    state: LicenseState


def permit_kinds(catalogue: LicenseCatalogue, *, today: date) -> Mapping[str, PermitKind]:
    """Return every kind of the catalogue by code. Raises: KeyError for a department without an office in `OFFICES`."""
    calendar = shipped_calendar()
    return {kind.code: _permit_kind(kind, calendar, today) for kind in catalogue.types}


def _permit_kind(kind: LicenseType, calendar: Calendar, today: date) -> PermitKind:
    end = today + timedelta(days=400)
    window = renewal_window(kind, end, calendar)
    lead = max(WARN_DAYS, (end - window.opens).days if window else 0) + SLACK_DAYS
    life = (
        LONG_TERM_DAYS
        if kind.validity_months is None
        else (today - add_months(today, -kind.validity_months)).days
    )
    return PermitKind(kind.code, kind.validity_months, lead, life, OFFICES[kind.department.zh])


def draw_fate(dice: random.Random) -> PermitFate:
    return dice.choices(_FATES, _WEIGHTS)[0]


def validity(dice: random.Random, kind: PermitKind, fate: PermitFate, *, today: date, age: int) -> Validity:
    """Return dates and state of a license of this kind and fate; `age`: days since the enterprise was established.

    A license that has run its whole life is older than a young enterprise; the enterprise is then dated back.
    """
    row = BY_FATE[fate]
    if fate is PermitFate.NOT_YET:
        return _span(kind, today + timedelta(days=dice.randint(1, 20)), row.state, issued=today)
    if row.remaining is None or kind.months is None:
        youth = min(age, kind.life - kind.lead)
        start = today - timedelta(days=dice.randint(0, max(0, youth)))
        return _span(kind, start, row.state)
    end = today + timedelta(days=dice.randint(*row.remaining))
    start = add_months(end, -kind.months) + timedelta(days=1)
    return Validity(start, start, end, row.state)


def predecessor(validity: Validity, kind: PermitKind) -> Validity | None:
    """Return the version that ran until this one began, replaced by it; None for a license without end."""
    if kind.months is None:
        return None
    end = validity.valid_from - timedelta(days=1)
    start = add_months(end, -kind.months) + timedelta(days=1)
    return Validity(start, start, end, LicenseState.REPLACED)


def _span(kind: PermitKind, start: date, state: LicenseState, *, issued: date | None = None) -> Validity:
    end = None if kind.months is None else add_months(start, kind.months) - timedelta(days=1)
    return Validity(issued or start, start, end, state)
