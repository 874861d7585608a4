"""What a key is: its purpose, its algorithm, its state and its windows of time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType

KID_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")  # safe as a file name, in a URL and in a JOSE header


class Purpose(StrEnum):
    """What a key signs. Purposes are separate keys, so that one mistake has one consequence."""

    CODE_PLATE = "code-plate"
    CODE_DYNAMIC = "code-dynamic"
    CREDENTIAL = "credential"
    STATUS = "status"
    LOG = "log"
    RECEIPT = "receipt"
    OIDC = "oidc"
    BUNDLE = "bundle"


class KeyState(StrEnum):
    """Where a key stands in its life: pending, active, verify-only, retired; compromised at any time."""

    PENDING = "pending"
    ACTIVE = "active"
    VERIFY_ONLY = "verify-only"
    RETIRED = "retired"
    COMPROMISED = "compromised"


class Algorithm(StrEnum):
    """JOSE names of what a key may do; a key has exactly one."""

    ES256 = "ES256"
    EDDSA = "EdDSA"
    SM2 = "SM2"  # no IANA name; docs/profiles/sm2.md


PUBLISHED = frozenset({KeyState.PENDING, KeyState.ACTIVE, KeyState.VERIFY_ONLY})
SIGNED = frozenset({KeyState.ACTIVE, KeyState.VERIFY_ONLY})  # they sign, or did, and are believed
NEEDS_PRIVATE = frozenset({KeyState.PENDING, KeyState.ACTIVE})


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """The public facts of one key.

    `activated_at` is the instant from which its signatures are believed; for a pending key it is the earliest
    instant at which it may start to sign. `ended_at` is the instant at which it stopped signing.
    `revoked_at` and `reason` are set for a compromised key only. Instants are aware UTC.

    Raises: ValueError for a `kid` outside `[A-Za-z0-9_-]{1,64}`.
    """

    kid: str
    purpose: Purpose
    algorithm: Algorithm
    state: KeyState
    created_at: datetime
    activated_at: datetime | None
    ended_at: datetime | None
    revoked_at: datetime | None
    reason: str | None
    public_jwk: Mapping[str, str]

    def __post_init__(self) -> None:
        if not KID_PATTERN.match(self.kid):
            raise ValueError(f"not a key id: {self.kid!r}")
        object.__setattr__(self, "public_jwk", MappingProxyType(dict(self.public_jwk)))

    def jwk(self) -> dict[str, object]:
        """Return the key as a JWK set publishes it (RFC 7517), public members only.

        `iat`, `nbf` and `exp` are seconds since 1970: made, believed from, stopped signing (the last two
        only when known). `purpose` and `state` are members of this profile.
        """
        jwk: dict[str, object] = {
            **self.public_jwk,
            "kid": self.kid,
            "alg": self.algorithm.value,
            "use": "sig",
            "purpose": self.purpose.value,
            "state": self.state.value,
            "iat": int(self.created_at.timestamp()),
        }
        if self.activated_at is not None:
            jwk["nbf"] = int(self.activated_at.timestamp())
        if self.ended_at is not None:
            jwk["exp"] = int(self.ended_at.timestamp())
        return jwk

    def is_believed(self, moment: datetime) -> bool:
        """Return whether a signature seen at `moment` may be believed: published, and not before its start."""
        return self.state in PUBLISHED and self.activated_at is not None and self.activated_at <= moment

    def is_believed_with_receipt(self, dated: datetime) -> bool:
        """Return whether a signature that the public log holds since `dated` is believed although the key is lost.

        What a compromised key signed is refused by default; a receipt dated before the compromise shows that the
        thing existed while the key was the hub's alone.
        """
        if self.revoked_at is None:
            return self.is_believed(dated)
        return self.activated_at is not None and self.activated_at <= dated < self.revoked_at

    def was_signing(self, moment: datetime) -> bool:
        """Return whether `moment` lies in the window in which this key signed (both ends included)."""
        return (
            self.activated_at is not None
            and self.activated_at <= moment
            and (self.ended_at is None or moment <= self.ended_at)
        )


def whole_second(moment: datetime) -> datetime:
    """Return the instant without its fraction, in UTC: what a JWK's integer members can carry.

    Raises: ValueError for a naive time.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC).replace(microsecond=0)
