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

SCOPES = 1  # the row of the scopes; what else depends on a table of the hub's own has one beside it
_UNREAD = ""


def read_again(session: Session, items: ScopeCatalogue, *, limit: int) -> list[str]:
    """Read the scopes of at most `limit` enterprises anew; their credit codes, none when all lines are of this version."""
    found = take_next(session, SCOPES, reading_version(items), limit=limit)
    usccs = [uscc for uscc, _ in found]
    if found:
        replace_scope(session, found, items, replaced=usccs)
    return usccs


def is_being_read(session: Session, items: ScopeCatalogue) -> bool:
    """Return whether stored lines may still be those of an earlier version. One statement."""
    return is_under_way(session, SCOPES, reading_version(items))


def take_next(session: Session, walk: int, version: str, *, limit: int) -> list[tuple[str, str]]:
    """Take the next enterprises of a walk over all of them; each with its scope's text, none when `version` has been through.

    `walk`: the row that remembers it.
    """
    row = session.get(ScopeReading, walk)
    if row is not None and row.version == version and row.done_to is None:
        return []
    insert_absent(session, ScopeReading, id=walk, version=version, done_to=_UNREAD)
    # Locked, since several workers may take the next enterprises at once.
    row = session.scalars(select(ScopeReading).where(ScopeReading.id == walk).with_for_update()).one()
    begun = _UNREAD if row.version != version else row.done_to
    if begun is None:  # somebody else finished it while we waited
        return []
    statement = select(Enterprise.uscc, Enterprise.scope_text).where(Enterprise.uscc > begun)
    found = [(uscc, text) for uscc, text in session.execute(statement.order_by(Enterprise.uscc).limit(limit))]
    # Fewer than asked for: the end is reached. Exactly as many may be the end too, which the next call finds.
    done_to = found[-1][0] if len(found) == limit else None
    here = update(ScopeReading).where(ScopeReading.id == walk)
    session.execute(here.values(version=version, done_to=done_to))
    return found


def is_under_way(session: Session, walk: int, version: str) -> bool:
    """Return whether a walk has begun that `version` has not been through yet. One statement."""
    row = session.get(ScopeReading, walk)
    return row is not None and (row.version != version or row.done_to is not None)


def begin_at(session: Session, walk: int, version: str) -> None:
    """Remember that everything is of `version`, where nothing is remembered yet."""
    insert_absent(session, ScopeReading, id=walk, version=version, done_to=None)
