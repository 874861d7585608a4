"""Items of business scopes that no catalogue entry fits: they wait for a person, shown in their place in the text."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from hub.kernel import counts
from hub.kernel.paging import cut_page, page_size
from hub.registry.models import Enterprise, ScopeLine
from hub.registry.scope.items import ScopeCatalogue

MAX_PAGE = 500  # rows of one page, and of one step of an export
UNMATCHED = "unmatched"  # hub.registry.scope.rules.MatchKind
UNMATCHED_ITEMS = "unmatched"  # kept count: all of them
UNMATCHED_TEXTS = "unmatched-texts"  # kept counts by text
EXAMINED = 5_000  # items that one search reads: some 20 ms
MAX_POSITION_DIGITS = 6  # a scope has at most 100 000 characters
GUESSED = "keyword"
AROUND = 24  # characters of the licence text shown on each side of an item


_KEY = (ScopeLine.uscc, ScopeLine.position)
Place = tuple[str, int]


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
    item: str  # the name of the item that it is thought to be, "" when none is


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
    """Return how many items wait unmatched. One statement, from a kept count."""
    return counts.counts(session, UNMATCHED_ITEMS).get("", 0)


def commonest_unmatched(session: Session, *, limit: int = 20) -> tuple[UnmatchedText, ...]:
    """Return the texts that most licences share, from kept counts; texts of more than a sentence are not among them."""
    found = counts.largest(session, UNMATCHED_TEXTS, limit=page_size(limit, MAX_PAGE))
    return tuple(UnmatchedText(text, count) for text, count in found)


def unmatched_page(
    session: Session,
    items: ScopeCatalogue,
    *,
    words: str = "",
    cursor: str | None = None,
    limit: int = 50,
    guessed: bool = False,
) -> UnmatchedPage:
    """Return unmatched items by credit code and place, a page at a time, if wished only those that hold `words`.

    For words at most `EXAMINED` items are read: a page may hold fewer than `limit`, or none, and still have a next one.
    `cursor` is the `next_cursor` of the page before; one that is not ours only selects. Two statements at most.
    `guessed`: instead those that are only thought to be an item; both wait for a person.
    """
    count = page_size(limit, MAX_PAGE)
    last = _read_cursor(cursor)
    match = GUESSED if guessed else UNMATCHED
    statement = (
        select(ScopeLine, Enterprise.name, Enterprise.scope_text)
        .join(Enterprise, Enterprise.uscc == ScopeLine.uscc)
        .where(*_beyond(last, match))
        .order_by(*_KEY)
        .limit(count + 1)
    )
    end = _after(session, last, match) if words else None
    if words:
        statement = statement.where(ScopeLine.text.contains(words, autoescape=True))
    if end is not None:
        statement = statement.where(tuple_(*_KEY) <= tuple_(*end))
    rows = [_view(line, name, text, items) for line, name, text in session.execute(statement)]
    page, last_shown = cut_page(rows, count)
    if last_shown is not None:
        return UnmatchedPage(page, f"{last_shown.uscc}.{last_shown.position}")
    return UnmatchedPage(page, None if end is None else f"{end[0]}.{end[1]}")


def _beyond(last: Place | None, match: str) -> tuple[ColumnElement[bool], ...]:
    waiting = ScopeLine.match == match
    return (waiting,) if last is None else (waiting, tuple_(*_KEY) > tuple_(*last))


def _after(session: Session, last: Place | None, match: str) -> Place | None:
    """Where a search ends for this time; None when nothing is left beyond."""
    statement = select(*_KEY).where(*_beyond(last, match)).order_by(*_KEY).offset(EXAMINED - 1).limit(1)
    found = session.execute(statement).one_or_none()
    return None if found is None else (found[0], found[1])


def _read_cursor(cursor: str | None) -> Place | None:
    if not cursor:
        return None
    uscc, _, position = cursor.partition(".")
    is_place = position.isascii() and position.isdecimal() and len(position) <= MAX_POSITION_DIGITS
    return uscc, int(position) if is_place else -1


def unmatched_changes(lines: Iterable[str], *, sign: int) -> dict[str, Counter[str]]:
    """Return what these texts of unmatched items add (`sign` 1) to the kept counts, or take from them (-1), by kind of count."""
    items, texts = Counter[str](), Counter[str]()
    for text in lines:
        items[""] += sign
        # The text is the key of its count; longer ones are no candidates for the catalogue anyway.
        if len(text) <= counts.MAX_KEY_CHARS:
            texts[text] += sign
    return {UNMATCHED_ITEMS: items, UNMATCHED_TEXTS: texts}


def _items_counted(session: Session) -> Iterator[tuple[str, int]]:
    yield "", session.scalar(select(func.count()).where(ScopeLine.match == UNMATCHED)) or 0


def _texts_counted(session: Session) -> Iterator[tuple[str, int]]:
    statement = (
        select(ScopeLine.text, func.count())
        .where(ScopeLine.match == UNMATCHED, func.length(ScopeLine.text) <= counts.MAX_KEY_CHARS)
        .group_by(ScopeLine.text)
    )
    for text, count in session.execute(statement):
        yield str(text), count


COUNTINGS: Mapping[str, counts.Counting] = {UNMATCHED_ITEMS: _items_counted, UNMATCHED_TEXTS: _texts_counted}


def _view(line: ScopeLine, name: str, text: str, items: ScopeCatalogue) -> UnmatchedLine:
    fits = text[line.start : line.end] == line.text  # offsets of an older text point nowhere
    before = text[max(0, line.start - AROUND) : line.start] if fits else ""
    after = text[line.end : line.end + AROUND] if fits else ""
    item = items.by_code.get(line.item_code or "")
    thought = "" if item is None else item.name
    return UnmatchedLine(line.uscc, line.position, name, before, line.text, after, line.section, thought)
