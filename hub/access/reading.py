"""Reading only for those who may: the check and the session in one."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from hub.access.checks import require
from hub.access.rules import Action
from hub.kernel.actor import Doer
from hub.kernel.database import Database


@contextmanager
def reading(action: Action, *, by: Doer, db: Database) -> Iterator[Session]:
    """A session for somebody who may do `action`. Raises: NotAllowedError."""
    require(by, action)
    with db.read() as session:
        yield session
