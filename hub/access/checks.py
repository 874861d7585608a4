"""The one check a use case makes before it acts."""

from hub.access.rules import Action, knows_of, may
from hub.kernel.actor import Actor, Doer
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
