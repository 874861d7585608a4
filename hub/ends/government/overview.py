from dataclasses import dataclass
from datetime import timedelta

from flask import Response, jsonify, render_template

from hub.access.checks import reading
from hub.access.passkey_doubts import unseen_count
from hub.access.proposals.queries import open_count
from hub.access.rules import Action
from hub.ends.government import charts
from hub.ends.government.blueprint import READERS, blueprint
from hub.feeds.queries import refused_count
from hub.kernel.identifiers import region_name
from hub.kernel.messages import Message
from hub.licenses.colours.rules import Colour
from hub.licenses.overview import Share
from hub.steward.overview import CityNow, city_now
from hub.supervision.clones.queries import open_suspicions
from hub.web.current import now, require_actor, services, today
from hub.web.guards import roles

WIDTH = 100  # units of a district's bar
_DRAWN = (charts.scans, charts.states, charts.kinds, charts.areas)  # two columns of about one height


@dataclass(frozen=True, slots=True)
class Piece:
    """One colour's part of a bar, in units of `WIDTH`."""

    colour: Colour
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class District:
    """A tile of the grid that stands for a map."""

    region: str
    name: Message
    share: Share
    bar: tuple[Piece, ...]


@blueprint.get("/")
@roles(*READERS)
def overview() -> str:
    """The city now: figures, what waits for a person, districts, charts with their tables."""
    city = _city()
    with reading(Action.SEE_SOURCES, by=require_actor(), db=services().db) as session:
        refused = refused_count(session)
        doubts = unseen_count(session)
        copies = open_suspicions(session)
        proposals = open_count(session, by=require_actor(), now=now())
    return render_template(
        "government/overview.html",
        city=city,
        refused=refused,
        doubts=doubts,
        copies=copies,
        proposals=proposals,
        yesterday=city.on - timedelta(days=1),
        districts=_districts(city),
        charts=[draw(city) for draw in _DRAWN],
    )


@blueprint.get("/figures")
@roles(*READERS)
def figures() -> Response:
    """The charts' values as JSON, for a screen that reads them again without loading the page."""
    city = _city()
    return jsonify({chart.id: chart.as_json() for chart in (draw(city) for draw in _DRAWN)})


def _city() -> CityNow:
    return city_now(actor=require_actor(), on=today(), db=services().db)


def _districts(city: CityNow) -> list[District]:
    return [
        District(region, region_name(region), share, _bar(share))
        for region, share in city.counts.regions.items()
    ]


def _bar(share: Share) -> tuple[Piece, ...]:
    pieces, start = [], 0.0
    for colour, count in share.permits.items():
        width = WIDTH * count / share.licenses if share.licenses else 0.0
        pieces.append(Piece(colour, round(start, 2), round(width, 2)))
        start += width
    return tuple(pieces)
