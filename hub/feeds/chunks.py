"""One chunk of rows: checked without the database, then stored with a handful of statements."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, assert_never, cast
from uuid import UUID

from sqlalchemy.orm import Session

from hub.codes.plates import coverage
from hub.credit.records import PenaltyRecord
from hub.credit.store import store_penalties
from hub.feeds.checks import CheckContext, Record, Row, check
from hub.feeds.footers import is_footer, split_line
from hub.feeds.members import MAX_UNREAD, absent_end, unread
from hub.feeds.privacy import masked_extra, shown, shown_row
from hub.feeds.readers.rows import WHOLE_ROW, Fault, RawRow
from hub.feeds.recognition import RecognisedFile
from hub.feeds.sources import RowKind
from hub.kernel.exports import visible_text
from hub.licenses.premises_links import relink
from hub.licenses.records import LicenseRecord
from hub.licenses.store import store_licenses
from hub.licenses.summaries import mark_stale
from hub.registry.reading.texts import RowRefusedError
from hub.registry.store import (
    EnterpriseRecord,
    PremisesRecord,
    StoreOutcome,
    known_usccs,
    store_enterprises,
    store_premises,
)

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
    good: list[tuple[RawRow, Record]] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    unread: dict[str, None] = field(default_factory=dict)  # columns that no field reads, in their order


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """What storing made of a chunk."""

    outcomes: Mapping[StoreOutcome, int]
    refused: Sequence[RefusedRow]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a chunk comes from. `replay`: the same file was loaded before to its end."""

    source: str
    batch_id: UUID
    now: datetime
    today: date
    replay: bool


def judge(rows: Iterable[RawRow], recognised: RecognisedFile, desk: CheckContext) -> Chunk:
    """Check rows; each becomes a record, a refusal, or counts as blank."""
    chunk = Chunk()
    for row in rows:
        chunk.rows += 1
        if row.fault is not None:
            chunk.refused.append(_unread(row, row.fault))
        elif row.is_blank:
            chunk.blank += 1
        else:
            _judge_one(row, recognised, desk, chunk)
    return chunk


def _unread(row: RawRow, fault: Fault) -> RefusedRow:
    """A row that a reader gave up; a line of another width below a table is often no row of it."""
    footer = fault.reason == "COLUMNS" and is_footer(split_line(fault.value))
    return _refused(row, "ROW_FOOTER" if footer else fault.reason, fault.column, fault.value)


def _judge_one(row: RawRow, recognised: RecognisedFile, desk: CheckContext, chunk: Chunk) -> None:
    columns = recognised.fields[row.sheet]
    texts = {name: row.values.get(column, "") for name, column in columns.items()}
    if len(chunk.unread) < MAX_UNREAD:
        chunk.unread.update(dict.fromkeys(unread(row.values, columns)))
    try:
        marks = (*row.marks, *absent_end(row, columns))
        extra = _extra(row, columns) if desk.source.kind is RowKind.LICENSES else {}
        chunk.good.append((row, _marked(check(Row(texts, extra), desk), marks)))
    except RowRefusedError as error:
        if is_footer(row.values.values()):
            chunk.refused.append(
                _refused(row, "ROW_FOOTER", WHOLE_ROW, next(filter(str.strip, row.values.values())))
            )
            return
        column = columns.get(error.field) or _own_header(desk, error.field)
        chunk.refused.append(_refused(row, error.reason, column, row.values.get(column, error.value)))


def _marked(record: Record, marks: tuple[str, ...]) -> Record:
    """The record with the reader's doubts; places and penalties keep none."""
    if marks and isinstance(record, EnterpriseRecord | LicenseRecord):
        return replace(record, quality=(*record.quality, *marks))
    return record


def _own_header(desk: CheckContext, name: str) -> str:
    """The column a source should have had, or the column that is no field at all."""
    return next((one.headers[0] for one in desk.source.fields if one.name == name), name)


def _extra(row: RawRow, columns: Mapping[str, str]) -> dict[str, str]:
    rest = {name: text for name in unread(row.values, columns) if (text := row.values[name].strip())}
    for place, (name, text) in enumerate(rest.items()):
        if len(text) > MAX_EXTRA_CHARS or place >= MAX_EXTRA_COLUMNS:
            raise RowRefusedError("TOO_LONG", name, text)
    return {shown(name): visible_text(masked_extra(name, text)) for name, text in rest.items()}


def _refused(row: RawRow, reason: str, column: str, value: str) -> RefusedRow:
    return RefusedRow(row.sheet, row.line, column, shown(value), reason, shown_row(row.values))


def store(session: Session, chunk: Chunk, kind: RowKind, origin: Origin) -> ChunkResult:
    """Store a chunk's records; rows of enterprises that are not registered are refused here."""
    good, strangers = chunk.good, list[RefusedRow]()
    if kind is not RowKind.ENTERPRISES:
        known = known_usccs(session, (record.uscc for _, record in chunk.good))
        good = [(row, record) for row, record in chunk.good if record.uscc in known]
        strangers = [
            _refused(row, "UNKNOWN_HOLDER", _holder_column(row, record), record.uscc)
            for row, record in chunk.good
            if record.uscc not in known
        ]
    records = [record for _, record in good]
    outcomes = _store(session, records, kind, origin)
    changed = {
        record.uscc
        for record, outcome in zip(records, outcomes, strict=True)
        if outcome is StoreOutcome.ACCEPTED
    }
    _follow_up(session, kind, changed, origin)
    return ChunkResult(Counter(outcomes), (*chunk.refused, *strangers))


def _holder_column(row: RawRow, record: Record) -> str:
    return next((name for name, text in row.values.items() if record.uscc in text.upper()), "uscc")


def _store(session: Session, records: Sequence[Record], kind: RowKind, origin: Origin) -> list[StoreOutcome]:
    told: dict[str, Any] = {
        "source": origin.source,
        "batch_id": origin.batch_id,
        "now": origin.now,
        "replay": origin.replay,
    }
    match kind:
        case RowKind.ENTERPRISES:
            return store_enterprises(session, cast("Sequence[EnterpriseRecord]", records), **told)
        case RowKind.LICENSES:
            licenses = cast("Sequence[LicenseRecord]", records)
            return store_licenses(session, licenses, today=origin.today, **told)
        case RowKind.PREMISES:
            return store_premises(session, cast("Sequence[PremisesRecord]", records), **told)
        case RowKind.PENALTIES:
            return store_penalties(session, cast("Sequence[PenaltyRecord]", records), **told)
        case _:
            assert_never(kind)


def _follow_up(session: Session, kind: RowKind, changed: set[str], origin: Origin) -> None:
    """Links at once; colours and counts once for all files of a run and not for every row, by `service.settle`."""
    match kind:
        case RowKind.LICENSES:
            mark_stale(session, changed, on=origin.today)
        case RowKind.ENTERPRISES:
            mark_stale(session, changed, on=origin.today)
            coverage.refresh(session, changed)
        case RowKind.PREMISES:
            relink(session, changed, now=origin.now)
            mark_stale(session, changed, on=origin.today)
            coverage.refresh(session, changed)
        case RowKind.PENALTIES:
            return
        case _:
            assert_never(kind)
