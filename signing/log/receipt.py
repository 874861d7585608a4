"""Receipts: one entry of the log with everything that proves it, as one signed token that verifies offline. Pure.

A receipt is believed when its own signature, the log's signature on the checkpoint and the entry's inclusion under
that checkpoint are all right. An opening, where there is one, must be what the entry has committed to.
"""

import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import InitVar, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from types import MappingProxyType

from keys import Algorithm, KeySet, PurposeSigner
from signing.jws import TokenRequest, sign_token, verify_compact
from signing.log.checkpoint import Checkpoint, OpenedCheckpoint, open_cosigned
from signing.log.errors import (
    ReceiptClaimError,
    ReceiptLeafError,
    ReceiptLogError,
    ReceiptOpeningError,
    ReceiptSizeError,
)
from signing.log.merkle import HASH_BYTES, leaf_hash, verify_inclusion
from signing.log.note import NoteKey, NoteSigner, parse_note
from signing.strict_json import NotCanonicalError, decode_base64url, encode_base64url, read_object, write_json
from signing.verified_token import VERIFIER_SEAL, TokenKind, VerifiedToken, require_seal

MAX_PROOF = 63  # a log of 2**63 leaves
SALT_BYTES = 16
OPENED = frozenset({"by", "data", "id", "rows", "subject", "uscc"})

_MEMBERS = {
    "iss": str,
    "iat": int,
    "jti": str,
    "log": str,
    "leaf": str,
    "index": int,
    "size": int,
    "proof": list,
    "checkpoint": str,
}
_LEAF = {"at": str, "commitment": str, "kind": str}
_LATE = {"happened_at": str}  # of an act that came late to the record
_CLEAR = {"data": dict, "subject": str}  # shown beside it where no enterprise and no person is concerned
_AT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z\Z")


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """An entry and its proof: `leaf` is its text, at `index` of the first `size`, under the note `checkpoint`."""

    leaf: str
    index: int
    size: int
    proof: Sequence[bytes]
    checkpoint: str


@dataclass(frozen=True, slots=True)
class LeafOpening:
    """What a commitment hides, and its salt."""

    members: Mapping[str, object]
    salt: bytes


@dataclass(frozen=True, slots=True)
class VerifiedReceipt:
    """A receipt that proved its entry at `verified_at`.

    `at`: when the act was put on record. `leaf` holds the entry's members; `opening` those it had committed to, None
    where the receipt does not show them; `witnesses` the cosignatures of those asked for that stand on the checkpoint.
    """

    kid: str
    id: str
    issuer: str
    origin: str
    index: int
    size: int
    root: bytes
    at: datetime
    kind: str
    leaf: Mapping[str, object]
    opening: Mapping[str, object] | None
    witnesses: tuple[NoteSigner, ...]
    issued_at: datetime
    verified_at: datetime
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        require_seal(seal)

    @property
    def happened_at(self) -> datetime | None:
        """When the act was done, where it came late to the record."""
        return _moment(self.leaf, "happened_at") if "happened_at" in self.leaf else None


def commitment(opening: LeafOpening) -> str:
    """Return what a leaf says of what it hides: SHA-256 over the salt and the opening's canonical text, in base64url.

    Raises: ReceiptOpeningError for members that have no canonical text.
    """
    try:
        return encode_base64url(sha256(opening.salt + write_json(dict(opening.members))).digest())
    except NotCanonicalError as error:
        raise ReceiptOpeningError from error


def sign_receipt(
    entry: LoggedEntry,
    *,
    receipt_id: str,
    issuer: str,
    now: datetime,
    signer: PurposeSigner,
    opening: LeafOpening | None = None,
) -> str:
    """Return a receipt for an entry, with its opening for those who may see it.

    Raises: WrongSignerError, NoteFormError, CheckpointFormError, TokenTooLongError when the opening names too much.
    """
    claims: dict[str, object] = {
        "iss": issuer,
        "iat": int(now.timestamp()),
        "jti": receipt_id,
        "log": Checkpoint.read(parse_note(entry.checkpoint).text).origin,
        "leaf": entry.leaf,
        "index": entry.index,
        "size": entry.size,
        "proof": [encode_base64url(node) for node in entry.proof],
        "checkpoint": entry.checkpoint,
    }
    if opening is not None:
        claims["opening"] = {**opening.members, "salt": encode_base64url(opening.salt)}
    return sign_token(claims, kind=TokenKind.RECEIPT, signer=signer)


def verify_receipt(  # the token, whom to believe, of what and when: each by its name
    token: object,
    *,
    keys: KeySet,
    now: datetime,
    issuer: str | None = None,
    origin: str | None = None,
    witnesses: Iterable[NoteKey] = (),
    algorithms: frozenset[Algorithm] | None = None,
) -> VerifiedReceipt:
    """Believe a receipt, or raise the leaf that says why not. The numbers are those of docs/profiles/receipt.md.

    `issuer` and `origin` None take any that these keys have signed for. `algorithms` is the caller's policy for the
    receipt's own signature; None: whatever its published key has. The checkpoint's is Ed25519 always (C2SP).
    Raises: TokenError leaves, LogError leaves.
    """
    request = TokenRequest(TokenKind.RECEIPT, issuer, None, algorithms)
    believed = verify_compact(token, keys=keys, request=request, now=now)  # step 1: the token
    claims = _shaped(believed)  # step 2: every member there, nothing else
    if origin is not None and claims["log"] != origin:  # step 3
        raise ReceiptLogError
    opened = _proven(claims, keys, witnesses, now)  # steps 4-6
    leaf = _leaf(_text(claims, "leaf"))  # step 7
    return VerifiedReceipt(
        kid=believed.kid,
        id=_text(claims, "jti"),
        issuer=_text(claims, "iss"),
        origin=opened.checkpoint.origin,
        index=_count(claims, "index"),
        size=opened.checkpoint.size,
        root=opened.checkpoint.root,
        at=_moment(leaf, "at"),
        kind=_text(leaf, "kind"),
        leaf=MappingProxyType(leaf),
        opening=_opening(claims, leaf),  # step 8
        witnesses=opened.cosigned_by,
        issued_at=datetime.fromtimestamp(_count(claims, "iat"), UTC),
        verified_at=now,
        seal=VERIFIER_SEAL,
    )


def _proven(
    claims: Mapping[str, object], keys: KeySet, witnesses: Iterable[NoteKey], now: datetime
) -> OpenedCheckpoint:
    """The checkpoint under which the leaf is proven."""
    opened = open_cosigned(  # step 4
        claims["checkpoint"], keys=keys, origin=_text(claims, "log"), witnesses=witnesses, now=now
    )
    size, root = opened.checkpoint.size, opened.checkpoint.root
    if size != claims["size"]:  # step 5
        raise ReceiptSizeError
    leaf = leaf_hash(_text(claims, "leaf").encode())
    verify_inclusion(leaf, _count(claims, "index"), size, _proof(claims), root)  # step 6
    return opened


def _shaped(believed: VerifiedToken) -> Mapping[str, object]:
    claims = believed.claims
    if claims.keys() - {"opening"} != _MEMBERS.keys():
        raise ReceiptClaimError
    if any(type(claims[name]) is not kind for name, kind in _MEMBERS.items()):
        raise ReceiptClaimError
    _proof(claims)
    return claims


def _proof(claims: Mapping[str, object]) -> list[bytes]:
    written = claims["proof"]
    if not isinstance(written, list) or len(written) > MAX_PROOF:
        raise ReceiptClaimError
    try:
        nodes = [decode_base64url(node) for node in written if isinstance(node, str)]
    except NotCanonicalError as error:
        raise ReceiptClaimError from error
    if len(nodes) != len(written) or any(len(node) != HASH_BYTES for node in nodes):
        raise ReceiptClaimError
    return nodes


def _leaf(text: str) -> dict[str, object]:
    try:
        members = read_object(text.encode())
        canonical = write_json(members)
    except NotCanonicalError as error:
        raise ReceiptLeafError from error
    shape = _LEAF | (_CLEAR if members.keys() & _CLEAR.keys() else {})
    shape |= _LATE if "happened_at" in members else {}
    if members.keys() != shape.keys() or canonical != text.encode():
        raise ReceiptLeafError
    if any(type(members[name]) is not kind for name, kind in shape.items()):
        raise ReceiptLeafError
    if "happened_at" in members and _moment(members, "happened_at") >= _moment(members, "at"):
        raise ReceiptLeafError
    return members


def _moment(members: Mapping[str, object], name: str) -> datetime:
    text = _text(members, name)
    if not _AT.match(text):
        raise ReceiptLeafError
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise ReceiptLeafError from error


def _opening(claims: Mapping[str, object], leaf: Mapping[str, object]) -> Mapping[str, object] | None:
    """What the commitment hides; it is about the act that the receipt names."""
    shown = claims.get("opening")
    if shown is None:
        return None
    if not isinstance(shown, dict) or shown.keys() != OPENED | {"salt"} or shown["id"] != claims["jti"]:
        raise ReceiptOpeningError
    opened = {name: value for name, value in shown.items() if name != "salt"}
    try:
        salt = decode_base64url(shown["salt"]) if isinstance(shown["salt"], str) else b""
    except NotCanonicalError as error:
        raise ReceiptOpeningError from error
    found = commitment(LeafOpening(opened, salt))
    if len(salt) != SALT_BYTES or not hmac.compare_digest(found.encode(), _text(leaf, "commitment").encode()):
        raise ReceiptOpeningError
    if any(leaf[name] != opened[name] for name in _CLEAR.keys() & leaf.keys()):
        raise ReceiptOpeningError
    return MappingProxyType(opened)


def _text(members: Mapping[str, object], name: str) -> str:
    value = members[name]
    if not isinstance(value, str):
        raise ReceiptClaimError
    return value


def _count(members: Mapping[str, object], name: str) -> int:
    value = members[name]
    if type(value) is not int:
        raise ReceiptClaimError
    return value
