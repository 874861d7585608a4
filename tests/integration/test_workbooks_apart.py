"""Workbooks in a process of their own: the same rows, the same refusals, and an end to what takes too much."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hub.feeds.errors import FileRefusedError, OldWorkbookError, WorkbookDamagedError, WorkbookTooLargeError
from hub.feeds.readers.process import WorkbookProcess
from hub.feeds.readers.rows import Header
from hub.feeds.readers.workbook import OLE_MAGIC, WorkbookReader
from hub.feeds.service import LoadRequest, load_file
from hub.kernel.database import Database
from hub.kernel.sandbox import Limits, Sandbox
from tests.support.feed_shapes import GOOD, HEAD
from tests.support.loading import BY, NOW, TODAY, load, write
from tests.support.odd_workbooks import HEADER, STYLES, row
from tests.support.reference import REFERENCE
from tests.support.workbooks import book, sheet

MB = 1 << 20


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with closing(Sandbox()) as made:
        yield made


def odd_book() -> bytes:
    rows: list[list[object]] = [
        HEADER,
        row(),
        row(颁发机构="_xD800_"),
        row(截止="#N/A"),
        ["合计"],
        row(证照编号="330802000002"),
    ]
    return book({"数据": sheet(rows, attributes={6: 'hidden="1"'}), "空": "<worksheet/>"}, styles=STYLES)


def test_rows_are_the_same_as_read_here(sandbox: Sandbox, tmp_path: Path) -> None:
    path = write(tmp_path, "book.xlsx", odd_book())
    columns = tuple(map(str, HEADER))

    there, here = WorkbookProcess(path, sandbox), WorkbookReader(path)

    assert there.heads() == here.heads()
    headers = [Header(here.heads()[0], 1, columns, frozenset(columns))]
    assert list(there.rows(headers)) == list(here.rows(headers))
    assert there.fraction() > 0
    here.close()


def test_a_workbook_is_loaded_from_there_with_the_same_counts(
    db: Database, sandbox: Sandbox, tmp_path: Path
) -> None:
    load(db, write(tmp_path, "market.csv", f"{HEAD}\n{GOOD}\n"))
    path = write(tmp_path, "book.xlsx", odd_book())

    loading = load_file(LoadRequest(path, None, BY, NOW, TODAY, sandbox=sandbox, reference=REFERENCE), db=db)

    assert (loading.accepted, loading.refused) == (1, {"DATE": 1, "ENCODING": 1})
    assert loading.apart == {"ROW_FOOTER": 1, "ROW_HIDDEN": 1}


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (OLE_MAGIC + b"\0" * 100, OldWorkbookError),
        (b"PK\x03\x04" + b"\0" * 100, WorkbookDamagedError),
        (book({"数据": "<worksheet><sheetData><row r='0'/>"}), WorkbookDamagedError),
        (book({"数据": sheet([HEADER]) + " " * (64 * MB)}), WorkbookTooLargeError),
    ],
)
def test_refusals_come_back_as_they_are(
    sandbox: Sandbox, tmp_path: Path, content: bytes, error: type[FileRefusedError]
) -> None:
    with pytest.raises(error):
        WorkbookProcess(write(tmp_path, "book.xlsx", content), sandbox).heads()


@pytest.mark.parametrize(
    "limits",
    [
        Limits(cpu_seconds=1, wall_seconds=60.0),
        Limits(cpu_seconds=60, memory_bytes=200 * MB, wall_seconds=60.0),
    ],
)
def test_one_that_takes_too_much_is_ended_and_named(sandbox: Sandbox, tmp_path: Path, limits: Limits) -> None:
    strings = "<sst>" + "".join(f"<si><t>{number:>50}</t></si>" for number in range(1_200_000)) + "</sst>"
    path = write(
        tmp_path, "book.xlsx", book({"数据": sheet([HEADER])}, parts={"xl/sharedStrings.xml": strings})
    )

    with pytest.raises(WorkbookTooLargeError):
        WorkbookProcess(path, sandbox, limits=limits).heads()
