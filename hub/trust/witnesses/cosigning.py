"""The hub as a witness of other logs (C2SP tlog-witness): it cosigns what continues what it has cosigned before.

Its key is its own log's key, its name its own log's name; the cosignature's type and first line keep the two uses
apart. Checking the remembered size and remembering the new one is one transaction.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.kernel.actor import Doer
from hub.kernel.database import Database
from hub.trust.record import events
from hub.trust.witnesses.errors import LogNotWitnessedError
from hub.trust.witnesses.models import WitnessedLog
from keys import PurposeSigner
from signing.log import EMPTY_ROOT, NoteKey, SignatureType, cosign_note
from signing.log.errors import NoteKeyError, OtherSizeError
from signing.log.note import UnverifiedNote, open_note, parse_note, signer_key
from signing.log.witness import AddCheckpoint, CosignedTree, judge


@dataclass(frozen=True, slots=True)
class WitnessedView:
    """A log that this hub witnesses."""

    origin: str
    vkeys: tuple[str, ...]
    size: int
    at: datetime


def own_key(signer: PurposeSigner, *, name: str) -> NoteKey:
    """Return the key under which this hub cosigns. Raises: NoteSignerError, NoteKeyError."""
    return signer_key(signer, name=name, kind=SignatureType.COSIGNATURE)


@dataclass(frozen=True, slots=True)
class OtherSize:
    """The answer to who does not know what this hub has cosigned: the size it remembers."""

    size: int


def add_checkpoint(
    body: str, *, signer: PurposeSigner, name: str, now: datetime, db: Database
) -> str | OtherSize:
    """Cosign a checkpoint that continues what was cosigned before; the signature line.

    Raises: WitnessRequestError, LogNotWitnessedError, NoteError leaves, ProofError leaves, ReadOnlyError.
    """
    request = AddCheckpoint.read(body)
    origin = request.origin()
    with db.write() as session:
        row = session.get(WitnessedLog, origin, with_for_update=True)
        if row is None:
            raise LogNotWitnessedError
        keys = [NoteKey.read(vkey) for vkey in row.vkeys]
        try:
            checkpoint = judge(request, keys=keys, remembered=CosignedTree(row.size, row.root))
        except OtherSizeError as error:
            return OtherSize(error.size)
        cosigned = cosign_note(checkpoint.body(), name=name, signer=signer, now=now)
        signed = open_note(parse_note(request.checkpoint), keys)
        row.size, row.root, row.at = checkpoint.size, checkpoint.root, now
        row.note = str(UnverifiedNote(checkpoint.body(), (*(each.signature for each in signed), cosigned)))
        return cosigned.line()


def newest_note(origin: str, *, db: Database) -> str:
    """Return the newest checkpoint that this hub has cosigned for a log, signed and cosigned.

    Raises: LogNotWitnessedError, also where nothing was cosigned yet.
    """
    with db.read() as session:
        row = session.get(WitnessedLog, origin)
        if row is None or not row.note:
            raise LogNotWitnessedError
        return row.note


def trust_log(
    origin: str, vkeys: tuple[str, ...], *, start_over: bool, by: Doer, now: datetime, db: Database
) -> WitnessedView:
    """Witness a log from now on, or take other keys for it. `start_over` forgets what was cosigned before.

    Raises: NoteKeyError for what is not the key of a log.
    """
    if not vkeys or any(NoteKey.read(vkey).type is not SignatureType.ED25519 for vkey in vkeys):
        raise NoteKeyError

    def work(session: Session) -> WitnessedView:
        row = session.get(WitnessedLog, origin, with_for_update=True)
        if row is None:
            row = WitnessedLog(origin=origin, size=0, root=EMPTY_ROOT, note="", at=now)
            session.add(row)
        forgotten = row.size if start_over else 0
        if start_over:
            row.size, row.root, row.note, row.at = 0, EMPTY_ROOT, "", now
        row.vkeys = list(vkeys)
        data = {"origin": origin, "vkeys": list(vkeys), "forgotten": forgotten}
        events.record(session, kind="log.trusted", uscc="", subject=origin[:80], by=by, data=data, now=now)
        return WitnessedView(origin, vkeys, row.size, row.at)

    return db.run(work)  # the log itself may ask at this moment


def witnessed(db: Database) -> tuple[WitnessedView, ...]:
    """Return the logs that this hub witnesses."""
    with db.read() as session:
        rows = session.scalars(select(WitnessedLog).order_by(WitnessedLog.origin)).all()
        return tuple(WitnessedView(row.origin, tuple(row.vkeys), row.size, row.at) for row in rows)
