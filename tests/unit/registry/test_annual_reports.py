"""Rows about annual reports: which years can be reported, what filed means, and which of two lists is older."""

from datetime import date

import pytest

from hub.registry.annual_reports import ANNUAL_REPORTS, AnnualReportRecord, ReportFiledError, ReportYearError
from hub.registry.reading.errors import RowRefusedError
from tests.support.feed_shapes import credit_code
from tests.support.reading import READING, Reading, refused_for

CODE = credit_code(1)
ROW = {"uscc": CODE, "report_year": "2025", "report_state": "已报", "filed_on": "2026-03-01"}
FILED = ("已报", "已报送", "已年报", "已填报", "已公示", "已补报", "补报", "逾期补报")
NOT_FILED = ("未报", "未报送", "未年报", "未填报", "未公示", "逾期未报", "未按期报送")


def report(changes: dict[str, str], context: Reading = READING) -> AnnualReportRecord:
    record = ANNUAL_REPORTS.read(ROW | changes, {}, context)
    assert isinstance(record, AnnualReportRecord)
    return record


def refusal(changes: dict[str, str], context: Reading = READING) -> tuple[str, str, str]:
    return refused_for(lambda: report(changes, context))


def test_a_report_is_read_whole() -> None:
    assert report({"told_on": "2026-07-01"}) == AnnualReportRecord(
        uscc=CODE, year=2025, is_filed=True, filed_on=date(2026, 3, 1), told_on=date(2026, 7, 1)
    )


def test_columns_that_a_list_does_not_have_are_nothing() -> None:
    bare = {name: text for name, text in ROW.items() if name != "filed_on"}

    assert ANNUAL_REPORTS.read(bare, {}, READING) == AnnualReportRecord(uscc=CODE, year=2025, is_filed=True)
    assert report({"filed_on": "", "told_on": ""}) == AnnualReportRecord(uscc=CODE, year=2025, is_filed=True)


@pytest.mark.parametrize("text", ["2025", "2025年", "2025年度", "2025年度报告", "2025.0", "2025.00"])
def test_a_year_is_read_however_lists_write_it(text: str) -> None:
    assert report({"report_year": text}).year == 2025


@pytest.mark.parametrize(
    ("text", "today"),
    [
        pytest.param("2013", date(2026, 11, 21), id="the first year that was reported"),
        pytest.param("2025", date(2026, 1, 1), id="the year that ended yesterday"),
        pytest.param("2025", date(2026, 12, 31), id="the year before, on the last day of this one"),
    ],
)
def test_a_year_that_is_over_can_be_reported(text: str, today: date) -> None:
    assert report({"report_year": text}, Reading(today)).year == int(text)


@pytest.mark.parametrize(
    "text",
    ["2012", "2026", "2027", "", "25", "二〇二五", "12025", "2025年报", "2025.5", "2025-2024", "２０２５"],
)
def test_no_other_year_is_taken(text: str) -> None:
    assert refusal({"report_year": text}) == ("REPORT_YEAR", "report_year", text)


def test_a_year_is_not_over_on_its_last_day() -> None:
    at_its_end = Reading(date(2025, 12, 31))

    assert refusal({"report_year": "2025"}, at_its_end) == ("REPORT_YEAR", "report_year", "2025")


@pytest.mark.parametrize("word", FILED)
def test_words_that_say_a_report_is_there(word: str) -> None:
    assert report({"report_state": word}).is_filed


@pytest.mark.parametrize("word", NOT_FILED)
def test_words_that_say_a_report_is_missing(word: str) -> None:
    assert not report({"report_state": word, "filed_on": ""}).is_filed


@pytest.mark.parametrize("word", ["", "报", "已", "正常", "未报 ", "是"])
def test_another_word_is_not_guessed_at(word: str) -> None:
    assert refusal({"report_state": word}) == ("STATUS", "report_state", word)


@pytest.mark.parametrize("word", NOT_FILED)
def test_a_missing_report_with_a_day_of_filing_contradicts_itself(word: str) -> None:
    assert refusal({"report_state": word}) == ("REPORT_FILED", "filed_on", "2026-03-01")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"uscc": CODE[:17]}, ("USCC_LENGTH", "uscc", CODE[:17])),
        ({"filed_on": "三月"}, ("DATE", "filed_on", "三月")),
        ({"told_on": "2026-02-30"}, ("DATE", "told_on", "2026-02-30")),
    ],
    ids=["credit code", "day of filing", "day of the list"],
)
def test_each_member_is_refused_under_its_own_name(
    changes: dict[str, str], expected: tuple[str, str, str]
) -> None:
    assert refusal(changes) == expected


def test_an_excepted_code_is_taken_here_too() -> None:
    wrong = CODE[:17] + ("0" if CODE[17] != "0" else "1")

    assert report({"uscc": wrong}, Reading(exceptions=frozenset({wrong}))).uscc == wrong


@pytest.mark.parametrize(
    ("day", "before", "is_older"),
    [
        (date(2026, 6, 30), date(2026, 7, 1), True),
        (date(2026, 7, 1), date(2026, 7, 1), False),
        (date(2026, 7, 2), date(2026, 7, 1), False),
        (None, date(2026, 7, 1), False),
        (date(2026, 6, 30), None, False),
        (None, None, False),
    ],
    ids=["day before", "same day", "day after", "no day now", "no day then", "no days"],
)
def test_a_list_is_older_only_where_both_say_their_day(
    day: date | None, before: date | None, *, is_older: bool
) -> None:
    record = AnnualReportRecord(uscc=CODE, year=2025, is_filed=True, told_on=day)

    assert ANNUAL_REPORTS.stored.is_older(record, {"told_on": before}) is is_older


def test_a_report_is_known_by_enterprise_and_year_and_changes_the_colour() -> None:
    stored = ANNUAL_REPORTS.stored

    assert (stored.key, stored.row_key, stored.version_key) == (("uscc", "year"),) * 3
    assert set(stored.read) == {"uscc", "year", "version", "content_hash", "told_on"}
    assert ANNUAL_REPORTS.recoloured
    assert ANNUAL_REPORTS.refusals == (ReportYearError, ReportFiledError)
    assert all(issubclass(each, RowRefusedError) for each in ANNUAL_REPORTS.refusals)
