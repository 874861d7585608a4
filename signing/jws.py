"""Strict compact JWS: a front that refuses everything ambiguous, then PyJWT's JWS for the signature (SM2: our own).

PyJWT alone accepts a foreign `typ`, UTF-16 payloads, duplicate members and unknown header members; a token's
`alg` and `kid` are compared with our key here and choose nothing. The ECDSA twin (r, n - s) of a token verifies
too: a token's identity is its `jti`, never a hash of its text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from jwt.algorithms import OKPAlgorithm
from jwt.api_jws import PyJWS
from jwt.exceptions import InvalidTokenError

from keys import Algorithm, KeySet, Purpose, PurposeSigner, Sm2PublicKey, Sm2UnavailableError, VerificationKey
from keys.model import KID_PATTERN
from signing import errors, token_errors
from signing.algorithms import ALGORITHMS
from signing.strict_json import (
    NotCanonicalError,
    decode_base64url,
    encode_base64url,
    read_object,
    write_json,
)
from signing.verified_token import VERIFIER_SEAL, TokenKind, VerifiedToken

MAX_TOKEN_CHARS = 16 * 1024  # a credential with fifty disclosures is 8 KiB
MAX_STATUS_LIST_CHARS = 512 * 1024  # 2^20 entries of 2 bits that do not compress, in base64 twice
MAX_BUNDLE_CHARS = 8 * 1024 * 1024  # a district's premises and licenses
MAX_KEY_HISTORY_CHARS = 512 * 1024  # a thousand keys, two acts each
SKEW = timedelta(seconds=5)
HEADER_MEMBERS = frozenset({"alg", "kid", "typ"})
PARTS = 3
MAX_SECONDS = 250_000_000_000  # the year 9892: a later time does not fit a calendar


@dataclass(frozen=True, slots=True)
class TokenRow:
    """What one kind of token may be signed by, and how long its text may be."""

    purpose: Purpose
    max_chars: int = MAX_TOKEN_CHARS


TOKEN_KINDS: Mapping[TokenKind, TokenRow] = MappingProxyType(
    {
        TokenKind.CREDENTIAL: TokenRow(Purpose.CREDENTIAL),
        TokenKind.STATUS_LIST: TokenRow(Purpose.STATUS, MAX_STATUS_LIST_CHARS),
        TokenKind.RECEIPT: TokenRow(Purpose.RECEIPT),
        TokenKind.BUNDLE: TokenRow(Purpose.BUNDLE, MAX_BUNDLE_CHARS),
        TokenKind.ACCESS: TokenRow(Purpose.OIDC),
        TokenKind.IDENTITY: TokenRow(Purpose.OIDC),
        TokenKind.KEY_HISTORY: TokenRow(Purpose.BUNDLE, MAX_KEY_HISTORY_CHARS),
    }
)


def _private_jws() -> PyJWS:
    """A JWS of our own that knows our algorithms and no other, whatever else uses PyJWT in the process."""
    jws = PyJWS(algorithms=("ES256", "EdDSA"))
    jws.register_algorithm("Ed25519", OKPAlgorithm())
    return jws


_JWS = _private_jws()


def sign_token(claims: Mapping[str, object], *, kind: TokenKind, signer: PurposeSigner) -> str:
    """Return a compact token of one kind; `claims` hold `iat` in whole seconds since 1970.

    Raises: WrongSignerError, TokenClaimError without `iat`, TokenPayloadError for what JSON cannot carry,
    TokenTooLongError.
    """
    row = TOKEN_KINDS[kind]
    if signer.purpose is not row.purpose:
        raise errors.WrongSignerError(f"{signer.kid} is a key for {signer.purpose}, not for {kind}")
    _instant(claims, "iat")
    header = {"alg": ALGORITHMS[signer.algorithm].names[0], "kid": signer.kid, "typ": kind.value}
    try:
        message = f"{encode_base64url(write_json(header))}.{encode_base64url(write_json(dict(claims)))}"
    except NotCanonicalError as error:
        raise token_errors.TokenPayloadError from error
    token = f"{message}.{encode_base64url(signer.sign(message.encode('ascii')))}"
    if len(token) > row.max_chars:
        raise token_errors.TokenTooLongError
    return token


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What a caller asks a token to be.

    `issuer` None: any; `audience` None: a token for nobody in particular; `algorithms` None: those of the key set.
    """

    kind: TokenKind
    issuer: str | None
    audience: str | None
    algorithms: frozenset[Algorithm] | None = None


def verify_compact(token: object, *, keys: KeySet, request: TokenRequest, now: datetime) -> VerifiedToken:
    """Believe a compact token, or raise the leaf that says why not. The steps are in the order written.

    Raises: TokenError leaves.
    """
    text, parts = _split(token, TOKEN_KINDS[request.kind])  # steps 1-3
    header = _header(parts)  # steps 4, 5
    key = _key(header, request, keys, now)  # steps 6-9
    _require_signature(text, key, header["alg"])  # step 10
    claims = _claims(parts[1])  # step 11
    _require_time(claims, key, now)  # steps 12, 13
    _require_parties(claims, request)  # steps 14, 15
    return VerifiedToken(request.kind, key.kid, MappingProxyType(claims), now, VERIFIER_SEAL)


def _split(token: object, row: TokenRow) -> tuple[str, list[str]]:
    if not isinstance(token, str):  # step 1
        raise token_errors.TokenNotTextError
    if len(token) > row.max_chars:  # step 2
        raise token_errors.TokenTooLongError
    parts = token.split(".")
    if len(parts) != PARTS:  # step 3
        raise token_errors.TokenFormError
    return token, parts


def _header(parts: list[str]) -> dict[str, str]:
    try:  # step 4: every part is canonical base64url
        raw = [decode_base64url(part) for part in parts]
    except NotCanonicalError as error:
        raise token_errors.TokenBase64Error from error
    try:  # step 5: exactly alg, kid and typ, all text
        header = read_object(raw[0])
    except NotCanonicalError as error:
        raise token_errors.TokenHeaderError from error
    members = {name: value for name, value in header.items() if isinstance(value, str)}
    if header.keys() != HEADER_MEMBERS or members.keys() != HEADER_MEMBERS:
        raise token_errors.TokenHeaderMemberError
    return members


def _key(header: Mapping[str, str], request: TokenRequest, keys: KeySet, now: datetime) -> VerificationKey:
    if header["typ"] != request.kind.value:  # step 6
        raise token_errors.TokenTypError
    if not KID_PATTERN.match(header["kid"]):  # step 7
        raise token_errors.TokenKidError
    key = keys.get(header["kid"])
    if key is None:
        raise token_errors.TokenKeyUnknownError
    if key.info.purpose is not TOKEN_KINDS[request.kind].purpose:  # step 8
        raise token_errors.TokenKeyPurposeError
    if header["alg"] not in ALGORITHMS[key.info.algorithm].names:
        raise token_errors.TokenAlgError
    if request.algorithms is not None and key.info.algorithm not in request.algorithms:
        raise token_errors.TokenAlgorithmNotAcceptedError
    if not key.info.is_believed(now + SKEW):  # step 9
        raise token_errors.TokenKeyStateError
    return key


def _require_signature(text: str, key: VerificationKey, alg: str) -> None:
    public = key.public_key
    if isinstance(public, Sm2PublicKey):  # PyJWT knows no SM2
        _require_sm2(text, public)
        return
    try:
        _JWS.decode_complete(text, key=public, algorithms=[alg])
    except InvalidTokenError as error:
        raise token_errors.TokenSignatureError from error


def _require_sm2(text: str, public: Sm2PublicKey) -> None:
    message, _, signature = text.rpartition(".")
    try:
        is_signed = public.verify(decode_base64url(signature), message.encode("ascii"))
    except Sm2UnavailableError as error:
        raise token_errors.TokenAlgorithmNotAcceptedError(str(error)) from error
    if not is_signed:
        raise token_errors.TokenSignatureError


def _claims(part: str) -> dict[str, object]:
    try:
        return read_object(decode_base64url(part))
    except NotCanonicalError as error:
        raise token_errors.TokenPayloadError from error


def _require_time(claims: Mapping[str, object], key: VerificationKey, now: datetime) -> None:
    issued = _instant(claims, "iat")
    if not (key.info.was_signing(issued + SKEW) or key.info.was_signing(issued - SKEW)):  # step 12
        raise token_errors.TokenKeyStateError
    starts = max(issued, _instant(claims, "nbf")) if "nbf" in claims else issued  # step 13
    if starts > now + SKEW:
        raise token_errors.TokenNotYetError
    if "exp" in claims and _instant(claims, "exp") <= now - SKEW:
        raise token_errors.TokenExpiredError


def _require_parties(claims: Mapping[str, object], request: TokenRequest) -> None:
    if request.issuer is not None and claims.get("iss") != request.issuer:  # step 14
        raise token_errors.TokenIssuerError
    if "aud" not in claims and request.audience is None:  # step 15: a token for somebody is for nobody else
        return
    named = claims.get("aud")
    if request.audience is None or request.audience not in (named if isinstance(named, list) else [named]):
        raise token_errors.TokenAudienceError


def _instant(claims: Mapping[str, object], name: str) -> datetime:
    value = claims.get(name)
    if type(value) is not int or not 0 <= value <= MAX_SECONDS:
        raise token_errors.TokenClaimError
    return datetime.fromtimestamp(value, UTC)
