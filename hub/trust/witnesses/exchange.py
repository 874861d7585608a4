"""Our log before its witnesses: the newest checkpoint goes out, a cosignature comes back and is kept.

A witness answers 409 with the size it remembers; the proof is then made from there. What it remembers and our database
does not hold is written down beside the database at once, so that the next start is read-only.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from hub.kernel.database import Database
from hub.trust.log.heads import head_of
from hub.trust.witnesses import tree, wire
from hub.trust.witnesses.errors import (
    LogBehindError,
    LogForkedError,
    WitnessAwayError,
    WitnessKeyError,
    WitnessRefusedError,
)
from hub.trust.witnesses.models import Cosigned
from hub.trust.witnesses.record import Witness, WitnessRecord
from hub.trust.witnesses.wire import Post, Reply
from signing import SigningError
from signing.log import Checkpoint, NoteKey, SignatureType, open_note, with_signatures
from signing.log.errors import NoteKeyError
from signing.log.note import SignedBy, UnverifiedNote, parse_note, parse_signatures
from signing.log.witness import SIZE_TYPE, AddCheckpoint

MAX_TURNS = (
    3  # the size we remember, the size it names, and once more when another of our machines was faster
)
_SIZE = re.compile(r"(?:0|[1-9][0-9]{0,18})\Z")
OK, FORBIDDEN, NOT_FOUND, CONFLICT, UNPROCESSABLE = 200, 403, 404, 409, 422


@dataclass(frozen=True, slots=True)
class Sent:
    """What one exchange came to. `size` 0: the log is empty and there was nothing to cosign."""

    witness: Witness
    size: int
    at: datetime | None


def first_key(url: str) -> NoteKey:
    """The key that a witness shows at its address, for an operator to compare and pin.

    Raises: WitnessAwayError, WitnessAddressError.
    """
    reply = wire.ask("GET", f"{url}/key")
    try:
        key = NoteKey.read(reply.body.strip())
    except NoteKeyError as error:
        raise WitnessAwayError(f"{url}/key does not show a key") from error
    if reply.status != OK or key.type is not SignatureType.COSIGNATURE:
        raise WitnessAwayError(f"{url}/key does not show a witness's key")
    return key


def exchange(
    db: Database, witness: Witness, *, record: WitnessRecord, now: datetime, post: Post = wire.post
) -> Sent:
    """Show the newest checkpoint to a witness, check what comes back and keep it, in the database and beside it.

    Raises: WitnessAwayError, WitnessRefusedError, WitnessKeyError, LogBehindError, LogForkedError, ReadOnlyError.
    """
    with db.read() as session:
        head = head_of(session)
        if head is None or not head.checkpoint or not head.size:
            return Sent(witness, 0, None)
        note, size, root = parse_note(head.checkpoint), head.size, head.root
        try:
            signed = _cosigned(session, witness, note, size=size, post=post)
        except (LogBehindError, LogForkedError) as error:
            seen = error.size if isinstance(error, SeenMoreError) else witness.size
            trouble = LogForkedError.reason if isinstance(error, LogForkedError) else ""
            record.put(
                replace(witness, size=seen, root=None if seen > size else witness.root, trouble=trouble)
            )
            raise
    text = with_signatures(str(note), [signed.signature])
    record.keep_checkpoint(text)
    found = replace(witness, size=size, root=root, at=signed.at, trouble="")
    record.put(found)
    _store(db, found, note=text, now=now)
    return Sent(found, size, signed.at)


class SeenMoreError(LogBehindError):
    """The witness names the size `size` that it has cosigned."""

    reason = LogBehindError.reason

    def __init__(self, size: int) -> None:
        super().__init__(f"the witness has cosigned {size} entries of this log, more than the database holds")
        self.size = size


def _cosigned(session: Session, witness: Witness, note: UnverifiedNote, *, size: int, post: Post) -> SignedBy:
    old = min(witness.size, size)
    for _turn in range(MAX_TURNS):
        proof = tree.consistency(session, old, size) if old else ()
        reply = post(f"{witness.url}/add-checkpoint", AddCheckpoint(old, proof, str(note)).body())
        if reply.status == OK:
            return _believed(reply, note, witness.key)
        if reply.status != CONFLICT:
            raise _refusal(reply, witness.url)
        seen = _size(reply, witness.url)
        if seen > size:
            raise SeenMoreError(seen)
        if seen == old:  # it remembers this very size, and will not sign: another root
            raise LogForkedError
        old = seen
    raise WitnessAwayError(f"{witness.url}: names another size each time")


def _refusal(reply: Reply, url: str) -> Exception:
    match reply.status:
        case code if code in (FORBIDDEN, NOT_FOUND):
            return WitnessRefusedError()
        case code if code == UNPROCESSABLE:
            return LogForkedError()
    return WitnessAwayError(f"{url}: answered {reply.status}")


def _size(reply: Reply, url: str) -> int:
    text = reply.body.removesuffix("\n")
    if reply.type.partition(";")[0] != SIZE_TYPE or not _SIZE.match(text):
        raise WitnessAwayError(f"{url}: a conflict without a size")
    return int(text)


def _believed(reply: Reply, note: UnverifiedNote, key: NoteKey) -> SignedBy:
    try:
        found = open_note(UnverifiedNote(note.text, parse_signatures(reply.body)), [key])
    except SigningError as error:
        raise WitnessKeyError(str(error)) from error
    return found[0]


def _store(db: Database, witness: Witness, *, note: str, now: datetime) -> None:
    checkpoint = Checkpoint.read(parse_note(note).text)
    with db.write() as session:
        row = session.get(Cosigned, witness.key.name)
        if row is None:
            row = Cosigned(witness=witness.key.name)
            session.add(row)
        row.url, row.size, row.root = witness.url, checkpoint.size, checkpoint.root
        row.note, row.at = note, witness.at or now
