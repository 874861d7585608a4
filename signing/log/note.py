"""Signed notes: text, and under it lines of signatures by named keys (C2SP signed-note). Pure.

Only Ed25519 is known here, as the note's own signature (type 0x01) and as a witness's timestamped cosignature
(type 0x04, C2SP tlog-cosignature). Signatures of unknown keys are passed over; a wrong one of a known key refuses all.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from keys import Algorithm, KeyInfo, KeySet, KeyState, Purpose, PurposeSigner
from keys.model import PUBLISHED
from signing.jws import SKEW
from signing.log.errors import (
    NoteFormError,
    NoteKeyError,
    NoteSignatureError,
    NoteSignerError,
    NoteUnsignedError,
)

MAX_NOTE_BYTES = 64 * 1024  # a checkpoint with sixteen post-quantum cosignatures of strangers is 80 % of this
MAX_SIGNATURES = 64
KEY_ID_BYTES, KEY_BYTES, SIGNATURE_BYTES, TIME_BYTES = 4, 32, 64, 8
COSIGNATURE_HEADER = "cosignature/v1"
MAX_SECONDS = 250_000_000_000  # the year 9892: a later time does not fit a calendar

_STARTED = PUBLISHED - {KeyState.PENDING}
_MARK = "\u2014 "  # em dash and space
_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]{1,255}\Z")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_HEX_ID = re.compile(r"[0-9a-f]{8}\Z")


class SignatureType(IntEnum):
    """The byte that says what a key's signatures mean (C2SP signed-note, signature types)."""

    ED25519 = 0x01
    COSIGNATURE = 0x04


_TYPES = frozenset(int(kind) for kind in SignatureType)


@dataclass(frozen=True, slots=True)
class NoteKey:
    """A key that is believed under a name, for one type of signature.

    Raises: NoteKeyError for a name with spaces or `+`, or a public key of another length than 32 bytes.
    """

    name: str
    type: SignatureType
    public: bytes

    def __post_init__(self) -> None:
        if not _NAME.match(self.name) or len(self.public) != KEY_BYTES:
            raise NoteKeyError

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes((self.type,)) + self.public).digest()[:KEY_ID_BYTES]

    def vkey(self) -> str:
        """Return the key as one line of text: name, id, type and public half."""
        return f"{self.name}+{self.id.hex()}+{b64encode(bytes((self.type,)) + self.public).decode('ascii')}"

    @classmethod
    def read(cls, vkey: str) -> "NoteKey":
        """Raises: NoteKeyError."""
        name, _, rest = vkey.partition("+")
        written_id, _, encoded = rest.partition("+")
        raw = _base64(encoded)
        if raw is None or len(raw) != 1 + KEY_BYTES or raw[0] not in _TYPES:
            raise NoteKeyError
        key = cls(name, SignatureType(raw[0]), raw[1:])
        if not _HEX_ID.match(written_id) or key.id.hex() != written_id:
            raise NoteKeyError
        return key


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line as it stands; `raw` is what follows the key id."""

    name: str
    key_id: bytes
    raw: bytes

    def line(self) -> str:
        return f"{_MARK}{self.name} {b64encode(self.key_id + self.raw).decode('ascii')}\n"


@dataclass(frozen=True, slots=True)
class UnverifiedNote:
    """A note taken apart and not yet believed; `text` ends in a newline."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(signature.line() for signature in self.signatures)}"


@dataclass(frozen=True, slots=True)
class NoteSigner:
    """A signature that was right. `at` is what a cosigner said the time was; a note's own signature says none."""

    key: NoteKey
    signature: NoteSignature
    at: datetime | None


def note_keys(
    keys: KeySet,
    *,
    name: str,
    kind: SignatureType = SignatureType.ED25519,
    now: datetime | None = None,
) -> tuple[NoteKey, ...]:
    """Return the published log keys of a key set, as keys of notes under `name`, that may have signed by `now`.

    `now` None is for a note whose time is not known, as of a log's history: then no key that is still pending.
    Raises: NoteKeyError for a name that cannot be one.
    """
    return tuple(
        NoteKey(name, kind, key.public_key.public_bytes(Encoding.Raw, PublicFormat.Raw))
        for key in keys
        if key.info.purpose is Purpose.LOG
        and _may_have_signed(key.info, now)
        and isinstance(key.public_key, Ed25519PublicKey)
    )


def _may_have_signed(info: KeyInfo, now: datetime | None) -> bool:
    """A pending key is published weeks before its start: until then nothing by it is believed."""
    if now is not None:
        return info.is_believed(now + SKEW)
    return info.state in _STARTED and info.activated_at is not None


def parse_note(note: object) -> UnverifiedNote:
    """Take a signed note apart; there is one way only to write what is accepted.

    Raises: NoteFormError.
    """
    if not isinstance(note, str) or len(note) > MAX_NOTE_BYTES or _CONTROL.search(note):
        raise NoteFormError
    text, gap, tail = note.rpartition("\n\n")
    lines = tail.split("\n")
    if not (text and gap and lines.pop() == "" and 0 < len(lines) <= MAX_SIGNATURES):
        raise NoteFormError
    return UnverifiedNote(f"{text}\n", tuple(_signature(line) for line in lines))


def parse_signatures(lines: str) -> tuple[NoteSignature, ...]:
    """Signature lines without their note, as a witness answers.

    Raises: NoteFormError.
    """
    return parse_note(f"-\n\n{lines}").signatures


def open_note(note: UnverifiedNote, keys: Iterable[NoteKey]) -> tuple[NoteSigner, ...]:
    """Return the right signatures by these keys, at least one.

    Raises: NoteSignatureError when one by a known key is wrong, NoteUnsignedError when there is none.
    """
    known = {(key.name, key.id): key for key in keys}
    found = tuple(
        verify_signature(note.text, signature, key)
        for signature in note.signatures
        if (key := known.get((signature.name, signature.key_id))) is not None
    )
    if not found:
        raise NoteUnsignedError
    return found


def verify_signature(text: str, signature: NoteSignature, key: NoteKey) -> NoteSigner:
    """Raises: NoteSignatureError."""
    message, raw, at = text.encode(), signature.raw, None
    if key.type is SignatureType.COSIGNATURE:
        seconds, raw = int.from_bytes(raw[:TIME_BYTES], "big"), raw[TIME_BYTES:]
        if seconds > MAX_SECONDS:
            raise NoteSignatureError
        message, at = _cosigned(text, seconds), datetime.fromtimestamp(seconds, UTC)
    if len(raw) != SIGNATURE_BYTES:
        raise NoteSignatureError
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(raw, message)
    except InvalidSignature as error:
        raise NoteSignatureError from error
    return NoteSigner(key, signature, at)


def sign_note(text: str, *, name: str, signer: PurposeSigner) -> NoteSignature:
    """Sign a note's text (it ends in a newline) under a name.

    Raises: NoteSignerError for a key that is not an Ed25519 key of a log, NoteKeyError, NoteFormError.
    """
    key = signer_key(signer, name=name, kind=SignatureType.ED25519)
    return NoteSignature(name, key.id, signer.sign(_writable(text).encode()))


def cosign_note(text: str, *, name: str, signer: PurposeSigner, now: datetime) -> NoteSignature:
    """Witness a checkpoint's text at a time, in whole seconds.

    Raises: as `sign_note`.
    """
    key = signer_key(signer, name=name, kind=SignatureType.COSIGNATURE)
    seconds = int(now.timestamp())
    raw = signer.sign(_cosigned(_writable(text), seconds))
    return NoteSignature(name, key.id, seconds.to_bytes(TIME_BYTES, "big") + raw)


def signer_key(signer: PurposeSigner, *, name: str, kind: SignatureType) -> NoteKey:
    """Return the public side of a signer, under a name.

    Raises: NoteSignerError, NoteKeyError.
    """
    public = signer.public_key
    if (
        signer.purpose is not Purpose.LOG
        or signer.algorithm is not Algorithm.EDDSA
        or not isinstance(public, Ed25519PublicKey)
    ):
        raise NoteSignerError
    return NoteKey(name, kind, public.public_bytes(Encoding.Raw, PublicFormat.Raw))


def _cosigned(text: str, seconds: int) -> bytes:
    return f"{COSIGNATURE_HEADER}\ntime {seconds}\n{text}".encode()


def _writable(text: str) -> str:
    if not text.endswith("\n") or text == "\n" or _CONTROL.search(text) or len(text) > MAX_NOTE_BYTES:
        raise NoteFormError
    return text


def _signature(line: str) -> NoteSignature:
    parts = line.removeprefix(_MARK).split(" ")
    raw = _base64(parts[-1])
    if (
        not line.startswith(_MARK)
        or len(parts) != len(("name", "signature"))
        or not _NAME.match(parts[0])
        or raw is None
        or len(raw) <= KEY_ID_BYTES
    ):
        raise NoteFormError
    return NoteSignature(parts[0], raw[:KEY_ID_BYTES], raw[KEY_ID_BYTES:])


def _base64(text: str) -> bytes | None:
    """The bytes of canonical base64 (RFC 4648 section 4); None for anything else."""
    try:
        raw = b64decode(text, validate=True)
    except ValueError:  # wrong alphabet or padding; text outside ASCII
        return None
    return raw if b64encode(raw).decode("ascii") == text else None
