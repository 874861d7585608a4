"""Going on after the log's key was lost with the whole key folder: on record, and only when an operator says so."""

from datetime import datetime
from functools import partial

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hub.kernel.actor import Doer
from hub.kernel.database import Database
from hub.trust.keys.issuer import Issuer
from hub.trust.log.heads import edge_of, head_of, signed_head
from hub.trust.record import events
from hub.trust.record.models import LogCheckpoint
from keys import Purpose
from signing.log import Checkpoint, sign_checkpoint
from signing.log.errors import NoteUnsignedError

SIGNED_ANEW = "log.signed-anew"


def sign_anew(db: Database, *, issuer: Issuer, origin: str, by: Doer, now: datetime) -> bool:
    """Sign the head with the key of today where no key of the ring has signed it; whether that was so.

    What the tiles say must still be what the head says. The checkpoints of the lost key cannot be checked by this hub
    any more and are dropped; the act names the last of them, and witnesses and citizens keep theirs.
    Raises: LogDamagedError, NoActiveKeyError, SignerAwayError.
    """
    return db.run(partial(_sign_anew, issuer=issuer, origin=origin, by=by, now=now))


def _sign_anew(session: Session, *, issuer: Issuer, origin: str, by: Doer, now: datetime) -> bool:
    head = head_of(session)
    if head is None or not head.checkpoint:
        return False
    try:
        signed_head(session, head, issuer)
    except NoteUnsignedError:
        edge_of(session, head)
    else:
        return False
    dropped = session.scalar(select(func.count()).select_from(LogCheckpoint))
    session.execute(delete(LogCheckpoint))
    events.record(
        session,
        kind=SIGNED_ANEW,
        uscc="",
        subject=origin[:80],
        by=by,
        data={"size": head.size, "root": head.root.hex(), "dropped": dropped},
        now=now,
    )
    checkpoint = Checkpoint(origin, head.size, head.root)
    head.checkpoint, head.at = sign_checkpoint(checkpoint, issuer.signer(Purpose.LOG)), now
    session.add(LogCheckpoint(size=head.size, root=head.root, note=head.checkpoint, at=now))
    return True
