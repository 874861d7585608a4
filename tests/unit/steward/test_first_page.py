"""What the first page of an enterprise shows of plates and tasks."""

import pytest

from hub.codes.plates.queries import PlateListRow
from hub.codes.rules import PlateState
from hub.steward.queries import plates_in_use
from tests.unit.steward.test_tasks import HERE, THERE, place, plate


def rows(*states: PlateState) -> list[PlateListRow]:
    return [PlateListRow(plate(state), "企业", "总店", "某路1号", "区") for state in states]


def test_every_premises_has_its_plate_or_none() -> None:
    found = plates_in_use([place(HERE), place(THERE)], rows(PlateState.PLACED))

    assert {where: one and one.state for where, one in found.items()} == {
        HERE: PlateState.PLACED,
        THERE: None,
    }


def test_a_void_plate_stands_nowhere() -> None:
    assert plates_in_use([place(HERE)], rows(PlateState.VOID)) == {HERE: None}


def test_the_plate_of_premises_that_are_not_told_is_left_out() -> None:
    assert plates_in_use([], rows(PlateState.PLACED)) == {}


@pytest.mark.parametrize(
    ("state", "is_made", "is_lost"),
    [
        (PlateState.MADE, True, False),
        (PlateState.LOST, False, True),
        (PlateState.PLACED, False, False),
        (PlateState.SUSPENDED, False, False),
    ],
)
def test_a_plate_says_what_can_be_done_with_it(state: PlateState, *, is_made: bool, is_lost: bool) -> None:
    assert (plate(state).is_made, plate(state).is_lost) == (is_made, is_lost)
