"""The table of plates in a bundle: within its size however many plates there are, what matters most first."""

from datetime import datetime, timedelta

from hub.kernel.database import Database
from hub.trust.bundles.listed import listed_plates
from hub.trust.statuses.models import StatusEntry
from hub.trust.statuses.rules import SubjectKind
from signing.status import Status
from tests.support.beside import beside
from tests.support.plates import NOW

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
