"""When sightings of a plate call for a person: examples, what one liar can do, and what noise can do."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.supervision.clones.geography import (
    GridSquare,
    Nearness,
    Position,
    RegisteredPosition,
    are_districts_apart,
    cell_of,
    metres,
    nearness,
    read_cell,
    seen_in,
    to_map_datum,
)
from hub.supervision.clones.rules import MOST_APART, SLOT, Sighting, SightingSource, judge_sightings, slot_of

AT = datetime(2026, 9, 1, 9, tzinfo=UTC)
SHOP = (28.936, 118.874)
HOME, FAR, FURTHER = cell_of(*SHOP), GridSquare(2901, 11895), GridSquare(2920, 11830)
PLACE = RegisteredPosition(*SHOP)


def seen(
    cell: GridSquare | None = FAR,
    *,
    minutes: int = 0,
    near: Nearness = Nearness.AWAY,
    witness: SightingSource = SightingSource.PUBLIC,
) -> Sighting:
    return Sighting(slot_of(AT + timedelta(minutes=minutes)), witness, near, cell)


def here(*, minutes: int = 0) -> Sighting:
    return seen(HOME, minutes=minutes, near=Nearness.HERE)


def unplaced(
    cell: GridSquare, *, minutes: int = 0, witness: SightingSource = SightingSource.PUBLIC
) -> Sighting:
    return seen(cell, minutes=minutes, near=Nearness.UNKNOWN, witness=witness)


REPORT = Sighting(AT, SightingSource.REPORT, Nearness.UNKNOWN)


def test_three_who_agree_in_different_hours_suffice() -> None:
    found = judge_sightings([seen(minutes=minutes) for minutes in (0, 70, 140)])

    assert found is not None
    assert (found.points, found.public, found.contradicted) == (3, 3, 0)


def test_two_in_different_hours_suffice_where_no_wrong_phone_explains_them() -> None:
    two, near = [seen(), seen(minutes=70)], GridSquare(HOME.north + 2, HOME.east)

    assert judge_sightings(two, HOME) is not None
    assert judge_sightings(two) is None  # nothing to be far from
    assert judge_sightings([seen(), seen(minutes=5)], HOME) is None  # one visitor with two telephones
    assert judge_sightings([seen(near), seen(near, minutes=70)], HOME) is None
    assert judge_sightings([seen(), seen(FURTHER, minutes=70)], HOME) is None  # they do not agree


@pytest.mark.parametrize(
    "sightings",
    [
        [],
        [seen()],
        [seen(), REPORT],
        [seen(), here(minutes=5)],  # contradicted, and still one person
        [seen(minutes=minutes) for minutes in (0, 5, 10, 15, 20)],  # one visit with a bag of telephones
        [
            seen(),
            seen(FURTHER, minutes=70),
            seen(GridSquare(2880, 11850), minutes=140),
        ],  # links pressed at home
        [REPORT] * 20,  # reports tell no place
        [seen(witness=SightingSource.OFFICER)],
        [here(minutes=minutes) for minutes in range(0, 2000, 10)],
    ],
)
def test_one_person_or_scattered_ones_do_not(sightings: list[Sighting]) -> None:
    assert judge_sightings(sightings) is None
    assert judge_sightings(sightings, HOME) is None


def test_an_officer_whom_the_clock_bears_out_suffices_and_so_do_two() -> None:
    officer = seen(witness=SightingSource.OFFICER)

    assert judge_sightings([officer, here(minutes=8)]) is not None
    assert judge_sightings([officer, seen(minutes=3, witness=SightingSource.OFFICER)]) is not None


def test_a_place_without_coordinates_is_judged_by_two_districts_at_once() -> None:
    pair = [unplaced(HOME), unplaced(FAR, minutes=9)]
    later = [unplaced(HOME, minutes=200), unplaced(FAR, minutes=200)]

    assert judge_sightings(pair) is None  # one of the two may be a liar
    assert judge_sightings([*pair, *later]) is not None
    assert judge_sightings([*pair, unplaced(FAR, minutes=300), unplaced(HOME, minutes=400)]) is None
    officers = [unplaced(cell, witness=SightingSource.OFFICER) for cell in (HOME, FAR)]
    assert judge_sightings(officers) is not None


@given(
    st.lists(st.tuples(st.integers(0, 2880), st.booleans()), max_size=60),
    st.integers(0, 2880),
    st.sampled_from([Nearness.AWAY, Nearness.UNKNOWN]),
)
def test_one_liar_among_honest_visitors_raises_nothing(
    honest: list[tuple[int, bool]], minutes: int, near: Nearness
) -> None:
    """Whenever he strikes, and whether the registered place has coordinates or not."""
    is_placed = near is Nearness.AWAY
    visits = [
        here(minutes=at) if is_placed else unplaced(GridSquare(HOME.north, HOME.east + side), minutes=at)
        for at, side in honest
    ]

    liar = seen(FAR, minutes=minutes, near=near)
    assert judge_sightings([*visits, liar], HOME if is_placed else None) is None


@given(st.lists(st.integers(0, 2880), min_size=3, max_size=60, unique=True))
def test_more_who_agree_never_end_a_suspicion_of_a_copy_alone(times: list[int]) -> None:
    found = [judge_sightings([seen(minutes=at) for at in times[:count]]) for count in range(len(times) + 1)]
    raised = [each is not None for each in found]

    assert raised == sorted(raised)


@given(
    st.floats(28.4, 29.4), st.floats(118.0, 119.4), st.floats(0, 6.28), st.floats(0, 290), st.floats(0, 1000)
)
def test_a_phone_within_300_metres_is_here_in_either_datum(
    latitude: float, longitude: float, angle: float, far: float, accuracy: float
) -> None:
    from_place = Position(
        latitude + far * 0.9e-5 * (angle > 3), longitude + far * 1.0e-5 * (angle <= 3), accuracy
    )

    for registered in ((latitude, longitude), to_map_datum(latitude, longitude)):
        assert nearness(from_place, RegisteredPosition(*registered)) is Nearness.HERE


@pytest.mark.parametrize(
    ("north", "accuracy", "place", "expected"),
    [
        (0.02, 30, PLACE, Nearness.AWAY),
        (0.02, 1001, PLACE, Nearness.VAGUE),
        (0.02, 30, RegisteredPosition(None, None), Nearness.UNKNOWN),
        (0.002, 30, PLACE, Nearness.HERE),
        (
            0.008,
            30,
            RegisteredPosition(*SHOP, is_residence=True),
            Nearness.HERE,
        ),  # a home's place is told only roughly
        (0.05, 30, RegisteredPosition(*SHOP, is_residence=True), Nearness.AWAY),
    ],
)
def test_a_distance_has_a_class(
    north: float, accuracy: float, place: RegisteredPosition, expected: Nearness
) -> None:
    assert nearness(Position(SHOP[0] + north, SHOP[1], accuracy), place) is expected


def test_of_a_phone_at_the_place_the_places_own_cell_is_kept() -> None:
    corner = RegisteredPosition(28.9399, 118.8799)

    assert seen_in(Position(28.9401, 118.8801, 20), corner) == cell_of(28.9399, 118.8799)


@given(st.floats(28, 30), st.floats(118, 120), st.floats(28, 30), st.floats(118, 120))
def test_cells_are_districts_apart_only_when_all_their_points_are(
    north: float, east: float, other_north: float, other_east: float
) -> None:
    one, other = (north, east), (other_north, other_east)

    if are_districts_apart(cell_of(*one), cell_of(*other)):
        assert metres(one, other) >= 4_900
    assert read_cell(cell_of(*one).key) == cell_of(*one)


def test_the_datums_of_this_city_are_some_five_hundred_metres_apart() -> None:
    assert 300 < metres(SHOP, to_map_datum(*SHOP)) < 700


def test_a_position_is_never_written_out() -> None:
    assert "28.9" not in f"{Position(28.936, 118.874, 10)!r} {Position(28.936, 118.874, 10)}"


def test_slots_are_whole() -> None:
    assert slot_of(AT + timedelta(minutes=9, seconds=59)) == AT + SLOT
    assert timedelta(0) == MOST_APART % SLOT
