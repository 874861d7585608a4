"""Where a phone stands, held against where a plate is registered: an answer in classes, never kept as a position.

Departments deliver coordinates in WGS 84 or in GCJ-02, the national datum of maps, some 500 m apart in this city, and do
not say in which; phones tell either as well. So both readings are tried and the one that fits better counts: a
genuine plate is never called a copy because of a datum.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import asin, cos, floor, hypot, pi, radians, sin, sqrt

NEAR_METRES = 300  # a market hall or a yard is that wide, and a phone indoors is that wrong
MAX_ACCURACY_METRES = 1_000  # beyond, the phone told its mast's cell and not its place
ROUNDING_METRES = 75  # the page sends three decimals: half of 111 m by half of 97 m, across
HOME_METRES = 1_000  # for homes, whose address nobody may find out by asking again and again
CELLS_A_DEGREE = 100  # cells of 1.1 km by 1.0 km
DISTRICT_METRES = (
    5_000  # a plate nearer than this to itself may be one phone that is wrong; beyond, it is two plates
)
_EARTH_METRES = 6_371_000
_METRES_A_DEGREE = _EARTH_METRES * pi / 180


@dataclass(frozen=True, slots=True, repr=False)
class Position:
    """Degrees and metres as a phone told them. Without a `repr`: it must not get into a log."""

    latitude: float
    longitude: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class RegisteredPosition:
    """Where the plate belongs; without coordinates nothing but time and distance between scans can be judged."""

    latitude: float | None
    longitude: float | None
    is_residence: bool = False


class Nearness(StrEnum):
    HERE = "here"
    AWAY = "away"
    UNKNOWN = "unknown"  # the registered place has no coordinates
    VAGUE = "vague"  # the phone does not know where it is


@dataclass(frozen=True, slots=True)
class GridSquare:
    """A square of the grid, by its south-western corner in hundredths of a degree."""

    north: int
    east: int

    @property
    def key(self) -> str:
        return f"{self.north}:{self.east}"


def read_cell(key: str) -> GridSquare:
    north, _, east = key.partition(":")
    return GridSquare(int(north), int(east))


def cell_of(latitude: float, longitude: float) -> GridSquare:
    return GridSquare(floor(latitude * CELLS_A_DEGREE), floor(longitude * CELLS_A_DEGREE))


def nearness(position: Position, place: RegisteredPosition) -> Nearness:
    """Return the class of a phone's distance from the registered place; in doubt it is not away."""
    if position.accuracy > MAX_ACCURACY_METRES:
        return Nearness.VAGUE
    if place.latitude is None or place.longitude is None:
        return Nearness.UNKNOWN
    latitude, longitude, allowed = place.latitude, place.longitude, float(NEAR_METRES)
    # Asked for from many positions, the exact limit would tell where a home lies: its square answers instead.
    if place.is_residence:
        corner = cell_of(latitude, longitude)
        latitude, longitude = ((part + 0.5) / CELLS_A_DEGREE for part in (corner.north, corner.east))
        allowed = HOME_METRES
    allowed += position.accuracy + ROUNDING_METRES
    apart = least_metres((position.latitude, position.longitude), (latitude, longitude))
    return Nearness.HERE if apart <= allowed else Nearness.AWAY


def seen_in(position: Position, place: RegisteredPosition) -> GridSquare:
    """Return the cell that is kept of a sighting: of a phone at the registered place, that place's own."""
    if (
        nearness(position, place) is Nearness.HERE
        and place.latitude is not None
        and place.longitude is not None
    ):
        return cell_of(place.latitude, place.longitude)
    return cell_of(position.latitude, position.longitude)


def are_districts_apart(one: GridSquare, other: GridSquare) -> bool:
    """Return whether any two points of the cells are further apart than a wrong phone explains."""
    # From edge to edge: two neighbours in adjoining squares may be a metre apart.
    north = max(abs(one.north - other.north) - 1, 0) / CELLS_A_DEGREE * _METRES_A_DEGREE
    shrink = cos(radians(max(abs(one.north), abs(other.north)) / CELLS_A_DEGREE))
    east = max(abs(one.east - other.east) - 1, 0) / CELLS_A_DEGREE * _METRES_A_DEGREE * shrink
    return hypot(north, east) >= DISTRICT_METRES


def least_metres(phone: tuple[float, float], place: tuple[float, float]) -> float:
    """Return the distance in that reading of both datums in which it is least."""
    return min(metres(phone, place), metres(to_map_datum(*phone), place), metres(phone, to_map_datum(*place)))


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the great-circle distance (haversine)."""
    north, east = radians(other[0] - one[0]), radians(other[1] - one[1])
    inner = sin(north / 2) ** 2 + cos(radians(one[0])) * cos(radians(other[0])) * sin(east / 2) ** 2
    return 2 * _EARTH_METRES * asin(min(1.0, sqrt(inner)))


def to_map_datum(latitude: float, longitude: float) -> tuple[float, float]:
    """Convert WGS 84 to GCJ-02, with the formula in general use (good to a metre; the official one is not published)."""
    axis, flatness = 6_378_245.0, 0.00669342162296594323  # Krasovsky 1940
    x, y = longitude - 105.0, latitude - 35.0
    wave = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (
        (wave + 20 * sin(y * pi) + 40 * sin(y / 3 * pi) + 160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30))
        * 2
        / 3
    )
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += (
        (wave + 20 * sin(x * pi) + 40 * sin(x / 3 * pi) + 150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi))
        * 2
        / 3
    )
    angle = radians(latitude)
    bend = 1 - flatness * sin(angle) ** 2
    return (
        latitude + north * 180 / (axis * (1 - flatness) / (bend * sqrt(bend)) * pi),
        longitude + east * 180 / (axis / sqrt(bend) * cos(angle) * pi),
    )
