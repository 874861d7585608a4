"""Values that only a verifier makes: a function that needs checked claims takes one of these."""

from collections.abc import Mapping
from dataclasses import InitVar, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class CodeKind(StrEnum):
    """What a code is for."""

    PLATE = "plate"
    DYNAMIC = "dynamic"


class TokenKind(StrEnum):
    """Compact tokens of this profile; the value is the header's `typ`."""

    CREDENTIAL = "dc+sd-jwt"
    STATUS_LIST = "statuslist+jwt"
    RECEIPT = "receipt+jwt"
    BUNDLE = "bundle+jwt"
    ACCESS = "at+jwt"
    IDENTITY = "JWT"
    KEY_HISTORY = "key-history+jwt"


@dataclass(frozen=True, slots=True)
class PlateClaims:
    """What a plate says: whose it is, and which plate."""

    uscc: str
    plate_id: str


@dataclass(frozen=True, slots=True)
class DynamicClaims:
    """What a dynamic code says; `expires_at` is aware UTC in whole seconds."""

    uscc: str
    nonce: str
    expires_at: datetime


Claims = PlateClaims | DynamicClaims

VERIFIER_SEAL: Final = object()
"""Held by the verifier; what is built without it is refused."""


@dataclass(frozen=True, slots=True)
class VerifiedCode:
    """A code whose signature was good at `verified_at`. It says nothing of the enterprise's present standing.

    `r`: the first half of its signature, 32 bytes; whoever has not seen the code's text cannot know it.
    """

    kind: CodeKind
    kid: str
    claims: Claims
    payload: str
    r: bytes
    verified_at: datetime
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        require_seal(seal)

    @property
    def uscc(self) -> str:
        return self.claims.uscc


@dataclass(frozen=True, slots=True)
class VerifiedToken:
    """A token whose signature, kind and time were good at `verified_at`; `claims` cannot be written to."""

    kind: TokenKind
    kid: str
    claims: Mapping[str, object]
    verified_at: datetime
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        require_seal(seal)


def require_seal(seal: object) -> None:
    """Raises: TypeError for a value not made by a verifier."""
    if seal is not VERIFIER_SEAL:
        raise TypeError("only a verifier makes verified values")
