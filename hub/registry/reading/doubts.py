"""Periods, and doubts about a row that do not refuse it."""

from datetime import date

from hub.kernel.identifiers import CATEGORIES
from hub.registry.reading.days import check_period, read_day, read_end
from hub.registry.reading.kinds import ReadingContext, Texts


def period(texts: Texts, first: str, last: str, context: ReadingContext) -> tuple[date, date | None]:
    start = read_day(texts[first], first, context.zone)
    end = read_end(texts.get(last, ""), last, context.zone)
    check_period(start, end, field=last, value=texts.get(last, ""))
    return start, end


def flags(**doubts: bool) -> tuple[str, ...]:
    return tuple(code for code, holds in doubts.items() if holds)


def code_doubts(uscc: str, context: ReadingContext, *, org_holds: bool) -> tuple[str, ...]:
    if uscc in context.exceptions:
        return ("USCC_EXCEPTION",)  # whichever check fails
    return flags(USCC_ORG_CHECK=not org_holds, USCC_KIND=uscc[:2] not in CATEGORIES)
