"""What an authenticator answered, checked (Web Authentication Level 3 §7.1, §7.2).

The steps of the standard are done by py_webauthn. Ours are the bounds before it, and that nothing which somebody puts
into an answer is more than a refusal: whatever the library or a decoder raises over odd values is one.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import webauthn
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    encode_cbor,
    parse_attestation_object,
    parse_authenticator_data,
    parse_cbor,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import AuthenticatorDataFlags

from hub.access import errors
from hub.access.challenges import Answer, RelyingParty
from hub.access.cose import ALGORITHMS, check_key
from signing.strict_json import decode_base64url

MAX_ANSWER_CHARS = 16_000  # of each text in it; a registration without attestation has about 1 000
MAX_CREDENTIAL_BYTES = 1_023  # Web Authentication Level 3 §4, credential ID
_ODD = (  # what decoders and keys raise over values that nobody foresaw
    WebAuthnException,
    InvalidSignature,
    UnsupportedAlgorithm,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A new credential. `is_eligible`: it may be copied to other devices; `is_backed_up`: it has been."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    is_eligible: bool
    is_backed_up: bool


@dataclass(frozen=True, slots=True)
class PasskeyAssertion:
    """A genuine signature of a known credential, and what the authenticator says of itself."""

    sign_count: int
    is_eligible: bool
    is_backed_up: bool


def credential_id(answer: Answer) -> bytes:
    """Return the id of the credential that an answer names. Raises: PasskeyRefusedError."""
    match answer:
        case {"rawId": str(encoded)} if len(encoded) <= MAX_ANSWER_CHARS:
            return decoded(encoded)
    raise errors.PasskeyRefusedError("credential id is missing")


def user_handle(answer: Answer) -> bytes | None:
    """Return the handle of the person whose credential the answer says it is; None where it does not say. Raises: PasskeyRefusedError."""
    match answer:
        case {"response": {"userHandle": str(encoded)}} if 0 < len(encoded) <= MAX_ANSWER_CHARS:
            return decoded(encoded)
    return None


def claimed_challenge(answer: Answer) -> bytes:
    """Return the challenge that the client data name, before anything is checked. Raises: PasskeyRefusedError."""
    match answer:
        case {"response": {"clientDataJSON": str(encoded)}} if len(encoded) <= MAX_ANSWER_CHARS:
            match _client_data(encoded):
                case {"challenge": str(challenge)}:
                    return decoded(challenge)
    raise errors.PasskeyRefusedError("client data is missing")


def _client_data(encoded: str) -> object:
    return _refusing(lambda: json.loads(decode_base64url(encoded)))


def decoded(encoded: str) -> bytes:
    """Return the bytes of a text in its one spelling (§3: base64url without padding). Raises: PasskeyRefusedError."""
    return _refusing(lambda: decode_base64url(encoded))


def checked_registration(answer: Answer, *, challenge: bytes, party: RelyingParty) -> NewPasskey:
    """Raises: PasskeyRefusedError for an answer that is not believed, PasskeyUnfitError for a key that is of no use."""
    return _refusing(lambda: _registered(_bounded(answer), challenge, party))


def checked_assertion(
    answer: Answer, *, challenge: bytes, public_key: bytes, party: RelyingParty
) -> PasskeyAssertion:
    """Raises: PasskeyRefusedError. The counter is for the caller to compare: only a genuine signature says something."""
    return _refusing(lambda: _asserted(_bounded(answer), challenge, public_key, party))


def _registered(answer: Answer, challenge: bytes, party: RelyingParty) -> NewPasskey:
    bare = _without_attestation(answer)
    verified = webauthn.verify_registration_response(
        credential=bare,
        expected_challenge=challenge,
        expected_rp_id=party.id,
        expected_origin=party.origin,
        require_user_verification=True,
        supported_pub_key_algs=list(ALGORITHMS),
    )
    identifier = verified.credential_id
    if not 0 < len(identifier) <= MAX_CREDENTIAL_BYTES:
        raise errors.PasskeyUnfitError(f"credential id of {len(identifier)} bytes")
    if identifier != credential_id(answer):
        raise errors.PasskeyRefusedError("two credential ids")
    check_key(verified.credential_public_key)
    flags = parse_attestation_object(verified.attestation_object).auth_data.flags
    return NewPasskey(identifier, verified.credential_public_key, verified.sign_count, *_backup(flags))


def _without_attestation(answer: Answer) -> dict[str, object]:
    """The answer with its attestation left out: we ask for none and believe none (§7.1 step 24: "none" is accepted).

    Some authenticators send one all the same; what it says must neither help nor stop anybody.
    """
    response = answer["response"]
    if not isinstance(response, Mapping):
        raise TypeError("response")
    whole = parse_cbor(base64url_to_bytes(response["attestationObject"]))
    bare = encode_cbor({"fmt": "none", "attStmt": {}, "authData": whole["authData"]})
    return {**answer, "response": {**response, "attestationObject": bytes_to_base64url(bare)}}


def _asserted(answer: Answer, challenge: bytes, public_key: bytes, party: RelyingParty) -> PasskeyAssertion:
    verified = webauthn.verify_authentication_response(
        credential=dict(answer),
        expected_challenge=challenge,
        expected_rp_id=party.id,
        expected_origin=party.origin,
        credential_public_key=public_key,
        credential_current_sign_count=0,
        require_user_verification=True,
    )
    match answer:
        case {"response": {"authenticatorData": str(encoded)}}:
            flags = parse_authenticator_data(base64url_to_bytes(encoded)).flags
            return PasskeyAssertion(verified.new_sign_count, *_backup(flags))
    raise errors.PasskeyRefusedError("authenticator data are missing")


def _backup(flags: AuthenticatorDataFlags) -> tuple[bool, bool]:
    """§6.1.3: what cannot be backed up is not backed up."""
    if flags.bs and not flags.be:
        raise errors.PasskeyRefusedError("backed up without being eligible")
    return flags.be, flags.bs


def _bounded(answer: Answer) -> dict[str, object]:
    """The members that we know, each of a bounded length and in one spelling; others are nothing to us.

    No page of ours stands inside another site's: what was signed in one is refused (§7.1 step 10, §7.2 step 14).
    """
    response = answer.get("response")
    if not isinstance(response, Mapping):
        raise errors.PasskeyRefusedError("response is missing")
    known = {name: _text(response[name]) for name in _RESPONSE if response.get(name) not in (None, "")}
    for each in (answer.get("rawId"), *known.values()):
        decoded(_text(each))
    match _client_data(known.get("clientDataJSON", "")):
        case {"topOrigin": _}:
            raise errors.PasskeyRefusedError("inside another page")
        case {"crossOrigin": is_inside} if is_inside is not False:
            raise errors.PasskeyRefusedError("inside another page")
    return {**{name: _text(answer.get(name)) for name in ("id", "rawId", "type")}, "response": known}


_RESPONSE = ("clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle")


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_ANSWER_CHARS:
        raise errors.PasskeyRefusedError("a member is no text, or too long")
    return value


def _refusing(step: Callable[[], T]) -> T:
    try:
        return step()
    except _ODD as error:
        raise errors.PasskeyRefusedError(f"{type(error).__name__}: {error}") from error
