"""The stored head of the log, and what of it the hub signed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.trust.errors import LogDamagedError
from hub.trust.issuer import Issuer
from hub.trust.models import LeafBatch, LogCheckpoint, LogHead
from keys import KeySet, KeyState, Purpose
from signing.log import EMPTY_ROOT, Checkpoint, open_checkpoint
from signing.log.errors import NoteUnsignedError
from signing.log.note import parse_note

ONLY = 1  # the id of the one row of heads


def head_of(session: Session) -> LogHead | None:
    """The newest head; None while nothing was ever sequenced."""
    return session.get(LogHead, ONLY)


def signed_head(session: Session, head: LogHead, issuer: Issuer) -> Checkpoint:
    """What the head's checkpoint says, once its signature is right.

    A log keeps its history under a new address, so the name may be an earlier one. A checkpoint by a key that was
    compromised since is taken as it is: its signature says nothing any more, and what follows is signed anew.
    Raises: LogDamagedError, LogError.
    """
    _require_newest(session, head)
    if not head.checkpoint:
        if head.size:
            raise LogDamagedError("the head has lost its checkpoint")
        return Checkpoint("-", 0, EMPTY_ROOT)
    try:
        return opened(head.checkpoint, issuer.key_set)
    except NoteUnsignedError:
        compromised = any(
            info.purpose is Purpose.LOG and info.state is KeyState.COMPROMISED
            for info in issuer.key_ring.infos
        )
        if not compromised:
            raise
        return Checkpoint.read(parse_note(head.checkpoint).text)


def _require_newest(session: Session, head: LogHead) -> None:
    """A head that was set back would give the same positions out twice. Raises: LogDamagedError."""
    newer = session.scalar(select(LogCheckpoint.size).where(LogCheckpoint.size > head.size).limit(1))
    placed = session.scalar(select(LeafBatch.id).where(LeafBatch.first >= head.size).limit(1))
    if newer is not None or placed is not None:
        raise LogDamagedError(f"the log was longer than {head.size} leaves")


def opened(note: str, keys: KeySet) -> Checkpoint:
    """A checkpoint of ours, under whatever name the log had then. Raises: LogError."""
    return open_checkpoint(note, keys=keys, origin=note.partition("\n")[0])
