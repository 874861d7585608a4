"""XLSX and XLSM as data: nothing is calculated or run, and nothing is unpacked before its size is known."""

import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from hub.feeds.errors import OldWorkbookError, WorkbookDamagedError, WorkbookTooLargeError
from hub.feeds.readers.rows import HEADER_ROWS, WHOLE_ROW, Fault, Head, Header, HeadRow, RawRow

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and every encrypted workbook
MAX_ENTRIES = 2_000  # parts of a package; a workbook of a hundred sheets has some 300
MAX_PART_BYTES = 512 << 20  # a full sheet of 1 048 576 rows and eight columns unpacks to some 400 MiB
MAX_UNPACKED_BYTES = 1 << 30
MAX_RATIO = 120  # sheets of equal rows pack 40 to 80 times; a bomb packs 1 000 times
RATIO_COUNTS_FROM = 4 << 20  # a small part may pack as well as it likes
MAX_STRINGS_BYTES = 96 << 20  # shared strings are the one part that has to be held in memory
MAX_SHEET_ROWS = 1_048_576  # Excel's own limit; a row number beyond it is made up
MAX_TRAILING_BLANKS = 1_000  # more is formatting left behind below the table, often down to Excel's last row
MAX_SHEETS = 100
MAX_TITLE_CHARS = 31  # Excel's own limit, and what a report keeps
STRINGS_PART = "xl/sharedStrings.xml"

_DAMAGED = (
    zipfile.BadZipFile,
    InvalidFileException,
    DefusedXmlException,
    ParseError,
    zlib.error,
    struct.error,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    OverflowError,
    RuntimeError,
)  # what openpyxl and zipfile raise at packages that are not what they say


class WorkbookReader:
    """A workbook's visible sheets. Formulas stay text and are refused by the rules, macros are never looked at.

    Raises: OldWorkbookError, WorkbookTooLargeError, WorkbookDamagedError.
    """

    def __init__(self, path: Path) -> None:
        _check_package(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that it drops; all are
            try:
                self._book: Workbook = load_workbook(path, read_only=True, data_only=False, keep_links=False)
            except _DAMAGED as error:
                raise WorkbookDamagedError(type(error).__name__) from error
            except OSError as error:
                if error.errno is not None:
                    raise  # the disk's fault and not the file's
                raise WorkbookDamagedError(str(error)) from error
        sheets = [sheet for sheet in self._book.worksheets[:MAX_SHEETS] if sheet.sheet_state == "visible"]
        self._sheets = dict(_labelled(sheets))
        self._total = sum(max(sheet.max_row or 1, 1) for sheet in sheets) or 1
        self._read = 0
        for sheet in sheets:
            sheet.reset_dimensions()  # what a file says of its own size may leave rows out

    def heads(self) -> Sequence[Head]:
        return [Head(tuple(self._head_rows(sheet)), sheet=label) for label, sheet in self._sheets.items()]

    def rows(self, headers: Sequence[Header]) -> Iterator[RawRow]:
        for header in headers:
            label = header.head.sheet
            for line, cells in _cells(self._sheets[label], first=header.last_line + 1):
                self._read += 1
                yield _row(line, cells, header, label)

    def fraction(self) -> float:
        return min(1.0, self._read / self._total)

    def close(self) -> None:
        self._book.close()

    @staticmethod
    def _head_rows(sheet: Any) -> Iterator[HeadRow]:
        for line, cells in islice(_cells(sheet, first=1), HEADER_ROWS):
            yield HeadRow(line, [_text(value) for value in cells])


def _labelled(sheets: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """Sheets by title; a title that is used twice or is longer than Excel's own limit gets its place added."""
    seen: set[str] = set()
    for place, sheet in enumerate(sheets, 1):
        title = str(sheet.title)
        label = title if len(title) <= MAX_TITLE_CHARS and title not in seen else f"{title[:25]}~{place}"
        seen.add(label)
        yield label, sheet


def _check_package(path: Path) -> None:
    """Read the directory of the package, nothing of its contents."""
    with path.open("rb") as file:
        if file.read(len(OLE_MAGIC)) == OLE_MAGIC:
            raise OldWorkbookError
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise WorkbookDamagedError(type(error).__name__) from error
    if len(parts) > MAX_ENTRIES or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise WorkbookTooLargeError
    for part in parts:
        limit = MAX_STRINGS_BYTES if part.filename == STRINGS_PART else MAX_PART_BYTES
        packed_too_well = (
            part.file_size > RATIO_COUNTS_FROM and part.file_size > max(part.compress_size, 1) * MAX_RATIO
        )
        if part.file_size > limit or packed_too_well:
            raise WorkbookTooLargeError(part.filename[:80])


def _cells(sheet: Any, *, first: int) -> Iterator[tuple[int, Sequence[Any]]]:
    """Rows by number. Blank rows count when something follows them, or when they are few."""
    blank = 0
    line = first - 1
    try:
        for line, cells in enumerate(sheet.iter_rows(min_row=first, values_only=True), first):
            if line > MAX_SHEET_ROWS:
                raise WorkbookDamagedError(f"row {line}")
            if all(cell is None for cell in cells):
                blank += 1
                continue
            yield from ((skipped, ()) for skipped in range(line - blank, line))
            blank = 0
            yield line, cells
    except _DAMAGED as error:
        raise WorkbookDamagedError(type(error).__name__) from error
    if blank <= MAX_TRAILING_BLANKS:
        yield from ((skipped, ()) for skipped in range(line + 1 - blank, line + 1))


def _row(line: int, cells: Sequence[Any], header: Header, sheet: str) -> RawRow:
    columns = header.columns
    texts = [_text(value) for value in cells]
    if not any(map(str.strip, texts)):
        return RawRow(line, {}, sheet=sheet)
    if any(map(str.strip, texts[len(columns) :])):
        extra = next(text for text in texts[len(columns) :] if text.strip())
        return RawRow(line, {}, Fault("COLUMNS", WHOLE_ROW, extra[:200]), sheet)
    texts += [""] * (len(columns) - len(texts))
    return RawRow(line, dict(zip(columns, texts, strict=False)), sheet=sheet)


def _text(value: Any) -> str:
    """A cell as a person would type it: ISO dates, whole numbers without a point, formulas as they are."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    write = _TEXTS.get(type(value))
    return write(value) if write else f"={getattr(value, 'text', None) or ''}"


_TEXTS: Mapping[type, Callable[[Any], str]] = MappingProxyType(
    {
        bool: lambda value: "TRUE" if value else "FALSE",
        int: str,
        float: lambda value: str(int(value)) if value.is_integer() else repr(value),
        datetime: lambda value: value.date().isoformat() if value.time() == time() else value.isoformat(" "),
        date: date.isoformat,
        time: time.isoformat,
        timedelta: str,
    }
)  # anything else is an object of openpyxl for an array or table formula
