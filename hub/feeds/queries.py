"""Batches of departments' data and the rows they had refused, as officials see them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from hub.feeds.models import Batch, Refusal
from hub.feeds.reasons import REASONS
from hub.feeds.sources import shipped_sources
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.kernel.messages import Message

MAX_PAGE = 200  # rows on one page of a list
EXPORT_STEP = 500  # refused rows read at once: an export never holds a whole batch

BATCH_STATES: Mapping[str, Message] = {
    "loading": Message("导入中", "Loading"),
    "done": Message("已完成", "Done"),
    "failed": Message("未完成", "Failed"),
}


@dataclass(frozen=True, slots=True)
class BatchView:
    """One file with its counts; `refused` is by reason code."""

    id: UUID
    source: str
    file_name: str
    sha256: str
    state: str
    position: int
    accepted: int
    duplicate: int
    superseded: int
    blank: int
    refused: Mapping[str, int]
    started_at: datetime
    finished_at: datetime | None
    by: str
    failure: str | None

    @property
    def source_title(self) -> Message:
        found = shipped_sources().get(self.source)
        return Message(self.source, self.source) if found is None else found.title

    @property
    def state_name(self) -> Message:
        return BATCH_STATES.get(self.state, Message(self.state, self.state))

    @property
    def refused_total(self) -> int:
        return sum(self.refused.values())


@dataclass(frozen=True, slots=True)
class BatchPage:
    rows: tuple[BatchView, ...]
    older: UUID | None


@dataclass(frozen=True, slots=True)
class RefusalView:
    """One refused row: where it stands in the file, what was there, and why it was refused."""

    sheet: str
    line: int
    column: str
    value: str
    reason: str

    @property
    def sentence(self) -> Message:
        return reason_sentence(self.reason)


@dataclass(frozen=True, slots=True)
class RefusalPage:
    rows: tuple[RefusalView, ...]
    next_cursor: str | None


def reason_sentence(code: str) -> Message:
    """Why a row was refused, in words; the code itself when an older version of the hub wrote it."""
    return REASONS.get(code, Message(code, code))


def batches_page(session: Session, *, before: UUID | None = None, limit: int = 50) -> BatchPage:
    """Batches, newest first; `before` is the `older` of the page before. One statement."""
    count = min(max(limit, 1), MAX_PAGE)
    statement = select(Batch).order_by(Batch.id.desc()).limit(count + 1)
    if before is not None:
        statement = statement.where(Batch.id < before)
    rows = tuple(_batch(row) for row in session.scalars(statement))
    return BatchPage(rows[:count], rows[count - 1].id if len(rows) > count else None)


def batch_of(session: Session, batch_id: UUID) -> BatchView:
    """One statement. Raises: NotFoundError."""
    row = session.get(Batch, batch_id)
    if row is None:
        raise NotFoundError
    return _batch(row)


def refused_count(session: Session) -> int:
    """Refused rows of all batches. One statement."""
    return session.scalar(select(func.count()).select_from(Refusal)) or 0


def refusals_page(
    session: Session, batch_id: UUID, *, reason: str = "", cursor: str | None = None, limit: int = 50
) -> RefusalPage:
    """Refused rows in the order of the file; `cursor` is the `next_cursor` of the page before. One statement."""
    count = min(max(limit, 1), EXPORT_STEP)
    statement = (
        select(Refusal)
        .where(Refusal.batch_id == batch_id)
        .order_by(Refusal.sheet, Refusal.line)
        .limit(count + 1)
    )
    if reason:
        statement = statement.where(Refusal.reason == reason)
    line, _, sheet = (cursor or "").partition(".")
    if line.isascii() and line.isdecimal() and len(line) < 10:  # noqa: PLR2004  # a file has no thousand million lines
        statement = statement.where(tuple_(Refusal.sheet, Refusal.line) > (sheet, int(line)))
    rows = [
        RefusalView(row.sheet, row.line, row.column, row.value, row.reason)
        for row in session.scalars(statement)
    ]
    page = tuple(rows[:count])
    return RefusalPage(page, f"{page[-1].line}.{page[-1].sheet}" if len(rows) > count else None)


def every_refusal(db: Database, batch_id: UUID) -> Iterator[RefusalView]:
    """All refused rows of a batch, read in steps, for an export."""
    cursor: str | None = None
    while True:
        with db.read() as session:
            page = refusals_page(session, batch_id, cursor=cursor, limit=EXPORT_STEP)
        yield from page.rows
        cursor = page.next_cursor
        if cursor is None:
            return


_COLUMNS = tuple(BatchView.__dataclass_fields__)


def _batch(row: Batch) -> BatchView:
    return BatchView(**{name: getattr(row, name) for name in _COLUMNS})
