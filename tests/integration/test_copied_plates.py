"""Sightings of plates on both databases: one suspicion however many raise it, and a fresh start after a move."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import select

from hub.kernel.database import Database
from hub.registry.models import Premises
from hub.supervision.clones.geography import Nearness, Position
from hub.supervision.clones.models import PlateSighting, PlateSuspicion
from hub.supervision.clones.rules import SightingSource
from hub.supervision.clones.service import Asker, SeenPlate, note_sighting
from tests.support.beside import beside
from tests.support.plates import NOW, USCC, add_enterprise, add_premises

AWAY = Position(29.017, 118.953, 20)


@pytest.fixture
def plate(any_db: Database) -> SeenPlate:
    add_enterprise(any_db)
    return SeenPlate(USCC, "7K2M9QXT4K", add_premises(any_db, latitude=28.936, longitude=118.874))


def look(db: Database, plate: SeenPlate, name: str) -> Nearness:
    asker = Asker(name, "s" * 32, SightingSource.OFFICER)
    return note_sighting(plate, AWAY, asker=asker, now=NOW, db=db)


def suspicions(db: Database) -> list[UUID]:
    with db.read() as session:
        return list(session.scalars(select(PlateSuspicion.id)))


def test_officers_at_once_raise_one_suspicion_and_one_asker_counts_once(
    any_db: Database, plate: SeenPlate
) -> None:
    names = [f"officer {number % 6}" for number in range(18)]

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda name: look(any_db, plate, name), names))

    assert set(found) == {Nearness.AWAY}
    with any_db.read() as session:
        assert session.query(PlateSighting).count() == 6
    assert len(suspicions(any_db)) == 1


def test_premises_that_moved_start_afresh(any_db: Database, plate: SeenPlate) -> None:
    look(any_db, plate, "one")
    with beside(any_db) as session:
        row = session.scalar(select(Premises).where(Premises.id == plate.premises_id))
        assert row is not None
        row.version += 1

    look(any_db, plate, "another")

    assert suspicions(any_db) == []
