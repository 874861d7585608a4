"""Who took a district's records along into the field: on record before anything is handed out."""

from datetime import datetime

from hub.access.checks import require
from hub.access.looks import checked_purpose
from hub.access.rules import Action
from hub.kernel.actor import Actor, Operator
from hub.kernel.database import Database
from hub.trust import events


def record_carried(
    *, actor: Actor, region: str, purpose: str, reason: str, now: datetime, db: Database
) -> None:
    """Put on record that an officer or official takes a region's records along, and why.

    Raises: NotAllowedError, InvalidInputError for a purpose that is none.
    """
    require(actor, Action.LOOK)
    chosen, _said = checked_purpose(purpose, reason)
    with db.write() as session:
        events.record(
            session,
            kind="bundle.carried",
            uscc="",
            subject=region,
            by=actor,
            data={"purpose": chosen.code},
            now=now,
        )


def record_exported(*, by: Operator, region: str, now: datetime, db: Database) -> None:
    """The same for the command line."""
    with db.write() as session:
        events.record(session, kind="bundle.carried", uscc="", subject=region, by=by, data={}, now=now)
