"""Single values as departments write them."""

import pytest

from hub.kernel.identifiers.checks import uscc_check
from hub.registry.reading import texts, values
from hub.registry.reading.errors import RowRefusedError
from tests.support.feed_shapes import credit_code


def refusal(read: object, *arguments: str) -> str:
    """The reason; that the refusal names its field and repeats the value is held by the way."""
    with pytest.raises(RowRefusedError) as caught:
        read(*arguments)  # type: ignore[operator]
    assert (caught.value.value, caught.value.field) == arguments
    return caught.value.reason


def test_a_code_is_read_however_it_is_written() -> None:
    code = credit_code(7)
    for text in (code, f" {code.lower()} ", f"{code[:6]}-{code[6:]}", f"\u200b{code}"):
        assert values.read_uscc(text, "uscc") == (code, True)


def test_a_wrong_organisation_code_inside_a_right_code_is_only_a_doubt() -> None:
    body = credit_code(7)[:16] + ("0" if credit_code(7)[16] != "0" else "1")

    assert values.read_uscc(body + uscc_check(body), "uscc") == (body + uscc_check(body), False)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (credit_code(7)[:17], "USCC_LENGTH"),
        ("", "USCC_LENGTH"),
        (credit_code(7)[:10] + "I" + credit_code(7)[11:], "USCC_ALPHABET"),
        ("99" + credit_code(7)[2:], "USCC_CATEGORY"),
        (credit_code(7)[:4] + "A" + credit_code(7)[5:], "USCC_REGION"),
        (credit_code(7)[:17] + ("0" if credit_code(7)[17] != "0" else "1"), "USCC_CHECK"),
    ],
)
def test_a_wrong_code_is_refused_by_its_first_fault(text: str, reason: str) -> None:
    assert refusal(values.read_uscc, text, "uscc") == reason


def test_a_code_that_fails_its_check_is_taken_where_it_is_known_to_be_right() -> None:
    wrong = credit_code(7)[:17] + ("0" if credit_code(7)[17] != "0" else "1")

    assert values.read_uscc(f" {wrong.lower()}", "uscc", {wrong}) == (wrong, True)


@pytest.mark.parametrize("text", ["-", "——", "无", "NULL", "n/a", " / ", "", "\u3000"])
def test_what_stands_for_nothing_is_nothing(text: str) -> None:
    assert texts.present(text) == ""


def test_a_scope_keeps_its_widths_and_everything_else_is_folded() -> None:
    assert texts.original(" 食品（熟食）； ") == "食品（熟食）；"
    assert texts.present(" 食品（熟食）； ") == "食品(熟食);"


@pytest.mark.parametrize(
    "text",
    ["衢州\u202e假冒", "衢\u200b州", "衢\x00州", "衢\n州", "\u3164", "衢\u00ad州", "衢\ufeff州", "\ud800"],
)
def test_a_name_with_what_cannot_be_seen_is_refused(text: str) -> None:
    assert refusal(values.read_name, text, "name") == "NAME_CONTROL_CHARACTERS"


def test_a_name_may_hold_rare_characters_and_signs() -> None:
    for name in ("衢州𠮷野家商行", "A&B (衢州)有限公司", "衢州·商行", "衢州\ue000商行"):
        assert values.read_name(name, "name") == name


def test_a_name_is_as_long_as_its_column_once_folded() -> None:
    assert refusal(values.read_name, "㎏" * 400, "name") == "TOO_LONG"


def test_lost_text_and_formulas_are_refused() -> None:
    assert refusal(values.read_name, "衢州\ufffd商行", "name") == "ENCODING"
    assert refusal(values.read_text, '=HYPERLINK("x")', "type") == "FORMULA"


def test_lines_and_tabs_in_text_become_one_blank_and_other_controls_are_refused() -> None:
    assert values.read_text("一楼\r\n\t东侧", "address") == "一楼 东侧"
    assert refusal(values.read_text, "一楼\x1b[2J", "address") == "CONTROL_CHARACTERS"
    assert refusal(values.read_text, "一楼\u2066东侧", "address") == "CONTROL_CHARACTERS"


@pytest.mark.parametrize(
    ("text", "version"), [("", 1), ("1", 1), ("002", 2), ("V3", 3), ("4.0", 4), ("1000000", 1_000_000)]
)
def test_a_version_is_a_whole_number(text: str, version: int) -> None:
    assert values.read_version(text, "v") == version


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "二", "99999999", "1000001", "新"])
def test_other_versions_are_refused(text: str) -> None:
    assert refusal(values.read_version, text, "v") == "VERSION"


def test_a_position_is_two_numbers_inside_china_or_nothing() -> None:
    assert values.read_position("28.97", "118.87") == (28.97, 118.87)
    assert values.read_position("", "") is None
    assert values.read_position("3", "136") == (3.0, 136.0)  # the limits are inside
    assert values.read_position("54", "73") == (54.0, 73.0)


@pytest.mark.parametrize(
    ("latitude", "longitude", "field"),
    [
        ("118.87", "28.97", "latitude"),
        ("28.97", "", "longitude"),
        ("", "118.87", "latitude"),
        ("0", "0", "latitude"),
        ("28.97", "-118.87", "longitude"),
        ("北纬28", "118", "latitude"),
        ("nan", "118", "latitude"),
        ("28.97", "1e2", "longitude"),
    ],
)
def test_other_positions_are_refused(latitude: str, longitude: str, field: str) -> None:
    with pytest.raises(RowRefusedError) as caught:
        values.read_position(latitude, longitude)
    assert (caught.value.reason, caught.value.field) == ("COORDINATES", field)
    assert caught.value.value == (latitude if field == "latitude" else longitude)


def test_a_telephone_number_holds_digits_and_signs_only() -> None:
    assert values.read_phone("", "phone") is None
    assert values.read_phone("0570-3033000转8", "phone") == "0570-3033000转8"
    assert values.read_phone("+86 570 3033000", "phone") == "+86 570 3033000"
    for text in ("<script>", "请打12345", "12", "=1+1", "+"):
        assert refusal(values.read_phone, text, "phone") == "PHONE"
