"""Workbooks read in a process of their own, with limits of time and memory; what comes back are rows as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO, Final

from hub.feeds.errors import (
    FileRefusedError,
    OldWorkbookError,
    WorkbookDamagedError,
    WorkbookTooLargeError,
)
from hub.feeds.readers.rows import Fault, FirstRows, Header, HeadRow, RawRow
from hub.feeds.readers.workbook import WorkbookReader
from hub.kernel.sandbox import (
    Limits,
    Parser,
    ParserCrashedError,
    ParserRefusalError,
    Sandbox,
    TooCostlyError,
)

# A full sheet takes some minutes of CPU, its shared strings some 500 MB; the hub's own storing counts on the wall.
LIMITS: Final = Limits(
    cpu_seconds=900, wall_seconds=6 * 3600.0, memory_bytes=1 << 30, answer_bytes=1 << 34, open_files=32
)
_REFUSALS: Final[Mapping[str, type[FileRefusedError]]] = {
    kind.reason: kind for kind in (OldWorkbookError, WorkbookDamagedError, WorkbookTooLargeError)
}


class WorkbookProcess:
    """A workbook as `WorkbookReader` reads it, elsewhere.

    Raises: OldWorkbookError, WorkbookTooLargeError (also for more time or memory than it may take),
    WorkbookDamagedError; ParserBusyError, ParserAwayError for the hub.
    """

    def __init__(self, path: Path, sandbox: Sandbox, *, limits: Limits = LIMITS) -> None:
        self._path = path
        self._sandbox = sandbox
        self._limits = limits
        self._stream: Iterator[Any] = iter(())
        self._fraction = 0.0

    def heads(self) -> Sequence[FirstRows]:
        return [
            FirstRows(tuple(HeadRow(line, cells) for line, cells in rows), sheet=sheet, is_hidden=is_hidden)
            for sheet, is_hidden, rows in self._told(heads_of, {})
        ]

    def rows(self, headers: Sequence[Header]) -> Iterator[RawRow]:
        wanted = [
            [header.head.sheet, header.last_line, list(header.columns), sorted(header.strict)]
            for header in headers
        ]
        for line, values, fault, sheet, marks, fraction in self._told(rows_of, {"headers": wanted}):
            self._fraction = fraction
            yield RawRow(line, values, Fault(*fault) if fault else None, sheet, tuple(marks))

    def fraction(self) -> float:
        return self._fraction

    def close(self) -> None:
        """Nothing is open between two readings."""

    def _told(self, parser: Parser, arguments: Mapping[str, Any]) -> Iterator[Any]:
        with self._path.open("rb") as file:
            stream = self._sandbox.stream(parser, file, limits=self._limits, arguments=arguments)
            with closing(stream):
                try:
                    yield from stream
                except ParserRefusalError as error:
                    raise _REFUSALS.get(error.code, WorkbookDamagedError)(error.detail) from error
                except TooCostlyError as error:
                    raise WorkbookTooLargeError from error
                except ParserCrashedError as error:
                    raise WorkbookDamagedError from error


def heads_of(file: BinaryIO, _arguments: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the first rows of every sheet, on the parser's side."""
    try:
        with closing(WorkbookReader(file)) as reader:
            for head in reader.heads():
                yield [head.sheet, head.is_hidden, [[row.line, list(row.cells)] for row in head.rows]]
    except FileRefusedError as error:
        raise ParserRefusalError(error.reason, error.detail) from error


def rows_of(file: BinaryIO, arguments: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the rows below the headers that were chosen, on the parser's side."""
    headers = [
        Header(FirstRows((), sheet=sheet), last_line, tuple(columns), frozenset(strict))
        for sheet, last_line, columns, strict in arguments["headers"]
    ]
    try:
        with closing(WorkbookReader(file)) as reader:
            for row in reader.rows(headers):
                yield [row.line, row.values, row.fault, row.sheet, row.marks, round(reader.fraction(), 4)]
    except FileRefusedError as error:
        raise ParserRefusalError(error.reason, error.detail) from error
