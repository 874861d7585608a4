"""How long a penalty is published, and from when it may be repaired (信用修复管理办法, NDRC order 36).

In force since 2026-04-01. Periods count from the day the decision is made; rules are dated rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from hub.kernel.calendar.rules import add_months
from hub.kernel.messages import Message


class PenaltyLevel(StrEnum):
    """失信程度: three classes, set by the authority that decided."""

    MINOR = "轻微"
    ORDINARY = "一般"
    SERIOUS = "严重"


LEVEL_NAMES: Mapping[PenaltyLevel, Message] = MappingProxyType(
    {
        PenaltyLevel.MINOR: Message("轻微", "Minor"),
        PenaltyLevel.ORDINARY: Message("一般", "Ordinary"),
        PenaltyLevel.SERIOUS: Message("严重", "Serious"),
    }
)


@dataclass(frozen=True)
class PublicationRule:
    """For one class, from `effective_from` through `effective_to` (None: still): months published, least and most.

    `is_published` False: in principle not shown; only where the authority needs it, and at most so long.
    """

    level: PenaltyLevel
    effective_from: date
    effective_to: date | None
    is_published: bool
    least_months: int
    most_months: int


ORDER_36 = date(2026, 4, 1)

PUBLICATION_RULES: tuple[PublicationRule, ...] = (
    PublicationRule(PenaltyLevel.MINOR, ORDER_36, None, is_published=False, least_months=0, most_months=3),
    PublicationRule(PenaltyLevel.ORDINARY, ORDER_36, None, is_published=True, least_months=3, most_months=12),
    PublicationRule(PenaltyLevel.SERIOUS, ORDER_36, None, is_published=True, least_months=12, most_months=36),
)


@dataclass(frozen=True)
class RepairWindow:
    """`apply_from`: first day to apply for repair. `stops_on`: the day on which publication has stopped."""

    apply_from: date
    stops_on: date


@dataclass(frozen=True)
class PenaltyFacts:
    """What publication depends on. `published_if_needed`: the authority needs a minor penalty shown.

    `repaired_on`: day on which repair was granted; publication ends with it.
    `kept_until`: last day to which a sector rule keeps an uncorrected penalty public past the usual end.
    """

    level: PenaltyLevel
    decided_on: date
    published_if_needed: bool = False
    repaired_on: date | None = None
    kept_until: date | None = None


def rule_for(
    level: PenaltyLevel, on: date, *, rules: tuple[PublicationRule, ...] = PUBLICATION_RULES
) -> PublicationRule:
    """Return the row in force on a day; before the first row, that row: older decisions pass under it when applied.

    Raises: StopIteration when `rules` leave a gap, which is a fault of the table.
    """
    rows = [row for row in rules if row.level is level]
    day = max(on, min(row.effective_from for row in rows))
    return next(
        row
        for row in rows
        if row.effective_from <= day and (row.effective_to is None or day <= row.effective_to)
    )


def repair_window(
    level: PenaltyLevel,
    decided_on: date,
    *,
    as_of: date | None = None,
    rules: tuple[PublicationRule, ...] = PUBLICATION_RULES,
) -> RepairWindow:
    """Return when repair may be asked for and when publication stops by itself.

    `as_of`: the day of application, whose rule counts even for older decisions; by default the day of decision.
    """
    rule = rule_for(level, decided_on if as_of is None else as_of, rules=rules)
    return RepairWindow(
        apply_from=add_months(decided_on, rule.least_months),
        stops_on=add_months(decided_on, rule.most_months),
    )


def is_public(penalty: PenaltyFacts, on: date) -> bool:
    """Return whether the penalty may be shown to the public on a day (Asia/Shanghai); officers see it regardless."""
    if on < penalty.decided_on or (penalty.repaired_on is not None and on >= penalty.repaired_on):
        return False
    # After repair, which ends publication whatever a sector rule says.
    if penalty.kept_until is not None and on <= penalty.kept_until:
        return True
    shown = rule_for(penalty.level, on).is_published or penalty.published_if_needed
    return shown and on < repair_window(penalty.level, penalty.decided_on, as_of=on).stops_on
