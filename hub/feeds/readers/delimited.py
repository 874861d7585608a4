"""CSV as departments write it: any of four delimiters, quoted line breaks, and quotes that never close."""

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path

from hub.feeds.readers.lines import Line, LineFile
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

DELIMITERS = ",\t;|"
MAX_RECORD_LINES = 20  # lines in one quoted cell; beyond that a quote was left open
MAX_RECORD_CHARS = 1 << 16  # of a record over several lines, for the same reason
QUOTE = '"'
_WRAPPING = (
    r"[\s\"'=\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]{0,8}"  # around a code that stands alone
)
_CODE_ALONE = re.compile(rf"(?=(?:[^0-9]*[0-9]){{8}}){_WRAPPING}[0-9A-Za-z]{{15,20}}{_WRAPPING}\Z")
_DAY_ALONE = re.compile(r"\s*(?:19|20|99)\d{2}[-/.年]?\d{1,2}[-/.月]?\d{1,2}日?\s*\Z")


class DelimitedReader:
    """A CSV file. One bad row never swallows the next: an open quote gives up its own line only."""

    def __init__(self, path: Path) -> None:
        self._file = LineFile(path)

    def heads(self) -> Sequence[FirstRows]:
        """Return the same first rows, read with each delimiter that occurs in them."""
        lines = [line for line in islice(self._file.lines(), HEADER_ROWS) if not line.fault]
        found = [d for d in DELIMITERS if any(d in line.text for line in lines)] or [DELIMITERS[0]]
        return [FirstRows(tuple(_head_rows(lines, d)), delimiter=d) for d in found]

    def rows(self, headers: Sequence[Header]) -> Iterator[RawRow]:
        (header,) = headers
        lines = _Lines(line for line in self._file.lines() if line.number > header.last_line)
        for line in lines:
            yield _row(line, lines, header)

    def fraction(self) -> float:
        return self._file.fraction()

    def close(self) -> None:
        self._file.close()


class _Lines:
    """Lines with the possibility to put some back."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._returned: deque[Line] = deque()

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> Line:
        return self._returned.popleft() if self._returned else next(self._lines)

    def put_back(self, lines: Sequence[Line]) -> None:
        self._returned.extendleft(reversed(lines))


def _head_rows(lines: Sequence[Line], delimiter: str) -> Iterator[HeadRow]:
    source = _Lines(iter(lines))
    for line in source:
        taken = [line, *_continuation(line, source, delimiter)]
        cells = _cells("\n".join(one.text for one in taken), delimiter, strict=False)
        yield HeadRow(taken[-1].number, cells or [])


def _row(line: Line, lines: _Lines, header: Header) -> RawRow:
    if line.fault:
        return RawRow(line.number, {}, Fault(line.fault, WHOLE_ROW, line.text[:MAX_SHOWN_CHARS]))
    delimiter, columns = header.head.delimiter, header.columns
    text = line.text
    if QUOTE in text:
        more = _continuation(line, lines, delimiter)
        cells = _cells("\n".join((text, *(one.text for one in more))), delimiter, strict=bool(more))
        if more and (cells is None or len(cells) != len(columns) or _swallows(more, header)):
            lines.put_back(more if cells is None else [*more[:-1], _closing(more[-1])])
            return _faulty(line, "QUOTES", text)
        if cells is None:
            return _faulty(line, "QUOTES" if _is_open(text, delimiter) else "TOO_LONG", text)
    else:
        cells = text.split(delimiter)
    return _fitted(line, cells, columns)


def _swallows(more: Sequence[Line], header: Header) -> bool:
    """Whether a line inside a quoted cell is a row itself: it has a code in a cell of its own, or all the columns."""
    width = len(header.columns)
    for line in more:
        cells = line.text.split(header.head.delimiter)
        if any(map(_CODE_ALONE.match, cells)) or (len(cells) == width and any(map(_DAY_ALONE.match, cells))):
            return True
    return False


def _closing(line: Line) -> Line:
    """The line whose quote closed one left open above: with an odd one it cannot be read alone either."""
    return line._replace(fault="QUOTES") if line.text.count(QUOTE) % 2 else line


def _fitted(line: Line, cells: list[str], columns: Sequence[str]) -> RawRow:
    """Cells under their headers; an empty line, a row of empty cells or the header once more is blank."""
    if not any(cells) or not any(map(str.strip, cells)) or _repeats(cells, columns):
        return RawRow(line.number, {})
    if len(cells) < len(columns):
        return _faulty(line, "COLUMNS", line.text)
    if len(cells) > len(columns) and any(map(str.strip, cells[len(columns) :])):
        return _faulty(line, "COLUMNS", line.text)
    return RawRow(line.number, dict(zip(columns, cells, strict=False)))


def _repeats(cells: list[str], columns: Sequence[str]) -> bool:
    return cells[0].strip() == columns[0] and [cell.strip() for cell in cells] == list(columns)


def _faulty(line: Line, reason: str, text: str) -> RawRow:
    return RawRow(line.number, {}, Fault(reason, WHOLE_ROW, text[:MAX_SHOWN_CHARS]))


def _continuation(line: Line, lines: _Lines, delimiter: str) -> list[Line]:
    """Further lines of a record whose quoted cell goes on; none when the quote is never closed."""
    text = line.text
    taken: list[Line] = []
    while QUOTE in text and _is_open(text, delimiter):
        following = next(lines, None)
        if following is not None:
            taken.append(following)
        if (
            following is None
            or following.fault
            or len(taken) >= MAX_RECORD_LINES
            or len(text) > MAX_RECORD_CHARS
        ):
            lines.put_back(taken)
            return []
        text = f"{text}\n{following.text}"
    return taken


def _is_open(text: str, delimiter: str) -> bool:
    return _open_record(delimiter).match(text) is not None


@cache
def _open_record(delimiter: str) -> re.Pattern[str]:
    """Matches a record that ends inside a quoted cell: whole cells, then a quote that does not close (RFC 4180).

    Possessive throughout, so that it is linear in the length of the text.
    """
    d = re.escape(delimiter)
    closed = '"[^"]*+(?:""[^"]*+)*+"'
    return re.compile(f'(?:(?:{closed}[^{d}]*+|(?!")[^{d}]*+){d})*+"[^"]*+(?:""[^"]*+)*+\\Z')


def _cells(text: str, delimiter: str, *, strict: bool) -> list[str] | None:
    """The cells of one record; None when it cannot be read as one.

    `strict`: nothing may follow a closing quote but a delimiter, or an open quote would join two rows into one.
    """
    if QUOTE not in text:
        return text.split(delimiter)
    if _is_open(text, delimiter):
        return None
    try:
        return next(csv.reader((text,), delimiter=delimiter, strict=strict), [])
    except csv.Error:
        return None
