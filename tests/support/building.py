"""Writing rows in tests past the guard of an application's database: what no use case makes in one step."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from hub.kernel.database import Database


@contextmanager
def unguarded(db: Database) -> Iterator[Session]:
    """One transaction that needs no act on record."""
    engine = db.engine.execution_options(hub_write=True)
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session
