"""What was done with the keys, in order, for ever: kept in the ring file and published under a signature.

The published document (docs/profiles/keys.md) is how a stranger learns of retired and compromised keys, which the
key set does not list.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from keys.errors import MalformedKeySetError
from keys.jwk import SHAPES
from keys.key_set import KeySet
from keys.model import Algorithm, KeyInfo, KeyState, Purpose

HISTORY_LIFE = timedelta(days=1)  # a copy older than a day may lack a compromised key


class KeyAction(StrEnum):
    """What can be done with a key."""

    GENERATED = "generated"
    ROTATED = "rotated"
    RETIRED = "retired"
    COMPROMISED = "compromised"


@dataclass(frozen=True, slots=True)
class KeyAct:
    """One deed. `state` is what the key became; `previous` the kid it took over from, `reason` why, where told."""

    at: datetime
    deed: KeyAction
    kid: str
    state: KeyState
    previous: str | None = None
    reason: str | None = None

    def document(self) -> dict[str, object]:
        """Return the act as the history publishes it; `at` in whole seconds since 1970."""
        told = {"previous": self.previous, "reason": self.reason}
        return {
            "at": int(self.at.timestamp()),
            "act": self.deed.value,
            "kid": self.kid,
            "state": self.state.value,
            **{name: value for name, value in told.items() if value is not None},
        }


@dataclass(frozen=True, slots=True)
class RingContents:
    """Everything a ring file says: the keys as they stand, and how they came to."""

    infos: tuple[KeyInfo, ...]
    acts: tuple[KeyAct, ...]
    is_demonstration: bool = False  # its keys sign invented things, and nothing else

    def find(self, kid: str) -> KeyInfo | None:
        return next((info for info in self.infos if info.kid == kid), None)

    def continues(self, earlier: "RingContents") -> bool:
        """Return whether this is the earlier book or came of it: the same acts first, on the same keys. A seal cannot tell."""
        known = {info.kid: info.public_jwk for info in self.infos}
        is_same_past = self.acts[: len(earlier.acts)] == earlier.acts
        return is_same_past and all(known.get(info.kid) == info.public_jwk for info in earlier.infos)


def beginning(infos: Iterable[KeyInfo]) -> tuple[KeyAct, ...]:
    """Return the acts that keys of a ring without a history must have seen, oldest first."""
    acts = [KeyAct(info.created_at, KeyAction.GENERATED, info.kid, KeyState.ACTIVE) for info in infos]
    acts += [
        KeyAct(info.revoked_at, KeyAction.COMPROMISED, info.kid, KeyState.COMPROMISED, reason=info.reason)
        for info in infos
        if info.revoked_at is not None
    ]
    return tuple(sorted(acts, key=lambda act: act.at))


def history_claims(
    book: RingContents, *, issuer: str, now: datetime, life: timedelta = HISTORY_LIFE
) -> dict[str, object]:
    """Return the claims of a `key-history+jwt`: every key in every state, and all acts, oldest first."""
    return {
        "iss": issuer,
        "iat": int(now.timestamp()),
        "exp": int((now + life).timestamp()),
        "keys": [_key(info) for info in book.infos],
        "acts": [act.document() for act in book.acts],
    }


def keys_of_history(claims: Mapping[str, object]) -> KeySet:
    """Return every key of a verified history, compromised and retired ones with their instants and reasons.

    Raises: MalformedKeySetError.
    """
    entries = claims.get("keys")
    if not isinstance(entries, list):
        raise MalformedKeySetError("a key history has a list of keys")
    return KeySet(_info(entry) for entry in entries)


def _key(info: KeyInfo) -> dict[str, object]:
    entry = info.jwk()
    if info.revoked_at is not None:
        entry["revoked_at"] = int(info.revoked_at.timestamp())
    if info.reason is not None:
        entry["reason"] = info.reason
    return entry


def _info(entry: object) -> KeyInfo:
    if not isinstance(entry, Mapping):
        raise MalformedKeySetError("a key is an object")
    try:
        algorithm = Algorithm(entry["alg"])
        shape = SHAPES[algorithm]
        created = _instant(entry, "iat")
        if created is None:
            raise MalformedKeySetError("a key lacks iat")
        return KeyInfo(
            kid=entry["kid"],
            purpose=Purpose(entry["purpose"]),
            algorithm=algorithm,
            state=KeyState(entry["state"]),
            created_at=created,
            activated_at=_instant(entry, "nbf"),
            ended_at=_instant(entry, "exp"),
            revoked_at=_instant(entry, "revoked_at"),
            reason=entry.get("reason"),
            public_jwk={name: entry[name] for name in (*shape.fixed, *shape.coordinates)},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedKeySetError(f"a key of the history is outside the profile: {error}") from error


def _instant(entry: Mapping[str, object], name: str) -> datetime | None:
    value = entry.get(name)
    if value is None:
        return None
    if type(value) is not int:
        raise TypeError(f"{name} is not a whole number of seconds")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError) as error:
        raise ValueError(f"{name} is not a time") from error
