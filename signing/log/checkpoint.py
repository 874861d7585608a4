"""Checkpoints: a log's name, size and root as a signed note (C2SP tlog-checkpoint). Pure."""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from keys import KeySet, PurposeSigner
from signing.log.errors import CheckpointFormError, CheckpointOriginError, NoteFormError
from signing.log.merkle import HASH_BYTES, MAX_SIZE
from signing.log.note import (
    NoteKey,
    NoteSignature,
    NoteSigner,
    UnverifiedNote,
    note_keys,
    open_note,
    parse_note,
    sign_note,
)

MIN_LINES = 3
_SIZE = re.compile(r"(?:0|[1-9][0-9]{0,18})\Z")
_LINE = re.compile(r"[^\x00-\x1f]{1,1024}\Z")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: `size` leaves have the Merkle root `root` (32 bytes).

    Ours have no extension lines; those of others are kept, because they are signed too.
    Raises: CheckpointFormError.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (
            not 0 <= self.size <= MAX_SIZE
            or len(self.root) != HASH_BYTES
            or not all(_LINE.match(line) for line in (self.origin, *self.extensions))
        ):
            raise CheckpointFormError

    def body(self) -> str:
        """Return the text that is signed."""
        lines = (self.origin, str(self.size), b64encode(self.root).decode("ascii"), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def read(cls, body: str) -> "Checkpoint":
        """Raises: CheckpointFormError."""
        lines = body.split("\n")
        if lines.pop() != "" or len(lines) < MIN_LINES or not _SIZE.match(lines[1]):
            raise CheckpointFormError
        try:
            root = b64decode(lines[2], validate=True)
        except ValueError as error:
            raise CheckpointFormError from error
        checkpoint = cls(lines[0], int(lines[1]), root, tuple(lines[3:]))
        if checkpoint.body() != body:  # among others: base64 with unused bits
            raise CheckpointFormError
        return checkpoint


@dataclass(frozen=True, slots=True)
class OpenedCheckpoint:
    """A checkpoint whose log signature was right, and the cosignatures that were asked for and right."""

    checkpoint: Checkpoint
    note: UnverifiedNote
    signed_by: tuple[NoteSigner, ...]
    cosigned_by: tuple[NoteSigner, ...] = ()


def sign_checkpoint(checkpoint: Checkpoint, signer: PurposeSigner) -> str:
    """Return the checkpoint as a note signed by the log's key under the log's origin.

    Raises: NoteSignerError for a key that is not an Ed25519 key of a log, NoteKeyError.
    """
    body = checkpoint.body()
    return str(UnverifiedNote(body, (sign_note(body, name=checkpoint.origin, signer=signer),)))


def open_checkpoint(
    text: object, *, keys: KeySet | Iterable[NoteKey], origin: str, now: datetime | None = None
) -> Checkpoint:
    """Believe a log's checkpoint, or raise the leaf that says why not.

    Of a key set, only keys that may have signed by `now` are believed; None: those that are not pending any more.
    Raises: NoteFormError, CheckpointFormError, CheckpointOriginError, NoteUnsignedError, NoteSignatureError.
    """
    return open_cosigned(text, keys=keys, origin=origin, now=now).checkpoint


def open_cosigned(
    text: object,
    *,
    keys: KeySet | Iterable[NoteKey],
    origin: str,
    witnesses: Iterable[NoteKey] = (),
    now: datetime | None = None,
) -> OpenedCheckpoint:
    """As `open_checkpoint`, and which of these witnesses have rightly cosigned it.

    A wrong line under a witness's name refuses the whole; a missing one does not.
    """
    note = parse_note(text)  # step 1
    checkpoint = Checkpoint.read(note.text)  # step 2
    if checkpoint.origin != origin:  # step 3
        raise CheckpointOriginError
    known = note_keys(keys, name=origin, now=now) if isinstance(keys, KeySet) else tuple(keys)
    signed_by = open_note(note, known)  # step 4
    asked = tuple(witnesses)
    present = {(signature.name, signature.key_id) for signature in note.signatures}
    cosigned_by = open_note(note, asked) if any((key.name, key.id) in present for key in asked) else ()
    return OpenedCheckpoint(checkpoint, note, signed_by, cosigned_by)


def with_signatures(text: str, signatures: Iterable[NoteSignature]) -> str:
    """Return the note with these lines added, each once.

    Raises: NoteFormError when the result would be too long.
    """
    note = parse_note(text)
    lines = tuple(dict.fromkeys((*note.signatures, *signatures)))
    joined = str(UnverifiedNote(note.text, lines))
    if parse_note(joined).signatures != lines:
        raise NoteFormError
    return joined
