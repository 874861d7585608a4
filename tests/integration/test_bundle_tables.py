"""The table of plates in a bundle: within its size however many plates there are, what matters most first."""

from datetime import datetime, timedelta

import pytest

from hub.codes import service
from hub.config import Settings
from hub.kernel.database import Database
from hub.trust.bundles import building
from hub.trust.bundles.building import build
from hub.trust.bundles.listed import listed_plates
from hub.trust.statuses.models import StatusEntry
from hub.trust.statuses.rules import SubjectKind
from signing.bundle import read_bundle
from signing.offline import OfflineVerifier
from signing.status import Status
from tests.support.beside import beside
from tests.support.plates import NOW, OPERATOR, add_plate, add_premises, issuer_of, press_of

LATER = NOW + timedelta(hours=3)


def entries(db: Database, count: int, *, value: Status, at: datetime, first: int) -> list[str]:
    """Plates on a list, as many as wanted, without their enterprises."""
    names = [f"P{number:09}" for number in range(first, first + count)]
    plain = {"list": 1, "parent": None, "license": 0, "content": 0, "enterprise": 0, "changed_at": at}
    with beside(db) as session:
        session.add_all(
            StatusEntry(
                uscc=f"9133{number:014}",
                kind=SubjectKind.PLATE.value,
                subject=name,
                idx=number,
                own=int(value),
                value=int(value),
                **plain,
            )
            for number, name in enumerate(names, first)
        )
    return names


def listed(db: Database, limit: int, *, now: datetime = LATER) -> list[str]:
    with db.read() as session:
        return [row[0] for row in listed_plates(session, base_url="", limit=limit, now=now)]


def test_a_table_that_is_full_names_first_what_matters_most(any_db: Database) -> None:
    long_void = entries(any_db, 4, value=Status.REVOKED, at=LATER - timedelta(days=8), first=0)
    valid = entries(any_db, 5, value=Status.VALID, at=NOW, first=100)
    void = entries(any_db, 2, value=Status.REVOKED, at=LATER - timedelta(days=6), first=200)
    suspended = entries(any_db, 2, value=Status.SUSPENDED, at=LATER - timedelta(days=80), first=300)

    assert listed(any_db, 100) == [*void, *suspended, *valid, *long_void]
    assert listed(any_db, 6) == [*void, *suspended, *valid[:2]]
    assert listed(any_db, 3) == [*void, suspended[0]]


def test_a_city_of_more_plates_than_a_table_holds_still_has_its_bundle(
    any_db: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    plates = [add_plate(any_db, settings)]
    for number in range(3):
        place = add_premises(any_db, name=f"店{number}")
        plates.append(service.issue_plate(place, press=press_of(settings), by=OPERATOR, now=NOW, db=any_db))
    monkeypatch.setattr(building, "MAX_PLATES", 2)

    document = build(
        any_db,
        issuer=issuer_of(settings),
        base_url=settings.base_url,
        log_origin=settings.log_origin,
        now=NOW,
    ).document

    bundle = read_bundle(document, now=NOW)

    assert sum(len(table) for table in bundle.plates.values()) == 2
    verdicts = [OfflineVerifier(bundle).verify(plate.text, now=NOW) for plate in plates]
    assert all(verdict.is_genuine for verdict in verdicts)
