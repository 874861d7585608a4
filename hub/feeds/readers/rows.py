"""What every reader hands out, whatever the file was."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

WHOLE_ROW = "整行"  # the column named for a fault that no single column has
MAX_SHOWN_CHARS = 200  # of a faulty value; the rest of a megabyte helps nobody
HEADER_ROWS = 10  # titles and two-line headers stand within the first ten rows, or the file is no table


class Fault(NamedTuple):
    """Why a row cannot be read at all: a reason code of hub.feeds.reasons, the column, the text."""

    reason: str
    column: str
    value: str


class RawRow(NamedTuple):
    """One row as read: values by column header, or a fault, or neither for a blank row."""

    line: int  # as an editor or a spreadsheet counts, from 1; of a record over several lines, the first
    values: Mapping[str, str]
    fault: Fault | None = None
    sheet: str = ""
    marks: tuple[str, ...] = ()  # doubts about how the row was read, kept with its record

    @property
    def is_blank(self) -> bool:
        return not self.values and self.fault is None


class HeadRow(NamedTuple):
    """One of the first rows, where the header is looked for."""

    line: int
    cells: Sequence[str]


class FirstRows(NamedTuple):
    """The first rows of one table of a file; `sheet` is "" outside workbooks, `delimiter` outside CSV."""

    rows: tuple[HeadRow, ...]
    sheet: str = ""
    delimiter: str = ""
    is_hidden: bool = False  # tells no source; its rows are counted apart


class Header(NamedTuple):
    """Where the header was found and what its columns are called; names are unique within a table."""

    head: FirstRows
    last_line: int
    columns: tuple[str, ...]
    strict: frozenset[str]  # columns that a mapping reads; only these must hold plain values


class TableReader(Protocol):
    """A file as tables. `rows` may be called once."""

    def heads(self) -> Sequence[FirstRows]:
        """Return the first rows of each table, or of each way to read the one table."""

    def rows(self, headers: Sequence[Header]) -> Iterator[RawRow]: ...

    def fraction(self) -> float:
        """Return how much of the file has been read, 0 to 1."""

    def close(self) -> None: ...
