"""The holder's token `kb+jwt`: this presentation, for this verifier, in answer to this nonce (RFC 9901 section 4.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from signing.algorithms import ALGORITHMS, SIGNATURE_BYTES
from signing.jws import MAX_SECONDS, MAX_TOKEN_CHARS, PARTS, SKEW
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
HEADER = frozenset({"alg", "typ"})
CLAIMS = frozenset({"aud", "nonce", "iat", "sd_hash"})


@dataclass(frozen=True, slots=True)
class Asked:
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


def sign_binding(presented: str, *, asked: Asked, signer: HolderSigner, now: datetime) -> str:
    """The holder's token over `<token>~<disclosure>~…~`."""
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
    token: str, *, presented: str, holder: HolderKey, asked: Asked | None, now: datetime
) -> Binding:
    """Believe the holder's token; `asked` None: whoever it was made for. The steps are in the order written.

    Raises: BindingError leaves.
    """
    claims = _signed(token, holder)
    issued = _instant(claims["iat"])
    if claims["sd_hash"] != sd_hash(presented):  # step 22
        raise errors.BindingHashError
    audience, nonce = str(claims["aud"]), str(claims["nonce"])
    if asked is not None and audience != asked.audience:  # step 23
        raise errors.BindingAudienceError
    if asked is not None and nonce != asked.nonce:  # step 24
        raise errors.BindingNonceError
    if issued > now + SKEW:  # step 25
        raise errors.BindingNotYetError
    if issued < now - BINDING_LIFE - SKEW:
        raise errors.BindingStaleError
    return Binding(audience, nonce, issued, asked is not None)


def _signed(token: str, holder: HolderKey) -> Mapping[str, object]:
    """The claims of a token that the holder's key signed: steps 17 to 21."""
    parts = token.split(".")
    if len(token) > MAX_TOKEN_CHARS or len(parts) != PARTS:  # step 17
        raise errors.BindingFormError
    try:
        raw_header, raw_claims, signature = (decode_base64url(part) for part in parts)
        header = read_object(raw_header)
    except NotCanonicalError as error:
        raise errors.BindingFormError from error
    if header.keys() != HEADER:  # step 18
        raise errors.BindingHeaderError
    if header["typ"] != BINDING_TYP:  # step 19
        raise errors.BindingTypError
    row = ALGORITHMS[holder.algorithm]
    if header["alg"] not in row.names:
        raise errors.BindingAlgError
    message = ".".join(parts[:2]).encode("ascii")
    if len(signature) != SIGNATURE_BYTES or not row.bind(holder.public_key)(message, signature):  # step 20
        raise errors.BindingSignatureError
    return _claims(raw_claims)


def _claims(raw: bytes) -> Mapping[str, object]:
    try:  # step 21
        claims = read_object(raw)
    except NotCanonicalError as error:
        raise errors.BindingClaimError from error
    texts = (claims.get(name) for name in CLAIMS - {"iat"})
    if not claims.keys() >= CLAIMS or not all(isinstance(text, str) for text in texts):
        raise errors.BindingClaimError
    return claims


def _instant(value: object) -> datetime:
    if type(value) is not int or not 0 <= value <= MAX_SECONDS:
        raise errors.BindingClaimError
    return datetime.fromtimestamp(value, UTC)
