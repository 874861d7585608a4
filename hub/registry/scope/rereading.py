"""Reading stored scopes again after an upgrade changed the reader or the catalogue, some enterprises at a time.

One row remembers by what the stored lines were read and how far the reading has come, so that it goes on after a stop.
"""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub.kernel.bulk import insert_absent
from hub.registry.models import Enterprise, ScopeReading
from hub.registry.scope.items import ScopeCatalogue
from hub.registry.scope.rules import reading_version
from hub.registry.scope.store import replace_scope

_ROW = 1
_UNREAD = ""


def read_again(session: Session, items: ScopeCatalogue, *, limit: int) -> list[str]:
    """Read the scopes of at most `limit` enterprises anew; their credit codes, none when all lines are of this version."""
    version = reading_version(items)
    row = session.get(ScopeReading, _ROW)
    if row is not None and row.version == version and row.done_to is None:
        return []
    insert_absent(session, ScopeReading, id=_ROW, version=version, done_to=_UNREAD)
    row = session.scalars(select(ScopeReading).where(ScopeReading.id == _ROW).with_for_update()).one()
    begun = _UNREAD if row.version != version else row.done_to
    if begun is None:  # somebody else finished it while we waited
        return []
    statement = select(Enterprise.uscc, Enterprise.scope_text).where(Enterprise.uscc > begun)
    found = [(uscc, text) for uscc, text in session.execute(statement.order_by(Enterprise.uscc).limit(limit))]
    usccs = [uscc for uscc, _ in found]
    replace_scope(session, found, items, replaced=usccs)
    done_to = usccs[-1] if len(found) == limit else None
    session.execute(update(ScopeReading).values(version=version, done_to=done_to))
    return usccs


def is_being_read(session: Session, items: ScopeCatalogue) -> bool:
    """Whether stored lines may still be those of an earlier version. One statement."""
    row = session.get(ScopeReading, _ROW)
    return row is not None and (row.version != reading_version(items) or row.done_to is not None)
