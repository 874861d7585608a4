from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.licenses.colours.reasons import REASONS
from hub.licenses.colours.rules import (
    BUSINESS_RULES,
    FACES,
    PERMIT_RULES,
    BusinessFacts,
    Colour,
    ColourVerdict,
    PermitFacts,
    business_license_colour,
    permit_colour,
)
from hub.licenses.rules import LicenseState
from hub.registry.rules import EntityState, Overlay

TODAY = date(2026, 11, 21)
ACTIVE = EntityState.ACTIVE

# Rows: state of the permit. Columns: state of its holder. G grey, R red, Y yellow; lower case: the dates decide
# first, and where they say nothing it is b blue, g grey, y yellow.
COLUMNS = (
    "存续",
    "歇业",
    "清算中",
    "责令关闭",
    "吊销未注销",
    "吊销已注销",
    "注销",
    "撤销登记",
    "迁出",
    "待确认",
)
TRUTH = {
    "有效": "b g b R R G G R G y",
    "延续审查中": "Y Y Y R R G G R G Y",
    "失效": "R R R R R G G R G R",
    "暂扣": "R R R R R G G R G R",
    "吊销": "R R R R R G G R G R",
    "撤销": "R R R R R G G R G R",
    "撤回": "G G G G G G G G G G",
    "注销": "G G G G G G G G G G",
    "转出": "G G G G G G G G G G",
    "被替换": "G G G G G G G G G G",
}
# What the dates say of a valid permit: days from today to (valid_from, valid_to, window_opens), renewal pending.
# "-" nothing, Y yellow, R red.
DATES = [
    ((None, None, None), False, "-"),
    ((None, None, None), True, "Y"),
    ((0, None, None), False, "-"),
    ((1, None, None), False, "Y"),
    ((-9, 400, 300), False, "-"),
    ((-9, 400, 1), False, "-"),
    ((-9, 400, 0), False, "Y"),
    ((-9, 400, -1), False, "Y"),
    ((-9, 31, None), False, "-"),
    ((-9, 30, None), False, "Y"),
    ((-9, 30, 10), False, "Y"),  # thirty days warn although the window opens later
    ((-9, 0, None), False, "Y"),
    ((-9, 0, -60), False, "Y"),
    ((-9, -1, None), False, "R"),
    ((-9, -1, -60), False, "R"),
    ((-9, -1, -60), True, "Y"),
    ((-9, -400, -460), True, "Y"),
    ((-9, -400, None), False, "R"),
    ((5, -1, None), False, "R"),  # a reversed period is not to be relied on
    ((-9, 400, 300), True, "Y"),
    ((None, None, 0), False, "Y"),
]
NAMES = {"b": "blue", "y": "yellow", "r": "red", "g": "grey"}


def expected_colour(state: str, holder: str, dates: str) -> str:
    cell = TRUTH[state].split()[COLUMNS.index(holder)]
    if cell.isupper() or dates == "-":
        return NAMES[cell.lower()]
    return NAMES[dates.lower()]


def day(offset: int | None) -> date | None:
    return None if offset is None else TODAY + timedelta(days=offset)


def permit(**changes: object) -> PermitFacts:
    return replace(PermitFacts(LicenseState.VALID, ACTIVE), **changes)  # type: ignore[arg-type]  # terse builder


def business(**changes: object) -> BusinessFacts:
    return replace(BusinessFacts(ACTIVE), **changes)  # type: ignore[arg-type]  # terse builder


@given(st.sampled_from(LicenseState), st.sampled_from(EntityState), st.sampled_from(DATES))
def test_the_colour_of_a_permit_agrees_with_the_truth_table(
    state: LicenseState,
    holder: EntityState,
    dates: tuple[tuple[int | None, int | None, int | None], bool, str],
) -> None:
    (valid_from, valid_to, opens), pending, said = dates
    facts = PermitFacts(
        state, holder, day(valid_from), day(valid_to), window_opens=day(opens), renewal_pending=pending
    )

    assert permit_colour(facts, TODAY).colour == expected_colour(state.value, holder.value, said)


@pytest.mark.parametrize(
    ("facts", "colour", "reason"),
    [
        (permit(), "blue", "PM_OK"),
        (permit(state=LicenseState.DEREGISTERED), "grey", "PM_ENDED"),
        (permit(entity_state=EntityState.MOVED_OUT, state=LicenseState.REVOKED), "grey", "PM_ENDED"),
        (permit(state=LicenseState.REVOKED), "red", "PM_REVOKED"),
        (permit(state=LicenseState.ANNULLED), "red", "PM_ANNULLED"),
        (permit(state=LicenseState.SUSPENDED), "red", "PM_SUSPENDED"),
        (permit(state=LicenseState.EXPIRED), "red", "PM_EXPIRED"),
        (permit(state=LicenseState.EXPIRED, renewal_pending=True), "red", "PM_EXPIRED"),
        (permit(valid_to=day(-1)), "red", "PM_EXPIRED"),
        (permit(valid_to=day(-1), entity_state=EntityState.REVOKED), "red", "PM_ENTITY"),
        (permit(entity_state=EntityState.ANNULLED), "red", "PM_ENTITY"),
        (permit(state=LicenseState.RENEWING, valid_to=day(-90)), "yellow", "PM_RENEWING"),
        (permit(renewal_pending=True, valid_to=day(-1)), "yellow", "PM_RENEWING"),
        (permit(valid_from=day(1)), "yellow", "PM_NOT_YET"),
        (permit(valid_to=day(0)), "yellow", "PM_DUE"),
        (permit(inspection_due=day(-1)), "yellow", "PM_INSPECTION"),
        (permit(inspection_due=day(0)), "blue", "PM_OK"),
        (permit(entity_state=EntityState.UNCONFIRMED), "yellow", "PM_UNCONFIRMED"),
        (permit(entity_state=EntityState.DORMANT), "grey", "PM_DORMANT"),
        (permit(entity_state=EntityState.DORMANT, valid_to=day(10)), "yellow", "PM_DUE"),
        (permit(entity_state=EntityState.LIQUIDATING), "blue", "PM_OK"),
        (permit(valid_to=date.max), "blue", "PM_OK"),
    ],
)
def test_a_permit_says_why_it_has_its_colour(facts: PermitFacts, colour: str, reason: str) -> None:
    assert permit_colour(facts, TODAY) == ColourVerdict(Colour(colour), reason)


@pytest.mark.parametrize(
    ("facts", "colour", "reason"),
    [
        (business(), "blue", "BL_OK"),
        (business(state=EntityState.DEREGISTERED, overlays=frozenset(Overlay)), "grey", "BL_ENDED"),
        (business(state=EntityState.REVOKED_DEREGISTERED), "grey", "BL_ENDED"),
        (business(state=EntityState.MOVED_OUT, term_to=day(-1)), "grey", "BL_ENDED"),
        (business(state=EntityState.ANNULLED), "red", "BL_REVOKED"),
        (business(state=EntityState.REVOKED), "red", "BL_REVOKED"),
        (business(state=EntityState.ORDERED_CLOSED, term_to=day(-1)), "red", "BL_REVOKED"),
        (business(term_to=day(-1)), "red", "BL_TERM_OVER"),
        (business(term_to=day(-1), state=EntityState.DORMANT), "red", "BL_TERM_OVER"),
        (business(overlays=frozenset({Overlay.SERIOUS, Overlay.ABNORMAL})), "red", "BL_SERIOUS"),
        (business(state=EntityState.UNCONFIRMED), "yellow", "BL_UNCONFIRMED"),
        (business(overlays=frozenset({Overlay.ABNORMAL})), "yellow", "BL_ABNORMAL"),
        (business(state=EntityState.LIQUIDATING), "yellow", "BL_LIQUIDATION"),
        (business(overlays=frozenset({Overlay.DEREGISTERING})), "yellow", "BL_DEREGISTERING"),
        (business(term_to=day(0)), "yellow", "BL_TERM_DUE"),
        (business(term_to=day(90)), "yellow", "BL_TERM_DUE"),
        (business(term_to=day(91)), "blue", "BL_OK"),
        (business(overlays=frozenset({Overlay.REPORT_MISSING})), "yellow", "BL_REPORT_DUE"),
        (business(overlays=frozenset({Overlay.EQUITY_FROZEN})), "blue", "BL_OK"),
        (business(state=EntityState.DORMANT), "grey", "BL_DORMANT"),
        (
            business(state=EntityState.DORMANT, overlays=frozenset({Overlay.ABNORMAL})),
            "yellow",
            "BL_ABNORMAL",
        ),
    ],
)
def test_a_business_license_says_why_it_has_its_colour(
    facts: BusinessFacts, colour: str, reason: str
) -> None:
    assert business_license_colour(facts, TODAY) == ColourVerdict(Colour(colour), reason)


@pytest.mark.parametrize(
    ("on", "reported", "established", "reason"),
    [
        (date(2026, 5, 31), frozenset[int](), None, "BL_OK"),
        (date(2026, 6, 1), frozenset[int](), None, "BL_REPORT_DUE"),
        (date(2026, 6, 30), frozenset({2024}), None, "BL_REPORT_DUE"),
        (date(2026, 7, 1), frozenset[int](), None, "BL_OK"),
        (date(2026, 6, 15), frozenset({2025}), None, "BL_OK"),
        (date(2026, 6, 15), None, None, "BL_OK"),
        (date(2026, 6, 15), frozenset[int](), date(2026, 1, 5), "BL_OK"),
        (date(2026, 6, 15), frozenset[int](), date(2025, 12, 31), "BL_REPORT_DUE"),
    ],
)
def test_june_asks_for_a_missing_annual_report(
    on: date, reported: frozenset[int] | None, established: date | None, reason: str
) -> None:
    facts = business(reported_years=reported, established_on=established)

    assert business_license_colour(facts, on).reason == reason


@pytest.mark.parametrize(
    ("on", "reported", "missing", "reason"),
    [
        (date(2026, 5, 31), None, {2025}, "BL_OK"),
        (date(2026, 6, 1), None, {2025}, "BL_REPORT_DUE"),
        (date(2026, 11, 21), None, {2025}, "BL_REPORT_DUE"),
        (date(2026, 11, 21), {2025}, set[int](), "BL_OK"),
        (date(2026, 11, 21), {2025}, {2024}, "BL_REPORT_DUE"),
        (date(2027, 6, 1), None, set[int](), "BL_OK"),
    ],
)
def test_a_report_that_the_department_misses_is_asked_for_from_june_until_it_is_filed(
    on: date, reported: set[int] | None, missing: set[int], reason: str
) -> None:
    filed = None if reported is None else frozenset(reported)
    facts = business(reported_years=filed, missing_years=frozenset(missing))

    assert business_license_colour(facts, on).reason == reason


def test_every_reason_is_said_and_nothing_else_is() -> None:
    used = {rule.reason for rule in (*BUSINESS_RULES, *PERMIT_RULES)}

    assert used == set(REASONS)
    assert max(map(len, used)) <= 24


def test_every_colour_has_its_own_word_and_icon() -> None:
    assert set(FACES) == set(Colour)
    assert len({face.icon for face in FACES.values()}) == len(Colour)
    assert "".join(FACES[colour].name.zh for colour in Colour) == "蓝黄红灰"
