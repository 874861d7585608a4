"""What an enterprise reads of who looked: looks at it alone, and counties' records in which it was taken along."""

from heapq import merge
from itertools import islice
from uuid import UUID

from hub.access.carrying import carryings_of
from hub.access.looks import PAGE, LookView, looks_at
from hub.kernel.database import Database


def visits(uscc: str, *, limit: int = PAGE, before: UUID | None = None, db: Database) -> list[LookView]:
    """The newest first; `before` is the id of the last one already shown (ids of both kinds are in order of time)."""
    looks = looks_at(uscc, limit=limit, before=before, db=db)
    with db.read() as session:
        carryings = list(carryings_of(session, uscc, limit=limit, before=before))
    both = merge(looks, carryings, key=lambda one: one.id.int, reverse=True)
    return list(islice(both, limit))
