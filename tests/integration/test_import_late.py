"""Rows that waited for a person say when their file came and when they were put on record; others have one moment."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from hub import schema
from hub.access.proposals.rules import Decision
from hub.config import Settings
from hub.feeds.service import LoadRequest, load_file
from hub.kernel.database import Database
from hub.kernel.paging import MAX_PAGE
from hub.licenses.models import License, LicenseVersion
from hub.licenses.queries import license_versions
from hub.trust.log.sequencer import sequence_all
from hub.trust.record.queries import EventFilter, events_page
from tests.integration.test_import_held import Held, load_one
from tests.support.bad_batches import BAD, FOOD, HOLDERS, MARKET, food, market
from tests.support.loading import BY, NOW, TODAY, write
from tests.support.plates import issuer_of
from tests.support.reference import REFERENCE
from tests.support.tampering import audited, behind_its_back

APPROVED_AT = NOW + timedelta(days=3)


@dataclass
class City:
    """One whose licenses were revoked by a file that came at NOW and was approved three days later."""

    db: Database
    uscc: str

    @classmethod
    def make(cls, db: Database, folder: Path) -> "City":
        load_one(db, write(folder, "base-market.csv", market(MARKET)))
        load_one(db, write(folder, "base-food.csv", food(FOOD)))
        path = write(folder, "revoked.csv", BAD["mass revocation"])
        Held(db, path, folder / "kept", load_one(db, path, keep=folder / "kept")).decide(Decision.APPROVE)
        load_file(LoadRequest(path, None, BY, APPROVED_AT, TODAY, reference=REFERENCE), db=db)
        return cls(db, str(FOOD[0][3]))


@pytest.fixture
def city(any_db: Database, tmp_path: Path) -> City:
    return City.make(any_db, tmp_path)


def test_rows_versions_and_acts_of_an_approved_file_say_when_it_came(city: City) -> None:
    with city.db.read() as session:
        stands = session.execute(
            select(License.id, License.received_at).where(License.uscc == city.uscc)
        ).one()
        last, first = license_versions(session, city.uscc, stands.id)
        acts = events_page(session, EventFilter(kind="license.changed"), limit=MAX_PAGE).rows

    assert stands.received_at == NOW
    assert (last.recorded_at, last.received_at) == (APPROVED_AT, NOW)
    assert (first.recorded_at, first.received_at) == (NOW, None)
    assert {(act.at, act.happened_at) for act in acts} == {(APPROVED_AT, NOW)}
    assert len(acts) == HOLDERS


def test_rows_that_were_stored_as_they_came_have_one_moment(city: City) -> None:
    with city.db.read() as session:
        acts = [
            act
            for kind in ("license.recorded", "enterprise.recorded", "premises.recorded")
            for act in events_page(session, EventFilter(kind=kind), limit=MAX_PAGE).rows
        ]

    assert {(act.at, act.happened_at) for act in acts} == {(NOW, None)}


def test_when_a_late_version_came_cannot_be_changed_unseen(city: City, settings: Settings) -> None:
    issuer = issuer_of(settings)
    sequence_all(city.db, issuer=issuer, origin="127.0.0.1:8000/log", now=APPROVED_AT)
    before = set(audited(city.db, issuer, now=APPROVED_AT).findings)  # a test's people are on no record

    behind_its_back(city.db, "UPDATE licenses_license_version SET received_at = NULL WHERE version = 2")

    found = set(audited(city.db, issuer, now=APPROVED_AT).findings) - before
    assert LicenseVersion.__tablename__ not in {each.table for each in before}
    assert {(each.reason.value, each.table) for each in found} == {
        ("ROW_EDITED", LicenseVersion.__tablename__)
    }


def test_versions_that_are_there_already_keep_their_digests_through_the_migration(
    any_db: Database, tmp_path: Path, settings: Settings
) -> None:
    load_one(any_db, write(tmp_path, "base-market.csv", market(MARKET)))
    load_one(any_db, write(tmp_path, "base-food.csv", food(FOOD)))
    issuer = issuer_of(settings)
    sequence_all(any_db, issuer=issuer, origin="127.0.0.1:8000/log", now=NOW)

    schema.downgrade(any_db, revision="0018")
    schema.upgrade(any_db)

    report = audited(any_db, issuer, now=NOW)
    assert (report.findings, report.rows > HOLDERS) == ((), True)


def test_the_column_of_versions_stays_once_one_came_late(city: City) -> None:
    with pytest.raises(RuntimeError, match="received_at"):
        schema.downgrade(city.db, revision="0018")

    with city.db.read() as session:
        late = session.scalars(select(LicenseVersion).where(LicenseVersion.received_at.is_not(None))).all()
    assert len(late) == HOLDERS
