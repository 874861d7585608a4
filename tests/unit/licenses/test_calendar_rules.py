from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.kernel.calendar.loader import shipped_calendar
from hub.kernel.calendar.rules import Calendar, DayKind, DayRow, add_months, shift_days

DAYS = st.dates(date(2023, 6, 1), date(2028, 6, 1))


def row(first: date, last: date, kind: DayKind, *, verified: bool = True) -> DayRow:
    return DayRow(first=first, last=last, kind=kind, name="test", basis="test", verified=verified)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 13), True),  # Friday before the Spring Festival
        (date(2026, 2, 14), True),  # Saturday worked in exchange
        (date(2026, 2, 15), False),
        (date(2026, 2, 23), False),
        (date(2026, 2, 24), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),  # Saturday worked in exchange
        (date(2026, 11, 21), False),  # an ordinary Saturday
        (date(2025, 10, 8), False),
        (date(2025, 9, 28), True),
        (date(2024, 5, 11), True),
        (date(2024, 9, 16), False),
        (date(2027, 2, 5), False),  # statutory: the eve of the Spring Festival
    ],
)
def test_published_holidays_and_exchanged_weekends_are_known(day: date, *, works: bool) -> None:
    assert shipped_calendar().is_working_day(day) is works


def test_each_published_year_has_the_working_days_of_its_notice() -> None:
    calendar = shipped_calendar()
    counts = {
        year: sum(calendar.is_working_day(date(year, 1, 1) + timedelta(days=n)) for n in range(365))
        for year in (2025, 2026)
    }

    assert counts == {2025: 248, 2026: 248}


def test_a_deadline_of_working_days_jumps_over_the_national_holiday() -> None:
    calendar = shipped_calendar()

    assert calendar.add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert calendar.add_working_days(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert calendar.add_working_days(date(2026, 10, 10), -3) == date(2026, 9, 30)


def test_no_working_days_leave_the_day_as_it_is() -> None:
    assert shipped_calendar().add_working_days(date(2026, 10, 1), 0) == date(2026, 10, 1)


@given(DAYS, st.integers(1, 60))
def test_the_day_found_is_a_working_day_and_the_count_is_exact(day: date, count: int) -> None:
    calendar = shipped_calendar()
    after = calendar.add_working_days(day, count)
    before = calendar.add_working_days(day, -count)
    between = [day + timedelta(days=n) for n in range(1, (after - day).days + 1)]

    assert calendar.is_working_day(after)
    assert calendar.is_working_day(before)
    assert sum(map(calendar.is_working_day, between)) == count
    assert before < day < after


@given(DAYS.filter(shipped_calendar().is_working_day), st.integers(-60, 60))
def test_going_and_coming_back_from_a_working_day_ends_where_it_began(day: date, count: int) -> None:
    calendar = shipped_calendar()

    assert calendar.add_working_days(calendar.add_working_days(day, count), -count) == day


def test_outside_its_table_the_calendar_knows_weekends_only() -> None:
    calendar = shipped_calendar()

    assert calendar.is_working_day(date(2028, 10, 2))
    assert not calendar.is_working_day(date(2028, 10, 7))


def test_the_later_of_two_rows_wins() -> None:
    day = date(2026, 11, 23)
    worked = row(day, day, DayKind.WORK)

    assert not Calendar((worked, row(day, day, DayKind.OFF))).is_working_day(day)
    assert Calendar((row(day, day, DayKind.OFF), worked)).is_working_day(day)


def test_a_row_across_new_year_covers_both_years() -> None:
    calendar = Calendar((row(date(2030, 12, 31), date(2031, 1, 2), DayKind.OFF),))

    assert not calendar.is_working_day(date(2030, 12, 31))
    assert not calendar.is_working_day(date(2031, 1, 1))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 8, 31), -6, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
    ],
)
def test_months_end_on_the_last_day_where_the_day_is_missing(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@pytest.mark.parametrize(("day", "months"), [(date.max, 1), (date.min, -1)])
def test_months_past_the_ends_of_time_are_an_overflow(day: date, months: int) -> None:
    with pytest.raises(OverflowError):
        add_months(day, months)


def test_days_are_held_at_the_ends_of_time() -> None:
    assert shift_days(date.max, 1) == date.max
    assert shift_days(date.min, -1) == date.min
    assert shift_days(date(2026, 2, 28), 1) == date(2026, 3, 1)
