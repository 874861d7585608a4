"""Distances and datums to the metre: limits that belong to a class, squares that are districts apart, and published positions."""

from math import cos, radians

import pytest

from hub.supervision.clones.geography import (
    HOME_METRES,
    MAX_ACCURACY_METRES,
    NEAR_METRES,
    ROUNDING_METRES,
    GridSquare,
    Nearness,
    Position,
    RegisteredPosition,
    are_districts_apart,
    cell_of,
    metres,
    nearness,
    to_map_datum,
)

SHOP = (28.936, 118.874)
METRES_A_DEGREE = 111_194.93  # of a great circle of a sphere with a radius of 6 371 km


@pytest.mark.parametrize(
    ("satellite", "on_the_map"),
    [
        ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
        ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
        ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
    ],
    ids=["Shanghai", "Shenzhen", "Beijing"],
)
def test_the_map_datum_is_that_of_other_implementations(
    satellite: tuple[float, float], on_the_map: tuple[float, float]
) -> None:
    assert to_map_datum(*satellite) == pytest.approx(on_the_map, abs=2e-6)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ((28.0, 118.0), (28.0, 118.0), 0.0),
        ((28.0, 118.0), (29.0, 118.0), METRES_A_DEGREE),
        ((29.0, 118.0), (28.0, 118.0), METRES_A_DEGREE),
        ((0.0, 118.0), (0.0, 119.0), METRES_A_DEGREE),
        ((60.0, 118.0), (60.0, 118.01), METRES_A_DEGREE / 200),
        ((0.0, 0.0), (60.0, 90.0), METRES_A_DEGREE * 90),
        ((90.0, 0.0), (-90.0, 0.0), METRES_A_DEGREE * 180),
    ],
    ids=["nowhere", "north", "south", "along the equator", "at sixty", "a quarter round", "half round"],
)
def test_a_distance_is_that_of_the_sphere(
    one: tuple[float, float], other: tuple[float, float], apart: float
) -> None:
    assert metres(one, other) == pytest.approx(apart, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize(
    ("other", "is_apart"),
    [
        (GridSquare(2893, 11887), False),
        (GridSquare(2898, 11887), False),
        (GridSquare(2899, 11887), True),
        (GridSquare(2888, 11887), False),
        (GridSquare(2887, 11887), True),
        (GridSquare(2893, 11893), False),
        (GridSquare(2893, 11894), True),
        (GridSquare(2893, 11881), False),
        (GridSquare(2893, 11880), True),
        (GridSquare(2897, 11891), False),
        (GridSquare(2897, 11892), True),
    ],
    ids=lambda value: f"{value.north}:{value.east}" if isinstance(value, GridSquare) else str(value),
)
def test_squares_are_districts_apart_from_five_kilometres_between_their_edges(
    other: GridSquare, *, is_apart: bool
) -> None:
    assert are_districts_apart(GridSquare(2893, 11887), other) is is_apart
    assert are_districts_apart(other, GridSquare(2893, 11887)) is is_apart


def test_squares_grow_narrow_towards_the_pole() -> None:
    beside = 6  # squares; the edges of five lie between

    assert 5 * METRES_A_DEGREE / 100 * cos(radians(10)) > 5_000 > 5 * METRES_A_DEGREE / 100 * cos(radians(50))
    assert are_districts_apart(GridSquare(1000, 11800), GridSquare(1000, 11800 + beside))
    assert not are_districts_apart(GridSquare(5000, 11800), GridSquare(5000, 11800 + beside))


@pytest.mark.parametrize(
    ("metres_north", "accuracy", "is_residence", "expected"),
    [
        (NEAR_METRES + ROUNDING_METRES - 5, 0, False, Nearness.HERE),
        (NEAR_METRES + ROUNDING_METRES + 100 - 5, 100, False, Nearness.HERE),
        (3_000, MAX_ACCURACY_METRES, False, Nearness.AWAY),
        (0, MAX_ACCURACY_METRES, False, Nearness.HERE),
        (0, MAX_ACCURACY_METRES + 1, False, Nearness.VAGUE),
        (-(HOME_METRES + ROUNDING_METRES - 5), 0, True, Nearness.HERE),
        (3_000, 0, True, Nearness.AWAY),
    ],
    ids=[
        "at the limit",
        "accuracy allowed for",
        "far",
        "accurate enough",
        "vague",
        "at a home",
        "far off a home",
    ],
)
def test_a_class_ends_where_its_number_says(
    metres_north: float, accuracy: float, *, is_residence: bool, expected: Nearness
) -> None:
    home = (28.935, 118.875)  # the middle of its square, so that a home's distances count from itself
    phone = Position(home[0] + metres_north / METRES_A_DEGREE, home[1], accuracy)

    assert nearness(phone, RegisteredPosition(*home, is_residence=is_residence)) is expected


@pytest.mark.parametrize(("latitude", "longitude"), [(None, 118.874), (28.936, None), (None, None)])
def test_half_a_position_is_none(latitude: float | None, longitude: float | None) -> None:
    assert nearness(Position(*SHOP, 10), RegisteredPosition(latitude, longitude)) is Nearness.UNKNOWN


@pytest.mark.parametrize(
    ("position", "cell"),
    [
        ((28.93, 118.87), GridSquare(2893, 11887)),
        ((28.9399, 118.8799), GridSquare(2893, 11887)),
        ((-0.001, -0.001), GridSquare(-1, -1)),
    ],
)
def test_a_square_begins_at_its_south_western_corner(position: tuple[float, float], cell: GridSquare) -> None:
    assert cell_of(*position) == cell
