"""What the whole city holds, owes and lacks, from the kept summaries: a few statements however many enterprises.

Counts are as fresh as the summaries (`hub.licenses.summaries`); a single enterprise is always computed afresh.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.kernel.messages import Message
from hub.licenses.colours.rules import FACES, Colour, ColourFace
from hub.licenses.models import License, Summary
from hub.licenses.queries import title_of
from hub.registry.models import Enterprise
from hub.registry.rules import EntityState
from hub.registry.search import search

MAX_PAGE = 200  # rows on one page of a list
MAX_FOUND = 500  # more hits are not read but narrowed down with another word

_COLOURS = tuple(Colour)
_SUMS = (
    *(func.sum(getattr(Summary, colour.value)) for colour in _COLOURS),
    func.sum(Summary.required),
    func.sum(Summary.held),
    func.sum(Summary.missing),
)


@dataclass(frozen=True, slots=True)
class Share:
    """Counts of one part of the city. `business` colours business licenses, `permits` all other licenses."""

    enterprises: int
    states: Mapping[EntityState, int]
    business: Mapping[Colour, int]
    permits: Mapping[Colour, int]
    required: int
    held: int
    missing: int

    @property
    def alive(self) -> int:
        return sum(count for state, count in self.states.items() if state.alive)

    @property
    def licenses(self) -> int:
        return sum(self.permits.values())


@dataclass(frozen=True, slots=True)
class CityCounts:
    whole: Share
    regions: Mapping[str, Share]  # by region code, in the order of codes


@dataclass(frozen=True, slots=True)
class TypeCounts:
    """Licenses of one kind per colour."""

    type_code: str
    title: Message
    colours: Mapping[Colour, int]

    @property
    def total(self) -> int:
        return sum(self.colours.values())


@dataclass(frozen=True, slots=True)
class EnterpriseRow:
    """An enterprise in a list."""

    uscc: str
    name: str
    region: str
    state: EntityState
    colour: Colour
    permits: Mapping[Colour, int]
    missing: int

    @property
    def face(self) -> ColourFace:
        return FACES[self.colour]


@dataclass(frozen=True, slots=True)
class EnterprisePage:
    """`too_many`: the words fit more than `MAX_FOUND` enterprises, of which the first were searched."""

    rows: tuple[EnterpriseRow, ...]
    next_cursor: str | None
    too_many: bool


@dataclass(frozen=True, slots=True)
class EnterpriseFilter:
    words: str = ""
    region: str = ""
    state: EntityState | None = None
    colour: Colour | None = None


def city_counts(session: Session) -> CityCounts:
    """States, colours and duties of the city and of each region. One statement."""
    keys = (Summary.region, Summary.state, Summary.business_colour)
    rows = [tuple(row) for row in session.execute(select(*keys, func.count(), *_SUMS).group_by(*keys))]
    regions = sorted({row[0] for row in rows})
    return CityCounts(
        whole=_share(rows),
        regions={region: _share([row for row in rows if row[0] == region]) for region in regions},
    )


def counts_by_type(session: Session) -> tuple[TypeCounts, ...]:
    """Licenses per kind and colour, the commonest kind first. One statement, answered from an index."""
    found: dict[str, Counter[Colour]] = {}
    statement = select(License.type_code, License.colour, func.count()).group_by(
        License.type_code, License.colour
    )
    for code, colour, count in session.execute(statement):
        found.setdefault(code, Counter())[Colour(colour)] += count
    kinds = [
        TypeCounts(code, title_of(code), {colour: counts[colour] for colour in _COLOURS})
        for code, counts in found.items()
    ]
    return tuple(sorted(kinds, key=lambda kind: (-kind.total, kind.type_code)))


def enterprises_page(
    session: Session, wanted: EnterpriseFilter, *, cursor: str | None = None, limit: int = 50
) -> EnterprisePage:
    """Enterprises by credit code, a page at a time; words are looked up in the search index. Two statements.

    `cursor` is the `next_cursor` of the page before.
    """
    count = min(max(limit, 1), MAX_PAGE)
    columns = (
        Summary.uscc,
        Enterprise.name,
        Summary.region,
        Summary.state,
        Summary.business_colour,
        *(getattr(Summary, colour.value) for colour in _COLOURS),
        Summary.missing,
    )
    statement = select(*columns).join(Enterprise, Enterprise.uscc == Summary.uscc)
    found = search(session, wanted.words, limit=MAX_FOUND + 1) if wanted.words else None
    if found is not None:
        statement = statement.where(Summary.uscc.in_(found[:MAX_FOUND]))
    statement = statement.where(*_conditions(wanted))
    if cursor:
        statement = statement.where(Summary.uscc > cursor)
    rows = [tuple(row) for row in session.execute(statement.order_by(Summary.uscc).limit(count + 1))]
    page = tuple(_row(row) for row in rows[:count])
    return EnterprisePage(
        rows=page,
        next_cursor=page[-1].uscc if len(rows) > count else None,
        too_many=found is not None and len(found) > MAX_FOUND,
    )


def _conditions(wanted: EnterpriseFilter) -> list[Any]:
    pairs = (
        (Summary.region, wanted.region),
        (Summary.state, wanted.state),
        (Summary.business_colour, wanted.colour),
    )
    return [column == value for column, value in pairs if value]


def _share(rows: Sequence[Sequence[Any]]) -> Share:
    states, business, permits = Counter[EntityState](), Counter[Colour](), Counter[Colour]()
    enterprises = required = held = missing = 0
    for _region, state, colour, count, *sums in rows:
        states[EntityState(state)] += count
        business[Colour(colour)] += count
        permits.update(dict(zip(_COLOURS, sums, strict=False)))
        enterprises += count
        required, held, missing = (
            have + more for have, more in zip((required, held, missing), sums[-3:], strict=True)
        )
    return Share(
        enterprises=enterprises,
        states={state: states[state] for state in EntityState},
        business={colour: business[colour] for colour in _COLOURS},
        permits={colour: permits[colour] for colour in _COLOURS},
        required=required,
        held=held,
        missing=missing,
    )


def _row(row: Sequence[Any]) -> EnterpriseRow:
    uscc, name, region, state, colour, *counts, missing = row
    permits = dict(zip(_COLOURS, counts, strict=True))
    return EnterpriseRow(uscc, name, region, EntityState(state), Colour(colour), permits, missing)
