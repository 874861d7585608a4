from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.licenses.colours.rules import (
    BusinessFacts,
    Colour,
    ColourVerdict,
    PermitFacts,
    business_license_colour,
    next_change,
    permit_colour,
)
from hub.licenses.rules import LicenseState
from hub.registry.rules import EntityState, Overlay

TODAY = date(2026, 11, 21)
REPORTED = frozenset({2024, 2025})


def permit(**changes: object) -> PermitFacts:
    return replace(PermitFacts(LicenseState.VALID, EntityState.ACTIVE), **changes)  # type: ignore[arg-type]  # terse builder


def business(**changes: object) -> BusinessFacts:
    return replace(BusinessFacts(EntityState.ACTIVE), **changes)  # type: ignore[arg-type]  # terse builder


@pytest.mark.parametrize(
    ("facts", "on", "change"),
    [
        (permit(valid_to=date(2027, 5, 24), window_opens=date(2026, 12, 24)), TODAY, date(2026, 12, 24)),
        (permit(valid_to=date(2027, 5, 24)), date(2027, 4, 24), date(2027, 5, 25)),
        (permit(valid_to=date(2027, 5, 24)), date(2027, 5, 25), None),
        (permit(valid_from=date(2026, 12, 1)), TODAY, date(2026, 12, 1)),
        (permit(inspection_due=date(2026, 12, 1)), TODAY, date(2026, 12, 2)),
        (permit(), TODAY, None),
        (permit(state=LicenseState.REVOKED, valid_to=date(2027, 5, 24)), TODAY, None),
        (business(term_to=date(2027, 2, 20)), TODAY, date(2026, 11, 22)),
        (business(term_to=date(2027, 2, 20)), date(2026, 11, 22), date(2027, 2, 21)),
        (business(reported_years=REPORTED), TODAY, date(2027, 6, 1)),
        (business(reported_years=REPORTED), date(2027, 6, 1), date(2027, 7, 1)),
        (business(reported_years=frozenset({2026})), TODAY, date(2028, 6, 1)),
        (
            business(reported_years=frozenset(), established_on=date(2026, 3, 1)),
            date(2026, 5, 1),
            date(2027, 6, 1),
        ),
        (business(state=EntityState.DEREGISTERED, reported_years=frozenset()), TODAY, None),
        (business(), TODAY, None),
    ],
)
def test_the_next_change_is_named_to_the_day(
    facts: BusinessFacts | PermitFacts, on: date, change: date | None
) -> None:
    assert next_change(facts, on) == change


NEAR = st.none() | st.dates(date(2026, 1, 1), date(2028, 12, 31))
PERMITS = st.builds(
    PermitFacts,
    state=st.sampled_from(LicenseState),
    entity_state=st.sampled_from(EntityState),
    valid_from=NEAR,
    valid_to=NEAR | st.just(date.max),
    window_opens=NEAR,
    renewal_pending=st.booleans(),
    inspection_due=NEAR,
)
BUSINESSES = st.builds(
    BusinessFacts,
    state=st.sampled_from(EntityState),
    term_to=NEAR | st.just(date.max),
    established_on=NEAR,
    overlays=st.frozensets(st.sampled_from(Overlay), max_size=1),
    reported_years=st.none() | st.frozensets(st.integers(2024, 2029)),
    missing_years=st.frozensets(st.integers(2024, 2029)),
)
HORIZON = timedelta(days=800)  # two Junes and every date drawn here lie within


@settings(deadline=None)  # looks at hundreds of days, one by one
@given(PERMITS | BUSINESSES, st.dates(date(2026, 1, 1), date(2028, 12, 31)))
def test_a_colour_stays_until_the_change_that_was_announced(
    facts: BusinessFacts | PermitFacts, on: date
) -> None:
    def verdict(when: date) -> ColourVerdict:
        return (
            permit_colour(facts, when)
            if isinstance(facts, PermitFacts)
            else business_license_colour(facts, when)
        )

    change = next_change(facts, on)
    end = min(change or date.max, on + HORIZON)

    assert {verdict(on + timedelta(days=n)) for n in range((end - on).days)} == {verdict(on)}
    assert change is None or verdict(change) != verdict(on)


@given(PERMITS, st.dates(date(2026, 1, 1), date(2028, 12, 31)))
def test_a_permit_never_looks_better_than_its_barred_holder(facts: PermitFacts, on: date) -> None:
    barred = replace(facts, entity_state=EntityState.REVOKED)

    assert permit_colour(barred, on).colour in {Colour.RED, Colour.GREY}
    assert permit_colour(replace(facts, entity_state=EntityState.DEREGISTERED), on).colour is Colour.GREY


@given(PERMITS, BUSINESSES)
def test_the_ends_of_time_are_no_accident(permit_facts: PermitFacts, business_facts: BusinessFacts) -> None:
    for edge in (date.min, date.max):
        next_change(replace(permit_facts, valid_to=edge, window_opens=edge), edge)
        next_change(replace(business_facts, term_to=edge, established_on=edge), edge)
