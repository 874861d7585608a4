"""Items of business scopes that no catalogue entry fits: they wait for a person, shown in their place in the text."""

from dataclasses import dataclass

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from hub.registry.models import Enterprise, ScopeLine

MAX_PAGE = 500  # rows of one page, and of one step of an export
UNMATCHED = "unmatched"  # hub.registry.scope.rules.MatchKind
AROUND = 24  # characters of the licence text shown on each side of an item


@dataclass(frozen=True, slots=True)
class UnmatchedLine:
    """`before` and `after` are the neighbouring words of the licence text; `text` is the item as written."""

    uscc: str
    position: int
    enterprise_name: str
    before: str
    text: str
    after: str
    section: str


@dataclass(frozen=True, slots=True)
class UnmatchedPage:
    rows: tuple[UnmatchedLine, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class UnmatchedText:
    """The same words in several licences: one addition to the catalogue settles all of them."""

    text: str
    count: int


def unmatched_count(session: Session) -> int:
    """One statement, answered from an index."""
    return session.scalar(select(func.count()).where(ScopeLine.match == UNMATCHED)) or 0


def commonest_unmatched(session: Session, *, limit: int = 20) -> tuple[UnmatchedText, ...]:
    """The texts that most licences share. One statement."""
    statement = (
        select(ScopeLine.text, func.count())
        .where(ScopeLine.match == UNMATCHED)
        .group_by(ScopeLine.text)
        .order_by(func.count().desc(), ScopeLine.text)
        .limit(min(max(limit, 1), MAX_PAGE))
    )
    return tuple(UnmatchedText(text, count) for text, count in session.execute(statement))


def unmatched_page(
    session: Session, *, words: str = "", cursor: str | None = None, limit: int = 50
) -> UnmatchedPage:
    """Unmatched items by credit code and place, a page at a time, if wished only those that hold `words`.

    `cursor` is the `next_cursor` of the page before; one that is not ours only selects. One statement.
    """
    count = min(max(limit, 1), MAX_PAGE)
    statement = (
        select(ScopeLine, Enterprise.name, Enterprise.scope_text)
        .join(Enterprise, Enterprise.uscc == ScopeLine.uscc)
        .where(ScopeLine.match == UNMATCHED)
        .order_by(ScopeLine.uscc, ScopeLine.position)
        .limit(count + 1)
    )
    if words:
        statement = statement.where(ScopeLine.text.contains(words, autoescape=True))
    if cursor:
        uscc, _, position = cursor.partition(".")
        place = int(position) if position.isascii() and position.isdecimal() and len(position) < 7 else -1  # noqa: PLR2004  # a scope has at most 100 000 characters
        statement = statement.where(tuple_(ScopeLine.uscc, ScopeLine.position) > (uscc, place))
    rows = [_view(line, name, text) for line, name, text in session.execute(statement)]
    page = tuple(rows[:count])
    more = len(rows) > count
    return UnmatchedPage(page, f"{page[-1].uscc}.{page[-1].position}" if more else None)


def _view(line: ScopeLine, name: str, text: str) -> UnmatchedLine:
    fits = text[line.start : line.end] == line.text  # offsets of an older text point nowhere
    before = text[max(0, line.start - AROUND) : line.start] if fits else ""
    after = text[line.end : line.end + AROUND] if fits else ""
    return UnmatchedLine(line.uscc, line.position, name, before, line.text, after, line.section)
