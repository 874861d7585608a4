"""Tables that people open in a spreadsheet: nothing live, nothing hidden."""

import csv
import io
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
