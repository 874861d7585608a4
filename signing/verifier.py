"""The verifier: pure, without a clock, a network or a database. It raises the first fact that speaks against."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, cast, overload

from keys import Algorithm, KeySet, Sm2UnavailableError, VerificationKey
from signing import errors
from signing.algorithms import ALGORITHMS, SCALAR_BYTES, RawVerify
from signing.base32 import decode_signature
from signing.codes import (
    MAX_CODE_CHARS,
    MAX_DYNAMIC_SECONDS,
    PATH,
    CodeRow,
    code_row,
    require_origin,
    signing_prefix,
)
from signing.jws import SKEW, TokenRequest, verify_compact
from signing.verified_token import VERIFIER_SEAL, DynamicClaims, TokenKind, VerifiedCode, VerifiedToken

MIN_PARTS, MAX_PARTS = 4, 5  # tag, 2 or 3 fields, signature
LONGEST_LIFE = timedelta(seconds=MAX_DYNAMIC_SECONDS)

_PRINTABLE = re.compile(r"[!-~]*\Z")
_BARE = re.compile(r"[0-9A-Z.]*\Z")


if TYPE_CHECKING:
    from typing_extensions import TypeVar as DefaultingTypeVar

    Judgement = DefaultingTypeVar("Judgement", default=VerifiedCode)
else:
    Judgement = TypeVar("Judgement")
Judgement_co = TypeVar("Judgement_co", covariant=True)


class Snapshot(Protocol[Judgement_co]):
    """Keys as they were at one moment, with what was known then: an offline bundle (`signing.bundle`)."""

    @property
    def keys(self) -> KeySet: ...

    @property
    def issuer(self) -> str: ...

    def require_current(self, now: datetime) -> None: ...

    def judge_code(self, believe: Callable[[], VerifiedCode], *, now: datetime) -> Judgement_co: ...


@dataclass(frozen=True, slots=True)
class PreparedKey:
    """A code key with everything that does not depend on the code: loaded key, header in base64url."""

    key: VerificationKey
    prefix: bytes
    verify: RawVerify
    is_twin: Callable[[bytes], bool]


class Verifier(Generic[Judgement]):
    """Believes what our keys signed: by a key set, or by an offline bundle, which makes verdicts of what is believed.

    `origins` are the addresses under which codes may point (`https://hub.example`, lower case, no path); a bare
    `PAYLOAD.SIG` is read with or without them. `algorithms` is the caller's policy: what was signed with a key of another
    algorithm is refused, whatever else holds; None takes every algorithm of the key set. Make one Verifier per key set
    and keep it: its keys are loaded once.

    Raises: CodeHostError for an origin that is not one.
    """

    @overload
    def __init__(
        self: "Verifier[VerifiedCode]",
        keys: KeySet,
        *,
        origins: Iterable[str] = (),
        algorithms: frozenset[Algorithm] | None = None,
    ) -> None: ...

    @overload
    def __init__(
        self,
        keys: Snapshot[Judgement],
        *,
        origins: Iterable[str] = (),
        algorithms: frozenset[Algorithm] | None = None,
    ) -> None: ...

    def __init__(
        self,
        keys: KeySet | Snapshot[Judgement],
        *,
        origins: Iterable[str] = (),
        algorithms: frozenset[Algorithm] | None = None,
    ) -> None:
        self._snapshot = None if isinstance(keys, KeySet) else keys
        accepted = tuple(origins) if isinstance(keys, KeySet) else (keys.issuer, *origins)
        for origin in accepted:
            require_origin(origin)
        keys = keys if isinstance(keys, KeySet) else keys.keys
        self._keys = keys
        self._algorithms = algorithms
        self._starts = tuple(f"{origin}{PATH}" for origin in accepted)
        self._code_keys = {
            key.kid: _prepare(key, row) for key in keys if (row := code_row(key.kid)) is not None
        }

    def verify_code(self, text: object, *, now: datetime) -> Judgement:
        """Believe a scanned text: a VerifiedCode, or the leaf that says why not.

        By an offline bundle it is an OfflineVerdict, for refusals too, and what is raised is that the bundle is
        not to be used now.

        Raises: CodeError leaves; by a bundle BundleNotYetError, BundleExpiredError.
        """
        if self._snapshot is None:
            return cast("Judgement", self._believe_code(text, now=now))
        return self._snapshot.judge_code(lambda: self._believe_code(text, now=now), now=now)

    def _believe_code(self, text: object, *, now: datetime) -> VerifiedCode:
        """The numbers are those of docs/profiles/code.md; the first step that fails decides."""
        bare = self._bare_text(text)  # steps 1-5
        parts, row = _split(bare)  # steps 6, 7
        claims = row.parse(parts[1:-1])  # steps 8, 9
        signature = decode_signature(parts[-1])  # step 10
        prepared = self._believed_key(parts[0], row, now)  # steps 11, 12
        payload = bare[: -len(parts[-1]) - 1]
        if prepared.is_twin(signature):  # step 13
            raise errors.CodeHighSError
        if not _is_signed(prepared, payload, signature):  # step 14
            raise errors.CodeSignatureError
        if isinstance(claims, DynamicClaims):
            _require_current(claims, prepared.key, now)  # steps 15-17
        return VerifiedCode(row.kind, parts[0], claims, payload, signature[:SCALAR_BYTES], now, VERIFIER_SEAL)

    def verify_token(
        self,
        token: object,
        *,
        kind: TokenKind,
        now: datetime,
        issuer: str | None = None,
        audience: str | None = None,
    ) -> VerifiedToken:
        """Believe a compact token of one kind, or raise the leaf that says why not.

        `issuer` None takes any issuer; `audience` None takes only a token that names none.

        Raises: TokenError leaves.
        """
        if self._snapshot is not None:
            self._snapshot.require_current(now)
        request = TokenRequest(kind, issuer, audience, self._algorithms)
        return verify_compact(token, keys=self._keys, request=request, now=now)

    def _bare_text(self, text: object) -> str:
        """`PAYLOAD.SIG` of a text, its address taken off."""
        if not isinstance(text, str):  # step 1
            raise errors.CodeNotTextError
        if len(text) > MAX_CODE_CHARS:  # step 2
            raise errors.CodeTooLongError
        if not _PRINTABLE.match(text):  # step 3
            raise errors.CodeAlphabetError
        bare = next((text[len(start) :] for start in self._starts if text.startswith(start)), text)
        if bare is text and (":" in text or "/" in text):  # step 4
            raise errors.CodeHostError
        if not _BARE.match(bare):  # step 5
            raise errors.CodeAlphabetError
        return bare

    def _believed_key(self, tag: str, row: CodeRow, now: datetime) -> PreparedKey:
        prepared = self._code_keys.get(tag)
        if prepared is None:  # step 11
            raise errors.CodeKeyUnknownError
        info = prepared.key.info
        if info.purpose is not row.purpose:
            raise errors.CodeKeyPurposeError
        if self._algorithms is not None and info.algorithm not in self._algorithms:
            raise errors.CodeAlgorithmNotAcceptedError
        if not info.is_believed(now + SKEW):  # step 12
            raise errors.CodeKeyStateError
        return prepared


def _prepare(key: VerificationKey, row: CodeRow) -> PreparedKey:
    algorithm = ALGORITHMS[key.info.algorithm]
    prefix = signing_prefix(key.kid, key.info.algorithm, row.typ)
    return PreparedKey(key, prefix, algorithm.bind(key.public_key), algorithm.is_twin)


def _is_signed(prepared: PreparedKey, payload: str, signature: bytes) -> bool:
    """Raises: CodeAlgorithmNotAcceptedError where this machine cannot compute the key's algorithm."""
    try:
        return prepared.verify(prepared.prefix + payload.encode("ascii"), signature)
    except Sm2UnavailableError as error:
        raise errors.CodeAlgorithmNotAcceptedError(str(error)) from error


def _split(bare: str) -> tuple[list[str], CodeRow]:
    parts = bare.split(".")
    if not MIN_PARTS <= len(parts) <= MAX_PARTS or "" in parts:  # step 6
        raise errors.CodeFormError
    row = code_row(parts[0])
    if row is None:  # step 7
        raise errors.CodeTagError
    if len(parts) != row.fields + 2:
        raise errors.CodeFormError
    return parts, row


def _require_current(claims: DynamicClaims, key: VerificationKey, now: datetime) -> None:
    if now >= claims.expires_at:  # step 15
        raise errors.CodeExpiredError
    if claims.expires_at > now + LONGEST_LIFE + SKEW:  # step 16
        raise errors.CodeNotYetError
    ended = key.info.ended_at
    if ended is not None and claims.expires_at > ended + LONGEST_LIFE:  # step 17: made after the key stopped
        raise errors.CodeKeyStateError
