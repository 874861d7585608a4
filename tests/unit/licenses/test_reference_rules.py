"""Reference data of a legal day: one value while nothing changes, the strictest reading of what it does not know."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hub.kernel.messages import Message
from hub.licenses.catalogue.rules import LicenseNature
from hub.licenses.reference.rules import DAYS_KEPT, ReferenceTables, catalogue_on
from tests.support.reference import REFERENCE, TABLES

DAY = date(2026, 11, 21)
FOOD = REFERENCE.types.by_code("food-operation")


def tables() -> ReferenceTables:
    return ReferenceTables(TABLES.rows, TABLES.items, TABLES.calendar)


def test_a_kind_outside_the_catalogue_has_its_code_for_a_name_and_is_a_permit() -> None:
    assert REFERENCE.title_of("moon-mining") == Message("moon-mining", "moon-mining")
    assert REFERENCE.nature_of("moon-mining") is LicenseNature.PERMIT
    assert REFERENCE.find("moon-mining") is None
    assert REFERENCE.window_of("moon-mining", DAY) is None


def test_a_kind_of_the_catalogue_has_its_own_name_and_nature() -> None:
    assert REFERENCE.title_of(FOOD.code) == FOOD.title
    assert {REFERENCE.nature_of(kind.code) for kind in REFERENCE.types.types} > {LicenseNature.PERMIT}


def test_days_with_the_same_rows_share_one_value() -> None:
    made = tables()

    assert made.on(DAY) is made.on(DAY)
    assert made.on(DAY) is made.on(DAY + timedelta(days=1))


def test_other_rows_make_another_value_and_the_one_before_stays_as_it_is() -> None:
    made = tables()
    before = made.on(DAY)
    shorter = replace(FOOD, valid_from=DAY, validity_months=1)
    made.replace([*TABLES.rows, shorter])
    after = made.on(DAY)

    assert after is not before
    assert after.types.by_code(FOOD.code).validity_months == 1
    assert before.types.by_code(FOOD.code).validity_months == FOOD.validity_months
    assert after.types_version != before.types_version
    assert made.on(DAY - timedelta(days=1)).types == before.types


def test_no_more_days_are_kept_than_are_used_and_the_next_one_is_answered_all_the_same() -> None:
    made = tables()
    first = made.on(DAY)
    days = [DAY + timedelta(days=number) for number in range(DAYS_KEPT + 5)]
    found = [made.on(day) for day in days]

    assert len(made._days) <= DAYS_KEPT
    assert {each.types_version for each in found} == {first.types_version}


@pytest.mark.parametrize(
    ("day", "months"),
    [
        pytest.param(date(2026, 12, 31), FOOD.validity_months, id="the day before the first of the new row"),
        pytest.param(date(2027, 1, 1), 7, id="its first day"),
        pytest.param(date(2027, 6, 30), 7, id="its last day"),
        pytest.param(date(2027, 7, 1), FOOD.validity_months, id="the row before holds again after it"),
    ],
)
def test_the_later_begun_of_two_rows_holds_on_its_days(day: date, months: int | None) -> None:
    new = replace(FOOD, valid_from=date(2027, 1, 1), valid_to=date(2027, 6, 30), validity_months=7)

    assert catalogue_on([new, FOOD], day).by_code(FOOD.code).validity_months == months


def test_a_kind_that_has_ended_is_past_and_one_that_begins_later_is_not_there() -> None:
    ended = replace(FOOD, valid_to=DAY - timedelta(days=1))
    later = replace(FOOD, code="later", valid_from=DAY + timedelta(days=1))
    found = catalogue_on([ended, later], DAY)

    assert [kind.code for kind in found.past] == [FOOD.code]
    assert found.types == ()
    assert found.find("later") is None
