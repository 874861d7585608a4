"""After an upgrade that reads business scopes differently: lines and what is counted of them are made anew."""

from datetime import date
from functools import partial

from sqlalchemy.orm import Session

from hub.kernel.database import Database
from hub.licenses.summaries import ENTERPRISES_AT_ONCE, mark_stale
from hub.registry.scope.rereading import read_again


def read_scopes_again(db: Database, *, on: date) -> bool:
    """One transaction of some enterprises: their lines read, their summaries marked for counting; whether any were left."""
    return db.run(partial(_read_some, on=on)) > 0


def complete(db: Database, *, on: date) -> None:
    """All of them. Safe to run again; the worker goes on where this was stopped."""
    while read_scopes_again(db, on=on):
        pass


def _read_some(session: Session, *, on: date) -> int:
    usccs = read_again(session, limit=ENTERPRISES_AT_ONCE)
    mark_stale(session, usccs, on=on)
    return len(usccs)
