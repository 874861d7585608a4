"""Batches and their refused rows, as the government end and the command line show them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from hub.feeds.models import REFUSALS, Batch, Refusal
from hub.feeds.reasons import APART, REASONS
from hub.feeds.sources import shipped_sources
from hub.kernel import counts
from hub.kernel.errors import NotFoundError
from hub.kernel.messages import Message
from hub.kernel.paging import page_size

REFUSALS_AT_ONCE = 1_000  # rows read at a time for a report of any length

_UNKNOWN_REASON = Message("该行未被接受。", "The row was not accepted.")


@dataclass(frozen=True, slots=True)
class BatchView:
    """One file: how far it was loaded and what became of its rows."""

    id: UUID
    source: str
    title: Message
    file_name: str
    sha256: str
    state: str  # hub.feeds.models.Batch
    rows: int
    accepted: int
    duplicate: int
    superseded: int
    blank: int
    reasons: Mapping[str, int]  # of rows that were read and not stored
    started_at: datetime
    finished_at: datetime | None
    by: str
    failure: str | None
    difference: Mapping[str, Any] | None  # of one that waited for a person

    @property
    def refused_rows(self) -> int:
        return sum(self.reasons.values()) - self.apart_rows

    @property
    def apart_rows(self) -> int:
        """Rows that are no data, or that somebody hid or struck out."""
        return sum(count for code, count in self.reasons.items() if code in APART)

    @property
    def cursor(self) -> str:
        """Where the next page goes on."""
        return str(self.id)


@dataclass(frozen=True, slots=True)
class RefusalView:
    """One refused row: where, what, and why in both languages."""

    sheet: str
    line: int
    column: str
    value: str
    reason: str
    message: Message
    row: Mapping[str, str]

    @property
    def cursor(self) -> str:
        return f"{self.line}:{self.sheet}"


def batches(session: Session, *, limit: int = 50, before: str | None = None) -> tuple[BatchView, ...]:
    """Batches, newest first; `before` is the cursor of the last one seen. One statement.

    Raises: NotFoundError for a cursor that is none.
    """
    statement = select(Batch).order_by(Batch.id.desc()).limit(page_size(limit))
    if before is not None:
        statement = statement.where(Batch.id < _uuid(before))
    return tuple(_batch(row) for row in session.scalars(statement))


def batch(session: Session, batch_id: UUID) -> BatchView:
    """Raises: NotFoundError."""
    row = session.get(Batch, batch_id)
    if row is None:
        raise NotFoundError
    return _batch(row)


def refused_count(session: Session) -> int:
    """Refused rows of all batches, those counted apart not among them. One statement, from a kept count."""
    return counts.counts(session, REFUSALS).get("", 0)


def _refusals_counted(session: Session) -> Iterator[tuple[str, int]]:
    refused = select(func.count()).select_from(Refusal).where(Refusal.reason.not_in(APART))
    yield "", session.scalar(refused) or 0


COUNTINGS: Mapping[str, counts.Counting] = {REFUSALS: _refusals_counted}


def refusals(
    session: Session, batch_id: UUID, *, limit: int = 50, after: str | None = None
) -> tuple[RefusalView, ...]:
    """Refused rows in the order of the file, sheet by sheet; `after` is the cursor of the last one seen.

    Raises: NotFoundError for a cursor that is none.
    """
    statement = (
        select(Refusal)
        .where(Refusal.batch_id == batch_id)
        .order_by(Refusal.sheet, Refusal.line)
        .limit(min(limit, REFUSALS_AT_ONCE))
    )
    if after is not None:
        line, _, sheet = after.partition(":")
        if not line.isascii() or not line.isdecimal():
            raise NotFoundError
        statement = statement.where(tuple_(Refusal.sheet, Refusal.line) > tuple_(sheet, int(line)))
    return tuple(_refusal(row) for row in session.scalars(statement))


def all_refusals(session: Session, batch_id: UUID) -> Iterator[RefusalView]:
    """Return every refused row of a batch, read in pieces."""
    after: str | None = None
    while page := refusals(session, batch_id, limit=REFUSALS_AT_ONCE, after=after):
        yield from page
        after = page[-1].cursor


def _batch(row: Batch) -> BatchView:
    source = shipped_sources().get(row.source)
    return BatchView(
        id=row.id,
        source=row.source,
        title=Message("未识别的文件", "Unrecognised file") if source is None else source.title,
        file_name=row.file_name,
        sha256=row.sha256,
        state=row.state,
        rows=row.position,
        accepted=row.accepted,
        duplicate=row.duplicate,
        superseded=row.superseded,
        blank=row.blank,
        reasons=dict(row.refused),
        started_at=row.started_at,
        finished_at=row.finished_at,
        by=row.by,
        failure=row.failure,
        difference=row.difference,
    )


def _refusal(row: Refusal) -> RefusalView:
    return RefusalView(
        sheet=row.sheet,
        line=row.line,
        column=row.column,
        value=row.value,
        reason=row.reason,
        message=REASONS.get(row.reason, _UNKNOWN_REASON),
        row=row.row,
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFoundError from error
