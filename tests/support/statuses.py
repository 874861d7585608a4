"""Status lists in tests: what is published now, read as a stranger would, and writers that meet."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from hub.kernel.database import Database
from hub.trust.keys.issuer import Issuer
from hub.trust.record import events
from hub.trust.statuses import publication
from hub.trust.statuses.models import StatusChange, StatusEntry
from hub.trust.statuses.rules import Cause, StatusPosition, SubjectKind
from hub.trust.statuses.service import (
    LicenseChange,
    allocate,
    enterprise_changed,
    license_changed,
    reference,
    set_cause,
)
from signing import Verifier
from signing.status import Status, verify_status_list

USCC, OTHER = "91330802MA2TEXT162", "91330802MA2TEXT263"
LICENSE, SECOND_LICENSE = UUID(int=7), UUID(int=8)
PLATE, CREDENTIAL = SubjectKind.PLATE, SubjectKind.CREDENTIAL
BASE_URL = "http://127.0.0.1:8000"
MEETING_SECONDS = 0.3  # how long the first waits inside its transaction; on SQLite the second cannot come in


def reference_of(db: Database, uscc: str, kind: SubjectKind, subject: str) -> StatusPosition:
    with db.read() as session:
        found = reference(session, uscc=uscc, kind=kind, subject=subject)
    assert found is not None
    return found


def entry_of(db: Database, uscc: str, kind: SubjectKind, subject: str) -> StatusEntry:
    with db.read() as session:
        entry = session.get_one(StatusEntry, (uscc, kind.value, subject))
        session.expunge(entry)
        return entry


def publish(db: Database, issuer: Issuer, now: datetime, *, base_url: str = BASE_URL) -> int:
    return publication.publish(db, issuer=issuer, base_url=base_url, now=now)


def told(db: Database, issuer: Issuer, at: StatusPosition, now: datetime) -> Status:
    """What the published list says at `at`, its token verified."""
    token = publication.published(db, int(at.uri.rpartition("/")[2]), now=now).token
    listed = verify_status_list(token, uri=BASE_URL + at.uri, verifier=Verifier(issuer.key_set), now=now)
    return Status(listed.status(at.idx))


def act(session: Session, uscc: str, now: datetime) -> None:
    """Something on record about the enterprise, as every change has."""
    events.record(session, kind="plate.void", uscc=uscc, subject="test", by="tester", data={}, now=now)


def meet(db: Database, first: Callable[[Session], object], second: Callable[[Session], object]) -> None:
    """Two writers at once: `first` has seen the database before `second` writes, and writes after it where it can."""
    inside, done = threading.Event(), threading.Event()

    def begin(session: Session) -> None:
        session.execute(text("SELECT count(*) FROM trust_status_standing"))  # the snapshot is taken here
        inside.set()
        done.wait(MEETING_SECONDS)
        first(session)

    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(db.run, begin)
        assert inside.wait(30)
        other = threads.submit(db.run, second)
        wait([other], MEETING_SECONDS / 2)
        if other.done():
            done.set()
        one.result(60)
        other.result(60)


def give(
    db: Database,
    kind: SubjectKind,
    subject: str,
    *,
    now: datetime,
    uscc: str = USCC,
    parent: UUID | None = None,
) -> StatusPosition:
    def work(session: Session) -> StatusPosition:
        act(session, uscc, now)
        return allocate(session, uscc=uscc, kind=kind, subject=subject, parent=parent, now=now)

    return db.run(work)


def say(db: Database, cause: Cause, value: Status, *, now: datetime, subject: str = "A") -> None:
    db.run(lambda session: say_in(session, cause, value, now=now, subject=subject))


def say_in(session: Session, cause: Cause, value: Status, *, now: datetime, subject: str = "A") -> None:
    act(session, USCC, now)
    set_cause(session, uscc=USCC, kind=PLATE, subject=subject, cause=cause, value=value, now=now)


def become(session: Session, value: Status, *, now: datetime, is_rewritten: bool = False) -> None:
    act(session, USCC, now)
    license_changed(session, [LicenseChange(USCC, LICENSE, value, is_rewritten)], now=now)


def turn(session: Session, value: Status, *, now: datetime) -> None:
    act(session, USCC, now)
    enterprise_changed(session, {USCC: value}, now=now)


def all_entries(db: Database) -> list[StatusEntry]:
    with db.read() as session:
        entries = list(session.scalars(select(StatusEntry)))
        session.expunge_all()
        return entries


def changes(db: Database) -> int:
    with db.read() as session:
        return len(session.scalars(select(StatusChange)).all())
