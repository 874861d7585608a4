"""红蓝灰黄: what a license's state means for whoever looks at it on a given day. No public rule exists; this is ours.

Blue: lawful, nothing to do. Yellow: lawful now, but something must be done. Red: not to be relied on now.
Grey: ended, or dormant without fault. When several apply: ended grey > red > yellow > dormant grey > blue.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, date
from enum import StrEnum
from types import MappingProxyType

from hub.kernel.calendar.rules import shift_days
from hub.kernel.messages import Message
from hub.licenses.rules import LicenseState
from hub.registry.rules import EntityState, Overlay

TERM_WARN_DAYS = 90  # 营业期限: a change of term needs a shareholders' resolution first
PERMIT_WARN_DAYS = 30  # 行政许可法 art. 50: renewal is applied for 30 days before the end
REPORT_MONTH = 6  # 年报: 1 January to 30 June for the year before
JUNE_DAYS = 30  # the last thirty days of that window are exactly June


class Colour(StrEnum):
    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


@dataclass(frozen=True)
class ColourFace:
    """How a colour is shown: never alone, always with its word and icon."""

    name: Message
    word: Message
    icon: str


FACES: Mapping[Colour, ColourFace] = MappingProxyType(
    {
        Colour.BLUE: ColourFace(Message("蓝", "Blue"), Message("有效", "Valid"), "check"),
        Colour.YELLOW: ColourFace(Message("黄", "Yellow"), Message("需办理", "Action needed"), "clock"),
        Colour.RED: ColourFace(Message("红", "Red"), Message("不可信赖", "Do not rely on it"), "alert"),
        Colour.GREY: ColourFace(Message("灰", "Grey"), Message("已停用", "Not in use"), "minus"),
    }
)


UNTOLD = ColourFace(Message("不公开", "Not shown"), Message("不公开", "Not shown"), "minus")


def face_of(colour: Colour | None) -> ColourFace:
    """Return how a colour is shown; None: whoever reads is not told it."""
    return UNTOLD if colour is None else FACES[colour]


def needs_reason(colour: Colour | None) -> bool:
    """Return whether a person is told why: whatever is not simply in order, and a colour that is not told."""
    return colour is not Colour.BLUE


def runs(colour: Colour | None) -> bool:
    """Return whether the last day of validity still matters: not of what has ended or lies dormant."""
    return colour is not Colour.GREY


@dataclass(frozen=True)
class ColourVerdict:
    """A colour and the code of its reason (a key of `hub.licenses.colours.reasons.REASONS`)."""

    colour: Colour
    reason: str


@dataclass(frozen=True)
class BusinessFacts:
    """What the colour of a business license depends on.

    `term_to` None: no end. `reported_years`: years whose annual report is filed; None: nobody told us, no claim.
    `missing_years`: years of which the department says that no report is filed.
    """

    state: EntityState
    term_to: date | None = None
    established_on: date | None = None
    overlays: frozenset[Overlay] = frozenset()
    reported_years: frozenset[int] | None = None
    missing_years: frozenset[int] = frozenset()


@dataclass(frozen=True)
class PermitFacts:
    """What the colour of a permit depends on.

    `valid_to` None: no end. `renewal_pending`: applied for in time and undecided. `window_opens`: first day to apply
    for renewal. `inspection_due`: last day for the yearly check or 校验.
    """

    state: LicenseState
    entity_state: EntityState
    valid_from: date | None = None
    valid_to: date | None = None
    window_opens: date | None = None
    renewal_pending: bool = False
    inspection_due: date | None = None


@dataclass(frozen=True)
class BusinessRule:
    colour: Colour
    reason: str
    applies: Callable[[BusinessFacts, date], bool]


@dataclass(frozen=True)
class PermitRule:
    colour: Colour
    reason: str
    applies: Callable[[PermitFacts, date], bool]


ENTITY_ENDED = frozenset({EntityState.DEREGISTERED, EntityState.REVOKED_DEREGISTERED, EntityState.MOVED_OUT})
ENTITY_BARRED = frozenset({EntityState.ANNULLED, EntityState.REVOKED, EntityState.ORDERED_CLOSED})
PERMIT_ENDED = frozenset(
    {
        LicenseState.DEREGISTERED,
        LicenseState.WITHDRAWN,
        LicenseState.TRANSFERRED,
        LicenseState.REPLACED,
    }
)


def _is_past(last: date | None, on: date) -> bool:
    return last is not None and on > last


def _is_reached(first: date | None, on: date) -> bool:
    return first is not None and on >= first


def _term_warns_from(facts: BusinessFacts) -> date | None:
    return None if facts.term_to is None else shift_days(facts.term_to, -TERM_WARN_DAYS)


def _owes_report(facts: BusinessFacts, year: int) -> bool:
    """Whether the report due by 30 June of `year` is missing; the first is due in the year after establishment."""
    if facts.reported_years is None or year - 1 in facts.reported_years:
        return False
    return facts.established_on is None or facts.established_on.year < year


def report_is_due(facts: BusinessFacts, on: date) -> bool:
    """Return whether an annual report is to be filed now.

    From June on for one that the department misses; in June for one that nobody says is filed.
    """
    if Overlay.REPORT_MISSING in facts.overlays:
        return True
    if any(_is_reached(_warns_of_report(year), on) for year in facts.missing_years):
        return True
    return on.month == REPORT_MONTH and _owes_report(facts, on.year)


def _warns_of_report(year: int) -> date:
    """The first day on which a missing report of `year` is warned of: the last thirty days of its window begin."""
    return date(year + 1, REPORT_MONTH, 1)


BUSINESS_RULES: tuple[BusinessRule, ...] = (  # first match wins
    BusinessRule(Colour.GREY, "BL_ENDED", lambda f, _: f.state in ENTITY_ENDED),
    BusinessRule(Colour.RED, "BL_REVOKED", lambda f, _: f.state in ENTITY_BARRED),
    BusinessRule(Colour.RED, "BL_TERM_OVER", lambda f, on: _is_past(f.term_to, on)),
    BusinessRule(Colour.RED, "BL_SERIOUS", lambda f, _: Overlay.SERIOUS in f.overlays),
    BusinessRule(Colour.YELLOW, "BL_UNCONFIRMED", lambda f, _: f.state is EntityState.UNCONFIRMED),
    BusinessRule(Colour.YELLOW, "BL_ABNORMAL", lambda f, _: Overlay.ABNORMAL in f.overlays),
    BusinessRule(Colour.YELLOW, "BL_LIQUIDATION", lambda f, _: f.state is EntityState.LIQUIDATING),
    BusinessRule(Colour.YELLOW, "BL_DEREGISTERING", lambda f, _: Overlay.DEREGISTERING in f.overlays),
    BusinessRule(Colour.YELLOW, "BL_TERM_DUE", lambda f, on: _is_reached(_term_warns_from(f), on)),
    BusinessRule(Colour.YELLOW, "BL_REPORT_DUE", report_is_due),
    BusinessRule(Colour.GREY, "BL_DORMANT", lambda f, _: f.state is EntityState.DORMANT),
    BusinessRule(Colour.BLUE, "BL_OK", lambda _f, _on: True),
)


def _is_renewing(facts: PermitFacts) -> bool:
    return facts.renewal_pending or facts.state is LicenseState.RENEWING


def _is_expired(facts: PermitFacts, on: date) -> bool:
    if facts.state is LicenseState.EXPIRED:
        return True
    return _is_past(facts.valid_to, on) and not _is_renewing(facts)


def _permit_warns_from(facts: PermitFacts) -> date | None:
    """Start of the renewal window or thirty days before the end, whichever is earlier."""
    end = None if facts.valid_to is None else shift_days(facts.valid_to, -PERMIT_WARN_DAYS)
    return min((day for day in (facts.window_opens, end) if day is not None), default=None)


PERMIT_RULES: tuple[PermitRule, ...] = (  # first match wins
    PermitRule(
        Colour.GREY, "PM_ENDED", lambda f, _: f.state in PERMIT_ENDED or f.entity_state in ENTITY_ENDED
    ),
    PermitRule(Colour.RED, "PM_REVOKED", lambda f, _: f.state is LicenseState.REVOKED),
    PermitRule(Colour.RED, "PM_ANNULLED", lambda f, _: f.state is LicenseState.ANNULLED),
    PermitRule(Colour.RED, "PM_SUSPENDED", lambda f, _: f.state is LicenseState.SUSPENDED),
    PermitRule(Colour.RED, "PM_ENTITY", lambda f, _: f.entity_state in ENTITY_BARRED),
    PermitRule(Colour.RED, "PM_EXPIRED", _is_expired),
    PermitRule(Colour.YELLOW, "PM_RENEWING", lambda f, _: _is_renewing(f)),
    PermitRule(Colour.YELLOW, "PM_NOT_YET", lambda f, on: f.valid_from is not None and on < f.valid_from),
    PermitRule(Colour.YELLOW, "PM_INSPECTION", lambda f, on: _is_past(f.inspection_due, on)),
    PermitRule(Colour.YELLOW, "PM_DUE", lambda f, on: _is_reached(_permit_warns_from(f), on)),
    PermitRule(Colour.YELLOW, "PM_UNCONFIRMED", lambda f, _: f.entity_state is EntityState.UNCONFIRMED),
    PermitRule(Colour.GREY, "PM_DORMANT", lambda f, _: f.entity_state is EntityState.DORMANT),
    PermitRule(Colour.BLUE, "PM_OK", lambda _f, _on: True),
)


def business_license_colour(facts: BusinessFacts, on: date) -> ColourVerdict:
    """Return the colour of a business license on a day (Asia/Shanghai); the last day of its term still counts."""
    return next(ColourVerdict(rule.colour, rule.reason) for rule in BUSINESS_RULES if rule.applies(facts, on))


def permit_colour(facts: PermitFacts, on: date) -> ColourVerdict:
    """Return the colour of a permit on a day (Asia/Shanghai): yellow on `valid_to` itself, red the day after."""
    return next(ColourVerdict(rule.colour, rule.reason) for rule in PERMIT_RULES if rule.applies(facts, on))


def next_change(facts: BusinessFacts | PermitFacts, on: date) -> date | None:
    """Return the first day after `on` whose verdict differs while the facts stay as they are; None if there is none."""
    match facts:
        case BusinessFacts():
            now = business_license_colour(facts, on)
            days = _business_days(facts, on)
            return next((day for day in days if business_license_colour(facts, day) != now), None)
        case PermitFacts():
            verdict = permit_colour(facts, on)
            days = _later(
                on, (facts.valid_from, _permit_warns_from(facts)), (facts.valid_to, facts.inspection_due)
            )
            return next((day for day in days if permit_colour(facts, day) != verdict), None)


def _later(on: date, firsts: tuple[date | None, ...], lasts: tuple[date | None, ...]) -> list[date]:
    """Days after `on` on which something starts, or has ended the day before; in order."""
    after = (shift_days(day, 1) for day in lasts if day is not None)
    return sorted({day for day in (*firsts, *after) if day is not None and day > on})


def _business_days(facts: BusinessFacts, on: date) -> list[date]:
    junes = [date(year, REPORT_MONTH, 1) for year in _report_years(facts, on)]
    firsts = (_term_warns_from(facts), *junes, *map(_warns_of_report, facts.missing_years))
    return _later(on, firsts, (facts.term_to, *(day.replace(day=JUNE_DAYS) for day in junes)))


def _report_years(facts: BusinessFacts, on: date) -> list[int]:
    """The next two years for which a report is owed: enough to see June begin and end."""
    if facts.reported_years is None:
        return []
    first = on.year if facts.established_on is None else max(on.year, facts.established_on.year + 1)
    owed = (year for year in range(first, MAXYEAR + 1) if _owes_report(facts, year))
    return [year for year, _ in zip(owed, range(2), strict=False)]
