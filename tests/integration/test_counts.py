"""Kept counts on both databases: exact at every moment, set right when they are not, made by the migration."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from hub import schema
from hub.cli import recount
from hub.codes.models import AreaPremises
from hub.codes.plates.rollout import issue_area
from hub.codes.plates.service import change_plate, end_plate
from hub.codes.rules import PlateAction, PlateEnd
from hub.config import Settings
from hub.kernel import counts
from hub.kernel.counts import Count, CountChange, CountDifference
from hub.kernel.database import Database
from hub.licenses.summaries import refresh_stale
from hub.registry.scope.store import replace_scope
from tests.support.beside import beside
from tests.support.feeds import Feeds
from tests.support.loading import TODAY, load_all
from tests.support.plates import NOW, OPERATOR, press_of, replace_plate
from tests.support.reference import REFERENCE
from tests.support.threads import at_once

KIND = "tests"
BEFORE = "0004"  # the revision without kept counts
COUNTING = {KIND: lambda _session: [("a", 5), ("b", 1)]}


@pytest.fixture
def city(any_db: Database, settings: Settings, tmp_path: Path) -> Database:
    """A loaded city with plates in every state."""
    load_all(any_db, Feeds(enterprises=40).write(tmp_path))
    area = next(iter(areas(any_db)))
    plates = [
        plate
        for made in issue_area(area, press=press_of(settings), by=OPERATOR, now=NOW, db=any_db)
        for plate in made
    ]
    act = {"by": OPERATOR, "now": NOW, "db": any_db}
    for number, plate in enumerate(plates):
        match number % 4:
            case 0:
                change_plate(plate.plate_id, action=PlateAction.PLACE, **act)
            case 1:
                change_plate(plate.plate_id, action=PlateAction.REPORT_LOST, **act)
            case 2:
                end_plate(plate.plate_id, reason=PlateEnd.DAMAGED, **act)
            case _:
                replace_plate(
                    plate.plate_id, reason=PlateEnd.DAMAGED, press=press_of(settings), now=NOW, db=any_db
                )
    assert len(plates) >= 4
    for text in ("剧本娱乐幻想", "蘑菇风味研究"):  # the second replaces the first
        scopes = [(plate.uscc, f"餐饮服务;{text}") for plate in plates[:2]]
        with beside(any_db) as session:
            replace_scope(session, scopes, replaced=[uscc for uscc, _ in scopes], items=REFERENCE.items)
    return any_db


def areas(db: Database) -> Iterator[str]:
    with db.read() as session:
        yield from session.scalars(select(AreaPremises.area).distinct().order_by(AreaPremises.area))


def wrong(db: Database) -> list[object]:
    with db.read() as session:
        return list(recount.differing_counts(session))


def kept(db: Database) -> dict[str, dict[str, int]]:
    with db.read() as session:
        return {kind: counts.counts(session, kind) for kind in recount.COUNTINGS}


def test_a_loaded_city_with_plates_in_every_state_is_counted_right(city: Database) -> None:
    assert wrong(city) == []
    before = kept(city)
    counts.fold(city)

    assert kept(city) == before
    assert not counts.is_anything_waiting(city)
    assert {kind for kind, found in before.items() if not found} == {"reports"}
    assert before["unmatched-texts"] == {"蘑菇风味研究": 2}


def test_another_day_changes_colours_and_the_counts_of_them(city: Database) -> None:
    before = kept(city)["summaries"]
    later = TODAY.replace(year=TODAY.year + 3)

    while refresh_stale(city, on=later, limit=50, reference=REFERENCE):
        pass

    assert wrong(city) == []
    assert kept(city)["summaries"] != before


def test_a_migration_counts_what_is_there(city: Database) -> None:
    before, places = kept(city), rows(city)

    schema.downgrade(city, revision=BEFORE)
    schema.upgrade(city)

    assert kept(city) == before
    assert rows(city) == places
    assert wrong(city) == []


def rows(db: Database) -> set[tuple[object, ...]]:
    with db.read() as session:
        return {tuple(row) for row in session.execute(select(*AreaPremises.__table__.c))}


def test_planted_drift_is_named_and_set_right(city: Database) -> None:
    counts.fold(city)
    with beside(city) as session:
        session.execute(update(Count).where(Count.kind == "licenses").values(value=Count.value + 7))
        session.execute(delete(Count).where(Count.kind == "plates"))
        counts.add(session, "unmatched-texts", {"没有这一条": 3})
        session.execute(delete(AreaPremises).where(AreaPremises.area == next(iter(areas(city)))))

    assert len(wrong(city)) > 4
    assert recount.repair(city) > 4
    assert wrong(city) == []
    assert recount.repair(city) == 0


def test_many_who_add_and_fold_at_once_lose_nothing(any_db: Database) -> None:
    def work(number: int) -> None:
        for _ in range(10):
            any_db.run(lambda session: counts.add(session, KIND, {"a": 1, "b": number % 2}))
            counts.fold(any_db)

    at_once(8, work)

    with any_db.read() as session:
        assert counts.counts(session, KIND) == {"a": 80, "b": 40}


def test_two_who_repair_at_once_add_once(any_db: Database) -> None:
    any_db.run(lambda session: counts.add(session, KIND, {"a": 2, "z": 4}))

    found = at_once(4, lambda _: counts.repair(any_db, COUNTING))

    assert max(found, key=len) == [
        CountDifference(KIND, "a", 3),
        CountDifference(KIND, "b", 1),
        CountDifference(KIND, "z", -4),
    ]
    with any_db.read() as session:
        assert counts.counts(session, KIND) == {"a": 5, "b": 1}
        assert set(session.scalars(select(Count.key).where(Count.kind == KIND))) == {"a", "b"}


def test_what_is_rolled_back_counts_nothing(any_db: Database) -> None:
    def work(session: Session) -> None:
        counts.add(session, KIND, {"a": 1})
        raise InterruptedError

    with pytest.raises(InterruptedError):
        any_db.run(work)

    with any_db.read() as session:
        assert session.scalars(select(CountChange.id)).all() == []


def test_the_largest_counts_are_exact_before_they_are_folded(any_db: Database) -> None:
    any_db.run(lambda session: counts.add(session, KIND, {"a": 5, "b": 4, "c": 3, "d": 1}))
    counts.fold(any_db)
    any_db.run(lambda session: counts.add(session, KIND, {"a": -5, "d": 9, "e": 4}))

    with any_db.read() as session:
        assert counts.largest(session, KIND, limit=3) == [("d", 10), ("b", 4), ("e", 4)]
