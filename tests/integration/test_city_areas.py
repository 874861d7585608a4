"""Plates by area on both databases: who waits, who has one, which hang in place."""

import pytest

from hub.codes.plates.areas import (
    PlateFilter,
    area_state,
    issue_some,
    place_plates,
    premises_page,
    printable_plates,
)
from hub.codes.plates.service import change_plate
from hub.codes.rules import PlateAction, PlateState
from hub.config import Settings
from hub.kernel.database import Database
from hub.kernel.errors import NotAllowedError
from tests.support.city import CODES
from tests.support.plates import (
    NOW,
    OFFICER,
    OFFICIAL,
    OPERATOR,
    OTHER_USCC,
    add_enterprise,
    add_premises,
    press_of,
)

AREA = "水亭门商圈"


@pytest.fixture
def area(any_db: Database) -> Database:
    """Four places: two of a living enterprise, one of another, one of an enterprise that has ended."""
    add_enterprise(any_db)
    add_enterprise(any_db, uscc=OTHER_USCC, name="江山月明商行")
    add_enterprise(any_db, uscc=CODES[2], name="开化芹阳茶叶店", state="注销")
    add_premises(any_db, area=AREA, name="一店")
    add_premises(any_db, area=AREA, name="二店", is_main=False)
    add_premises(any_db, uscc=OTHER_USCC, area=AREA)
    add_premises(any_db, uscc=CODES[2], area=AREA)
    add_premises(any_db, area="别处", name="三店", is_main=False)
    return any_db


def issue(db: Database, settings: Settings) -> int:
    return issue_some(AREA, press=press_of(settings), by=OFFICIAL, now=NOW, db=db)


def state(db: Database) -> tuple[int, int, int, int]:
    with db.read() as session:
        found = area_state(session, AREA)
    return found.premises, found.plates, found.placed, found.waiting


def test_plates_are_made_for_the_living_without_one_and_a_second_run_makes_none(
    area: Database, settings: Settings
) -> None:
    assert state(area) == (4, 0, 0, 3)
    assert issue(area, settings) == 3
    assert issue(area, settings) == 0
    assert state(area) == (4, 3, 0, 0)


def test_ticked_plates_are_placed_and_what_cannot_be_is_passed_over(
    area: Database, settings: Settings
) -> None:
    issue(area, settings)
    plates = [row.plate.plate_id for row in printable_plates(AREA, db=area)]
    change_plate(plates[0], action=PlateAction.SUSPEND, by=OPERATOR, now=NOW, db=area)

    first = place_plates([*plates, "ZZZZZZZZZZ", plates[1]], by=OFFICIAL, now=NOW, db=area)
    again = place_plates(plates, by=OFFICIAL, now=NOW, db=area)

    assert (first.placed, first.passed_over) == (2, 2)
    assert (again.placed, again.passed_over) == (0, 3)
    assert state(area) == (4, 3, 2, 0)


@pytest.mark.parametrize(
    ("show", "count"),
    [
        (PlateFilter.ALL, 4),
        (PlateFilter.WITHOUT, 1),
        (PlateFilter.TO_PLACE, 1),
        (PlateFilter.PLACED, 1),
        (PlateFilter.HELD, 1),
    ],
)
def test_premises_are_listed_by_what_became_of_their_plate(
    area: Database, settings: Settings, show: PlateFilter, count: int
) -> None:
    issue(area, settings)
    plates = [row.plate.plate_id for row in printable_plates(AREA, db=area)]
    change_plate(plates[0], action=PlateAction.REPORT_LOST, by=OPERATOR, now=NOW, db=area)
    place_plates(plates[1:2], by=OFFICIAL, now=NOW, db=area)

    with area.read() as session:
        page = premises_page(session, AREA, show=show)

    assert len(page.rows) == count
    assert all(row.can_place is (row.plate_state is PlateState.MADE) for row in page.rows)


def test_pages_of_premises_leave_none_out_and_repeat_none(area: Database) -> None:
    seen = []
    cursor: str | None = None
    with area.read() as session:
        for _ in range(4):
            page = premises_page(session, AREA, cursor=cursor, limit=1)
            seen += [row.premises_id for row in page.rows]
            cursor = page.next_cursor

    assert len(set(seen)) == len(seen) == 4
    assert cursor is None


def test_only_those_who_roll_plates_out_confirm_them(area: Database) -> None:
    with pytest.raises(NotAllowedError):
        place_plates(["7K2M9QXT4R"], by=OFFICER, now=NOW, db=area)


def test_an_area_that_nobody_has_is_empty(any_db: Database) -> None:
    with any_db.read() as session:
        assert area_state(session, "没有").premises == 0
