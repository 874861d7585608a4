"""Rows written beside the hub: as somebody's own tool would, with no act on record, also where the hub guards them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy.orm import Session

from hub.cli import recount as cli_recount
from hub.kernel.database import Database
from hub.trust.record.commit import GUARD

_built: ContextVar[Database | None] = ContextVar("built", default=None)


@contextmanager
def beside(db: Database) -> Iterator[Session]:
    """One transaction that need not rest on acts."""
    with db.write() as session:
        session.info.pop(GUARD, None)
        yield session


def recount(db: Database) -> None:
    """What is kept of the city counted anew, after rows were written beside the hub."""
    if _built.get() is not db:
        cli_recount.repair(db)


@contextmanager
def counted_once(db: Database) -> Iterator[None]:
    """Builders that count anew after each of their rows do so once, at the end: most of their time was that."""
    token = _built.set(db)
    try:
        yield
    finally:
        _built.reset(token)
    recount(db)
