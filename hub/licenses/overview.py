"""What the whole city holds, owes and lacks, from kept counts: no page counts the city.

Counts are as fresh as the summaries (`hub.licenses.summaries`); a single enterprise is always computed afresh.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from hub.kernel import counts
from hub.kernel.bulk import among
from hub.kernel.messages import Message
from hub.kernel.paging import cut_page, page_size
from hub.kernel.ranges import first_keys
from hub.licenses.colours.rules import FACES, Colour, ColourFace
from hub.licenses.models import Summary
from hub.licenses.recount import (
    ENTERPRISES,
    GROUP,
    LICENSES,
    SUMMARIES,
    Group,
    read_license_key,
    read_summary_key,
)
from hub.licenses.reference.rules import Reference
from hub.registry.models import Enterprise
from hub.registry.rules import EntityState
from hub.registry.search import search

MAX_FOUND = 500  # more hits are not read but narrowed down with another word

_COLOURS = tuple(Colour)


@dataclass(frozen=True, slots=True)
class CityShare:
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
    whole: CityShare
    regions: Mapping[str, CityShare]  # by region code, in the order of codes


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

    @property
    def group(self) -> tuple[str, str | None, str | None]:
        return self.region, self.state, self.colour

    @property
    def is_open(self) -> bool:
        return not any(self.group)


def city_counts(session: Session) -> CityCounts:
    """States, colours and duties of the city and of each region. One statement, whatever the size of the city."""
    groups = _groups(session)
    regions = sorted({region for region, _state, _colour in groups})
    return CityCounts(
        whole=_share(groups),
        regions={
            region: _share({group: sums for group, sums in groups.items() if group[0] == region})
            for region in regions
        },
    )


def counts_by_type(session: Session, *, reference: Reference) -> tuple[TypeCounts, ...]:
    """Licenses per kind and colour, the commonest kind first. One statement, whatever the size of the city."""
    found: dict[str, Counter[Colour]] = {}
    for key, count in counts.counts(session, LICENSES).items():
        code, colour = read_license_key(key)
        found.setdefault(code, Counter())[Colour(colour)] += count
    kinds = [
        TypeCounts(code, reference.title_of(code), {colour: each[colour] for colour in _COLOURS})
        for code, each in found.items()
    ]
    return tuple(sorted(kinds, key=lambda kind: (-kind.total, kind.type_code)))


def enterprises_page(
    session: Session, wanted: EnterpriseFilter, *, cursor: str | None = None, limit: int = 50
) -> EnterprisePage:
    """Enterprises by credit code, a page at a time; words are looked up in the search index. Three statements.

    A filter is answered from the index of the groups (region, state, colour) that it takes in, of which the city has
    some two hundred: what is rare is found as quickly as what is common.
    `cursor` is the `next_cursor` of the page before.
    """
    count = page_size(limit)
    found = search(session, wanted.words, limit=MAX_FOUND + 1) if wanted.words else None
    if found is not None:
        usccs = sorted(found[:MAX_FOUND])
    elif wanted.is_open:
        usccs = None
    else:
        usccs = _in_groups(session, wanted, cursor=cursor, limit=count + 1)
    statement = _listing(cursor).where(*_conditions(wanted)).limit(count + 1)
    if usccs is not None:
        statement = statement.where(among(session, Summary.uscc, usccs))
    rows = [tuple(row) for row in session.execute(statement)]
    page, last = cut_page([_row(row) for row in rows], count)
    return EnterprisePage(
        rows=page,
        next_cursor=None if last is None else last.uscc,
        too_many=found is not None and len(found) > MAX_FOUND,
    )


def _listing(cursor: str | None) -> Select[*tuple[Any, ...]]:
    columns = (
        Summary.uscc,
        Enterprise.name,
        Summary.region,
        Summary.state,
        Summary.business_colour,
        *(getattr(Summary, colour.value) for colour in _COLOURS),
        Summary.missing,
    )
    statement = select(*columns).join(Enterprise, Enterprise.uscc == Summary.uscc).order_by(Summary.uscc)
    return statement.where(Summary.uscc > cursor) if cursor else statement


def _in_groups(session: Session, wanted: EnterpriseFilter, *, cursor: str | None, limit: int) -> list[str]:
    """The first enterprises of the groups that the filter takes in."""
    fits = [
        [getattr(Summary, name) == value for name, value in zip(GROUP, group, strict=True)]
        for group in sorted(_groups(session))
        if all(value in ("", None, each) for value, each in zip(wanted.group, group, strict=True))
    ]
    keys = first_keys(session, fits, (Summary.uscc,), after=(cursor,) if cursor else None, limit=limit)
    return [uscc for (uscc,) in keys]


def _groups(session: Session) -> dict[Group, Counter[str]]:
    """The sums of each group that has enterprises."""
    out: dict[Group, Counter[str]] = {}
    for key, value in counts.counts(session, SUMMARIES).items():
        group, measure = read_summary_key(key)
        out.setdefault(group, Counter())[measure] = value
    return out


def _conditions(wanted: EnterpriseFilter) -> list[ColumnElement[bool]]:
    return [getattr(Summary, name) == value for name, value in zip(GROUP, wanted.group, strict=True) if value]


def _share(groups: Mapping[Group, Counter[str]]) -> CityShare:
    states, business = Counter[EntityState](), Counter[Colour]()
    whole: Counter[str] = Counter()
    for (_region, state, colour), sums in groups.items():
        states[EntityState(state)] += sums[ENTERPRISES]
        business[Colour(colour)] += sums[ENTERPRISES]
        whole.update(sums)
    return CityShare(
        enterprises=whole[ENTERPRISES],
        states={state: states[state] for state in EntityState},
        business={colour: business[colour] for colour in _COLOURS},
        permits={colour: whole[colour.value] for colour in _COLOURS},
        required=whole["required"],
        held=whole["held"],
        missing=whole["missing"],
    )


def _row(row: Sequence[Any]) -> EnterpriseRow:
    uscc, name, region, state, colour, *counts, missing = row
    permits = dict(zip(_COLOURS, counts, strict=True))
    return EnterpriseRow(uscc, name, region, EntityState(state), Colour(colour), permits, missing)
