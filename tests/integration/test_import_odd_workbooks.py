"""Workbooks as spreadsheets really write them, and as nobody should: what is read, what is counted apart, what is named."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.feeds.errors import MissingColumnsError, SheetHiddenError, UnknownSourceError
from hub.feeds.readers.workbook import WorkbookReader
from hub.kernel.database import Database
from hub.licenses.models import License
from tests.support.feed_shapes import GOOD, HEAD, SHOP
from tests.support.loading import load, refused, write
from tests.support.odd_workbooks import (
    CHINESE_DAY,
    DAY,
    HEADER,
    LONG_DAY,
    NOT_STRUCK,
    STRUCK,
    STYLES,
    TWELVE_DIGITS,
    Loader,
    number,
    of_kind,
    row,
)
from tests.support.workbooks import Raw, book, package, sheet


@pytest.fixture
def loaded(db: Database, tmp_path: Path) -> Loader:
    load(db, write(tmp_path, "market.csv", f"{HEAD}\n{GOOD}\n"))
    return Loader(db, tmp_path)


def test_an_error_is_refused_in_every_cell_and_form(loaded: Loader) -> None:
    errors = [
        of_kind("e", "#N/A"),
        of_kind("e", "#DIV/0!"),
        of_kind("e", "#溢出!"),
        of_kind("e", ""),
        Raw('<c {r} t="e"/>'),
        of_kind("str", "#VALUE!"),
        number(10**9, DAY),
        number("1E+999"),
    ]
    rows = [row(**{column: error}) for error in errors for column in ("截止", "持证主体", "持证主体代码")]

    loading = loaded.rows(*rows)

    assert loading.accepted == 0
    assert set(loading.refused) <= {"DATE", "CELL_ERROR", "NUMBER_ROUNDED", "USCC_LENGTH"}
    assert loading.refused["DATE"] == len(errors)


@pytest.mark.parametrize("cached", ["#N/A", "46022", ""])
def test_a_formula_is_refused_whatever_it_came_to(loaded: Loader, cached: str) -> None:
    for kind in ("n", "e", "str"):
        formula = Raw(f'<c {{r}} t="{kind}"><f>VLOOKUP(A1,B:C,2)</f><v>{cached}</v></c>')
        assert loaded.rows(row(截止=formula)).refused == {"FORMULA": 1}
    shared = Raw(f'<c {{r}}><f t="shared" si="0"/><v>{cached}</v></c>')
    assert loaded.rows(row(截止=shared), row(持证主体代码=shared)).refused == {"FORMULA": 2}


def test_a_constant_formula_is_its_text(loaded: Loader) -> None:
    constant = Raw(f'<c {{r}} t="str"><f>"{SHOP}"</f><v>{SHOP}</v></c>')

    assert loaded.rows(row(持证主体代码=constant)).accepted == 1


@pytest.mark.parametrize(
    "value",
    ["913308029373909922", "9.1330802937390899E+17", "913308029373908992", "9.1e17", "1234567890123456"],
)
def test_a_number_of_sixteen_digits_is_no_code(loaded: Loader, value: str) -> None:
    loading = loaded.rows(row(持证主体代码=number(value)), row(证照编号=number(value)))

    assert loading.refused == {"NUMBER_ROUNDED": 2}


def test_short_numbers_are_read_as_shown(loaded: Loader) -> None:
    assert loaded.rows(row(证照编号=number("330802000001.0"))).accepted == 1
    assert loaded.license.number == "330802000001"
    assert loaded.rows(row(证照编号=number("3.30802000001E11"))).duplicate == 1
    with_noughts = loaded.rows(row(证照编号=number("802000001", TWELVE_DIGITS)))
    assert with_noughts.accepted == 1
    with loaded.db.read() as session:
        assert set(session.scalars(select(License.number))) == {"330802000001", "000802000001"}


@pytest.mark.parametrize("style", [DAY, LONG_DAY, CHINESE_DAY])
def test_a_date_cell_is_a_day_in_both_systems(loaded: Loader, style: int) -> None:
    for serial, properties in ((47118, ""), (45656, '<workbookPr date1904="1"/>')):
        rows = [HEADER, row(截止=number(serial, style), 起始=number(f"{serial - 1800}.5", style))]
        loading = loaded(book({"数据": sheet(rows)}, styles=STYLES, properties=properties))
        assert loading.accepted + loading.duplicate == 1
        assert loaded.license.valid_to == date(2028, 12, 31)


def test_a_day_number_without_a_date_format_is_refused(loaded: Loader) -> None:
    assert loaded.rows(row(截止=number(47118)), row(截止=number(0, DAY))).refused == {"DATE": 2}


def test_an_iso_date_cell_with_a_zone_is_the_legal_day(loaded: Loader) -> None:
    assert loaded.rows(row(截止=of_kind("d", "2028-12-30T16:00:00Z"))).accepted == 1
    assert loaded.license.valid_to == date(2028, 12, 31)


def test_escapes_in_texts_are_decoded_and_then_checked(loaded: Loader) -> None:
    texts = [
        ("衢州_x202E_局", "CONTROL_CHARACTERS"),
        ("衢州_x0000_局", "CONTROL_CHARACTERS"),
        ("衢州_xD842_局", "ENCODING"),
    ]
    for text, reason in texts:
        assert loaded.rows(row(颁发机构=text)).refused == {reason: 1}
    for text, kept in (
        ("市局_x000D__x000A_一科", "市局 一科"),
        ("市局_x005F_x000D_科", "市局_x000D_科"),
        ("_xD842__xDFB7_野局", "𠮷野局"),
        ("A_x0041_B", "AAB"),
        ("A_xZZZZ_B", "A_xZZZZ_B"),
    ):
        assert loaded.rows(row(颁发机构=text)).accepted == 1
        assert loaded.license.issuer == kept


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("A_x0041_表", "AA表"),
        ("旧_x202E_表", "旧\\u202e表"),
        ("_x005F_x0041_", "_x0041_"),
        ("表_xD842__xDFB7_", "表𠮷"),
        ("表\u202e一", "表\\u202e一"),
    ],
)
def test_a_sheet_is_called_as_a_spreadsheet_shows_it(title: str, shown: str) -> None:
    reader = WorkbookReader(io.BytesIO(book({title: sheet([HEADER, row()])})))

    assert [head.sheet for head in reader.heads()] == [shown]


def test_shared_strings_join_their_runs_and_leave_reading_aids_out(loaded: Loader) -> None:
    strings = (
        "<sst><si><r><t>衢州</t></r><r><rPr><b/></rPr><t>_x000A_局</t></r><rPh sb='0' eb='1'><t>qu</t></rPh></si>"
        "<si><r><rPr><strike/></rPr><t>旧</t></r><r><t>新局</t></r></si></sst>"
    )
    rows = [
        HEADER,
        row(颁发机构=of_kind("s", "0")),
        row(证照编号="330802000002", 颁发机构=of_kind("s", "1")),
    ]

    loading = loaded(book({"数据": sheet(rows)}, parts={"xl/sharedStrings.xml": strings}))

    assert (loading.accepted, loading.apart) == (1, {"ROW_STRUCK": 1})
    assert loaded.license.issuer == "衢州 局"


def test_hidden_and_struck_out_rows_and_totals_are_counted_apart(loaded: Loader) -> None:
    struck = Raw(f'<c {{r}} t="inlineStr" s="{STRUCK}"><is><t>330802000003</t></is></c>')
    plain = Raw(f'<c {{r}} t="inlineStr" s="{NOT_STRUCK}"><is><t>330802000004</t></is></c>')
    loading = loaded.rows(
        row(),
        row(证照编号="330802000002"),
        row(证照编号=struck),
        row(证照编号=plain),
        ["合计", None, None, None, None, None, None, "4"],
        [None, "制表人:张三", None, None, None, "审核人:李四"],
        attributes={3: 'hidden="1"'},
    )

    assert (loading.accepted, loading.refused) == (2, {})
    assert loading.apart == {"ROW_FOOTER": 2, "ROW_HIDDEN": 1, "ROW_STRUCK": 1}
    assert [(one.line, one.reason) for one in refused(loaded.db, loading)] == [
        (3, "ROW_HIDDEN"),
        (4, "ROW_STRUCK"),
        (6, "ROW_FOOTER"),
        (7, "ROW_FOOTER"),
    ]


def test_a_cell_merged_downwards_fills_the_rows_it_covers_with_a_mark(loaded: Loader) -> None:
    below = row(证照编号="330802000002", 持证主体=None, 持证主体代码=None)
    tail = '<mergeCells><mergeCell ref="C2:C4"/><mergeCell ref="D2:D4"/><mergeCell ref="A2:B2"/></mergeCells>'

    loading = loaded.rows(
        row(), below, row(证照编号="330802000003", 持证主体=None, 持证主体代码=None), below, tail=tail
    )

    assert (loading.accepted, loading.refused) == (3, {"MISSING": 1})
    with loaded.db.read() as session:
        marks = {one.number: "CELLS_MERGED" in one.quality for one in session.scalars(select(License))}
    assert marks == {"330802000001": False, "330802000002": True, "330802000003": True}


@pytest.mark.parametrize("area", ["E2:F2", "E2:F3", "C2:D2"])
def test_a_column_that_a_cell_beside_it_covers_is_not_empty(loaded: Loader, area: str) -> None:
    """起始 merged over 截止 would otherwise be a license without an end."""
    covering, covered = HEADER["ABCDEFGH".index(area[0])], HEADER["ABCDEFGH".index(area[3])]
    empty = {str(covered): None}
    below = row(证照编号="330802000002", **(empty | {str(covering): None} if area[4:] == "3" else {}))

    loading = loaded.rows(
        row(**empty),
        below,
        ["合计", None, None, None, None, None, None, "2"],
        tail=f'<mergeCells><mergeCell ref="{area}"/><mergeCell ref="A4:G4"/></mergeCells>',
    )

    several = area[4:] == "3"
    assert (loading.accepted, loading.refused) == (0 if several else 1, {"CELLS_ACROSS": 1 + several})
    assert loading.apart == {"ROW_FOOTER": 1}


def test_charts_dialogs_and_sheets_without_cells_are_passed_over(loaded: Loader) -> None:
    sheets = {
        "图表": "<chartsheet/>",
        "对话": "<dialogsheet/>",
        "空": "<worksheet/>",
        "空表": "<worksheet><sheetData/></worksheet>",
        "数据": sheet([HEADER, row()]),
    }

    loading = loaded(book(sheets, kinds={"图表": "chartsheet", "对话": "dialogsheet"}))

    assert (loading.accepted, loading.refused) == (1, {})


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_rows_of_a_hidden_sheet_are_counted_apart_and_tell_no_source(loaded: Loader, state: str) -> None:
    sheets = {
        "旧": sheet([HEADER, row(证照编号="330802000009")]),
        "市场主体": sheet([HEAD.split(","), GOOD.split(",")]),
        "数据": sheet([HEADER, row()]),
    }

    loading = loaded(book(sheets, states={"旧": state, "市场主体": state}))

    assert (loading.accepted, loading.apart) == (1, {"ROW_HIDDEN": 1})


def test_several_tables_below_each_other_keep_their_header_once(loaded: Loader) -> None:
    loading = loaded.rows(row(), [None], HEADER, row(证照编号="330802000002"))

    assert (loading.accepted, loading.blank, loading.refused) == (2, 2, {})


def test_a_package_with_backslashes_and_prefixes_is_read(loaded: Loader) -> None:
    whole = book({"数据": sheet([HEADER, row()])})
    with zipfile.ZipFile(io.BytesIO(whole)) as source:
        parts = {name.replace("/", "\\"): source.read(name) for name in source.namelist()}
    name = "xl\\worksheets\\sheet1.xml"
    parts[name] = parts[name].replace(b"<", b"<x:").replace(b"<x:/", b"</x:").replace(b"xmlns=", b"xmlns:x=")

    assert loaded(package(parts)).accepted == 1


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
@pytest.mark.parametrize("source", [None, "health-police-tobacco"])
def test_a_workbook_whose_only_table_is_on_a_hidden_sheet_says_so(
    loaded: Loader, state: str, source: str | None
) -> None:
    sheets = {"封面": sheet([["报送说明"], ["衢州市烟草专卖局"]]), "数据": sheet([HEADER, row()])}
    path = write(loaded.folder, "book.xlsx", book(sheets, states={"数据": state}))

    with pytest.raises(SheetHiddenError) as caught:
        load(loaded.db, path, source=source)

    assert caught.value.reason == "FILE_SHEET_HIDDEN"
    assert caught.value.detail == "数据"
    assert "取消隐藏" in caught.value.message.zh
    assert "unhide" in caught.value.message.en


def test_a_visible_table_that_lacks_columns_is_told_before_a_hidden_one(loaded: Loader) -> None:
    sheets = {"数据": sheet([HEADER[:-1], row()[:-1]]), "旧": sheet([HEADER, row()])}

    with pytest.raises(MissingColumnsError):
        loaded(book(sheets, states={"旧": "hidden"}))
    with pytest.raises(UnknownSourceError):
        loaded(book({"封面": sheet([["报送说明"]]), "名单": sheet([["姓名"]])}, states={"名单": "hidden"}))
