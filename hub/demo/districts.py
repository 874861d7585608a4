"""Where the demonstration city stands: the six districts of Quzhou (GB/T 2260) and eleven commercial areas.

Coordinates (WGS 84, degrees) are rough centres, good to about a kilometre: places of invented shops, not of real ones.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoDistrict:
    region: str
    name: str
    short: str
    latitude: float
    longitude: float
    weight: int


@dataclass(frozen=True, slots=True)
class Area:
    """A commercial area in which plates were laid; `street` is the address its shops share."""

    name: str
    region: str
    street: str
    latitude: float
    longitude: float


DISTRICTS = (
    DemoDistrict("330802", "柯城区", "柯城", 28.9690, 118.8710, 28),
    DemoDistrict("330803", "衢江区", "衢江", 28.9790, 118.9590, 17),
    DemoDistrict("330822", "常山县", "常山", 28.9015, 118.5112, 12),
    DemoDistrict("330824", "开化县", "开化", 29.1370, 118.4150, 12),
    DemoDistrict("330825", "龙游县", "龙游", 29.0285, 119.1720, 14),
    DemoDistrict("330881", "江山市", "江山", 28.7370, 118.6270, 17),
)
BY_REGION = {district.region: district for district in DISTRICTS}

AREAS = (
    Area("水亭门历史文化街区", "330802", "水亭街", 28.9697, 118.8580),
    Area("南孔古城", "330802", "南街", 28.9668, 118.8635),
    Area("智慧新城", "330802", "白云中大道", 28.9480, 118.8420),
    Area("东方商厦", "330802", "上街", 28.9712, 118.8690),
    Area("万达广场", "330802", "花园中大道", 28.9335, 118.8560),
    Area("吾悦广场", "330803", "霞飞路", 28.9820, 118.9430),
    Area("衢江万田", "330803", "万田路", 28.9935, 118.9180),
    Area("龙游商帮街", "330825", "太平路", 29.0310, 119.1755),
    Area("江山城中路", "330881", "城中路", 28.7402, 118.6241),
    Area("常山定阳里", "330822", "定阳路", 28.9003, 118.5075),
    Area("开化芹阳", "330824", "芹阳路", 29.1385, 118.4122),
)
AREAS_OF = {region: tuple(area for area in AREAS if area.region == region) for region in BY_REGION}


def authority(region: str, office: str) -> str:
    """Return the name of a district's office: `衢州市柯城区市场监督管理局`; counties and 江山 sign without the city."""
    district = BY_REGION[region]
    return f"{'衢州市' if district.name.endswith('区') else ''}{district.name}{office}"
