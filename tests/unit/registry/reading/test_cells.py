"""One cell as its field is read: kept, folded, a number, a word, a day or the end of a period."""

import pytest

from hub.registry.reading.cells import SHORT_CHARS, CellForm, read_cell
from hub.registry.reading.texts import exact, is_error, is_formula, original, stands_for_nothing
from tests.support.reading import refused_for

KEPT, FOLDED, NUMBER, WORD, DAY, END = CellForm
NOT_KEPT = (FOLDED, NUMBER, WORD, DAY, END)


@pytest.mark.parametrize(
    ("form", "text", "value"),
    [
        (KEPT, " 食品（熟食） ", "食品（熟食）"),
        (KEPT, "—", ""),
        (KEPT, "", ""),
        (KEPT, "   ", ""),
        (KEPT, '="001"', "001"),
        (KEPT, '=" -- "', ""),
        (KEPT, "E店", "E店"),
        (KEPT, "#1店", "#1店"),
        (FOLDED, " Ａ１ ", "A1"),
        (FOLDED, "－", ""),
        (FOLDED, '="有效"', "有效"),
        (NUMBER, "330802.0", "330802"),
        (NUMBER, "'0012", "0012"),
        (NUMBER, "123456789012345.0", "123456789012345"),
        (WORD, "=存续", "=存续"),
        (DAY, "-", ""),
        (DAY, "2026-01-02 ", "2026-01-02"),
        (END, "-", "-"),
        (END, "null", "null"),
        (END, " ", ""),
        (END, "", ""),
        (END, "长期", "长期"),
    ],
)
def test_a_cell_is_read_in_the_form_of_its_field(form: CellForm, text: str, value: str) -> None:
    assert read_cell("f", form, text) == value


@pytest.mark.parametrize(
    ("form", "text", "reason", "value"),
    [
        (KEPT, "=1+1", "FORMULA", "=1+1"),
        (KEPT, "＝1+1", "FORMULA", "＝1+1"),
        (KEPT, '="=1"', "FORMULA", "=1"),
        (KEPT, "#N/A", "CELL_ERROR", "#N/A"),
        (KEPT, "Err:502", "CELL_ERROR", "Err:502"),
        (FOLDED, "=A1", "FORMULA", "=A1"),
        (FOLDED, "＃REF!", "CELL_ERROR", "#REF!"),
        (NUMBER, "9.1E+17", "NUMBER_ROUNDED", "9.1E+17"),
        (NUMBER, "1234567890123456.0", "NUMBER_ROUNDED", "1234567890123456.0"),
        (WORD, "#N/A", "CELL_ERROR", "#N/A"),
        (DAY, "#N/A", "DATE", "#N/A"),
        (DAY, "=TODAY()", "FORMULA", "=TODAY()"),
        (END, "#VALUE!", "DATE", "#VALUE!"),
        (END, "\u200b", "DATE", "\u200b"),
    ],
)
def test_a_cell_that_no_person_wrote_is_refused(form: CellForm, text: str, reason: str, value: str) -> None:
    assert refused_for(lambda: read_cell("f", form, text)) == (reason, "f", value)


@pytest.mark.parametrize("form", NOT_KEPT)
@pytest.mark.parametrize("length", [SHORT_CHARS, SHORT_CHARS + 1])
def test_long_cells_are_folded_like_short_ones(form: CellForm, length: int) -> None:
    assert read_cell("f", form, "Ａ" * length) == "A" * length


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1E5", "1E5"),
        ("12E10", "12E10"),
        ("A1E10", "A1E10"),
        ("12345.0", "12345"),
        ("12345.5", "12345.5"),
        ("0012.00", "0012"),
        ("330802", "330802"),
    ],
)
def test_digits_are_taken_as_they_were_before_a_number_held_them(text: str, value: str) -> None:
    assert exact(text, "f") == value


@pytest.mark.parametrize("text", ["1E05", "1E100", "1.5E+10", "-1.5e+10", "9.133E+17", "1234567890123456.0"])
def test_digits_that_a_number_lost_are_refused(text: str) -> None:
    assert refused_for(lambda: exact(text, "f")) == ("NUMBER_ROUNDED", "f", text)


@pytest.mark.parametrize(
    "text", ["#N/A", "#NA", "#REF!", "#名称?", "＃N/A", "####", "Err:502", "#GETTING_DATA"]
)
def test_what_a_spreadsheet_could_not_calculate(text: str) -> None:
    assert is_error(text)


@pytest.mark.parametrize("text", ["", "#", "#1", "E", "Err:5", "Err:5021", "N/A", "店#N/A"])
def test_what_only_begins_like_it(text: str) -> None:
    assert not is_error(text)


@pytest.mark.parametrize(
    ("text", "is_one"), [("=1", True), ("＝1", True), ("", False), ("1=1", False), (" =1", False)]
)
def test_a_formula_begins_with_its_sign(text: str, *, is_one: bool) -> None:
    assert is_formula(text) is is_one


@pytest.mark.parametrize(
    ("text", "is_nothing"),
    [("无", True), ("空", True), ("ＮＵＬＬ", True), ("(null)", True), ("undefined", True), ("undefined.", False),
     ("无限", False), ("----", False), ("——", True), ("\\", True)],
)  # fmt: skip
def test_a_placeholder_is_nothing_and_a_longer_text_is_none(text: str, *, is_nothing: bool) -> None:
    assert stands_for_nothing(text) is is_nothing


@pytest.mark.parametrize(
    ("text", "value"),
    [('="a""b"', 'a"b'), (' ＝"甲" ', "甲"), ('="', '="'), ('=""', '=""'), ("", ""), (" 甲 ", "甲")],
)
def test_a_constant_formula_is_its_text(text: str, value: str) -> None:
    assert original(text) == value
