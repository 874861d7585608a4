"""JSON and base64url of which there is one reading only."""

import json
import math
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

_ALPHABET = re.compile(r"[A-Za-z0-9_-]+\Z")


class NotCanonicalError(ValueError):
    """The bytes have no reading, or more than one."""


def encode_base64url(raw: bytes) -> str:
    """Write bytes as base64url without padding (RFC 7515 section 2)."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode_base64url(text: str) -> bytes:
    """Read the bytes of one canonical base64url part: no padding, no white space, no unused bits.

    Raises: NotCanonicalError.
    """
    # One character more than whole groups of four is six bits: no byte. Python's decoder passes over characters
    # outside the alphabet, hence the pattern before it.
    if not _ALPHABET.match(text) or len(text) % 4 == 1:
        raise NotCanonicalError("not base64url")
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encode_base64url(raw) != text:
        raise NotCanonicalError("unused bits are not zero")
    return raw


def write_json(value: object) -> bytes:
    """Write UTF-8 JSON with sorted members and no spaces.

    Raises: NotCanonicalError for a value that JSON cannot hold.
    """
    try:
        return json.dumps(
            value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        ).encode("utf-8")
    except (TypeError, ValueError, RecursionError) as error:
        raise NotCanonicalError(f"not JSON: {error}") from error


def read_json(raw: bytes) -> object:
    """Read a JSON text in UTF-8, without duplicate members at any depth, NaN, infinities (1e999 is one) or lone surrogates.

    Raises: NotCanonicalError.
    """
    try:
        value: object = _DECODER.decode(raw.decode("utf-8"))
        if b"\\u" in raw:  # UTF-8 holds no lone surrogate, an escape may; it would fail later, elsewhere
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise NotCanonicalError(f"not strict JSON: {error}") from error
    return value


def read_object(raw: bytes) -> dict[str, object]:
    """Read a JSON object, as strictly as `read_json`.

    Raises: NotCanonicalError.
    """
    value = read_json(raw)
    if not isinstance(value, dict):
        raise NotCanonicalError("not an object")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    # RFC 8259 section 4 leaves open which of two members of one name counts: two readers could believe two things.
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotCanonicalError("a member stands twice")
    return members


def _refuse_constant(name: str) -> object:
    raise NotCanonicalError(f"{name} is not JSON")


def _finite(text: str) -> float:
    # Python reads 1e999 as infinity, which no JSON text can say again (RFC 8259 section 6).
    value = float(text)
    if not math.isfinite(value):
        raise NotCanonicalError(f"{text[:20]} is beyond all numbers")
    return value


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_float=_finite)
