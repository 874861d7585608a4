"""A savepoint that fails takes its own acts along, and none of those around it."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.access.models import Person
from hub.kernel.database import Database
from hub.kernel.ids import new_id
from hub.trust.record import events, guard
from hub.trust.record.errors import UnloggedChangeError
from hub.trust.record.models import Event
from hub.trust.record.pending import ledger_of
from tests.support.plates import NOW


@pytest.fixture
def guarded(any_db: Database) -> Database:
    guard.install(any_db)
    return any_db


def person(name: str, handle: bytes = b"one") -> Person:
    return Person(id=new_id(NOW), name=name, user_handle=handle, created_at=NOW)


def act(session: Session, subject: str) -> None:
    events.record(session, kind="test.done", uscc="", subject=subject, by="tests", data={}, now=NOW)


def twice(session: Session) -> None:
    """A second person with the handle of the first, refused where it is flushed."""

    def inside() -> None:
        with session.begin_nested():
            act(session, "lost")
            session.add(person("二"))
            session.flush()

    with pytest.raises(IntegrityError):
        inside()


def inside_another(session: Session) -> None:
    with session.begin_nested():
        with session.begin_nested():
            act(session, "released inside one that fails")
        twice(session)
        session.add(person("三"))


def stored(db: Database) -> tuple[list[str], list[str]]:
    with db.read() as session:
        return (
            list(session.scalars(select(Person.name).order_by(Person.name))),
            list(session.scalars(select(Event.subject).order_by(Event.subject))),
        )


def test_a_flush_that_fails_in_a_savepoint_leaves_the_acts_around_it(guarded: Database) -> None:
    with guarded.write() as session:
        session.add(person("一"))
        act(session, "before")
        twice(session)
        act(session, "later")

    assert stored(guarded) == (["一"], ["before", "later"])


def test_the_guard_still_sees_what_was_flushed_before_it(guarded: Database) -> None:
    def work() -> None:
        with guarded.write() as session:
            session.add(person("一"))
            twice(session)

    with pytest.raises(UnloggedChangeError):
        work()
    assert stored(guarded) == ([], [])


def test_savepoints_in_savepoints_each_take_their_own_acts(guarded: Database) -> None:
    with guarded.write() as session:
        session.add(person("一"))
        act(session, "a")
        with session.begin_nested():
            act(session, "b")
            twice(session)
            act(session, "c")
        with pytest.raises(IntegrityError):
            inside_another(session)
        assert not ledger_of(session).marks

    assert stored(guarded) == (["一"], ["a", "b", "c"])


def test_a_savepoint_that_ends_well_leaves_no_mark(guarded: Database) -> None:
    with guarded.write() as session:
        for number in range(3):
            with session.begin_nested():
                act(session, str(number))
        assert not ledger_of(session).marks

    assert stored(guarded) == ([], ["0", "1", "2"])


def test_a_transaction_whose_own_flush_fails_leaves_nothing(guarded: Database) -> None:
    def work() -> None:
        with guarded.write() as session:
            act(session, "lost")
            session.add_all((person("一"), person("二")))

    with pytest.raises(IntegrityError):
        work()
    assert stored(guarded) == ([], [])
