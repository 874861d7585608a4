"""Tables that people open in a spreadsheet: nothing live, nothing hidden."""

import csv
import io
import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from hub.kernel.exports import defused, visible_text, write_csv, write_xlsx


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", " =1", "=1", "|x", "%0A"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("value", ["衢州", "", "a=b", "-5", "+86570", "3.14", 5, 2.5, None, date(2026, 1, 1)])
def test_what_is_harmless_stays_as_it_is(value: object) -> None:
    assert defused(value) == value  # type: ignore[arg-type]


def test_what_cannot_be_seen_is_shown() -> None:
    assert visible_text("衢\u202e州\x00\t\ud800\u3000") == "衢\\u202e州\\x00\\t\\ud800\u3000"


@given(st.text(max_size=50))
def test_no_text_comes_out_live_or_hidden(text: str) -> None:
    out = defused(text)
    assert isinstance(out, str)
    assert not out.lstrip(" ").startswith(("=", "@")) or out.startswith("'")
    assert "\x00" not in out
    assert "\n" not in out


def test_csv_has_a_mark_for_excel_and_one_line_a_row() -> None:
    data = b"".join(write_csv(["名称", "=列"], [["=1+1", 5], ["一\n二", None]]))

    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig")))) == [
        ["名称", "'=列"],
        ["'=1+1", "5"],
        ["一\\n二", ""],
    ]


def test_a_long_table_is_written_row_by_row() -> None:
    pieces = write_csv(["n"], ([number] for number in range(10**9)))

    assert next(pieces) == "\ufeffn\r\n".encode()
    assert next(pieces) == b"0\r\n"


def test_a_workbook_holds_values_and_no_formulas() -> None:
    moment = datetime(2026, 11, 21, 8, tzinfo=UTC)
    data = write_xlsx(["名称", "日期"], [["=1+1", date(2026, 1, 2)], ["衢州", moment]], title="表")

    sheet = load_workbook(io.BytesIO(data))["表"]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[1][0] == "'=1+1"
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert cells[2] == ["衢州", "2026-11-21T08:00:00+00:00"]


@pytest.mark.parametrize(
    "first",
    ["\uff1d", "\uff0b", "\uff20", "\uff0d", "\uff05", "\uff5c", "\ufe66", "\ufe62", "\ufe63", "\ufe6b"],
    ids=lambda sign: f"U+{ord(sign):04X}",
)
@pytest.mark.parametrize("before", ["", " ", "\u3000", "\u00a0", "\u2003"], ids=ascii)
def test_full_width_and_small_signs_are_taken_for_the_signs_they_look_like(before: str, first: str) -> None:
    assert defused(f"{before}{first}SUM(A1)") == f"'{before}{first}SUM(A1)"


def cells(data: bytes, delimiter: str) -> list[str]:
    text = data.decode("utf-8-sig")
    return [cell for row in csv.reader(io.StringIO(text), delimiter=delimiter) for cell in row]


LIVE = frozenset("=+-@|%\t\r\n")


@pytest.mark.parametrize(
    "cell",
    [
        "食品;=1+1",
        "食品; =1+1",
        "食品;;=1+1",
        "食品;\uff1d1+1",
        '食品;"=1+1',
        '食品;""=1+1""',
        "食品;@x|",
        "食品;-5",
        ";=1",
        '";=1',
        "a;\u3000=1;b;+1",
    ],
)
def test_a_table_read_with_semicolons_between_its_cells_holds_nothing_live(cell: str) -> None:
    data = b"".join(write_csv(["项目", "之后"], [[cell, cell], ["x", cell]]))

    assert cells(data, ",")[2].replace("'", "") == cell.replace("'", "")
    for read in (cells(data, ";"), cells(data, ",")):
        starts = [unicodedata.normalize("NFKC", one.lstrip())[:1] for one in read]
        assert not LIVE.intersection(starts), read


@given(st.lists(st.text(st.sampled_from("a;,\"=＝+-@ \u3000\n'")), min_size=1, max_size=4))
def test_no_separator_of_a_spreadsheet_makes_a_cell_live(row: list[str]) -> None:
    data = b"".join(write_csv(["h"], [row]))

    for delimiter in ";\t":
        for cell in cells(data, delimiter):
            first = unicodedata.normalize("NFKC", cell.lstrip())[:1]
            assert first not in LIVE or first == "" or not cell.strip()
