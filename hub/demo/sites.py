"""Places of business: in a commercial area or in a street, with the plate that hangs there."""

import random

from hub.demo.districts import AREAS_OF, Area
from hub.demo.records import DemoPremises, PlateFate
from hub.demo.sketch import EnterpriseSketch
from hub.demo.trades import SHOP
from hub.demo.words import STREETS
from hub.licenses.colours.rules import ENTITY_ENDED

AREA_PLACES = (
    5_500  # the eleven areas of the published case hold some five thousand shops, however large the city
)
AREA_SHARE = 0.9  # of walk-in trades in a city smaller than that
_COUNTS = ((1, 2, 3), (82, 13, 5))
_HOME_SHARE = 0.4  # of self-employed people without customers on the premises
_SPREAD = 0.0012  # degrees: a hundred metres or so around the middle of an area
_TOWN_SPREAD = 0.018

_PLATES = (
    (PlateFate.PLACED, PlateFate.MADE, PlateFate.LOST, PlateFate.SUSPENDED, PlateFate.VOID, PlateFate.NONE),
    (860, 50, 20, 20, 15, 35),
)


def area_share(size: int) -> float:
    """Return the chance of a walk-in trade to stand in a commercial area, in a city of `size` enterprises."""
    return min(AREA_SHARE, AREA_PLACES / max(1, size))


def draw_places(
    dice: random.Random, plan: EnterpriseSketch, name: str, *, share: float
) -> tuple[DemoPremises, ...]:
    """Draw one to three premises; the first is the registered address. Branches and trades without customers have one."""
    count = dice.choices(*_COUNTS)[0] if plan.trade.is_walk_in else 1
    places = tuple(_place(dice, plan, name, index, share) for index in range(count))
    unique = {place.address: place for place in reversed(places)}
    return tuple(place for place in places if unique[place.address] is place)


def _place(dice: random.Random, plan: EnterpriseSketch, name: str, index: int, share: float) -> DemoPremises:
    areas = AREAS_OF[plan.district.region]
    if plan.trade.is_walk_in and dice.random() < share:
        return _in_area(dice, plan, name, index, dice.choice(areas))
    street, door = dice.choice(STREETS), dice.randint(1, 399)
    home = plan.form is SHOP and index == 0 and not plan.trade.is_walk_in and dice.random() < _HOME_SHARE
    rooms = (
        f"{dice.randint(1, 18)}幢{dice.randint(1, 3)}单元{dice.randint(1, 17)}0{dice.randint(1, 4)}室"
        if home
        else ""
    )
    return DemoPremises(
        name=name if index == 0 else f"{name}({street}店)",
        address=f"浙江省衢州市{plan.district.name}{street}{door}号{rooms}",
        area="",
        latitude=_near(dice, plan.district.latitude, _TOWN_SPREAD),
        longitude=_near(dice, plan.district.longitude, _TOWN_SPREAD),
        phone=phone(plan.number),
        is_residence=home,
        plate=PlateFate.NONE,
    )


def _in_area(dice: random.Random, plan: EnterpriseSketch, name: str, index: int, area: Area) -> DemoPremises:
    fates = ((PlateFate.VOID, PlateFate.NONE), (1, 1)) if plan.state in ENTITY_ENDED else _PLATES
    return DemoPremises(
        name=name if index == 0 else f"{name}({area.name}店)",
        address=f"浙江省衢州市{plan.district.name}{area.street}{dice.randint(1, 299)}号",
        area=area.name,
        latitude=_near(dice, area.latitude, _SPREAD),
        longitude=_near(dice, area.longitude, _SPREAD),
        phone=phone(plan.number),
        is_residence=False,
        plate=dice.choices(*fates)[0],
    )


def phone(number: int) -> str:
    """Return a number that cannot ring: no subscriber number in China begins with 0."""
    return f"0570-0{number:06d}"


def _near(dice: random.Random, middle: float, spread: float) -> float:
    return round(middle + dice.uniform(-spread, spread), 6)
