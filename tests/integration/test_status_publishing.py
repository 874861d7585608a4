"""Publishing status lists: what is entered is what is told, and no change is ever taken for published."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, update

from hub.config import Settings
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.trust.keys.issuer import Issuer
from hub.trust.statuses import publication
from hub.trust.statuses.models import StatusChange, StatusListRow
from hub.trust.statuses.publication import StatusExpiredError, published
from hub.trust.statuses.rules import Cause
from hub.trust.statuses.service import reference
from keys import Purpose
from signing.status import LIST_ENTRIES, Status
from tests.support.plates import issuer_of
from tests.support.statuses import (
    BASE_URL,
    PLATE,
    changes,
    give,
    publish,
    say,
    told,
)


@pytest.fixture
def issuer(settings: Settings) -> Issuer:
    return issuer_of(settings)


def test_what_is_published_is_what_is_entered(any_db: Database, issuer: Issuer, now: datetime) -> None:
    places = [give(any_db, PLATE, name, now=now) for name in "ABCD"]
    for name, value in zip("BCD", (Status.REVOKED, Status.SUSPENDED, Status.CHANGED), strict=True):
        say(any_db, Cause.OWN, value, now=now, subject=name)

    assert publish(any_db, issuer, now) == 1

    assert [told(any_db, issuer, place, now) for place in places] == [0, 1, 2, 3]
    assert changes(any_db) == 0
    assert publish(any_db, issuer, now) == 0


def test_a_change_is_published_once_and_only_on_its_list(
    any_db: Database, issuer: Issuer, now: datetime
) -> None:
    first = give(any_db, PLATE, "A", now=now)
    with any_db.write() as session:
        session.execute(update(StatusListRow).values(used=LIST_ENTRIES))
    second = give(any_db, PLATE, "B", now=now)
    assert publish(any_db, issuer, now) == 2
    kept = published(any_db, 2, now=now)

    say(any_db, Cause.OWN, Status.REVOKED, now=now)

    assert publish(any_db, issuer, now + timedelta(seconds=1)) == 1
    assert told(any_db, issuer, first, now) is Status.REVOKED
    assert told(any_db, issuer, second, now) is Status.VALID
    assert published(any_db, 2, now=now) == kept


def test_a_list_is_signed_anew_before_it_expires_and_when_address_or_key_change(
    any_db: Database, issuer: Issuer, now: datetime
) -> None:
    give(any_db, PLATE, "A", now=now)
    publish(any_db, issuer, now)

    assert publish(any_db, issuer, now + timedelta(hours=11, minutes=59)) == 0
    assert publish(any_db, issuer, now + timedelta(hours=12)) == 1
    assert publish(any_db, issuer, now + timedelta(hours=12), base_url="https://hub.example") == 1
    assert (
        publish(any_db, issuer, now) == 1
    )  # the clock was set back: nothing is dated in the future for long


def test_the_last_list_is_served_until_it_expires_and_then_refused(
    any_db: Database, issuer: Issuer, now: datetime
) -> None:
    with pytest.raises(NotFoundError):
        published(any_db, 1, now=now)
    give(any_db, PLATE, "A", now=now)
    publish(any_db, issuer, now)

    assert published(any_db, 1, now=now + timedelta(hours=23, minutes=59)).token
    with pytest.raises(StatusExpiredError):
        published(any_db, 1, now=now + timedelta(hours=24))


def test_a_change_during_a_publication_is_published_by_the_next(
    any_db: Database, issuer: Issuer, now: datetime
) -> None:
    place = give(any_db, PLATE, "A", now=now)
    due = publication.assemble(any_db, 1)
    say(any_db, Cause.OWN, Status.REVOKED, now=now)

    assert store(any_db, due, issuer, now) == 1

    assert told(any_db, issuer, place, now) is Status.VALID
    assert changes(any_db) == 1
    assert publish(any_db, issuer, now) == 1
    assert told(any_db, issuer, place, now) is Status.REVOKED


def test_a_slow_publisher_never_puts_an_older_list_over_a_newer_one(
    any_db: Database, issuer: Issuer, now: datetime
) -> None:
    place = give(any_db, PLATE, "A", now=now)
    publish(any_db, issuer, now)
    say(any_db, Cause.OWN, Status.SUSPENDED, now=now)
    slow = publication.assemble(any_db, 1)
    say(any_db, Cause.OWN, Status.REVOKED, now=now)
    assert publish(any_db, issuer, now) == 1

    assert store(any_db, slow, issuer, now) == 0
    assert told(any_db, issuer, place, now) is Status.REVOKED


def store(db: Database, due: publication.DueList, issuer: Issuer, now: datetime) -> int:
    signer = issuer.key_ring.signer(Purpose.STATUS)
    return publication.store(db, due, signer=signer, uri=f"{BASE_URL}/status/1", now=now)


def test_a_change_whose_note_was_removed_is_published_all_the_same(
    any_db: Database, issuer: Issuer, now: datetime
) -> None:
    place, later = give(any_db, PLATE, "A", now=now), now + timedelta(seconds=1)
    publish(any_db, issuer, now)
    say(any_db, Cause.OWN, Status.REVOKED, now=later)
    with any_db.write() as session:
        session.execute(delete(StatusChange))

    assert publish(any_db, issuer, later) == 1
    assert told(any_db, issuer, place, later) is Status.REVOKED
    assert publish(any_db, issuer, later) == 0


def test_each_list_tells_its_own_entries_and_no_others(
    any_db: Database, issuer: Issuer, now: datetime
) -> None:
    first = give(any_db, PLATE, "A", now=now)
    with any_db.write() as session:
        session.execute(update(StatusListRow).values(used=LIST_ENTRIES))
    second = give(any_db, PLATE, "B", now=now)
    say(any_db, Cause.OWN, Status.REVOKED, now=now)
    publish(any_db, issuer, now)

    there = replace(second, idx=first.idx)

    assert told(any_db, issuer, first, now) is Status.REVOKED
    assert told(any_db, issuer, there, now) is Status.VALID


def test_what_has_no_entry_has_no_reference(any_db: Database) -> None:
    with any_db.read() as session:
        assert reference(session, uscc="91330802MA2TEXT162", kind=PLATE, subject="NOBODY") is None
