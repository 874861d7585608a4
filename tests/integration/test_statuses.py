"""Entries on the status lists: given once, following what they depend on, published as they are; on both databases."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.config import Settings
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.trust.issuer import Issuer
from hub.trust.statuses import publishing
from hub.trust.statuses.models import StatusChange, StatusEntry, StatusIndex, StatusListRow
from hub.trust.statuses.publishing import StatusExpiredError, published
from hub.trust.statuses.rules import Cause, StatusReference, SubjectKind
from hub.trust.statuses.service import (
    Allocation,
    LicenseChange,
    allocate,
    allocate_many,
    enterprise_changed,
    license_changed,
    set_cause,
)
from keys import Purpose
from signing.status import LIST_ENTRIES, Status
from tests.support.plates import issuer_of
from tests.support.statuses import BASE_URL, act, entry_of, meet, publish, told

USCC, OTHER = "91330802MA2TEXT162", "91330802MA2TEXT263"
LICENSE, SECOND_LICENSE = UUID(int=7), UUID(int=8)
PLATE, CREDENTIAL = SubjectKind.PLATE, SubjectKind.CREDENTIAL


@pytest.fixture
def issuer(settings: Settings) -> Issuer:
    return issuer_of(settings)


def give(
    db: Database,
    kind: SubjectKind,
    subject: str,
    *,
    now: datetime,
    uscc: str = USCC,
    parent: UUID | None = None,
) -> StatusReference:
    def work(session: Session) -> StatusReference:
        act(session, uscc, now)
        return allocate(session, uscc=uscc, kind=kind, subject=subject, parent=parent, now=now)

    return db.run(work)


def say(db: Database, cause: Cause, value: Status, *, now: datetime, subject: str = "A") -> None:
    db.run(lambda session: _say(session, cause, value, now=now, subject=subject))


def _say(session: Session, cause: Cause, value: Status, *, now: datetime, subject: str = "A") -> None:
    act(session, USCC, now)
    set_cause(session, uscc=USCC, kind=PLATE, subject=subject, cause=cause, value=value, now=now)


def become(session: Session, value: Status, *, now: datetime, is_rewritten: bool = False) -> None:
    act(session, USCC, now)
    license_changed(session, [LicenseChange(USCC, LICENSE, value, is_rewritten)], now=now)


def turn(session: Session, value: Status, *, now: datetime) -> None:
    act(session, USCC, now)
    enterprise_changed(session, {USCC: value}, now=now)


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

    def work(session: Session) -> list[StatusReference]:
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


@pytest.mark.parametrize("order", ["revoked first", "resumed first"])
def test_a_revocation_wins_over_a_resumption_at_the_same_moment(
    any_db: Database, now: datetime, order: str
) -> None:
    give(any_db, PLATE, "A", now=now)
    say(any_db, Cause.OWN, Status.SUSPENDED, now=now)
    writers = [
        lambda session: _say(session, Cause.OWN, Status.REVOKED, now=now),
        lambda session: _say(session, Cause.OWN, Status.VALID, now=now),
    ]

    meet(any_db, *(writers if order == "revoked first" else reversed(writers)))

    assert entry_of(any_db, USCC, PLATE, "A").value == Status.REVOKED


@pytest.mark.parametrize("order", ["license first", "credential first"])
def test_no_credential_slips_past_the_revocation_of_its_license(
    any_db: Database, now: datetime, order: str
) -> None:
    """Each reads before the other writes: the one that comes later must see what the earlier one did."""
    give(any_db, PLATE, "first", now=now)

    def issue(session: Session) -> None:
        act(session, USCC, now)
        allocate(session, uscc=USCC, kind=CREDENTIAL, subject="A", parent=LICENSE, now=now)

    def revoke(session: Session) -> None:
        become(session, Status.REVOKED, now=now)

    meet(any_db, *((revoke, issue) if order == "license first" else (issue, revoke)))

    assert entry_of(any_db, USCC, CREDENTIAL, "A").value == Status.REVOKED


@pytest.mark.parametrize("order", ["enterprise first", "plate first"])
def test_no_plate_slips_past_the_end_of_its_enterprise(any_db: Database, now: datetime, order: str) -> None:
    give(any_db, PLATE, "first", now=now, uscc=OTHER)

    def issue(session: Session) -> None:
        act(session, USCC, now)
        allocate(session, uscc=USCC, kind=PLATE, subject="A", now=now)

    def end(session: Session) -> None:
        turn(session, Status.REVOKED, now=now)

    meet(any_db, *((end, issue) if order == "enterprise first" else (issue, end)))

    assert entry_of(any_db, USCC, PLATE, "A").value == Status.REVOKED


def test_the_very_first_two_entries_made_at_once_share_one_list(any_db: Database, now: datetime) -> None:
    def issue(subject: str) -> Callable[[Session], object]:
        def work(session: Session) -> None:
            act(session, USCC, now)
            allocate(session, uscc=USCC, kind=PLATE, subject=subject, now=now)

        return work

    meet(any_db, issue("A"), issue("B"))

    assert {entry.list for entry in all_entries(any_db)} == {1}
    assert len({entry.idx for entry in all_entries(any_db)}) == 2


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
    due = publishing.assemble(any_db, 1)
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
    slow = publishing.assemble(any_db, 1)
    say(any_db, Cause.OWN, Status.REVOKED, now=now)
    assert publish(any_db, issuer, now) == 1

    assert store(any_db, slow, issuer, now) == 0
    assert told(any_db, issuer, place, now) is Status.REVOKED


def store(db: Database, due: publishing.Due, issuer: Issuer, now: datetime) -> int:
    signer = issuer.key_ring.signer(Purpose.STATUS)
    return publishing.store(db, due, signer=signer, uri=f"{BASE_URL}/status/1", now=now)


def all_entries(db: Database) -> list[StatusEntry]:
    with db.read() as session:
        entries = list(session.scalars(select(StatusEntry)))
        session.expunge_all()
        return entries


def changes(db: Database) -> int:
    with db.read() as session:
        return len(session.scalars(select(StatusChange)).all())
