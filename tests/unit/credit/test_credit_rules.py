from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.credit.rules import (
    LEVEL_NAMES,
    ORDER_36,
    PUBLICATION_RULES,
    PenaltyFacts,
    PenaltyLevel,
    PublicationRule,
    RepairWindow,
    is_public,
    repair_window,
    rule_for,
)

MINOR, ORDINARY, SERIOUS = PenaltyLevel
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@pytest.mark.parametrize(
    ("level", "decided_on", "apply_from", "stops_on"),
    [
        ("一般", date(2026, 5, 31), date(2026, 8, 31), date(2027, 5, 31)),
        ("严重", date(2026, 11, 30), date(2027, 11, 30), date(2029, 11, 30)),
        ("轻微", date(2026, 11, 30), date(2026, 11, 30), date(2027, 2, 28)),
        ("一般", date(2026, 11, 30), date(2027, 2, 28), date(2027, 11, 30)),
        ("严重", date(2028, 2, 29), date(2029, 2, 28), date(2031, 2, 28)),
    ],
)
def test_periods_count_from_the_decision_in_calendar_months(
    level: str, decided_on: date, apply_from: date, stops_on: date
) -> None:
    assert repair_window(PenaltyLevel(level), decided_on) == RepairWindow(apply_from, stops_on)


def test_an_older_decision_is_judged_by_the_rule_in_force_when_repair_is_asked_for() -> None:
    decided_on = date(2026, 1, 31)

    assert repair_window(ORDINARY, decided_on, as_of=date(2026, 4, 30)) == RepairWindow(
        date(2026, 4, 30), date(2027, 1, 31)
    )
    assert repair_window(ORDINARY, decided_on) == repair_window(ORDINARY, decided_on, as_of=ORDER_36)


def test_a_later_rule_counts_for_older_decisions_once_repair_is_asked_for_under_it() -> None:
    def row(first: date, last: date | None, least: int) -> PublicationRule:
        return PublicationRule(ORDINARY, first, last, is_published=True, least_months=least, most_months=12)

    rules = (row(ORDER_36, date(2027, 12, 31), 3), row(date(2028, 1, 1), None, 1))
    decided_on = date(2027, 12, 1)

    assert repair_window(ORDINARY, decided_on, rules=rules).apply_from == date(2028, 3, 1)
    assert repair_window(ORDINARY, decided_on, as_of=date(2027, 12, 31), rules=rules).apply_from == date(
        2028, 3, 1
    )
    assert repair_window(ORDINARY, decided_on, as_of=date(2028, 1, 1), rules=rules).apply_from == date(
        2028, 1, 1
    )


def test_every_class_has_exactly_one_rule_from_the_first_day_of_the_order() -> None:
    assert {row.level for row in PUBLICATION_RULES} == set(PenaltyLevel) == set(LEVEL_NAMES)
    assert all(rule_for(level, ORDER_36).effective_from == date(2026, 4, 1) for level in PenaltyLevel)


@pytest.mark.parametrize(
    ("penalty", "on", "public"),
    [
        (PenaltyFacts(ORDINARY, date(2026, 5, 31)), date(2026, 5, 30), False),
        (PenaltyFacts(ORDINARY, date(2026, 5, 31)), date(2026, 5, 31), True),
        (PenaltyFacts(ORDINARY, date(2026, 5, 31)), date(2027, 5, 30), True),
        (PenaltyFacts(ORDINARY, date(2026, 5, 31)), date(2027, 5, 31), False),
        (PenaltyFacts(SERIOUS, date(2024, 9, 13)), date(2026, 11, 21), True),
        (PenaltyFacts(SERIOUS, date(2023, 11, 21)), date(2026, 11, 21), False),
        (PenaltyFacts(MINOR, date(2026, 11, 1)), date(2026, 11, 21), False),
        (PenaltyFacts(MINOR, date(2026, 11, 1), published_if_needed=True), date(2026, 11, 21), True),
        (PenaltyFacts(MINOR, date(2026, 8, 21), published_if_needed=True), date(2026, 11, 21), False),
        (PenaltyFacts(SERIOUS, date(2025, 1, 1), repaired_on=date(2026, 11, 21)), date(2026, 11, 20), True),
        (PenaltyFacts(SERIOUS, date(2025, 1, 1), repaired_on=date(2026, 11, 21)), date(2026, 11, 21), False),
        (PenaltyFacts(ORDINARY, date(2025, 1, 1), kept_until=date(2026, 11, 21)), date(2026, 11, 21), True),
        (PenaltyFacts(ORDINARY, date(2025, 1, 1), kept_until=date(2026, 11, 21)), date(2026, 11, 22), False),
    ],
)
def test_a_penalty_is_public_inside_its_window_only(penalty: PenaltyFacts, on: date, *, public: bool) -> None:
    assert is_public(penalty, on) is public


@given(st.sampled_from(PenaltyLevel), DAYS, DAYS)
def test_a_penalty_is_hidden_before_it_is_made_and_after_three_years(
    level: PenaltyLevel, decided_on: date, on: date
) -> None:
    if is_public(PenaltyFacts(level, decided_on), on):
        assert decided_on <= on < decided_on + timedelta(days=3 * 366)
        assert level is not MINOR


@given(st.sampled_from(PenaltyLevel), DAYS)
def test_repair_can_be_asked_for_before_publication_stops(level: PenaltyLevel, decided_on: date) -> None:
    window = repair_window(level, decided_on)

    assert decided_on <= window.apply_from < window.stops_on
