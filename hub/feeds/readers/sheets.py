"""One sheet of a workbook, row by row in bounded memory: texts of cells, what is hidden, struck out or merged."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import lru_cache
from typing import IO, Final, NamedTuple

from hub.feeds.errors import WorkbookTooLargeError
from hub.feeds.readers.numbers import written_number
from hub.feeds.readers.package import PIECE_BYTES, XmlPieces
from hub.feeds.readers.strings import SharedText, TextBuilder, unescaped
from hub.feeds.readers.styles import PLAIN, CellStyle, Styles

MAX_SHEET_ROWS: Final = 1_048_576  # Excel's own limit; a row number beyond it is made up
MAX_SHEET_COLUMNS: Final = 16_384  # likewise
MAX_MERGES: Final = 100_000  # one for each group of a table's rows; more is no table
ERROR: Final = "#ERROR!"  # of an error cell that does not say which
DAYS_KEPT: Final = 65_536
_ON: Final = frozenset({"1", "true", "on"})
_MERGE: Final = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]{0,80}?ref\s*=\s*[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']"
)
MERGE_BYTES: Final = 200  # longer than one such element


class Cell(NamedTuple):
    text: str
    is_struck: bool


class SheetRow(NamedTuple):
    """One row that is in the file: cells by column from 0, empty ones left out."""

    line: int
    cells: Mapping[int, Cell]
    is_hidden: bool


class Merge(NamedTuple):
    """A cell that goes on below or beside: its first and last column from 0, its first and last row from 1."""

    column: int
    last_column: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class WorkbookTexts:
    """What the cells of all sheets refer to. `epoch`: the day 0 of its dates."""

    strings: list[SharedText]
    styles: Styles
    epoch: datetime


def merges_of(part: IO[bytes]) -> list[Merge]:
    """Return the merged cells of a sheet, by first row; they stand behind its rows.

    Raises: WorkbookTooLargeError.
    """
    found: list[Merge] = []
    kept = b""
    while piece := part.read(PIECE_BYTES):
        text = kept + piece
        done = 0
        for one in _MERGE.finditer(text):
            done = one.end()
            columns = column_of(one[1].decode()), column_of(one[3].decode())
            found.append(Merge(*columns, int(one[2]), int(one[4])))
        if len(found) > MAX_MERGES:
            raise WorkbookTooLargeError("merged cells")
        kept = text[max(done, len(text) - MERGE_BYTES) :]
    return sorted(found, key=lambda merge: merge.first)


def sheet_rows(part: IO[bytes], book: WorkbookTexts) -> Iterator[SheetRow]:
    """Return the rows of a sheet, whatever size it says it has.

    Raises: ValueError, LookupError, ExpatError for one that is damaged.
    """
    builder = _Rows(book)
    parser = XmlPieces(start=builder.start, end=builder.end)
    while not builder.is_over and (piece := part.read(PIECE_BYTES)):
        parser.feed(piece)
        yield from builder.taken()
    if not builder.is_over:
        parser.feed(b"")
        yield from builder.taken()


@dataclass(slots=True)
class _Rows:
    """Rows as the parser comes to them; elements outside rows are passed over."""

    book: WorkbookTexts
    is_over: bool = False
    _done: list[SheetRow] = field(default_factory=list)
    _line: int = 0
    _hidden: bool = False
    _cells: dict[int, Cell] = field(default_factory=dict)
    _column: int = -1
    _kind: str = "n"
    _style: CellStyle = PLAIN
    _value: str | None = None
    _formula: str | None = None
    _inside: TextBuilder | None = None

    def taken(self) -> list[SheetRow]:
        done, self._done = self._done, []
        return done

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "row":
            self._start_row(attributes)
        elif tag == "is":
            self._inside = TextBuilder()
        elif self._inside is not None:
            self._inside.start(tag, attributes)

    def end(self, tag: str, text: str) -> None:
        if tag == "v":
            self._value = text
        elif tag == "c":
            self._end_cell()
        elif tag == "row":
            self._done.append(SheetRow(self._line, self._cells, self._hidden))
            self._cells = {}
        elif tag == "f":
            self._formula = text
        elif tag == "sheetData":
            self.is_over = True
        elif self._inside is not None:
            self._inside.end(tag, text)

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        line = int(attributes.get("r", self._line + 1))
        if not self._line < line <= MAX_SHEET_ROWS:
            raise ValueError(f"row {line}")
        self._line, self._column = line, -1
        self._hidden = attributes.get("hidden") in _ON or attributes.get("ht") == "0"

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        reference = attributes.get("r")
        column = self._column + 1 if reference is None else _column_in(reference)
        if not self._column < column < MAX_SHEET_COLUMNS:
            raise ValueError(f"cell {reference} in row {self._line}")
        self._column = column
        self._kind = attributes.get("t", "n")
        self._style = self.book.styles.named(attributes.get("s"))
        self._value = self._formula = self._inside = None

    def _end_cell(self) -> None:
        text, is_struck = self._text()
        if text:
            self._cells[self._column] = Cell(text, is_struck or self._style.is_struck)
        self._inside = None

    def _text(self) -> SharedText:
        if self._formula is not None:
            return SharedText(f"={self._formula}")
        value = self._value
        if self._kind == "inlineStr":
            return self._inside.taken() if self._inside is not None else SharedText("")
        if self._kind == "e":
            return SharedText(value if value and value.startswith("#") else ERROR)
        if value is None or not value:
            return SharedText("")
        if self._kind == "s":
            return self._shared(int(value))
        return SharedText(self._plain(value))

    def _shared(self, number: int) -> SharedText:
        if number < 0:
            raise ValueError(f"text {number}")
        return self.book.strings[number]

    def _plain(self, value: str) -> str:
        match self._kind:
            case "n":
                if self._style.is_day:
                    return _day(value, self.book.epoch)
                text = written_number(value)
                return text.zfill(self._style.digits) if text.isdecimal() else text
            case "b":
                return "TRUE" if value.strip() in _ON else "FALSE"
            case _:
                return unescaped(value)


@lru_cache(maxsize=DAYS_KEPT)
def _day(raw: str, epoch: datetime) -> str:
    """A number under a format for days, as ISO text; an error for one that is no day of the calendar."""
    from openpyxl.utils.datetime import from_excel  # noqa: PLC0415  # as in hub.feeds.readers.styles

    try:
        moment = from_excel(float(raw), epoch)
    except (OverflowError, ValueError):
        return ERROR
    if isinstance(moment, datetime) and moment.time() == time():
        return moment.date().isoformat()
    return moment.isoformat(" ") if isinstance(moment, datetime) else str(moment)


@lru_cache(maxsize=MAX_SHEET_COLUMNS)
def column_of(letters: str) -> int:
    """Return the column from 0 of its capital letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _column_in(reference: str) -> int:
    letters = reference.rstrip("0123456789")
    if not (letters.isascii() and letters.isalpha()) or len(letters) > 3:  # noqa: PLR2004  # XFD is the last
        raise ValueError(reference[:20])
    return column_of(letters.upper())
