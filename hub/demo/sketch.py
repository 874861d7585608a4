"""The plan of one enterprise: trade, form, place, age, state. Everything else follows from it.

The first numbers are planned, so that even a small city shows every state, colour and boundary day.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from hub.demo.districts import DISTRICTS, DemoDistrict
from hub.demo.permits import PermitFate, draw_fate
from hub.demo.records import OverlayListing
from hub.demo.trades import FORMS, TRADES, LegalForm, Trade
from hub.registry.rules import EntityState, Overlay

OLDEST_DAYS = 30 * 365
YOUNGEST_DAYS = 15
AGE_POWER = 2.3  # more than half of the city is younger than seven years, few are older than twenty

_STATES = (  # state, weight in thousandths
    (EntityState.ACTIVE, 880),
    (EntityState.DORMANT, 20),
    (EntityState.LIQUIDATING, 12),
    (EntityState.REVOKED, 22),
    (EntityState.DEREGISTERED, 44),
    (EntityState.REVOKED_DEREGISTERED, 6),
    (EntityState.MOVED_OUT, 10),
    (EntityState.ANNULLED, 4),
    (EntityState.ORDERED_CLOSED, 2),
)
_OVERLAYS = (  # list, chance in thousandths, oldest entry in days
    (Overlay.ABNORMAL, 28, 700),
    (Overlay.SERIOUS, 6, 1000),
    (Overlay.REPORT_MISSING, 18, 140),
    (Overlay.EQUITY_FROZEN, 3, 900),
    (Overlay.DEREGISTERING, 6, 19),
)
LISTED_STATES = frozenset({EntityState.ACTIVE, EntityState.DORMANT, EntityState.REVOKED})

PLANNED_FATES = tuple(
    fate for fate in PermitFate if fate is not PermitFate.FINE
)  # numbers 1 and following, one each
PLANNED_STATES: Mapping[int, EntityState] = MappingProxyType(
    {21 + place: state for place, (state, _) in enumerate(_STATES[1:])}
)
PLANNED_OVERLAYS: Mapping[int, Overlay] = MappingProxyType(
    {30 + place: row[0] for place, row in enumerate(_OVERLAYS)}
)
PLANNED_TERM_ENDS: Mapping[int, int] = MappingProxyType({36: 45, 37: 0, 38: -1})  # days from today
PLANNED = 40  # numbers below are in force unless the plan says otherwise

_TRADE_WEIGHTS = tuple(trade.weight for trade in TRADES)
_STAPLE_TRADES = 2  # restaurants and shops: their food permit runs five years, so any fate can befall it
_DISTRICT_WEIGHTS = tuple(district.weight for district in DISTRICTS)


@dataclass(frozen=True, slots=True)
class EnterpriseSketch:
    number: int
    trade: Trade
    form: LegalForm
    district: DemoDistrict
    items: tuple[str, ...]
    state: EntityState
    listings: tuple[OverlayListing, ...]
    age: int  # days since establishment, before a long-lived license dates it back


def sketch(dice: random.Random, number: int, *, today: date) -> EnterpriseSketch:
    is_planned_fate = 0 < number <= len(PLANNED_FATES)
    trade = TRADES[number % _STAPLE_TRADES] if is_planned_fate else dice.choices(TRADES, _TRADE_WEIGHTS)[0]
    form = dice.choices(FORMS, trade.forms)[0]
    state = _state(dice, number)
    age = YOUNGEST_DAYS + int((OLDEST_DAYS - YOUNGEST_DAYS) * dice.random() ** AGE_POWER)
    return EnterpriseSketch(
        number=number,
        trade=trade,
        form=form,
        district=dice.choices(DISTRICTS, _DISTRICT_WEIGHTS)[0],
        items=(*trade.general, *trade.licensed, *(item for item in trade.sometimes if dice.random() < 1 / 3)),
        state=state,
        listings=_listings(dice, number, state, age, today),
        age=age,
    )


def first_fate(dice: random.Random, number: int) -> PermitFate:
    """Return the fate of an enterprise's first license: planned for the first numbers, drawn for the others."""
    return PLANNED_FATES[number - 1] if 0 < number <= len(PLANNED_FATES) else draw_fate(dice)


def _state(dice: random.Random, number: int) -> EntityState:
    drawn = dice.choices(_STATES, [weight for _, weight in _STATES])[0][0]
    return PLANNED_STATES.get(number, EntityState.ACTIVE if number < PLANNED else drawn)


def _listings(
    dice: random.Random, number: int, state: EntityState, age: int, today: date
) -> tuple[OverlayListing, ...]:
    planned = PLANNED_OVERLAYS.get(number)
    if planned is not None:
        return (OverlayListing(planned, today - timedelta(days=min(age, 10))),)
    if state not in LISTED_STATES or number < PLANNED:
        return ()
    return tuple(
        OverlayListing(kind, today - timedelta(days=dice.randint(1, min(age, oldest))))
        for kind, chance, oldest in _OVERLAYS
        if dice.random() * 1000 < chance
    )
