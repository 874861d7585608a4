from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Response, jsonify, render_template, url_for
from flask_babel import LazyString, lazy_gettext

from hub.ends.government import charts
from hub.ends.government.blueprint import READERS, blueprint
from hub.ends.government.words import is_official
from hub.feeds.pages import refused_rows
from hub.kernel.identifiers import region_name
from hub.kernel.messages import Message
from hub.licenses.colours.rules import Colour
from hub.licenses.overview import CityShare
from hub.registry.rules import EntityState
from hub.steward.overview import CityNow, city_now
from hub.steward.pages import WaitingCounts, waiting_counts
from hub.supervision.clones.rules import SuspicionState
from hub.web.context import now, reference, require_actor, services, today
from hub.web.guards import roles

WIDTH = 100  # units of a district's bar
_DRAWN = (charts.scans, charts.states, charts.kinds, charts.areas)  # two columns of about one height


@dataclass(frozen=True, slots=True)
class BarPiece:
    """One colour's part of a bar, in units of `WIDTH`."""

    colour: Colour
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class DistrictTile:
    """A tile of the grid that stands for a map."""

    region: str
    name: Message
    share: CityShare
    bar: tuple[BarPiece, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits for a person, of each kind of work."""

    city: CityNow
    refused: int
    others: WaitingCounts


@dataclass(frozen=True, slots=True)
class WorkKind:
    """A kind of work that waits for a person: where it is done, its icon, its name, what to do, how it is counted."""

    endpoint: str
    picture: str
    label: LazyString
    hint: LazyString
    counted: Callable[[Counts], int]
    query: tuple[tuple[str, str], ...] = ()
    is_for_all: bool = False  # its page opens to auditors as well
    is_for_officials: bool = False  # auditors are not told of it


@dataclass(frozen=True, slots=True)
class WorkView:
    """A kind of work as the page shows it."""

    href: str
    picture: str
    label: LazyString
    count: int
    hint: LazyString


WORK = (
    WorkKind(
        "government.reports",
        "flag",
        lazy_gettext("Open reports from the public"),
        lazy_gettext("take on and answer"),
        lambda counts: counts.city.waiting.reports,
    ),
    WorkKind(
        "government.copies",
        "map-pin",
        lazy_gettext("Suspected copies of plates"),
        lazy_gettext("look on the spot"),
        lambda counts: counts.others.copies,
        query=(("state", SuspicionState.OPEN),),
    ),
    WorkKind(
        "government.proposals",
        "users",
        lazy_gettext("Waiting for a second person"),
        lazy_gettext("approve or refuse"),
        lambda counts: counts.others.proposals,
        is_for_all=True,
    ),
    WorkKind(
        "government.passkey_doubts",
        "key-round",
        lazy_gettext("Passkeys in doubt"),
        lazy_gettext("ask the person"),
        lambda counts: counts.others.doubts,
        is_for_officials=True,
    ),
    WorkKind(
        "government.sources",
        "file-text",
        lazy_gettext("Refused rows"),
        lazy_gettext("hand back to the department"),
        lambda counts: counts.refused,
        is_for_all=True,
    ),
    WorkKind(
        "government.scope",
        "list-checks",
        lazy_gettext("Scope items not recognised"),
        lazy_gettext("add to the catalogue"),
        lambda counts: counts.city.waiting.unmatched,
    ),
    WorkKind(
        "government.enterprises",
        "circle-help",
        lazy_gettext("States awaiting confirmation"),
        lazy_gettext("ask the registry"),
        lambda counts: counts.city.waiting.unconfirmed,
        query=(("state", EntityState.UNCONFIRMED),),
    ),
)


@blueprint.get("/")
@roles(*READERS)
def overview() -> str:
    """Show the city now: figures, what waits for a person, districts, charts with their tables."""
    city = _city()
    refused = refused_rows(by=require_actor(), db=services().db)
    waiting = waiting_counts(by=require_actor(), now=now(), db=services().db)
    return render_template(
        "government/overview.html",
        city=city,
        waiting_work=_waiting(Counts(city, refused, waiting), leads=is_official()),
        yesterday=city.on - timedelta(days=1),
        districts=_districts(city),
        charts=[draw(city) for draw in _DRAWN],
    )


@blueprint.get("/figures")
@roles(*READERS)
def figures() -> Response:
    """Return the charts' values as JSON, for a screen that reads them again without loading the page."""
    city = _city()
    return jsonify({chart.id: chart.as_json() for chart in (draw(city) for draw in _DRAWN)})


def _city() -> CityNow:
    return city_now(actor=require_actor(), on=today(), reference=reference(), db=services().db)


def _districts(city: CityNow) -> list[DistrictTile]:
    return [
        DistrictTile(region, region_name(region), share, _bar(share))
        for region, share in city.counts.regions.items()
    ]


def _waiting(counts: Counts, *, leads: bool) -> list[WorkView]:
    """What waits for a person. `leads`: officials are led to the work; an auditor sees most of the counts."""
    return [
        WorkView(
            url_for(
                work.endpoint if leads or work.is_for_all else "government.overview",
                **_query(work, leads=leads),
            ),
            work.picture,
            work.label,
            work.counted(counts),
            work.hint,
        )
        for work in WORK
        if leads or not work.is_for_officials
    ]


def _query(work: WorkKind, *, leads: bool) -> dict[str, Any]:
    return dict(work.query) if leads else {}


def _bar(share: CityShare) -> tuple[BarPiece, ...]:
    pieces, start = [], 0.0
    for colour, count in share.permits.items():
        width = WIDTH * count / share.licenses if share.licenses else 0.0
        pieces.append(BarPiece(colour, round(start, 2), round(width, 2)))
        start += width
    return tuple(pieces)
