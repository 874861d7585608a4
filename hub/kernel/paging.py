"""Pages of long lists: so many rows, and where the next page begins."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

MAX_PAGE = 200  # rows on one page of a list; pages show 50 and fewer, exports read this many at a time


class IdentifiedRow(Protocol):
    """What has an id of its own."""

    @property
    def id(self) -> UUID: ...


Row = TypeVar("Row")
Shown = TypeVar("Shown", bound=IdentifiedRow)


@dataclass(frozen=True, slots=True)
class NewestPage(Generic[Shown]):
    """Rows with the newest first. `older`: the id that the next page lies before; None on the last page."""

    rows: tuple[Shown, ...]
    older: UUID | None


def page_size(limit: int, most: int = MAX_PAGE) -> int:
    """Return how many rows a page has: at least one, and no more than `most`, whoever asks for more."""
    return min(max(limit, 1), most)


def cut_page(rows: Sequence[Row], size: int) -> tuple[tuple[Row, ...], Row | None]:
    """Return the rows of one page, and its last row when there are more: the next page begins after that one.

    `rows` holds one row more than a page where there are more. That row is not what the next page begins with:
    a row may go between two requests, and whoever begins after a row that was shown misses none.
    """
    page = tuple(rows[:size])
    return page, page[-1] if len(rows) > size else None


def newest_page(
    session: Session,
    statement: Select[Any],
    key: InstrumentedAttribute[UUID],
    view: Callable[[Any], Shown],
    *,
    before: UUID | None,
    limit: int,
) -> NewestPage[Shown]:
    """Return a page of what `statement` selects, by falling `key` (ids of our own grow with time). One statement.

    `before` is the `older` of the page before; `view` makes of a row what is shown of it.
    """
    size = page_size(limit)
    statement = statement.order_by(key.desc()).limit(size + 1)
    if before is not None:
        statement = statement.where(key < before)
    rows, last = cut_page([view(row) for row in session.execute(statement)], size)
    return NewestPage(rows, None if last is None else last.id)
