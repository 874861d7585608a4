"""Sums of money as departments write them: nothing below zero is read as a sum, nothing is rounded in silence."""

from decimal import Decimal

import pytest

from hub.feeds.reasons import REASONS
from hub.registry.reading.amounts import read_amount, read_capital
from hub.registry.reading.errors import RowRefusedError

BELOW_ZERO = [
    "-5",
    "−5",  # the sign of mathematics, which a typesetter uses
    "—5",
    "–5",  # a dash, as word processors make of a hyphen
    "―5",
    "－5",  # of full width
    "﹣5",
    "⁻5",
    "‑5",
    "➖5",
    "- 5",
    "-0",
    "−0.00",
    "(5)",
    "（5）",
    "［5］",
    "【5】",
    "(5,000.00)",
    "(5)万元",
    "(5万元)",
    "¥(5)",
    "人民币(5)万元",
    "5-",
    "5.00 -",
    "5-万元",
    "5万元-",
    "5−",
    "负5",
    "負5万元",
    "负伍拾",
    "人民币负5万元",
    "¥-5",
    "-¥5",
    "￥−5",
    "RMB -5",
    "-五十",
    "minus 5",
    "(-5)",
    "△5",
    "▲5",
]


@pytest.mark.parametrize("text", BELOW_ZERO)
def test_an_amount_below_zero_is_refused_however_it_is_written(text: str) -> None:
    for read, field in ((read_capital, "capital"), (read_amount, "fine_yuan")):
        with pytest.raises(RowRefusedError) as caught:
            read(text, field)
        assert (caught.value.reason, caught.value.field, caught.value.value) == ("AMOUNT", field, text)


@pytest.mark.parametrize(
    ("text", "is_doubtful"),
    [
        ("5", False),
        ("1,000万元人民币", False),
        ("500（万元）", True),
        ("(人民币)500万元", True),
        ("500-1000", True),
        ("500万元(其中货币300万元)", True),
        ("五十万", True),
        ("负责人认缴", True),
    ],
)
def test_a_capital_that_is_not_below_zero_is_kept_as_it_is_written(text: str, is_doubtful: bool) -> None:  # noqa: FBT001  # one of the table
    assert read_capital(text, "capital") == (text, is_doubtful)


@pytest.mark.parametrize("text", ["100.005", "0.001", "99.999元", "1,234.5678", "5000.0001"])
def test_a_fine_with_less_than_a_fen_is_refused_and_not_rounded(text: str) -> None:
    with pytest.raises(RowRefusedError) as caught:
        read_amount(text, "fine_yuan")

    assert caught.value.reason == "AMOUNT_FRACTION"
    assert caught.value.reason in REASONS


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("100.500", "100.50"),
        ("100.0000", "100.00"),
        ("5000.00元", "5000.00"),
        ("100.30000000000001", "100.30"),  # what a spreadsheet keeps of 100.1 + 0.2
        ("0.30000000000000004", "0.30"),
        ("12345678.899999999", "12345678.90"),
    ],
)
def test_noughts_and_the_noise_of_a_floating_point_number_are_no_fractions(text: str, yuan: str) -> None:
    assert read_amount(text, "fine_yuan") == Decimal(yuan)


@pytest.mark.parametrize(
    ("text", "yuan"),
    [("0", "0.00"), ("30000", "30000.00"), ("1,234,567.5", "1234567.50"), ("5000元", "5000.00")],
)
def test_an_amount_is_read_to_the_fen(text: str, yuan: str) -> None:
    assert read_amount(text, "fine") == Decimal(yuan)


@pytest.mark.parametrize("text", ["-1", "3万", "1,23", "一千", "1e5", "9" * 14, "NaN", "1.2.3"])
def test_other_amounts_are_refused(text: str) -> None:
    with pytest.raises(RowRefusedError) as caught:
        read_amount(text, "fine")
    assert caught.value.reason == "AMOUNT"


def test_no_fine_is_none() -> None:
    assert read_amount("", "fine") is None
