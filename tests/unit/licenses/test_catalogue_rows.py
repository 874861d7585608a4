"""Rows of the catalogue as texts: read, checked, written back."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hub.licenses.catalogue import errors
from hub.licenses.catalogue.errors import LicenseTypeError
from hub.licenses.catalogue.loader import shipped_catalogue
from hub.licenses.catalogue.rows import COLUMNS, read_table, read_type, type_texts, write_table
from hub.licenses.catalogue.rules import LicenseType, number_problem
from hub.licenses.reference.rules import ReferenceTables, catalogue_on
from tests.support.reference import TABLES

KINDS = shipped_catalogue().types
FOOD = shipped_catalogue().by_code("food-operation")
ROW = type_texts(FOOD)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_a_kind_is_read_back_from_its_texts(kind: LicenseType) -> None:
    assert read_type(type_texts(kind)) == kind


def test_a_written_table_is_read_back_with_and_without_a_byte_order_mark() -> None:
    text = write_table(KINDS)

    assert read_table(text.encode()) == (list(KINDS), [])
    assert read_table(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()) == (list(KINDS), [])


FAULTS: list[tuple[str, str, type[LicenseTypeError]]] = [
    ("code", "", errors.TypeCodeError),
    ("code", "Food", errors.TypeCodeError),
    ("code", "a" * 41, errors.TypeCodeError),
    ("code", "business-license", errors.TypeCodeError),
    ("name", "", errors.TypeTextError),
    ("name", " 食品", errors.TypeTextError),
    ("name", "食品\u200b证", errors.TypeTextError),
    ("name_en", "x" * 201, errors.TypeTextError),
    ("department_en", "", errors.TypeTextError),
    ("basis", "", errors.TypeTextError),
    ("aliases", "|".join(f"名{number}" for number in range(21)), errors.TypeTextError),
    ("aliases", "证\x00", errors.TypeTextError),
    ("nature", "特许", errors.TypeValueError),
    ("validity_months", "five", errors.TypeValueError),
    ("validity_months", "0", errors.TypeValueError),
    ("validity_months", "601", errors.TypeValueError),
    ("validity_months", "\u0666", errors.TypeValueError),  # a digit of another script
    ("site_bound", "yes", errors.TypeValueError),
    ("verified", "", errors.TypeValueError),
    ("number_check", "mod97", errors.TypeValueError),
    ("unit", "weeks", errors.TypeValueError),
    ("opens", "", errors.TypeValueError),
    ("closes", "91", errors.TypeRenewalError),
    ("opens", "401", errors.TypeRenewalError),
    ("unit", "", errors.TypeRenewalError),
    ("number_pattern", "", errors.TypePatternError),
    ("number_pattern", r"JY\d{14}", errors.TypePatternError),  # takes whatever follows
    ("number_pattern", r"JY(\d\Z", errors.TypePatternError),
    ("number_pattern", r"(\d+)+\Z", errors.TypePatternError),
    ("number_pattern", r"\d{1,}\Z", errors.TypePatternError),
    ("number_pattern", r"(?:\d)\Z", errors.TypePatternError),
    ("number_pattern", r"(\d{1,9}){1,9}\d{1,99}\d{1,99}\Z", errors.TypePatternError),
    ("authority_uscc", "91330802MA2TESTX00", errors.TypeAuthorityError),
    ("authority_seq", "12", errors.TypeAuthorityError),
    ("valid_from", "2026-13-01", errors.TypeValueError),
    ("valid_from", "20261101", errors.TypeValueError),
    ("valid_to", "2026-10-31", errors.TypePeriodError),
]


@pytest.mark.parametrize(("column", "text", "error"), FAULTS)
def test_what_a_row_may_not_say_is_refused_with_its_column(
    column: str, text: str, error: type[LicenseTypeError]
) -> None:
    with pytest.raises(error) as refused:
        read_type({**ROW, column: text})

    assert refused.value.field in COLUMNS
    assert refused.value.message.zh
    assert refused.value.message.en


def test_every_fault_of_a_file_is_told_with_its_line_and_the_good_rows_are_read() -> None:
    rows = [ROW, {**ROW, "code": "second", "nature": "?"}, ROW, {**ROW, "code": "Third"}]
    text = "\n".join([",".join(COLUMNS), *(",".join(row[name] for name in COLUMNS) for row in rows)])

    kinds, faults = read_table(text.encode())

    assert kinds == [FOOD]
    assert [(line, type(error)) for line, error in faults] == [
        (3, errors.TypeValueError),
        (4, errors.TypeTwiceError),
        (5, errors.TypeCodeError),
    ]


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", "编码".encode("gbk"), b'code,name\n"open'])
def test_a_file_that_is_no_catalogue_is_refused(content: bytes) -> None:
    with pytest.raises(errors.TypeColumnsError):
        read_table(content)


def test_a_pattern_that_lets_letters_through_leaves_the_check_digit_wrong() -> None:
    loose = replace(FOOD, number_pattern=r"JY[0-9A-Z]{14}\Z")

    assert number_problem(loose, "JY1330802000001A") == "NUMBER_CHECK"


def dated(**changes: Any) -> LicenseType:
    return replace(FOOD, **changes)


OLD = dated(valid_from=date(2026, 1, 1), validity_months=60)
NEW = dated(valid_from=date(2027, 1, 1), validity_months=36)
TRIAL = dated(valid_from=date(2027, 3, 1), valid_to=date(2027, 4, 30), validity_months=12)


@pytest.mark.parametrize(
    ("day", "months"),
    [
        (date(2026, 1, 1), 60),
        (date(2026, 12, 31), 60),
        (date(2027, 1, 1), 36),
        (date(2027, 3, 1), 12),
        (date(2027, 4, 30), 12),
        (date(2027, 5, 1), 36),
    ],
)
def test_on_a_day_a_kind_is_what_the_row_in_force_says(day: date, months: int) -> None:
    tables = ReferenceTables((OLD, NEW, TRIAL), TABLES.items, TABLES.calendar)

    found = tables.on(day).find("food-operation")

    assert found is not None
    assert found.validity_months == months


def test_before_its_first_row_a_kind_is_unknown_and_after_its_last_it_keeps_its_name() -> None:
    ended = dated(valid_from=date(2026, 1, 1), valid_to=date(2026, 6, 30))

    assert catalogue_on([ended], date(2025, 12, 31)).find("food-operation") is None
    after = catalogue_on([ended], date(2026, 7, 1))
    assert after.types == ()
    assert after.find("food-operation") == after.by_name("食品经营许可证") == ended


def test_a_kind_that_has_ended_leaves_its_name_to_another() -> None:
    ended = dated(valid_from=date(2026, 1, 1), valid_to=date(2026, 6, 30))
    heir = dated(code="food-new", valid_from=date(2026, 7, 1))

    assert catalogue_on([ended, heir], date(2026, 7, 1)).by_name("食品经营许可证") == heir
    assert catalogue_on([ended, heir], date(2026, 6, 30)).by_name("食品经营许可证") == ended
    with pytest.raises(ValueError, match="claimed twice"):
        catalogue_on([ended, replace(heir, valid_from=date(2026, 6, 30))], date(2026, 6, 30))


def test_days_with_the_same_rows_share_one_value_and_others_do_not() -> None:
    tables = ReferenceTables((OLD, NEW), TABLES.items, TABLES.calendar)

    first, second, later = (tables.on(day) for day in (date(2026, 2, 1), date(2026, 3, 1), date(2027, 2, 1)))

    assert first is second
    assert later is not first
    assert later.types_version != first.types_version


def test_other_rows_give_another_value_and_what_was_handed_out_stays() -> None:
    tables = ReferenceTables((OLD,), TABLES.items, TABLES.calendar)
    before = tables.on(date(2027, 2, 1))

    tables.replace((OLD, NEW))

    assert before.find("food-operation") == OLD
    assert tables.on(date(2027, 2, 1)).find("food-operation") == NEW
