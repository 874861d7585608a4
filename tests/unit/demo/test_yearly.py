"""The demonstration's annual reports and yearly checks: the same for one seed, each due in its time, a few overdue."""

from datetime import date

import pytest

from hub.demo.city import build_city
from hub.demo.records import DemoEnterprise
from hub.demo.sketch import PLANNED
from hub.demo.yearly_rows import CHECKED, check_records, report_records
from hub.licenses.yearly_checks import YearlyCheckRecord
from hub.registry.annual_reports import AnnualReportRecord
from tests.conftest import NOW

SEED, TODAY = 20_261_121, NOW.date()


@pytest.fixture(scope="module")
def city() -> tuple[DemoEnterprise, ...]:
    return tuple(build_city(seed=SEED, today=TODAY, size=1_500))


def reports(city: tuple[DemoEnterprise, ...], today: date = TODAY) -> list[AnnualReportRecord]:
    return [record for each in city for record in report_records(each, seed=SEED, today=today)]


def checks(city: tuple[DemoEnterprise, ...]) -> list[YearlyCheckRecord]:
    return [record for each in city for record in check_records(each, seed=SEED, today=TODAY)]


def test_reports_are_of_years_that_are_over_and_of_enterprises_that_live(
    city: tuple[DemoEnterprise, ...],
) -> None:
    faces = {each.face.uscc: each.face for each in city}
    told = reports(city)

    assert told == reports(city)
    assert all(faces[each.uscc].state.alive for each in told)
    assert all(faces[each.uscc].established_on.year <= each.year < TODAY.year for each in told)
    assert all(each.filed_on is None or each.filed_on <= TODAY for each in told)


def test_a_few_reports_are_missing_and_none_of_the_planned_enterprises_but_where_it_is_planned(
    city: tuple[DemoEnterprise, ...],
) -> None:
    missing = [each for each in reports(city) if not each.is_filed]
    planned = {each.face.uscc for each in city[:PLANNED] if not each.listings}

    assert 0 < len(missing) < len(city) * 0.06
    assert {each.year for each in missing} == {TODAY.year - 1}
    assert not planned & {each.uscc for each in missing}


def test_nothing_is_said_to_be_missing_while_its_window_is_open(city: tuple[DemoEnterprise, ...]) -> None:
    spring = date(2026, 4, 1)

    assert all(each.is_filed for each in reports(city, spring))
    assert {each.year for each in reports(city, spring)} == {2023, 2024, 2025}


def test_checks_are_of_the_kinds_that_have_them_and_a_few_are_overdue(
    city: tuple[DemoEnterprise, ...],
) -> None:
    told = checks(city)
    overdue = [each for each in told if each.next_due < TODAY]

    assert told == checks(city)
    assert {each.type_code for each in told} == CHECKED
    assert 0 < len(overdue) < len(told) / 5
    assert not {each.face.uscc for each in city[:PLANNED]} & {each.uscc for each in overdue}
