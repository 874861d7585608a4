"""Our log before its witnesses: the newest checkpoint goes out, a cosignature comes back and is kept.

A witness answers 409 with the size it remembers; the proof is then made from there. A size that our database does not
hold, or a proof that is refused, is an unsigned word: the witness is then asked for the checkpoint it means. Only one that
our own log's key has signed is written down beside the database, so that the next start is read-only; a word without
it is noted as trouble with that witness, and nothing more.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from hub.kernel.database import Database
from hub.kernel.outbound import Ask, OutboundRequest, Reply
from hub.trust.log.heads import head_of
from hub.trust.witnesses import client, tree
from hub.trust.witnesses.errors import (
    LogBehindError,
    LogForkedError,
    WitnessAwayError,
    WitnessDisputesError,
    WitnessKeyError,
    WitnessRefusedError,
)
from hub.trust.witnesses.models import WitnessCosignature
from hub.trust.witnesses.record import Witness, WitnessRecord
from keys import KeySet
from signing import SigningError
from signing.log import (
    Checkpoint,
    NoteKey,
    SignatureType,
    open_checkpoint,
    open_note,
    with_signatures,
)
from signing.log.errors import NoteKeyError
from signing.log.merkle import MAX_SIZE
from signing.log.note import NoteSigner, UnverifiedNote, parse_note, parse_signatures
from signing.log.witness import SIZE_TYPE, AddCheckpoint

MAX_TURNS = (
    3  # the size we remember, the size it names, and once more when another of our machines was faster
)
_SIZE = re.compile(r"(?:0|[1-9][0-9]{0,18})\Z")
OK, FORBIDDEN, NOT_FOUND, CONFLICT, UNPROCESSABLE = 200, 403, 404, 409, 422


@dataclass(frozen=True, slots=True)
class WitnessExchange:
    """What one exchange came to. `size` 0: the log is empty and there was nothing to cosign."""

    witness: Witness
    size: int
    at: datetime | None


def first_key(url: str) -> NoteKey:
    """Fetch the key that a witness shows at its address, for an operator to compare and pin.

    Raises: WitnessAwayError, WitnessAddressError.
    """
    reply = client.ask(OutboundRequest("GET", f"{url}/key"))
    try:
        key = NoteKey.read(reply.body.strip())
    except NoteKeyError as error:
        raise WitnessAwayError(f"{url}/key does not show a key") from error
    if reply.status != OK or key.type is not SignatureType.COSIGNATURE:
        raise WitnessAwayError(f"{url}/key does not show a witness's key")
    return key


def exchange(  # the log's keys, the files and the clock are the caller's
    db: Database,
    witness: Witness,
    *,
    keys: KeySet,
    record: WitnessRecord,
    now: datetime,
    ask: Ask = client.ask,
    only_known: bool = False,
) -> WitnessExchange:
    """Show the newest checkpoint to a witness, check what comes back and keep it, in the database and beside it.

    `keys`: the log's own. Nothing is held open in the database while the witness is waited for. `only_known`: one that
    was forgotten meanwhile is not put back.
    Raises: WitnessAwayError, WitnessRefusedError, WitnessKeyError, WitnessDisputesError, LogBehindError,
    LogForkedError, WitnessAddressError, ReadOnlyError.
    """
    with db.read() as session:
        head = head_of(session)
        if head is None or not head.checkpoint or not head.size:
            return WitnessExchange(witness, 0, None)
        note, size, root = parse_note(head.checkpoint), head.size, head.root
    try:
        signed = _cosigned(db, witness, note, size=size, ask=ask)
    except WitnessDisputesError:
        _hold_against(db, witness, note, keys=keys, record=record, ask=ask)
        record.put(replace(witness, trouble=WitnessDisputesError.reason))
        raise
    text = with_signatures(str(note), [signed.signature])
    record.keep_checkpoint(text)
    found = replace(witness, size=size, root=root, at=signed.at, trouble="")
    record.put(found, only_known=only_known)
    _store(db, found, note=text, now=now)
    return WitnessExchange(found, size, signed.at)


def _cosigned(db: Database, witness: Witness, note: UnverifiedNote, *, size: int, ask: Ask) -> NoteSigner:
    """Raises: WitnessDisputesError for a word against the database, WitnessAwayError, WitnessRefusedError."""
    old = min(witness.size, size)
    for _turn in range(MAX_TURNS):
        with db.read() as session:
            proof = tree.consistency(session, old, size) if old else ()
        body = AddCheckpoint(old, proof, str(note)).body()
        reply = ask(OutboundRequest("POST", f"{witness.url}/add-checkpoint", body))
        if reply.status == OK:
            return _believed(reply, note, witness.key)
        if reply.status != CONFLICT:
            raise _refusal(reply, witness.url)
        seen = _size(reply, witness.url)
        if seen > size or seen == old:  # this very size, and it will not sign: it means another root
            raise WitnessDisputesError(f"{witness.url}: names {seen}")
        old = seen
    raise WitnessAwayError(f"{witness.url}: names another size each time")


def _hold_against(
    db: Database, witness: Witness, note: UnverifiedNote, *, keys: KeySet, record: WitnessRecord, ask: Ask
) -> None:
    """Ask for the checkpoint that the witness means, and write it down when our log's key has signed it.

    Raises: LogBehindError, LogForkedError. Nothing without proof, or when the database agrees with it.
    """
    origin = Checkpoint.read(note.text).origin
    try:
        reply = ask(OutboundRequest("GET", f"{witness.url}/seen", query=(("origin", origin),)))
        shown = open_checkpoint(reply.body, keys=keys, origin=origin) if reply.status == OK else None
    except (WitnessAwayError, SigningError):
        return
    if shown is None:
        return
    with db.read() as session:
        held, root = tree.size_of(session), tree.root_at(session, shown.size)
    if shown.size <= held and root == shown.root:
        return
    found = replace(witness, size=shown.size, root=shown.root)
    if shown.size > held:
        record.keep_checkpoint(reply.body)
        record.put(replace(found, trouble=LogBehindError.reason))
        raise LogBehindError(f"{witness.url} has cosigned {shown.size} entries, the database holds {held}")
    record.put(replace(found, trouble=LogForkedError.reason))
    raise LogForkedError(f"{witness.url} has cosigned another tree of {shown.size} entries")


def _refusal(reply: Reply, url: str) -> Exception:
    match reply.status:
        case code if code in (FORBIDDEN, NOT_FOUND):
            return WitnessRefusedError()
        case code if code == UNPROCESSABLE:
            return WitnessDisputesError(f"{url}: refuses the proof")
    return WitnessAwayError(f"{url}: answered {reply.status}")


def _size(reply: Reply, url: str) -> int:
    text = reply.body.removesuffix("\n")
    if reply.type.partition(";")[0] != SIZE_TYPE or not _SIZE.match(text):
        raise WitnessAwayError(f"{url}: a conflict without a size")
    size = int(text)
    if size > MAX_SIZE:
        raise WitnessAwayError(f"{url}: a size that no log has")
    return size


def _believed(reply: Reply, note: UnverifiedNote, key: NoteKey) -> NoteSigner:
    try:
        found = open_note(UnverifiedNote(note.text, parse_signatures(reply.body)), [key])
    except SigningError as error:
        raise WitnessKeyError(str(error)) from error
    return found[0]


def _store(db: Database, witness: Witness, *, note: str, now: datetime) -> None:
    checkpoint = Checkpoint.read(parse_note(note).text)

    def work(session: Session) -> None:
        row = session.get(WitnessCosignature, witness.key.name)
        if row is None:
            row = WitnessCosignature(witness=witness.key.name)
            session.add(row)
        row.url, row.size, row.root = witness.url, checkpoint.size, checkpoint.root
        row.note, row.at = note, witness.at or now

    db.run(work)
