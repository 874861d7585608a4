"""Remits for people that tests make up: without one nobody looks at anything."""

from datetime import datetime, timedelta

from hub.access.remits import SERVING, WHOLE_CITY, RemitInput, give
from hub.kernel.actor import Actor
from hub.kernel.database import Database
from hub.trust.record import events
from tests.support.beside import beside
from tests.support.plates import NOW

EARLY = NOW - timedelta(days=400)


def serve_on_record(actor: Actor, *, db: Database, now: datetime) -> None:
    """The same with its act, for tests that hold the record of acts against the rows."""
    with db.write() as session:
        place = (actor.person_id, actor.role, actor.department or "")
        row = give(session, *place, given=WHOLE_CITY, by="test", now=now)
        subject = str(row.id)
        events.record(
            session, kind="account.remit", uscc="", subject=subject, by="test", data={}, now=now, rows=[row]
        )


def serve(*actors: Actor, db: Database, given: RemitInput = WHOLE_CITY) -> None:
    """Give these officers and officials a remit from long ago on."""
    with beside(db) as session:
        for actor in actors:
            if actor.role in SERVING:
                place = (actor.person_id, actor.role, actor.department or "")
                give(session, *place, given=given, by="test", now=EARLY)
