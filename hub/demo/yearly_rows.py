"""What comes every year in the demonstration: annual reports of enterprises, and yearly checks of some licenses."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from hub.demo.records import DemoEnterprise
from hub.demo.sketch import PLANNED
from hub.licenses.catalogue.rules import normalise_number
from hub.licenses.rules import EFFECTIVE
from hub.licenses.yearly_checks import YearlyCheckRecord
from hub.registry.annual_reports import AnnualReportRecord
from hub.registry.rules import Overlay

YEARS_REPORTED = 3  # the last years whose reports the registry states
UNFILED_SHARE = 0.02  # of enterprises that live, for the last year whose window is over
CHECKED = frozenset({"private-school", "road-transport", "hr-service"})
OVERDUE_SHARE = 0.08  # of licenses that are checked every year
YEAR_DAYS = 365
WINDOW_DAYS = 180  # 1 January to 30 June, all but a day


def report_records(enterprise: DemoEnterprise, *, seed: int, today: date) -> Iterator[AnnualReportRecord]:
    """Return the reports of an enterprise that lives. What is due and not filed yet is left out until its window is over."""
    face = enterprise.face
    if not face.state.alive:
        return
    dice = random.Random(f"{seed}/{enterprise.number}/reports")
    is_listed = any(each.kind is Overlay.REPORT_MISSING for each in enterprise.listings)
    for year in range(max(today.year - YEARS_REPORTED, face.established_on.year), today.year):
        filed_on = date(year + 1, 1, 1) + timedelta(days=dice.randrange(WINDOW_DAYS))
        is_forgetful = enterprise.number >= PLANNED and dice.random() < UNFILED_SHARE
        is_last = year == today.year - 1
        if is_last and (is_listed or is_forgetful) and today > date(year + 1, 6, 30):
            yield AnnualReportRecord(uscc=face.uscc, year=year, is_filed=False, told_on=today)
        elif filed_on <= today:
            yield AnnualReportRecord(
                uscc=face.uscc, year=year, is_filed=True, filed_on=filed_on, told_on=filed_on
            )


def check_records(enterprise: DemoEnterprise, *, seed: int, today: date) -> Iterator[YearlyCheckRecord]:
    """Return the yearly checks of the licenses that have them, a few overdue."""
    dice = random.Random(f"{seed}/{enterprise.number}/checks")
    for permit in enterprise.permits:
        if permit.type_code in CHECKED and permit.state in EFFECTIVE:
            is_overdue = enterprise.number >= PLANNED and dice.random() < OVERDUE_SHARE
            days = -dice.randint(1, 60) if is_overdue else dice.randint(30, YEAR_DAYS)
            next_due = today + timedelta(days=days)
            yield YearlyCheckRecord(
                uscc=enterprise.face.uscc,
                type_code=permit.type_code,
                number=normalise_number(permit.number),
                next_due=next_due,
                inspected_on=next_due - timedelta(days=YEAR_DAYS),
                result="合格",
            )
