"""The record of the hub's acts, for whoever audits it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session

from hub.kernel.paging import cut_page, page_size
from hub.trust.record.models import Event

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MAX_DIGITS = 17  # microseconds until the year 5138


@dataclass(frozen=True, slots=True)
class EventView:
    uscc: str
    id: UUID
    kind: str
    subject: str
    by: str
    at: datetime
    data: Mapping[str, Any]
    happened_at: datetime | None = None  # where it came late to the record


@dataclass(frozen=True, slots=True)
class EventPage:
    rows: tuple[EventView, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Empty members select everything; `since` and `until` are moments, the second not included."""

    kind: str = ""
    uscc: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


def events_page(
    session: Session, wanted: EventFilter, *, cursor: str | None = None, limit: int = 50
) -> EventPage:
    """List acts, newest first, a page at a time; `cursor` is the `next_cursor` of the page before. One statement."""
    count = page_size(limit)
    statement = select(Event).order_by(Event.at.desc(), Event.id.desc()).limit(count + 1)
    if wanted.uscc:
        statement = statement.where(Event.uscc == wanted.uscc)
    if wanted.subject:
        statement = statement.where(Event.subject == wanted.subject)
    if wanted.kind:
        statement = statement.where(_kind(wanted) == wanted.kind)
    if wanted.since is not None:
        statement = statement.where(Event.at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(Event.at < wanted.until)
    before = _read_cursor(cursor)
    if before is not None:
        statement = statement.where(tuple_(Event.at, Event.id) < before)
    page, last = cut_page([_view(row) for row in session.scalars(statement)], count)
    return EventPage(page, None if last is None else _cursor(last))


def _kind(wanted: EventFilter) -> ColumnElement[str]:
    """The kind; as an expression without an index where a better one is there, which SQLite would not choose itself."""
    return Event.kind.concat("") if wanted.uscc or wanted.subject else Event.kind.expression


def _cursor(row: EventView) -> str:
    return f"{(row.at - _EPOCH) // _MICROSECOND}.{row.id}"


def _read_cursor(cursor: str | None) -> tuple[datetime, UUID] | None:
    """None for a cursor that is not ours: the list begins at its beginning."""
    moment, _, name = (cursor or "").partition(".")
    if not (moment.isascii() and moment.isdecimal() and len(moment) <= _MAX_DIGITS):
        return None
    try:
        return _EPOCH + int(moment) * _MICROSECOND, UUID(name)
    except ValueError:
        return None


def _view(row: Event) -> EventView:
    return EventView(row.uscc, row.id, row.kind, row.subject, row.by, row.at, row.data, row.happened_at)
