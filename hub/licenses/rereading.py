"""After an upgrade or an edited catalogue: scopes are read and enterprises are counted anew, some at a time."""

from datetime import date
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from hub.kernel.database import Database
from hub.licenses.reference.rules import Reference
from hub.licenses.summaries import ENTERPRISES_AT_ONCE, mark_stale
from hub.registry.scope.items import ScopeCatalogue
from hub.registry.scope.rereading import begin_at, is_under_way, read_again, take_next

TYPES: Final = 2  # the walk of `take_next` after a change of what is in force among the kinds of license


def read_scopes_again(db: Database, *, on: date, items: ScopeCatalogue) -> bool:
    """Read the lines of some enterprises in one transaction and mark their summaries for counting; whether any were left."""
    return db.run(partial(_read_some, on=on, items=items)) > 0


def count_by_types_again(db: Database, *, on: date, reference: Reference) -> bool:
    """Mark some enterprises for counting in one transaction, since other rows are in force; whether any were left."""
    return db.run(partial(_mark_some, on=on, version=reference.types_version)) > 0


def go_on(db: Database, *, on: date, reference: Reference) -> bool:
    """Run the next transaction of either; whether anything was left to do."""
    return read_scopes_again(db, on=on, items=reference.items) or count_by_types_again(
        db, on=on, reference=reference
    )


def begin_counting(db: Database, *, reference: Reference) -> None:
    """Remember by which kinds of license everything was counted, in a hub that does not know it yet."""
    db.run(lambda session: begin_at(session, TYPES, reference.types_version))


def is_being_counted(session: Session, reference: Reference) -> bool:
    """Return whether summaries and colours may still be those of other rows of the catalogue. One statement."""
    return is_under_way(session, TYPES, reference.types_version)


def complete(db: Database, *, on: date, items: ScopeCatalogue) -> None:
    """All scopes. Safe to run again; the worker goes on where this was stopped."""
    while read_scopes_again(db, on=on, items=items):
        pass


def _read_some(session: Session, *, on: date, items: ScopeCatalogue) -> int:
    usccs = read_again(session, items, limit=ENTERPRISES_AT_ONCE)
    mark_stale(session, usccs, on=on)
    return len(usccs)


def _mark_some(session: Session, *, on: date, version: str) -> int:
    if not is_under_way(session, TYPES, version):
        return 0
    found = take_next(session, TYPES, version, limit=ENTERPRISES_AT_ONCE)
    mark_stale(session, (uscc for uscc, _ in found), on=on)
    return len(found)
