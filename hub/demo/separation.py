"""A demonstration is kept apart from the real thing: its database, its keys and the setting HUB_DEMO go together.

A database is marked by the act with which its demonstration began, a key ring under its own seal (`keys.ring_file`).
Neither mark can be taken off again.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access.models import Person
from hub.demo.errors import DemoDatabaseError, DemoKeysError, RealDataError, RealKeysError
from hub.feeds.models import Batch
from hub.kernel.actor import Doer
from hub.kernel.database import Database
from hub.kernel.errors import ConflictError
from hub.registry.models import Enterprise
from hub.trust.record import events
from hub.trust.record.models import Event

OPENED, STARTED = "demo.opened", "demo.started"


def is_marked(session: Session) -> bool:
    """Return whether invented data went into this database, or it was made for that."""
    marks = select(Event.id).where(Event.uscc == "", Event.kind.in_((OPENED, STARTED))).limit(1)
    return session.scalar(marks) is not None


def has_begun(session: Session) -> bool:
    """Return whether invented data went in."""
    started = select(Event.id).where(Event.uscc == "", Event.kind == STARTED).limit(1)
    return session.scalar(started) is not None


def holds_data(session: Session) -> bool:
    """Return whether there are enterprises, people or delivered files."""
    kinds = (select(Enterprise.uscc), select(Person.id), select(Batch.id))
    return any(session.scalar(kind.limit(1)) is not None for kind in kinds)


def mismatch(db: Database, *, demo: bool, has_demo_keys: bool) -> ConflictError | None:
    """Return why setting, database and keys do not go together, None when they do. Two statements at most, four in a demonstration.

    Raises: what the driver raises while the database is away.
    """
    with db.read() as session:
        is_demo = is_marked(session)
        if demo and not has_demo_keys:
            return RealKeysError()
        if demo and not is_demo and holds_data(session):
            return RealDataError()
    if not demo and is_demo:
        return DemoDatabaseError()
    return DemoKeysError() if not demo and has_demo_keys else None


def require_together(db: Database, *, demo: bool, has_demo_keys: bool) -> None:
    """Refuse setting, database and keys that do not go together.

    Raises: DemoDatabaseError, DemoKeysError, RealKeysError, RealDataError.
    """
    error = mismatch(db, demo=demo, has_demo_keys=has_demo_keys)
    if error is not None:
        raise error


def open_demonstration(db: Database, *, by: Doer, now: datetime) -> bool:
    """Mark a database that holds nothing yet; whether it is a demonstration's now."""

    def work(session: Session) -> bool:
        if is_marked(session):
            return True
        if holds_data(session):
            return False
        data = {"count": 0}
        events.record(session, kind="demo.opened", uscc="", subject="demo", by=by, data=data, now=now)
        return True

    return db.run(work)
