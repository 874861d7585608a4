"""Code profile 1: how an enterprise's plate and dynamic code are written and signed (docs/profiles/code.md).

A code is an RFC 7797 JWS with an unencoded payload whose header is not carried but rebuilt from the key.
"""

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from keys import Algorithm, Purpose, PurposeSigner
from signing.algorithms import ALGORITHMS
from signing.base32 import encode_signature
from signing.crockford import is_nonce, is_plate_id
from signing.errors import (
    CodeExpiryError,
    CodeHostError,
    CodeNonceError,
    CodePlateIdError,
    CodeTooLongError,
    CodeUsccError,
    WrongSignerError,
)
from signing.uscc import is_uscc
from signing.verified_token import Claims, CodeKind, DynamicClaims, PlateClaims

MAX_CODE_CHARS = 300  # the longest code with a host name of 100 characters is 253
MAX_DYNAMIC_SECONDS = 300  # a setting may shorten the life of a dynamic code, never lengthen it
PATH = "/c/"

_TAG = re.compile(r"[A-Z][1-9][0-9]{0,2}\Z")
_ORIGIN = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[1-9][0-9]{0,4})?\Z")
_EXPIRY = re.compile(r"[1-9A-Z][0-9A-Z]{5,6}\Z")  # base 36 seconds since 1970: from 1971 to the year 4453
_BASE_36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One kind of code. `fields` counts what stands between the tag and the signature."""

    kind: CodeKind
    typ: str
    purpose: Purpose
    fields: int
    parse: Callable[[Sequence[str]], Claims]


def _parse_plate(fields: Sequence[str]) -> PlateClaims:
    uscc, plate_id = fields
    require_uscc(uscc)
    if not is_plate_id(plate_id):
        raise CodePlateIdError
    return PlateClaims(uscc, plate_id)


def _parse_dynamic(fields: Sequence[str]) -> DynamicClaims:
    uscc, nonce, expiry = fields
    require_uscc(uscc)
    if not is_nonce(nonce):
        raise CodeNonceError
    if not _EXPIRY.match(expiry):
        raise CodeExpiryError
    return DynamicClaims(uscc, nonce, datetime.fromtimestamp(int(expiry, 36), UTC))


CODE_KINDS: Mapping[str, CodeRow] = MappingProxyType(
    {
        "P": CodeRow(CodeKind.PLATE, "plate+code", Purpose.CODE_PLATE, 2, _parse_plate),
        "D": CodeRow(CodeKind.DYNAMIC, "show+code", Purpose.CODE_DYNAMIC, 3, _parse_dynamic),
    }
)
"""By the first letter of the tag; more kinds of pass are more rows."""


def code_row(tag: str) -> CodeRow | None:
    """Return the kind that a tag (which is the key's id) announces: one letter and a serial from 1 to 999."""
    return CODE_KINDS.get(tag[0]) if _TAG.match(tag) else None


def require_uscc(text: str) -> None:
    """Raises: CodeUsccError."""
    if not is_uscc(text):
        raise CodeUsccError


def require_origin(origin: str) -> None:
    """Refuse anything but lower-case `scheme://host[:port]`.

    Raises: CodeHostError.
    """
    if not _ORIGIN.match(origin):
        raise CodeHostError(f"not an origin of codes: {origin!r}")


def signing_prefix(kid: str, algorithm: Algorithm, typ: str) -> bytes:
    """`BASE64URL(header) "."`: what stands before the payload in the signed bytes (RFC 7797 section 3)."""
    header = {"alg": ALGORITHMS[algorithm].names[0], "b64": False, "crit": ["b64"], "kid": kid, "typ": typ}
    text = json.dumps(header, sort_keys=True, separators=(",", ":"))
    return urlsafe_b64encode(text.encode("ascii")).rstrip(b"=") + b"."


def sign_plate(*, uscc: str, plate_id: str, origin: str, signer: PurposeSigner) -> str:
    """Return the text of a plate: a lifelong pointer to the official page, which holds no status.

    Raises: CodeUsccError, CodePlateIdError, CodeHostError, CodeTooLongError, WrongSignerError.
    """
    return _sign("P", (uscc, plate_id), origin, signer)


def sign_dynamic(*, uscc: str, nonce: str, expires_at: datetime, origin: str, signer: PurposeSigner) -> str:
    """Return the text of a dynamic code; `expires_at` is aware, in whole seconds, at most 300 s after it is shown.

    Raises: CodeUsccError, CodeNonceError, CodeExpiryError, CodeHostError, CodeTooLongError, WrongSignerError.
    """
    return _sign("D", (uscc, nonce, _expiry_text(expires_at)), origin, signer)


def _sign(letter: str, fields: tuple[str, ...], origin: str, signer: PurposeSigner) -> str:
    row = CODE_KINDS[letter]
    if signer.purpose is not row.purpose or code_row(signer.kid) is not row:
        raise WrongSignerError(f"{signer.kid} is a key for {signer.purpose}, not for a {row.kind} code")
    row.parse(fields)
    require_origin(origin)
    payload = ".".join((signer.kid, *fields))
    signature = signer.sign(signing_prefix(signer.kid, signer.algorithm, row.typ) + payload.encode("ascii"))
    text = f"{origin}{PATH}{payload}.{encode_signature(signature)}"
    if len(text) > MAX_CODE_CHARS:
        raise CodeTooLongError
    return text


def _expiry_text(moment: datetime) -> str:
    if moment.tzinfo is None or moment.microsecond:
        raise CodeExpiryError("an expiry is an aware time in whole seconds")
    seconds, text = int(moment.timestamp()), ""
    while seconds > 0:
        seconds, digit = divmod(seconds, len(_BASE_36))
        text = _BASE_36[digit] + text
    return text
