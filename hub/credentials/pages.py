"""What is read of credentials, asked of whoever reads it."""

from hub.access.checks import require
from hub.access.rules import Action, may
from hub.credentials.queries import HolderKeyView, holder_keys
from hub.kernel.actor import Actor
from hub.kernel.database import Database


def may_take(uscc: str, *, by: Actor) -> bool:
    """Return whether the reader may take credentials of an enterprise, so that its pages offer them."""
    return may(by, Action.TAKE_CREDENTIALS, uscc)


def own_keys(uscc: str, *, by: Actor, db: Database) -> tuple[HolderKeyView, ...]:
    """Return the wallet keys of the reader's enterprise. Raises: NotFoundError, NotAllowedError."""
    require(by, Action.TAKE_CREDENTIALS, uscc)
    with db.read() as session:
        return holder_keys(session, uscc)
