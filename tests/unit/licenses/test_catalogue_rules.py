import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.kernel.calendar.loader import shipped_calendar
from hub.licenses.catalogue.loader import shipped_catalogue
from hub.licenses.catalogue.rules import (
    NUMBER_PROBLEMS,
    LicenseCatalogue,
    LicenseNature,
    LicenseType,
    NumberCheck,
    RenewalRule,
    UnknownLicenseTypeError,
    Window,
    WindowUnit,
    normalise_number,
    number_problem,
    renewal_window,
)

CATALOGUE = shipped_catalogue()
FOOD = CATALOGUE.by_code("food-operation")
FOOD_VECTORS = Path(__file__).parents[2] / "vectors" / "food_numbers.csv"
BY_LETTERS = {"SC": "food-production", "YB": "prepackaged-food-filing"}  # all others: food-operation


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("食品经营许可证", "food-operation"),
        ("仅销售预包装食品备案", "prepackaged-food-filing"),
        ("烟花爆竹经营(零售)许可证", "fireworks-retail"),
        ("烟花爆竹经营\uff08零售\uff09许可证", "fireworks-retail"),  # full-width brackets
        ("房地产开发企业资质证书", "real-estate-development"),
        ("房地产开发企业资质", "real-estate-development"),
        ("第二类医疗器械经营备案", "device-operation-filing"),
        ("诊所备案凭证", "clinic-filing"),
        (" 烟草专卖 零售许可证 ", "tobacco-retail"),
        ("检验检测机构资质认定cma", "inspection-testing"),
    ],
)
def test_a_kind_is_found_by_name_and_alias_in_any_width(name: str, code: str) -> None:
    kind = CATALOGUE.by_name(name)

    assert kind is not None
    assert kind.code == code


def test_an_unknown_kind_is_refused_by_code_and_not_found_by_name() -> None:
    assert CATALOGUE.by_name('=HYPERLINK("https://evil.example","点我")') is None
    assert CATALOGUE.find("nothing") is None
    with pytest.raises(UnknownLicenseTypeError):
        CATALOGUE.by_code("nothing")


def test_every_default_is_marked_as_unverified_and_says_its_basis() -> None:
    assert len(CATALOGUE.types) >= 46
    assert not [kind.code for kind in CATALOGUE.types if kind.verified or not kind.basis]


def test_natures_of_the_shipped_kinds_are_told_apart() -> None:
    filings = {kind.code for kind in CATALOGUE.types if kind.nature is LicenseNature.FILING}

    assert filings == {"prepackaged-food-filing", "device-operation-filing", "clinic-filing"}


def test_two_rows_may_not_claim_one_code_or_one_name() -> None:
    twin = replace(FOOD, code="other")

    with pytest.raises(ValueError, match="claimed twice"):
        LicenseCatalogue((FOOD, FOOD))
    with pytest.raises(ValueError, match="食品经营许可证"):
        LicenseCatalogue((FOOD, twin))


def test_a_number_check_without_a_pattern_is_a_damaged_row() -> None:
    with pytest.raises(ValueError, match="needs a number pattern"):
        replace(FOOD, number_pattern=None)


def test_the_standard_code_needs_authority_and_sequence() -> None:
    known = replace(FOOD, authority_uscc="11100000000013338W", authority_seq="011")

    assert known.standard_code == "11100000000013338W011"
    assert FOOD.standard_code is None
    assert replace(known, authority_seq="").standard_code is None


def test_the_title_of_a_kind_is_in_both_languages() -> None:
    assert (FOOD.title.zh, FOOD.title.en) == ("食品经营许可证", "Food business permit")


@pytest.mark.parametrize(
    ("code", "valid_to", "opens", "closes"),
    [
        # Ninety and fifteen working days, with the National Day holiday and its exchanged days between.
        ("food-operation", date(2026, 12, 31), date(2026, 8, 21), date(2026, 12, 10)),
        ("drug-operation", date(2026, 8, 31), date(2026, 2, 28), date(2026, 6, 30)),
        ("tobacco-retail", date(2026, 12, 31), date(2026, 10, 2), date(2026, 12, 1)),
        ("construction-qualification", date(2027, 5, 24), date(2026, 12, 24), date(2027, 2, 24)),
    ],
)
def test_renewal_windows_count_in_the_unit_of_their_rule(
    code: str, valid_to: date, opens: date, closes: date
) -> None:
    kind = CATALOGUE.by_code(code)
    window = renewal_window(kind, valid_to, shipped_calendar())

    assert kind.renewal is not None
    assert window == Window(opens, closes, kind.renewal.opens_is_advice)


def test_nothing_is_renewed_without_an_end_or_without_a_rule() -> None:
    assert renewal_window(FOOD, None, shipped_calendar()) is None
    assert renewal_window(CATALOGUE.by_code("special-trade"), date(2026, 1, 1), shipped_calendar()) is None


def test_a_window_known_by_its_last_day_only_opens_by_our_advice() -> None:
    assert FOOD.renewal == RenewalRule(90, 15, WindowUnit.WORKING_DAYS, opens_is_advice=False)
    tobacco = CATALOGUE.by_code("tobacco-retail").renewal
    assert tobacco is not None
    assert tobacco.opens_is_advice


@given(st.sampled_from(CATALOGUE.types), st.dates(date(2024, 6, 1), date(2035, 12, 31)))
def test_a_window_opens_before_it_closes_and_closes_before_the_end(kind: LicenseType, valid_to: date) -> None:
    window = renewal_window(kind, valid_to, shipped_calendar())

    assert window is None or window.opens < window.closes < valid_to


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("food-operation", "JY13308020001237"),
        ("food-operation", "JY23308030004563"),
        ("food-operation", "jy33308020000070 "),
        ("prepackaged-food-filing", "YB13308020001237"),
        ("food-production", "SC11464010500015"),
        ("food-production", "SC11333019700024"),
        ("food-production", "SC10633080200120"),
        ("public-hygiene", "(开化)卫公证字[2024]第68217号"),
        ("public-hygiene", "(柯城)卫公证字〔2022〕第26630号"),
        ("tobacco-retail", "330825094594"),
        ("road-transport", "浙交运管许可衢字330802543258号"),
        ("telecom-value-added", "浙B2-20239789"),
        ("device-operation", "浙衢药监械经营许20256687"),
        ("construction-qualification", "D333855769"),
        ("safety-production", "(浙)JZ安许证字[2023]084397"),
        ("private-school", "133080543507137"),
        ("internet-culture", "浙网文[2024]6935-872号"),
        ("travel-agency", "L-ZJ08413"),
        ("hazardous-chemicals", "衢危化经字[2025]9131"),
        ("drug-operation", "浙DA145511829"),
        ("special-trade", "330824202081939"),
    ],
)
def test_numbers_as_departments_write_them_raise_no_doubt(code: str, number: str) -> None:
    assert number_problem(CATALOGUE.by_code(code), number) is None


def food_vectors() -> list[dict[str, str]]:
    with FOOD_VECTORS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", food_vectors(), ids=lambda row: row["text"])
def test_published_food_numbers_are_judged_as_written_down(row: dict[str, str]) -> None:
    kind = CATALOGUE.by_code(BY_LETTERS.get(row["text"][:2], "food-operation"))

    assert number_problem(kind, row["text"]) == (row["reason"] or None)
    assert row["provenance"]


@pytest.mark.parametrize("number", ["JY13308020001238", "JY23308030004560"])
def test_a_wrong_check_digit_of_a_food_number_is_refused(number: str) -> None:
    assert number_problem(FOOD, number) == "NUMBER_CHECK"


@pytest.mark.parametrize(
    "number",
    ["", "JY1330802000123", "JY133080200012370", "JY93308020001237", "SC13308020001237", "JY1330802000123٧"],
)
def test_a_food_number_of_another_form_is_refused_by_its_form(number: str) -> None:
    assert number_problem(FOOD, number) == "NUMBER_FORM"


def test_a_number_without_a_form_of_its_own_raises_no_doubt() -> None:
    assert number_problem(CATALOGUE.by_code("tobacco-retail"), "ABC") == "NUMBER_FORM"
    assert number_problem(CATALOGUE.by_code("special-trade"), "anything") is None


@given(st.integers(0, 10**13 - 1), st.integers(0, 12), st.integers(1, 9))
def test_a_single_wrong_digit_never_passes(body: int, place: int, change: int) -> None:
    digits = f"{body:013d}"
    right = next(c for c in "0123456789" if number_problem(_food(), "SC" + digits + c) is None)
    wrong = digits[:place] + str((int(digits[place]) + change) % 10) + digits[place + 1 :]

    assert number_problem(_food(), "SC" + wrong + right) == "NUMBER_CHECK"


def _food() -> LicenseType:
    return replace(FOOD, number_pattern=r"[A-Z]{2}\d{14}\Z", number_check=NumberCheck.MOD11_10)


def test_one_spelling_stands_for_all_widths_blanks_and_brackets() -> None:
    assert normalise_number(" 浙网文〔2024〕 6935-872号") == "浙网文[2024]6935-872号"
    assert normalise_number("jy1") == "JY1"


def test_number_problems_are_said_in_both_languages() -> None:
    assert set(NUMBER_PROBLEMS) == {"NUMBER_FORM", "NUMBER_CHECK"}
