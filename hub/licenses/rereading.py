"""After an upgrade that reads business scopes differently: lines and what is counted of them are made anew."""

from datetime import date
from functools import partial

from sqlalchemy.orm import Session

from hub.kernel.database import Database
from hub.licenses.summaries import ENTERPRISES_AT_ONCE, mark_stale
from hub.registry.scope.items import ScopeCatalogue
from hub.registry.scope.rereading import read_again


def read_scopes_again(db: Database, *, on: date, items: ScopeCatalogue) -> bool:
    """One transaction of some enterprises: their lines read, their summaries marked for counting; whether any were left."""
    return db.run(partial(_read_some, on=on, items=items)) > 0


def complete(db: Database, *, on: date, items: ScopeCatalogue) -> None:
    """All of them. Safe to run again; the worker goes on where this was stopped."""
    while read_scopes_again(db, on=on, items=items):
        pass


def _read_some(session: Session, *, on: date, items: ScopeCatalogue) -> int:
    usccs = read_again(session, items, limit=ENTERPRISES_AT_ONCE)
    mark_stale(session, usccs, on=on)
    return len(usccs)
