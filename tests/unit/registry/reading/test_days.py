"""Days and ends of periods: written in many ways, moments with a zone, and what is no end."""

import contextlib
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.registry.reading.days import FIRST_YEAR, check_period, read_day, read_end, read_optional_day
from hub.registry.reading.errors import RowRefusedError
from hub.registry.reading.texts import present

SHANGHAI, LISBON = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Lisbon")


def day(text: str, zone: ZoneInfo = SHANGHAI) -> date:
    return read_day(text, "d", zone)


def end(text: str, zone: ZoneInfo = SHANGHAI) -> date | None:
    return read_end(text, "d", zone)


@pytest.mark.parametrize(
    ("text", "legal"),
    [
        ("2021-12-31T16:00:00.000Z", date(2022, 1, 1)),
        ("2021-12-31T15:59:59.999Z", date(2021, 12, 31)),
        ("2021-12-31T16:00Z", date(2022, 1, 1)),
        ("2021-12-31T16:00:00+00:00", date(2022, 1, 1)),
        ("2021-12-31 16:00:00+0000", date(2022, 1, 1)),
        ("2022-01-01T00:00:00+08:00", date(2022, 1, 1)),
        ("2022-01-01T00:00:00.000+0800", date(2022, 1, 1)),
        ("2022-01-01T00:00:00+08", date(2022, 1, 1)),
        ("2022-01-01T00:00:00+09:00", date(2021, 12, 31)),
        ("2021-12-31T10:00:00-06:00", date(2022, 1, 1)),
        ("2022/01/01 00:00:00 +08:00", date(2022, 1, 1)),
        ("2022-01-01t00:00:00z", date(2022, 1, 1)),
    ],
)
def test_a_moment_with_a_zone_is_the_legal_day_of_the_hub(text: str, legal: date) -> None:
    assert day(text) == legal
    assert end(text) == legal


def test_the_legal_day_is_that_of_the_zone_the_hub_is_set_to() -> None:
    assert day("2021-12-31T16:00:00Z", LISBON) == date(2021, 12, 31)
    assert day("2022-01-01T00:00:00+08:00", LISBON) == date(2021, 12, 31)
    assert day("2022-01-01 00:00:00", LISBON) == date(2022, 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "20261231",
        "20261231.0",
        "20261231235959",
        "2026/12/31 23:59:59",
        "2026-12-31 23:59:59.999",
        "2026年12月31日",
        "2026年12月31日 23:59:59",
        "2026 年 12 月 31 日 23:59",
        "2026.12.31",
        "2026-12-31T00:00",
    ],
)
def test_a_moment_without_a_zone_is_the_day_as_it_stands(text: str) -> None:
    assert day(text) == date(2026, 12, 31)
    assert end(text) == date(2026, 12, 31)


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-31 24:00",
        "2026-12-31T24:00:00",
        "2026年12月31日24时",
        "2026年12月31日24:00",
        "20261231240000",
    ],
)
def test_twenty_four_hours_end_their_own_day_and_begin_none(text: str) -> None:
    assert end(text) == date(2026, 12, 31)
    with pytest.raises(RowRefusedError):
        day(text)


@pytest.mark.parametrize(
    "text",
    [
        "#N/A",
        "#REF!",
        "#溢出!",
        "-",
        "--",
        "—",
        "/",
        "无",
        "空",
        "null",
        "None",
        "N/A",
        "NaN",
        "undefined",
        "待定",
        "未知",
        "?",
        "\u200b",
        "0",
        "1767110400000",
        "1767110400",
        "46022",
        "46022.0",
        "46022.99999",
        "2.0261231E+7",
        "1 day, 0:00:00",
        "12:00:00",
        "1900-01-00",
        "2026-12-31 24:00:01",
        "2026-12-31 25:00",
        "2026-12-31 23:60",
        "2026-12-31T24:00:00Z",
        "2026-12-31T16:00:00+15:00",
        "2026-12-31T16:00:00[Asia/Shanghai]",
        "2026-12-31T16:00:00 CST",
        "20261231250000",
        "202612312359",
        "2026-13-31",
        "Thu Dec 31 00:00:00 CST 2026",
        "31.12.2026",
        "长期(至2030年)",
        "长期(廿年)",
        "长期(半年内)",
        "长期(壹年)",
        "长期(百年)",
        "长期(壹拾年)",
        "长期(两年)",
        "不长期",
        "非长期",
        "长期有效或至2030年1月1日",
        "=TODAY()",
    ],
)
def test_what_cannot_be_read_is_never_no_end(text: str) -> None:
    for read in (day, end):
        with pytest.raises(RowRefusedError) as caught:
            read(text)
        assert caught.value.reason == "DATE"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "长期",
        "长 期",
        "长期有效",
        "永久",
        "永久有效",
        "无固定期限",
        "无限期",
        "不约定期限",
        "无期限",
        "至长期",
        "终身",
        "终身有效",
        "不限",
        "不限期",
        "长期有效(以年度报告为准)",
        "长期(有效)",
        "9999-12-31",
        "9999/12/31 23:59:59",
        "99991231",
        "9999年12月31日",
        "2099-12-31",
        "2099年12月31日",
        "9999-12-30T16:00:00.000Z",
        "9999-12-31T23:59:59Z",
        "2099-12-30T16:00:00Z",
        "2099-12-31T23:59:59Z",
    ],
)
def test_only_nothing_the_words_for_it_and_two_days_mean_no_end(text: str) -> None:
    assert end(text) is None


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("2121-05-31", date(2121, 5, 31)),
        ("2100-01-01", date(2100, 1, 1)),
        ("2099-12-30", date(2099, 12, 30)),
        ("9999-12-30", date(9999, 12, 30)),
        ("3000-12-31", date(3000, 12, 31)),
    ],
)
def test_an_end_after_2099_is_the_day_as_it_stands(text: str, last: date) -> None:
    assert end(text) == last


def test_a_beginning_after_2099_is_refused() -> None:
    for text in ("2100-01-01", "9999-12-31", "2099-12-31"):
        with pytest.raises(RowRefusedError):
            day(text)


@pytest.mark.parametrize(
    "text",
    [
        "2025-01-03",
        "2025-1-3",
        "2025/1/3",
        "2025/01/03",
        "2025.1.3",
        "20250103",
        "2025年1月3日",
        "2025年01月03日",
        "2025 年 1 月 3 日",
        "2025-01-03 00:00:00",
        "2025-01-03T08:30:00Z",
        "2025-01-03T08:30:00.123+08:00",
    ],
)
def test_a_day_is_read_in_every_style_departments_use(text: str) -> None:
    assert day(present(text)) == date(2025, 1, 3)


def test_a_day_in_full_width_digits_is_read_after_folding() -> None:
    assert day(present(" 2025/1/3 ")) == date(2025, 1, 3)


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-30",
        "2025-13-01",
        "20251301",
        "2025-1",
        "2025年1月",
        "25-01-03",
        "03/01/2025",
        "2025-01/03",
        "45292",
        "1899-12-31",
        "0001-01-01",
        "2099-12-31",
        "9999-12-31",
        "长期",
        "昨天",
        "2025-01-03x",
        "2025-01-03\n",
        "二〇二五年一月三日",
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(RowRefusedError) as caught:
        day(text)
    assert caught.value.reason == "DATE"


def test_an_end_is_a_day_or_refused() -> None:
    assert end("2027-02-28") == date(2027, 2, 28)
    with pytest.raises(RowRefusedError):
        end("2027-02-29")
    assert read_optional_day("", "d", SHANGHAI) is None
    assert read_optional_day("20270228", "d", SHANGHAI) == date(2027, 2, 28)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 30)))
def test_every_day_survives_every_style(written: date) -> None:
    for style in (
        "{0:%Y-%m-%d}",
        "{0:%Y%m%d}",
        "{0.year}/{0.month}/{0.day}",
        "{0.year}年{0.month}月{0.day}日",
    ):
        assert day(style.format(written)) == written


@given(st.text(max_size=30))
def test_reading_a_day_never_fails_otherwise_than_by_refusal(text: str) -> None:
    with contextlib.suppress(RowRefusedError):
        assert day(text).year >= FIRST_YEAR


def test_a_period_may_be_one_day_long_and_open_at_either_end() -> None:
    one = date(2025, 1, 1)
    check_period(one, one, field="f", value="v")
    check_period(None, one, field="f", value="v")
    check_period(one, None, field="f", value="v")
    with pytest.raises(RowRefusedError) as caught:
        check_period(one, date(2024, 12, 31), field="f", value="v")
    assert (caught.value.reason, caught.value.field, caught.value.value) == ("PERIOD_REVERSED", "f", "v")
