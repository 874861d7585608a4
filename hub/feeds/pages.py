"""What is read of departments' data, asked of whoever reads it: batches, what was refused of them, codes by exception."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from hub.access.checks import reading, require
from hub.access.rules import Action
from hub.feeds import queries
from hub.feeds.batches import HELD
from hub.feeds.queries import BatchView, RefusalView
from hub.feeds.waiting_batches import refused
from hub.kernel.actor import Actor
from hub.kernel.database import Database
from hub.kernel.paging import MAX_PAGE, NewestPage, cut_page
from hub.registry.exceptions.queries import (
    ExceptionView,
    exception_of,
    exceptions_page,
)


@dataclass(frozen=True, slots=True)
class BatchesPage:
    """Batches, newest first; `turned_down`: those that a person decided against. `older`: where the next page begins."""

    rows: tuple[BatchView, ...]
    turned_down: frozenset[UUID]
    older: str | None


@dataclass(frozen=True, slots=True)
class BatchPage:
    """One batch with a page of its refused rows; `more`: where the next page of them begins."""

    batch: BatchView
    is_turned_down: bool
    refusals: tuple[RefusalView, ...]
    more: str | None


def batches(*, by: Actor, before: str | None, limit: int, db: Database) -> BatchesPage:
    """Return a page of batches. Raises: NotAllowedError, NotFoundError for a cursor that is none."""
    with reading(Action.SEE_SOURCES, by=by, db=db) as session:
        found = queries.batches(session, before=before, limit=limit + 1)
        against = refused(session, [one.id for one in found if one.state == HELD])
    page, last = cut_page(found, limit)
    return BatchesPage(page, frozenset(against), None if last is None else last.cursor)


def batch(batch_id: UUID, *, by: Actor, after: str | None, limit: int, db: Database) -> BatchPage:
    """Return one batch. Raises: NotAllowedError, NotFoundError."""
    with reading(Action.SEE_SOURCES, by=by, db=db) as session:
        found = queries.batch(session, batch_id)
        is_turned_down = found.state == HELD and bool(refused(session, [batch_id]))
        rows = queries.refusals(session, batch_id, after=after, limit=limit + 1)
    page, last = cut_page(rows, limit)
    return BatchPage(found, is_turned_down, page, None if last is None else last.cursor)


def refusals_to_hand_back(batch_id: UUID, *, by: Actor, db: Database) -> Iterator[RefusalView]:
    """Return every refused row of a batch, read in pieces. Raises: NotAllowedError, NotFoundError."""
    require(by, Action.EXPORT)
    with reading(Action.SEE_SOURCES, by=by, db=db) as session:
        queries.batch(session, batch_id)
    return _refusals(batch_id, db)


def _refusals(batch_id: UUID, db: Database) -> Iterator[RefusalView]:
    with db.read() as session:
        yield from queries.all_refusals(session, batch_id)


def refused_rows(*, by: Actor, db: Database) -> int:
    """Return how many rows of all batches were refused. Raises: NotAllowedError."""
    with reading(Action.SEE_SOURCES, by=by, db=db) as session:
        return queries.refused_count(session)


def exceptions(
    *, by: Actor, words: str, is_ended: bool, before: UUID | None, limit: int, db: Database
) -> NewestPage[ExceptionView]:
    """Return a page of the credit codes that are taken by exception. Raises: NotAllowedError."""
    with reading(Action.SEE_SOURCES, by=by, db=db) as session:
        return exceptions_page(session, words=words, is_ended=is_ended, before=before, limit=limit)


def exception(exception_id: UUID, *, by: Actor, db: Database) -> ExceptionView:
    """Return one of them. Raises: NotAllowedError, NotFoundError."""
    with reading(Action.SEE_SOURCES, by=by, db=db) as session:
        return exception_of(session, exception_id)


def exceptions_to_take_away(*, by: Actor, db: Database) -> Iterator[NewestPage[ExceptionView]]:
    """Return the whole list page by page, those that stand before those that ended. Raises: NotAllowedError."""
    require(by, Action.EXPORT)
    return _exceptions(db)


def _exceptions(db: Database) -> Iterator[NewestPage[ExceptionView]]:
    for is_ended in (False, True):
        before: UUID | None = None
        while True:
            with db.read() as session:
                page = exceptions_page(session, is_ended=is_ended, before=before, limit=MAX_PAGE)
            yield page
            before = page.older
            if before is None:
                break
