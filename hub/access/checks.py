"""The checks that a use case makes before it acts: may this actor, and is it still the same person who sits there."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.orm import Session

from hub.access.errors import StepUpNeededError
from hub.access.rules import FRESH, Action, knows_of, may
from hub.kernel.actor import Actor, Doer
from hub.kernel.database import Database
from hub.kernel.errors import NotAllowedError, NotFoundError


def require(actor: Doer, action: Action, uscc: str | None = None) -> None:
    """Let `actor` pass, or refuse.

    The operator at the hub's own command line passes: who has the shell has the database.
    Raises: NotFoundError where the very existence of the object is a secret to the actor, else NotAllowedError.
    """
    if not isinstance(actor, Actor) or may(actor, action, uscc):
        return
    if not knows_of(actor, uscc):
        raise NotFoundError
    raise NotAllowedError


@contextmanager
def reading(action: Action, *, by: Doer, db: Database) -> Iterator[Session]:
    """Open a session to read with, for somebody who may do `action`. Raises: NotAllowedError."""
    require(by, action)
    with db.read() as session:
        yield session


def require_fresh(actor: Doer, *, now: datetime) -> None:
    """Let an actor pass who used a passkey within the last minutes, at login or since (`hub.access.passkeys.prove`).

    For acts that whoever finds an unlocked screen must not be able to do.
    Raises: StepUpNeededError.
    """
    if isinstance(actor, Actor) and not is_fresh(actor, now=now):
        raise StepUpNeededError


def is_fresh(actor: Actor, *, now: datetime) -> bool:
    """Return whether a passkey was used in this actor's session within the last minutes."""
    return actor.proved_at is not None and now - actor.proved_at < FRESH
