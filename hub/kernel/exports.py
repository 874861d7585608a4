"""The one writer of tables that people open in a spreadsheet: CSV and XLSX, with nothing live in any cell.

A spreadsheet takes a text that begins with `=`, `+`, `-` or `@` for a formula (CWE-1236); such a text gets an
apostrophe in front, control and direction-changing characters become visible escapes.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from tempfile import SpooledTemporaryFile

from hub.kernel.visible_characters import UNSEEN

Cell = str | int | float | Decimal | date | datetime | None

BOM = "\ufeff"  # without it a Chinese Excel reads UTF-8 as GBK
MAX_CELL_CHARS = 32_767  # what a spreadsheet's cell holds
SPOOL_BYTES = 1 << 20  # a workbook above this is put together on disk

_DANGEROUS = frozenset("=+-@|%\t\r\n")
_SKIPPED = re.compile(r'[\s"]*')  # some readers drop a quotation mark in the middle of a line
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?\Z", re.ASCII)
_SEPARATOR = ";"  # of lists where a comma parts decimals: a table opened there is cut at it, quoted or not


def defused(value: Cell) -> Cell:
    """Return the value as a cell in which nothing is calculated, fetched or hidden. Numbers and dates pass as they are."""
    if not isinstance(value, str):
        return value
    visible = visible_text(value)[: MAX_CELL_CHARS - 1]
    return "'" + visible if _is_live(visible) and not _NUMBER.match(visible) else visible


def visible_text(text: str) -> str:
    """Control, format and separator characters as visible escapes; everything else unchanged."""
    if text.isprintable():
        return text
    return "".join(_escape(c) if unicodedata.category(c) in UNSEEN else c for c in text)


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """UTF-8 with BOM, CRLF, one chunk per row, so that a long table is never held as a whole."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write(BOM)
    writer.writerow([_parted(defused(header)) for header in headers])
    for row in rows:
        yield _drain(buffer)
        writer.writerow([_parted(defused(cell)) for cell in row])
    yield _drain(buffer)


def write_xlsx(headers: Sequence[str], rows: Iterable[Sequence[Cell]], *, title: str = "Sheet1") -> bytes:
    """Return a workbook of one sheet, streamed row by row; aware moments are written as ISO text, as XLSX has no zones."""
    from openpyxl import Workbook  # noqa: PLC0415  # half a second and 13 MB that only workbooks need

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.append([defused(header) for header in headers])
    for row in rows:
        sheet.append([_plain(defused(cell)) for cell in row])
    with SpooledTemporaryFile(max_size=SPOOL_BYTES) as file:
        book.save(file)
        file.seek(0)
        return file.read()


def _is_live(text: str) -> bool:
    """Whether a spreadsheet would calculate this; full-width and small signs count as the signs that they look like."""
    return unicodedata.normalize("NFKC", text.lstrip()[:1])[:1] in _DANGEROUS


def _parted(value: Cell) -> Cell:
    """The value such that no piece of it is live where the spreadsheet cuts lines at semicolons."""
    if not isinstance(value, str) or _SEPARATOR not in value:
        return value
    first, *others = value.split(_SEPARATOR)
    safe = (f"'{piece}" if _is_live(_SKIPPED.sub("", piece, count=1)) else piece for piece in others)
    return _SEPARATOR.join((first, *safe))


def _plain(value: Cell) -> Cell:
    return value.isoformat() if isinstance(value, datetime) and value.tzinfo else value


def _drain(buffer: io.StringIO) -> bytes:
    data = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return data


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode()
