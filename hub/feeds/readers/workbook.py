"""XLSX and XLSM as data: nothing is calculated or run, and nothing is unpacked before its size is known."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from hub.feeds.errors import OldWorkbookError, WorkbookDamagedError, WorkbookTooLargeError
from hub.feeds.footers import is_footer
from hub.feeds.readers.package import STRINGS_PART, Relation, WorkbookPackage, damage_named, read_xml
from hub.feeds.readers.rows import (
    HEADER_ROWS,
    MAX_SHOWN_CHARS,
    WHOLE_ROW,
    Fault,
    FirstRows,
    Header,
    HeadRow,
    RawRow,
)
from hub.feeds.readers.sheets import Cell, Merge, SheetRow, WorkbookTexts, merges_of, sheet_rows
from hub.feeds.readers.strings import SharedText, shared_strings, unescaped
from hub.feeds.readers.styles import Styles
from hub.kernel.exports import visible_text

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and every encrypted workbook
MAX_TRAILING_BLANKS = 1_000  # more is formatting left behind below the table, often down to Excel's last row
MAX_SHEETS = 100
WINDOWS_EPOCH, MAC_EPOCH = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001  # ECMA-376 Part 1, 18.17.4.1
MAX_TITLE_CHARS = 31  # Excel's own limit, and what a report keeps
MAX_HEAD_COLUMNS = 1_000  # the widest real table has some sixty; cells beyond belong to no header
BYTES_A_ROW = 500  # a guess, for showing progress only
CELLS_MERGED: Final = "CELLS_MERGED"
_ON = frozenset({"1", "true", "on"})


class _Sheet(NamedTuple):
    label: str
    part: str
    is_hidden: bool


class WorkbookReader:
    """A workbook's sheets. Formulas stay text and are refused by the rules; charts, dialogs and macros are passed over.

    Rows that are hidden (or whose sheet is) and rows with struck-out cells are handed out as faults of their own.
    Raises: OldWorkbookError, WorkbookTooLargeError, WorkbookDamagedError.
    """

    def __init__(self, source: Path | BinaryIO) -> None:
        with source.open("rb") if isinstance(source, Path) else nullcontext(source) as file:
            if file.read(len(OLE_MAGIC)) == OLE_MAGIC:
                raise OldWorkbookError
        self._package = WorkbookPackage(source)
        try:
            with damage_named():
                self._sheets, self._book = _contents(self._package)
        except (WorkbookDamagedError, WorkbookTooLargeError):
            self.close()
            raise
        self._total = (
            sum(self._package.size(sheet.part) for sheet in self._sheets.values()) // BYTES_A_ROW or 1
        )
        self._read = 0

    def heads(self) -> Sequence[FirstRows]:
        with damage_named():
            return [
                FirstRows(tuple(self._head_rows(sheet)), sheet=label, is_hidden=sheet.is_hidden)
                for label, sheet in self._sheets.items()
            ]

    def rows(self, headers: Sequence[Header]) -> Iterator[RawRow]:
        for header in headers:
            sheet = self._sheets[header.head.sheet]
            with damage_named():
                for row in self._below(sheet, header):
                    self._read += 1
                    yield row

    def fraction(self) -> float:
        return min(1.0, self._read / self._total)

    def close(self) -> None:
        self._package.close()

    def _head_rows(self, sheet: _Sheet) -> Iterator[HeadRow]:
        with self._package.open(sheet.part) as part:
            rows = _with_gaps(sheet_rows(part, self._book), after=0)
            for row in islice(rows, HEADER_ROWS):
                yield HeadRow(row.line, _listed(row.cells))

    def _below(self, sheet: _Sheet, header: Header) -> Iterator[RawRow]:
        with self._package.open(sheet.part) as part:
            merges = merges_of(part)
        filler = _Filler([merge for merge in merges if merge.first > header.last_line])
        with self._package.open(sheet.part) as part:
            for row in _with_gaps(sheet_rows(part, self._book), after=header.last_line):
                cells, is_filled = filler.filled(row)
                marks = (CELLS_MERGED,) if is_filled else ()
                yield _row(row, cells, header, sheet, marks=marks, covered=filler.covered(cells))


class _Filler:
    """Carries the value of a cell that is merged downwards into the rows it covers, and knows what it covers beside."""

    def __init__(self, merges: Sequence[Merge]) -> None:
        self._waiting = list(reversed(merges))
        self._open: dict[int, tuple[int, Cell]] = {}  # column → last row, value
        self._beside: dict[int, int] = {}  # column that a cell on its left covers → last row

    def filled(self, row: SheetRow) -> tuple[Mapping[int, Cell], bool]:
        """Return the cells with those from above, and whether there are any."""
        self._begin(row)
        self._beside = {column: last for column, last in self._beside.items() if last >= row.line}
        if not self._open:
            return row.cells, False
        self._open = {column: held for column, held in self._open.items() if held[0] >= row.line}
        above = {column: cell for column, (_, cell) in self._open.items() if column not in row.cells}
        return (above | dict(row.cells), True) if above else (row.cells, False)

    def covered(self, cells: Mapping[int, Cell]) -> frozenset[int]:
        """Return the columns of this row that hold nothing because a cell on their left covers them."""
        return frozenset(self._beside.keys() - cells.keys()) if self._beside else frozenset()

    def _begin(self, row: SheetRow) -> None:
        while self._waiting and self._waiting[-1].first <= row.line:
            merge = self._waiting.pop()
            if merge.first != row.line or merge.column not in row.cells:
                continue
            if merge.last > merge.first:
                self._open[merge.column] = (merge.last, row.cells[merge.column])
            for column in range(merge.column + 1, min(merge.last_column, MAX_HEAD_COLUMNS) + 1):
                self._beside[column] = merge.last


def _contents(package: WorkbookPackage) -> tuple[dict[str, _Sheet], WorkbookTexts]:
    main = next(
        (one.target for one in package.relations("").values() if one.kind == "officeDocument"),
        "xl/workbook.xml",
    )
    named, dates_from_1904 = _named_sheets(package, main)
    relations = package.relations(main)
    kinds: dict[str, str] = {one.kind: one.target for one in relations.values()}
    book = WorkbookTexts(
        strings=_strings(package, kinds.get("sharedStrings", STRINGS_PART)),
        styles=_styles(package, kinds.get("styles", "")),
        epoch=MAC_EPOCH if dates_from_1904 else WINDOWS_EPOCH,
    )
    return {sheet.label: sheet for sheet in _labelled(named, relations, package)}, book


def _named_sheets(package: WorkbookPackage, main: str) -> tuple[list[Mapping[str, str]], bool]:
    """The sheets that the workbook names, of every kind, and whether its dates count from 1904."""
    named: list[Mapping[str, str]] = []
    properties: list[Mapping[str, str]] = []

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "sheet":
            named.append(attributes)
        elif tag == "workbookPr":
            properties.append(attributes)

    with package.open(main) as part:
        read_xml(part, start=start)
    return named, any(one.get("date1904", "0").lower() in _ON for one in properties)


def _labelled(
    named: Sequence[Mapping[str, str]], relations: Mapping[str, Relation], package: WorkbookPackage
) -> Iterator[_Sheet]:
    """Worksheets by title; a title that is used twice or is longer than Excel's own limit gets its place added."""
    seen: set[str] = set()
    for place, attributes in enumerate(named[:MAX_SHEETS], 1):
        link = next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), "")
        relation = relations.get(link)
        if relation is None or relation.kind != "worksheet" or relation.target not in package:
            continue
        title = visible_text(unescaped(attributes.get("name", "")))
        label = title if len(title) <= MAX_TITLE_CHARS and title not in seen else f"{title[:25]}~{place}"
        seen.add(label)
        yield _Sheet(label, relation.target, attributes.get("state", "visible") != "visible")


def _strings(package: WorkbookPackage, name: str) -> list[SharedText]:
    if name not in package:
        return []
    with package.open(name) as part:
        return shared_strings(part)


def _styles(package: WorkbookPackage, name: str) -> Styles:
    if name not in package:
        return Styles(None)
    with package.open(name) as part:
        return Styles(part)


def _with_gaps(rows: Iterator[SheetRow], *, after: int) -> Iterator[SheetRow]:
    """Every row behind line `after`. Blank rows count when something follows them, or when they are few."""
    line = last = after
    for row in rows:
        last = max(last, row.line)
        if row.line <= after or not row.cells:
            continue
        yield from (SheetRow(skipped, {}, is_hidden=False) for skipped in range(line + 1, row.line))
        yield row
        line = row.line
    if last - line <= MAX_TRAILING_BLANKS:
        yield from (SheetRow(skipped, {}, is_hidden=False) for skipped in range(line + 1, last + 1))


def _row(
    row: SheetRow,
    cells: Mapping[int, Cell],
    header: Header,
    sheet: _Sheet,
    *,
    marks: tuple[str, ...],
    covered: frozenset[int],
) -> RawRow:
    columns = header.columns
    width = len(columns)
    texts = [""] * width
    for column, (text, _) in cells.items():
        if column < width:
            texts[column] = text
        elif text.strip():
            return RawRow(row.line, {}, Fault("COLUMNS", WHOLE_ROW, text[:MAX_SHOWN_CHARS]), sheet.label)
    if not any(map(str.strip, texts)) or (not row.cells and marks) or texts == list(columns):
        return RawRow(row.line, {}, sheet=sheet.label)
    values = dict(zip(columns, texts, strict=True))
    aside = _aside(row, cells, header, sheet)
    if aside is None and covered and not is_footer(texts):
        aside = _lost(cells, header, covered)
    return RawRow(row.line, values, aside, sheet.label, marks)


def _lost(cells: Mapping[int, Cell], header: Header, covered: frozenset[int]) -> Fault | None:
    """A column that is read and holds nothing because a cell beside it covers it: that is not "nothing"."""
    columns = header.columns
    lost = (
        column for column in sorted(covered) if column < len(columns) and columns[column] in header.strict
    )
    first = next(lost, None)
    if first is None:
        return None
    left = max(column for column in cells if column < first)
    return Fault("CELLS_ACROSS", columns[first], cells[left].text[:MAX_SHOWN_CHARS])


def _aside(row: SheetRow, cells: Mapping[int, Cell], header: Header, sheet: _Sheet) -> Fault | None:
    """Why a row is set aside although it can be read: nobody sees it, or somebody struck it out."""
    if row.is_hidden or sheet.is_hidden:
        return Fault("ROW_HIDDEN", WHOLE_ROW, next(iter(cells.values())).text)
    columns = header.columns
    struck = next(
        (
            c
            for c, cell in cells.items()
            if cell.is_struck and c < len(columns) and columns[c] in header.strict
        ),
        None,
    )
    return None if struck is None else Fault("ROW_STRUCK", columns[struck], cells[struck].text)


def _listed(cells: Mapping[int, Cell]) -> list[str]:
    width = min(max(cells, default=-1) + 1, MAX_HEAD_COLUMNS)
    return [cells[column].text if column in cells else "" for column in range(width)]
