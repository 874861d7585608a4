"""Entries on the status lists: given once, following what they depend on; on both databases."""

from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.trust.statuses.indices import abandon_list
from hub.trust.statuses.models import StatusChange, StatusIndex, StatusLease, StatusListRow
from hub.trust.statuses.rules import Cause, StatusPosition
from hub.trust.statuses.service import (
    Allocation,
    allocate_many,
)
from signing.status import LIST_ENTRIES, Status
from tests.support.statuses import (
    CREDENTIAL,
    LICENSE,
    OTHER,
    PLATE,
    SECOND_LICENSE,
    USCC,
    act,
    all_entries,
    become,
    changes,
    entry_of,
    give,
    say,
    turn,
)


def test_no_index_is_given_twice_and_neighbours_are_apart(any_db: Database, now: datetime) -> None:
    places = [give(any_db, PLATE, f"P{number}", now=now) for number in range(20)]

    assert {place.uri for place in places} == {"/status/1"}
    assert len({place.idx for place in places}) == 20
    assert [place.idx for place in places] != sorted(place.idx for place in places)
    with any_db.read() as session:
        assert len(session.scalars(select(StatusIndex)).all()) == 20


def test_a_subject_has_one_entry_for_ever(any_db: Database, now: datetime) -> None:
    give(any_db, PLATE, "A", now=now)

    with pytest.raises(IntegrityError):
        give(any_db, PLATE, "A", now=now)
    assert give(any_db, CREDENTIAL, "A", now=now)


def test_a_full_list_is_followed_by_a_new_one(any_db: Database, now: datetime) -> None:
    give(any_db, PLATE, "A", now=now)
    with any_db.write() as session:
        session.execute(update(StatusListRow).values(used=LIST_ENTRIES - 2))

    def work(session: Session) -> list[StatusPosition]:
        act(session, USCC, now)
        wanted = [Allocation(USCC, PLATE, f"B{number}") for number in range(5)]
        return allocate_many(session, wanted, now=now)

    places = any_db.run(work)

    assert [place.uri for place in places] == ["/status/1"] * 2 + ["/status/2"] * 3
    with any_db.read() as session:
        secrets = session.scalars(select(StatusListRow.secret)).all()
    assert len(set(secrets)) == 2


def test_the_database_itself_refuses_an_index_that_was_used(any_db: Database, now: datetime) -> None:
    give(any_db, PLATE, "A", now=now)
    with any_db.write() as session:
        session.execute(update(StatusListRow).values(used=0))  # as after a restored backup
        session.execute(delete(StatusLease))

    with pytest.raises(IntegrityError):
        give(any_db, PLATE, "B", now=now)


def test_the_worst_cause_is_told_and_a_revocation_is_for_good(any_db: Database, now: datetime) -> None:
    give(any_db, PLATE, "A", now=now)
    seen = []
    for cause, value in (
        (Cause.CONTENT, Status.CHANGED),
        (Cause.OWN, Status.SUSPENDED),
        (Cause.ENTERPRISE, Status.REVOKED),
        (Cause.ENTERPRISE, Status.VALID),
        (Cause.OWN, Status.VALID),
        (Cause.CONTENT, Status.VALID),
        (Cause.OWN, Status.REVOKED),
        (Cause.OWN, Status.VALID),
    ):
        say(any_db, cause, value, now=now)
        seen.append(entry_of(any_db, USCC, PLATE, "A").value)

    assert seen == [3, 2, 1, 2, 3, 3, 1, 1]


def test_nothing_is_said_of_what_has_no_entry(any_db: Database, now: datetime) -> None:
    with pytest.raises(NotFoundError):
        say(any_db, Cause.OWN, Status.REVOKED, now=now, subject="nobody")


def test_a_license_carries_its_credentials_and_no_others(any_db: Database, now: datetime) -> None:
    give(any_db, CREDENTIAL, "ours", now=now, parent=LICENSE)
    give(any_db, CREDENTIAL, "sibling", now=now, parent=SECOND_LICENSE)
    give(any_db, PLATE, "plate", now=now)
    give(any_db, CREDENTIAL, "theirs", now=now, uscc=OTHER, parent=LICENSE)
    seen = []
    for value, is_rewritten in (
        (Status.SUSPENDED, False),
        (Status.VALID, False),
        (Status.VALID, True),
        (Status.REVOKED, True),
        (Status.VALID, True),
    ):
        any_db.run(partial(become, value=value, now=now, is_rewritten=is_rewritten))
        seen.append(entry_of(any_db, USCC, CREDENTIAL, "ours").value)

    assert seen == [2, 0, 3, 1, 1]
    others = ((USCC, CREDENTIAL, "sibling"), (USCC, PLATE, "plate"), (OTHER, CREDENTIAL, "theirs"))
    assert [entry_of(any_db, *other).value for other in others] == [0, 0, 0]


def test_a_credential_issued_anew_does_not_inherit_that_an_older_one_was_outdated(
    any_db: Database, now: datetime
) -> None:
    old = give(any_db, CREDENTIAL, "old", now=now, parent=LICENSE)
    any_db.run(lambda session: become(session, Status.VALID, now=now, is_rewritten=True))

    new = give(any_db, CREDENTIAL, "new", now=now, parent=LICENSE)

    assert new.idx != old.idx
    assert entry_of(any_db, USCC, CREDENTIAL, "old").value == Status.CHANGED
    assert entry_of(any_db, USCC, CREDENTIAL, "new").value == Status.VALID


def test_an_enterprise_carries_everything_it_holds_and_comes_back(any_db: Database, now: datetime) -> None:
    give(any_db, PLATE, "plate", now=now)
    give(any_db, CREDENTIAL, "credential", now=now, parent=LICENSE)
    give(any_db, PLATE, "theirs", now=now, uscc=OTHER)

    any_db.run(lambda session: turn(session, Status.REVOKED, now=now))
    ended = [
        entry_of(any_db, USCC, kind, name).value
        for kind, name in ((PLATE, "plate"), (CREDENTIAL, "credential"))
    ]
    any_db.run(lambda session: turn(session, Status.VALID, now=now))
    back = [
        entry_of(any_db, USCC, kind, name).value
        for kind, name in ((PLATE, "plate"), (CREDENTIAL, "credential"))
    ]

    assert (ended, back) == ([1, 1], [0, 0])
    assert entry_of(any_db, OTHER, PLATE, "theirs").value == Status.VALID


def test_what_is_issued_later_stands_as_what_it_depends_on(any_db: Database, now: datetime) -> None:
    any_db.run(lambda session: become(session, Status.SUSPENDED, now=now))
    give(any_db, CREDENTIAL, "suspended", now=now, parent=LICENSE)
    give(any_db, CREDENTIAL, "free", now=now, parent=SECOND_LICENSE)
    any_db.run(lambda session: turn(session, Status.REVOKED, now=now))
    give(any_db, PLATE, "late", now=now)

    values = {entry.subject: entry.value for entry in all_entries(any_db)}
    assert values == {"suspended": 1, "free": 1, "late": 1}


def test_a_rolled_back_change_leaves_nothing(any_db: Database, now: datetime) -> None:
    give(any_db, PLATE, "A", now=now)
    before = changes(any_db)

    class StopError(Exception):
        pass

    def work(session: Session) -> None:
        turn(session, Status.REVOKED, now=now)
        session.flush()
        raise StopError

    with pytest.raises(StopError):
        any_db.run(work)

    assert entry_of(any_db, USCC, PLATE, "A").value == Status.VALID
    assert changes(any_db) == before


def test_a_restored_database_gives_no_index_of_a_list_that_it_has_forgotten(
    any_db: Database, now: datetime
) -> None:
    before = give(any_db, PLATE, "A", now=now)
    any_db.run(partial(abandon_list, now=now))
    fresh = int(now.timestamp()) // 10  # no list that was opened after the copy was made has that number

    assert (before.uri, give(any_db, PLATE, "B", now=now).uri) == ("/status/1", f"/status/{fresh}")
    assert publishable(any_db) == {1, fresh}


def publishable(db: Database) -> set[int]:
    with db.read() as session:
        return set(session.scalars(select(StatusChange.list)))
