"""The holder's token `kb+jwt`: this presentation, for this verifier, in answer to this nonce (RFC 9901 section 4.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from keys import Sm2UnavailableError
from signing.algorithms import ALGORITHMS, SIGNATURE_BYTES
from signing.jws import MAX_SECONDS, MAX_TOKEN_CHARS, PARTS
from signing.sdjwt import errors
from signing.sdjwt.holder import HolderKey, HolderSigner, sd_hash
from signing.strict_json import (
    NotCanonicalError,
    decode_base64url,
    encode_base64url,
    read_object,
    write_json,
)

BINDING_TYP = "kb+jwt"
BINDING_LIFE = timedelta(minutes=5)  # a person looks at what is asked and consents; a replay comes later
BINDING_AHEAD = timedelta(minutes=1)  # clocks of telephones that no network sets; the nonce bounds the rest
HEADER = frozenset({"alg", "typ"})


@dataclass(frozen=True, slots=True)
class HolderDemand:
    """What a verifier asked the holder to sign: the verifier's own name and a fresh nonce, neither empty."""

    audience: str
    nonce: str

    def __post_init__(self) -> None:
        if not self.audience or not self.nonce:
            raise ValueError("an audience and a nonce are never empty")


@dataclass(frozen=True, slots=True)
class Binding:
    """What the holder signed, and whether it is what this verifier asked for."""

    audience: str
    nonce: str
    issued_at: datetime
    is_for_us: bool


def sign_binding(presented: str, *, asked: HolderDemand, signer: HolderSigner, now: datetime) -> str:
    """Return the holder's token over `<token>~<disclosure>~…~`."""
    header = {"alg": ALGORITHMS[signer.key.algorithm].names[0], "typ": BINDING_TYP}
    claims = {
        "aud": asked.audience,
        "iat": int(now.timestamp()),
        "nonce": asked.nonce,
        "sd_hash": sd_hash(presented),
    }
    message = f"{encode_base64url(write_json(header))}.{encode_base64url(write_json(claims))}"
    return f"{message}.{encode_base64url(signer.sign(message.encode('ascii')))}"


def verify_binding(
    token: str, *, presented: str, holder: HolderKey, asked: HolderDemand | None, now: datetime
) -> Binding:
    """Believe the holder's token; `asked` None: whoever it was made for. The steps are in the order written.

    Raises: BindingError leaves.
    """
    claims = texts_in(signed_claims(token, holder, typ=BINDING_TYP), "aud", "nonce", "sd_hash")
    issued = instant_in(claims)
    if claims["sd_hash"] != sd_hash(presented):  # step 22
        raise errors.BindingHashError
    audience, nonce = str(claims["aud"]), str(claims["nonce"])
    if asked is not None and audience != asked.audience:  # step 23
        raise errors.BindingAudienceError
    if asked is not None and nonce != asked.nonce:  # step 24
        raise errors.BindingNonceError
    require_fresh(issued, now=now)  # step 25
    return Binding(audience, nonce, issued, asked is not None)


def signed_claims(token: str, holder: HolderKey, *, typ: str) -> dict[str, object]:
    """Return the claims of a token that the holder's key signed: steps 17 to 20, and that they are a JSON object.

    Header members that are not understood are passed over (RFC 7515 section 4): none of them chooses the key. `crit`
    says that one of them must be understood, and is refused.

    Raises: BindingError leaves.
    """
    found, message, raw_claims, signature = taken_apart(token)
    if not found.keys() >= HEADER or "crit" in found:  # step 18
        raise errors.BindingHeaderError
    if found["typ"] != typ:  # step 19
        raise errors.BindingTypError
    if found["alg"] not in ALGORITHMS[holder.algorithm].names:
        raise errors.BindingAlgError
    _require_signature(message, signature, holder)  # step 20
    try:  # step 21
        return read_object(raw_claims)
    except NotCanonicalError as error:
        raise errors.BindingClaimError from error


def _require_signature(message: bytes, signature: bytes, holder: HolderKey) -> None:
    """Raises: BindingSignatureError, BindingAlgorithmNotAcceptedError for SM2 on a machine that cannot compute it."""
    if len(signature) != SIGNATURE_BYTES:
        raise errors.BindingSignatureError
    try:
        is_signed = ALGORITHMS[holder.algorithm].bind(holder.public_key)(message, signature)
    except Sm2UnavailableError as error:
        raise errors.BindingAlgorithmNotAcceptedError from error
    if not is_signed:
        raise errors.BindingSignatureError


def taken_apart(token: object) -> tuple[dict[str, object], bytes, bytes, bytes]:
    """Header, signed bytes, claims as they came, signature: step 17. Raises: BindingFormError."""
    if not isinstance(token, str) or len(token) > MAX_TOKEN_CHARS:
        raise errors.BindingFormError
    parts = token.split(".")
    if len(parts) != PARTS or not token.isascii():
        raise errors.BindingFormError
    try:
        raw_header, raw_claims, signature = (decode_base64url(part) for part in parts)
        return read_object(raw_header), ".".join(parts[:2]).encode("ascii"), raw_claims, signature
    except NotCanonicalError as error:
        raise errors.BindingFormError from error


def texts_in(claims: dict[str, object], *names: str) -> dict[str, object]:
    """Return the same claims, once these are texts. Raises: BindingClaimError."""
    if not all(isinstance(claims.get(name), str) for name in names):
        raise errors.BindingClaimError
    return claims


def instant_in(claims: Mapping[str, object]) -> datetime:
    """When the holder says to have signed. Raises: BindingClaimError."""
    value = claims.get("iat")
    if type(value) is not int or not 0 <= value <= MAX_SECONDS:
        raise errors.BindingClaimError
    return datetime.fromtimestamp(value, UTC)


def require_fresh(issued: datetime, *, now: datetime) -> None:
    """Step 25. Raises: BindingNotYetError, BindingStaleError."""
    if issued > now + BINDING_AHEAD:
        raise errors.BindingNotYetError
    if issued < now - BINDING_LIFE:
        raise errors.BindingStaleError
