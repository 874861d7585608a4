"""The stored head of the log, and what of it the hub signed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.trust.keys.issuer import Issuer
from hub.trust.log.edge import Edge
from hub.trust.record.errors import LogDamagedError
from hub.trust.record.models import LeafBatch, LogCheckpoint, LogHead, LogTile
from keys import KeyInfo, KeySet, KeyState, Purpose
from signing.log import EMPTY_ROOT, Checkpoint, LogError, NoteKey, SignatureType, open_checkpoint
from signing.log.note import note_keys

ONLY = 1  # the id of the one row of heads
UNAWARE = timedelta(
    seconds=2
)  # a loss is dated to its whole second, and a worker sees it half a second later


def head_of(session: Session) -> LogHead | None:
    """Return the newest head; None while nothing was ever sequenced."""
    return session.get(LogHead, ONLY)


def signed_head(session: Session, head: LogHead, issuer: Issuer) -> Checkpoint:
    """Return what the head's checkpoint says, once its signature is right.

    Raises: LogDamagedError, LogError (as `opened`).
    """
    _require_newest(session, head)
    if not head.checkpoint:
        if head.size:
            raise LogDamagedError("the head has lost its checkpoint")
        return Checkpoint("-", 0, EMPTY_ROOT)
    return opened(head.checkpoint, issuer.key_set, at=head.at)


def edge_of(session: Session, head: LogHead) -> Edge:
    """Return the right edge as its tiles have it. Raises: LogDamagedError unless the head says the same."""

    def hashes(level: int, number: int) -> bytes:
        tile = session.get(LogTile, (level, number))
        return b"" if tile is None else tile.hashes

    edge = Edge.at(head.size, hashes)
    try:
        frontier = edge.frontier()
    except LogError as error:
        raise LogDamagedError(str(error.reason)) from error
    if (frontier.size, frontier.root(), b"".join(frontier.nodes)) != (head.size, head.root, head.frontier):
        raise LogDamagedError(f"head of {head.size} leaves")
    return edge


def _require_newest(session: Session, head: LogHead) -> None:
    """A head that was set back would give the same positions out twice. Raises: LogDamagedError."""
    newer = session.scalar(select(LogCheckpoint.size).where(LogCheckpoint.size > head.size).limit(1))
    placed = session.scalar(select(LeafBatch.id).where(LeafBatch.first >= head.size).limit(1))
    if newer is not None or placed is not None:
        raise LogDamagedError(f"the log was longer than {head.size} leaves")


def opened(note: str, keys: KeySet, *, at: datetime) -> Checkpoint:
    """Open a checkpoint of ours, kept since `at`: by a published key, or by one that was not compromised then.

    A log keeps its history under a new address, so the name may be an earlier one.
    Raises: LogError; NoteUnsignedError also for a key that was compromised at the time.
    """
    origin = note.partition("\n")[0]
    return open_checkpoint(
        note, keys=(*note_keys(keys, name=origin), *_lost(keys, origin, at)), origin=origin
    )


def _lost(keys: KeySet, origin: str, at: datetime) -> Iterator[NoteKey]:
    """The keys that are compromised now and were the log's alone at that time."""
    for key in keys:
        if isinstance(key.public_key, Ed25519PublicKey) and _was_ours(key.info, at):
            public = key.public_key.public_bytes(Encoding.Raw, PublicFormat.Raw)
            yield NoteKey(origin, SignatureType.ED25519, public)


def _was_ours(info: KeyInfo, at: datetime) -> bool:
    return (
        (info.purpose, info.state) == (Purpose.LOG, KeyState.COMPROMISED)
        and info.activated_at is not None
        and info.ended_at is not None  # a key that was lost while it waited has signed nothing
        and info.revoked_at is not None
        and info.activated_at <= at <= info.revoked_at + UNAWARE
    )
