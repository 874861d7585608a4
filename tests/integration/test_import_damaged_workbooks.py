"""Workbooks that contradict themselves or hold more than any: named as damaged or too large."""

from pathlib import Path

import pytest

from hub.feeds.errors import WorkbookDamagedError, WorkbookTooLargeError
from hub.kernel.database import Database
from hub.registry.models import Enterprise
from tests.support.feed_shapes import GOOD, HEAD, SHOP, credit_code
from tests.support.loading import load, write
from tests.support.odd_workbooks import HEADER, STYLES, Loader, row
from tests.support.workbooks import book, sheet


@pytest.fixture
def loaded(db: Database, tmp_path: Path) -> Loader:
    load(db, write(tmp_path, "market.csv", f"{HEAD}\n{GOOD}\n"))
    return Loader(db, tmp_path)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="3"><c r="A3"><v>1</v></c></row><row r="2"/>',
        '<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>',
        '<row r="2"><c r="A2" t="s"><v>7</v></c></row>',
        '<row r="2"><c r="A2" t="s"><v>-1</v></c></row>',
        '<row r="2"><c r="A2" s="99"><v>1</v></c></row>',
        '<row r="2"><c r="XFE2"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>one</v></c></row>',
        '<row r="0"/>',
        '<row r="1048577"/>',
        "<a>" * 60 + "</a>" * 60,
        '<row r="2"><c r="A2" t="inlineStr"><is><t>' + "x" * (2 << 20) + "</t></is></c></row>",
    ],
)
def test_a_sheet_that_contradicts_itself_is_named_as_damaged(loaded: Loader, rows: str) -> None:
    xml = sheet([HEADER]).replace("</sheetData>", f"{rows}</sheetData>")

    with pytest.raises(WorkbookDamagedError):
        loaded(book({"数据": xml}, styles=STYLES))


def test_more_merges_strings_or_styles_than_a_table_has_are_refused(loaded: Loader) -> None:
    rows = [HEADER, row()]
    merges = (
        "<mergeCells>"
        + "".join(f'<mergeCell ref="A{n}:A{n + 1}"/>' for n in range(100, 100_300))
        + "</mergeCells>"
    )
    styles = "<cellXfs>" + "<xf/>" * 100_001 + "</cellXfs>"

    with pytest.raises(WorkbookTooLargeError):
        loaded(book({"数据": sheet(rows, tail=merges)}))
    with pytest.raises(WorkbookDamagedError):
        loaded(book({"数据": sheet(rows)}, styles=styles))


def test_a_code_in_a_workbook_of_enterprises_keeps_its_own_characters(loaded: Loader) -> None:
    name = "衢州Ⅱ号㎡店№①（个体工商户）"
    values = GOOD.replace(SHOP, credit_code(3)).replace("柯城试验商行", name).split(",")

    assert loaded(book({"数据": sheet([HEAD.split(","), values])})).accepted == 1
    with loaded.db.read() as session:
        assert session.get_one(Enterprise, credit_code(3)).name == name
