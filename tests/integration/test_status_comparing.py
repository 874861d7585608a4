"""What is said of a list that is served otherwise than its entries stand, and of one that would give out an index twice."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, update

from hub.config import Settings
from hub.kernel.database import Database
from hub.kernel.ids import new_id
from hub.trust.keys.issuer import Issuer
from hub.trust.log.findings import AuditFinding, AuditReason
from hub.trust.statuses.audit import differing_publications, spent_counters
from hub.trust.statuses.models import (
    StatusChange,
    StatusEntry,
    StatusLease,
    StatusListRow,
    StatusPublication,
)
from hub.trust.statuses.rules import Cause
from signing.status import LIST_ENTRIES, Status
from tests.support.plates import issuer_of
from tests.support.statuses import PLATE, give, publish, say

SERVED, COUNTED = StatusPublication.__tablename__, StatusListRow.__tablename__


@pytest.fixture
def issuer(settings: Settings) -> Issuer:
    return issuer_of(settings)


@pytest.fixture
def lists(any_db: Database, issuer: Issuer, now: datetime) -> Database:
    """Two published lists with one entry each; that of the second is revoked."""
    give(any_db, PLATE, "A", now=now)
    with any_db.write() as session:
        session.execute(update(StatusListRow).values(used=LIST_ENTRIES))
    give(any_db, PLATE, "B", now=now)
    say(any_db, Cause.OWN, Status.REVOKED, now=now, subject="B")
    publish(any_db, issuer, now)
    return any_db


def served(db: Database, issuer: Issuer) -> list[AuditFinding]:
    with db.read() as session:
        return list(differing_publications(session, keys=issuer.key_set))


def counted(db: Database) -> list[AuditFinding]:
    with db.read() as session:
        return list(spent_counters(session))


def test_lists_that_are_served_as_their_entries_stand_are_not_named(lists: Database, issuer: Issuer) -> None:
    assert served(lists, issuer) == []


@pytest.mark.parametrize(
    ("edit", "detail"),
    [
        (lambda _now: {"etag": "older"}, "address, etag or end"),
        (lambda _now: {"uri": "http://127.0.0.1:8000/status/1"}, "STATUS_SUBJECT"),
        (lambda now: {"expires_at": now + timedelta(hours=25)}, "address, etag or end"),
        (lambda _now: {"token": "e30.e30.e30"}, "TOKEN_HEADER_MEMBER"),
    ],
    ids=["etag", "address", "end", "token"],
)
def test_what_was_edited_of_a_publication_is_said_of_its_list_alone(
    lists: Database,
    issuer: Issuer,
    now: datetime,
    edit: Callable[[datetime], dict[str, object]],
    detail: str,
) -> None:
    with lists.write() as session:
        session.execute(update(StatusPublication).where(StatusPublication.number == 2).values(edit(now)))

    assert served(lists, issuer) == [AuditFinding(AuditReason.PUBLISHED_DIFFERS, SERVED, "2", detail)]


def test_entries_that_are_served_otherwise_are_counted(lists: Database, issuer: Issuer) -> None:
    with lists.write() as session:
        session.execute(update(StatusEntry).where(StatusEntry.list == 2).values(value=0))

    assert served(lists, issuer) == [
        AuditFinding(AuditReason.PUBLISHED_DIFFERS, SERVED, "2", "1 differences")
    ]


def test_a_list_with_entries_that_was_never_published_is_named_unless_its_change_waits(
    lists: Database, issuer: Issuer, now: datetime
) -> None:
    with lists.write() as session:
        session.execute(delete(StatusPublication).where(StatusPublication.number == 2))
    before = served(lists, issuer)
    with lists.write() as session:
        session.add(StatusChange(list=2, id=new_id(now)))

    assert before == [AuditFinding(AuditReason.PUBLISHED_DIFFERS, SERVED, "2", "never published")]
    assert served(lists, issuer) == []


def test_a_publication_of_a_list_that_is_gone_is_compared_all_the_same(
    lists: Database, issuer: Issuer
) -> None:
    with lists.write() as session:
        session.execute(delete(StatusEntry).where(StatusEntry.list == 2))
        session.execute(delete(StatusListRow).where(StatusListRow.number == 2))

    assert served(lists, issuer) == [
        AuditFinding(AuditReason.PUBLISHED_DIFFERS, SERVED, "2", "1 differences")
    ]


def test_a_counter_that_would_give_an_index_out_twice_is_named_with_its_figures(
    any_db: Database, now: datetime
) -> None:
    for name in "ABC":
        give(any_db, PLATE, name, now=now)
    leased = 3
    with any_db.write() as session:
        session.execute(update(StatusListRow).values(used=2))

    (found,) = counted(any_db)

    assert found == AuditFinding(
        AuditReason.DERIVED_WRONG, COUNTED, "1", f"3 given out, {leased} leased, 2 counted"
    )


def test_a_list_with_another_secret_is_named(any_db: Database, now: datetime) -> None:
    for name in "ABC":
        give(any_db, PLATE, name, now=now)
    with any_db.write() as session:
        session.execute(update(StatusListRow).values(secret=bytes(32)))

    assert counted(any_db) == [
        AuditFinding(AuditReason.DERIVED_WRONG, COUNTED, "1", "another secret orders its indices")
    ]


def test_a_list_that_is_gone_is_named_with_how_many_it_gave_out(any_db: Database, now: datetime) -> None:
    for name in "ABC":
        give(any_db, PLATE, name, now=now)
    with any_db.write() as session:
        session.execute(delete(StatusLease))
        session.execute(delete(StatusListRow))

    assert counted(any_db) == [
        AuditFinding(AuditReason.DERIVED_WRONG, COUNTED, "1", "missing, with 3 given out")
    ]
