"""Disclosures: one claim or array element each, hidden behind a salted digest (RFC 9901 section 4.2)."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from signing.sdjwt import errors
from signing.strict_json import (
    NotCanonicalError,
    decode_base64url,
    encode_base64url,
    read_json,
    write_json,
)

SALT_BYTES = 16  # RFC 9901 section 9.3 recommends 128 bits
HASH_NAME = "sha-256"  # the one hash of this profile, and the default of section 4.1.1
DIGESTS, ELEMENT, HASH = "_sd", "...", "_sd_alg"
RESERVED = frozenset({DIGESTS, ELEMENT, HASH})
MAX_DISCLOSURES = 100  # the richest license face of ours has fifteen lines
MAX_DEPTH = 32  # levels of objects, arrays and disclosures in one another; ours has three

_DIGEST = re.compile(r"[A-Za-z0-9_-]{43}\Z")


@dataclass(frozen=True, slots=True)
class Disclosure:
    """`name` None: an array element. `text` is the base64url that travels, and what the digest is over."""

    salt: str
    name: str | None
    value: object
    text: str

    @property
    def digest(self) -> str:
        return digest_of(self.text)


def digest_of(text: str) -> str:
    """SHA-256 of a disclosure's base64url text, in base64url (section 4.2.3)."""
    return encode_base64url(hashlib.sha256(text.encode("ascii")).digest())


def make_disclosure(name: str | None, value: object, *, salt: bytes) -> Disclosure:
    """Hide one claim (or, with `name` None, one array element) behind `salt`, 16 random bytes.

    Raises: CredentialReservedNameError, CredentialDisclosureError for what JSON cannot carry.
    """
    if name in RESERVED:
        raise errors.CredentialReservedNameError
    written = encode_base64url(salt)
    parts = [written, value] if name is None else [written, name, value]
    try:
        return Disclosure(written, name, value, encode_base64url(write_json(parts)))
    except NotCanonicalError as error:
        raise errors.CredentialDisclosureError from error


def read_disclosure(text: str) -> Disclosure:
    """Take one disclosure apart.

    Raises: CredentialDisclosureError for what is not canonical base64url of a strict JSON array of salt, name and
    value (or salt and value), CredentialReservedNameError.
    """
    try:
        parts = read_json(decode_base64url(text))
    except NotCanonicalError as error:
        raise errors.CredentialDisclosureError from error
    if not isinstance(parts, list):
        raise errors.CredentialDisclosureError
    match parts:
        case [str() as salt, str() as name, value] if salt:
            if name in RESERVED:
                raise errors.CredentialReservedNameError
            return Disclosure(salt, name, value, text)
        case [str() as salt, value] if salt:
            return Disclosure(salt, None, value, text)
        case _:
            raise errors.CredentialDisclosureError


def read_disclosures(texts: Iterable[str]) -> dict[str, Disclosure]:
    """Return all disclosures of a presentation by digest.

    Raises: CredentialDisclosureTwiceError and what `read_disclosure` raises.
    """
    found: dict[str, Disclosure] = {}
    for text in texts:
        disclosure = read_disclosure(text)
        digest = disclosure.digest
        if digest in found:
            raise errors.CredentialDisclosureTwiceError
        found[digest] = disclosure
    return found


class DisclosureUnfolding:
    """Puts the disclosed values back where their digests stand (section 7.1, steps 3 to 5). For one use."""

    def __init__(self, disclosures: Mapping[str, Disclosure]) -> None:
        self._disclosures = disclosures
        self._met: set[str] = set()

    def payload(self, claims: Mapping[str, object]) -> dict[str, object]:
        """Return the claims without digests, with what was disclosed.

        Raises: CredentialDigestError, CredentialDigestTwiceError, CredentialDisclosureKindError,
        CredentialReservedNameError, CredentialOverwritesError, CredentialDepthError, CredentialUnreferencedError.
        """
        open_claims = {name: value for name, value in claims.items() if name != HASH}
        unfolded = self._object(open_claims, depth=1)
        if self._disclosures.keys() - self._met:
            raise errors.CredentialUnreferencedError
        return unfolded

    def _value(self, value: object, *, depth: int) -> object:
        if depth > MAX_DEPTH:
            raise errors.CredentialDepthError
        match value:
            case dict():
                return self._object(value, depth=depth + 1)
            case list():
                return self._array(value, depth=depth + 1)
            case _:
                return value

    def _object(self, members: Mapping[str, object], *, depth: int) -> dict[str, object]:
        visible = {name: value for name, value in members.items() if name != DIGESTS}
        if RESERVED & visible.keys():
            raise errors.CredentialReservedNameError
        unfolded = {name: self._value(value, depth=depth) for name, value in visible.items()}
        digests = members.get(DIGESTS, [])
        if not isinstance(digests, list):
            raise errors.CredentialDigestError
        for digest in digests:
            disclosure = self._meet(digest)
            if disclosure is None:
                continue
            if disclosure.name is None:
                raise errors.CredentialDisclosureKindError
            if disclosure.name in unfolded:
                raise errors.CredentialOverwritesError
            unfolded[disclosure.name] = self._value(disclosure.value, depth=depth)
        return unfolded

    def _array(self, elements: list[object], *, depth: int) -> list[object]:
        unfolded = []
        for element in elements:
            if isinstance(element, dict) and element.keys() == {ELEMENT}:
                disclosure = self._meet(element[ELEMENT])
                if disclosure is None:
                    continue
                if disclosure.name is not None:
                    raise errors.CredentialDisclosureKindError
                unfolded.append(self._value(disclosure.value, depth=depth))
            else:
                unfolded.append(self._value(element, depth=depth))
        return unfolded

    def _meet(self, digest: object) -> Disclosure | None:
        """The disclosure of a digest; None for a claim that is kept back, or a decoy."""
        if not isinstance(digest, str) or not _DIGEST.match(digest):
            raise errors.CredentialDigestError
        if digest in self._met:
            raise errors.CredentialDigestTwiceError
        self._met.add(digest)
        return self._disclosures.get(digest)
