"""One chunk of rows: checked without the database, then stored with a handful of statements."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from hub.feeds.checks import CheckContext, Row, check
from hub.feeds.footers import is_footer, split_line
from hub.feeds.kinds import Origin, follow_up, store_rows
from hub.feeds.members import MAX_UNREAD, absent_end, unread
from hub.feeds.privacy import masked_extra, shown, shown_row
from hub.feeds.readers.rows import WHOLE_ROW, Fault, RawRow
from hub.feeds.recognition import RecognisedFile
from hub.kernel.exports import visible_text
from hub.registry.reading.errors import RowRefusedError, ValueTooLongError
from hub.registry.reading.kinds import RowKind
from hub.registry.reading.texts import folded
from hub.registry.records import DepartmentRecord, StoreOutcome

MAX_EXTRA_COLUMNS = 50  # columns beside those a source is read for
MAX_EXTRA_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row for the report; values are cut, visible and masked."""

    sheet: str
    line: int
    column: str
    value: str
    reason: str
    row: Mapping[str, str]


@dataclass(slots=True)
class Chunk:
    """What checking made of some rows."""

    rows: int = 0
    blank: int = 0
    good: list[tuple[RawRow, DepartmentRecord]] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    unread: dict[str, None] = field(default_factory=dict)  # columns that no field reads, in their order


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """What storing made of a chunk."""

    outcomes: Mapping[StoreOutcome, int]
    refused: Sequence[RefusedRow]


def judge(rows: Iterable[RawRow], recognised: RecognisedFile, context: CheckContext) -> Chunk:
    """Check rows; each becomes a record, a refusal, or counts as blank."""
    chunk = Chunk()
    for row in rows:
        chunk.rows += 1
        if row.fault is not None:
            chunk.refused.append(_unread(row, row.fault))
        elif row.is_blank:
            chunk.blank += 1
        else:
            _judge_one(row, recognised, context, chunk)
    return chunk


def _unread(row: RawRow, fault: Fault) -> RefusedRow:
    """A row that a reader gave up; a line of another width below a table is often no row of it."""
    footer = fault.reason == "COLUMNS" and is_footer(split_line(fault.value))
    return _refused(row, "ROW_FOOTER" if footer else fault.reason, fault.column, fault.value)


def _judge_one(row: RawRow, recognised: RecognisedFile, context: CheckContext, chunk: Chunk) -> None:
    columns = recognised.fields[row.sheet]
    texts = {name: row.values.get(column, "") for name, column in columns.items()}
    if len(chunk.unread) < MAX_UNREAD:
        chunk.unread.update(dict.fromkeys(unread(row.values, columns)))
    try:
        marks = (*row.marks, *absent_end(row, columns, context.source.kind.ends))
        extra = _extra(row, columns) if context.source.kind.keeps_rest else {}
        chunk.good.append((row, _marked(check(Row(texts, extra), context), context.source.kind, marks)))
    except RowRefusedError as error:
        if is_footer(row.values.values()):
            chunk.refused.append(
                _refused(row, "ROW_FOOTER", WHOLE_ROW, next(filter(str.strip, row.values.values())))
            )
            return
        column = columns.get(error.field) or _own_header(context, error.field)
        chunk.refused.append(_refused(row, error.reason, column, row.values.get(column, error.value)))


def _marked(record: DepartmentRecord, kind: RowKind, marks: tuple[str, ...]) -> DepartmentRecord:
    """The record with the reader's doubts, where it keeps any."""
    if marks and kind.keeps_doubts:
        doubtful: Any = record
        record = replace(doubtful, quality=(*doubtful.quality, *marks))
    return record


def _own_header(context: CheckContext, name: str) -> str:
    """The column a source should have had, or the column that is no field at all."""
    return next((one.headers[0] for one in context.source.fields if one.name == name), name)


def _extra(row: RawRow, columns: Mapping[str, str]) -> dict[str, str]:
    rest = {name: text for name in unread(row.values, columns) if (text := row.values[name].strip())}
    for place, (name, text) in enumerate(rest.items()):
        if len(text) > MAX_EXTRA_CHARS or place >= MAX_EXTRA_COLUMNS:
            raise ValueTooLongError(name, text)
    return {shown(name): visible_text(masked_extra(name, text)) for name, text in rest.items()}


def _refused(row: RawRow, reason: str, column: str, value: str) -> RefusedRow:
    return RefusedRow(row.sheet, row.line, column, shown(value), reason, shown_row(row.values))


def store(session: Session, chunk: Chunk, kind: RowKind, origin: Origin) -> ChunkResult:
    """Store a chunk's records; what speaks of something unknown is refused here, first of all of an unknown enterprise."""
    good, refused = _found(session, chunk.good, kind)
    records = [record for _, record in good]
    outcomes = store_rows(session, kind, records, origin)
    changed = {
        record.uscc
        for record, outcome in zip(records, outcomes, strict=True)
        if outcome is StoreOutcome.ACCEPTED
    }
    follow_up(session, kind, changed, origin)
    return ChunkResult(Counter(outcomes), (*chunk.refused, *refused))


def _found(
    session: Session, rows: Sequence[tuple[RawRow, DepartmentRecord]], kind: RowKind
) -> tuple[Sequence[tuple[RawRow, DepartmentRecord]], list[RefusedRow]]:
    refused = []
    for find in kind.finders:
        answers = find(session, [record for _, record in rows])
        good = []
        for (row, _), answer in zip(rows, answers, strict=True):
            if isinstance(answer, RowRefusedError):
                refused.append(_refused(row, answer.reason, _column_of(row, answer), answer.value))
            else:
                good.append((row, answer))
        rows = good
    return rows, refused


def _column_of(row: RawRow, error: RowRefusedError) -> str:
    """The column that says it, however it is written there."""
    return next(
        (name for name, text in row.values.items() if error.value in folded(text).upper()), error.field
    )
