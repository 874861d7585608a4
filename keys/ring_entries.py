"""How the ring file writes keys and acts: JSON objects, instants in ISO 8601."""

from collections.abc import Mapping
from datetime import datetime

from keys.errors import MalformedKeySetError, RingDamagedError
from keys.history import KeyAct, KeyAction
from keys.jwk import load_public
from keys.model import Algorithm, KeyInfo, KeyState, Purpose


def entry_of(info: KeyInfo) -> dict[str, object]:
    return {
        "kid": info.kid,
        "purpose": info.purpose.value,
        "algorithm": info.algorithm.value,
        "state": info.state.value,
        "created_at": info.created_at.isoformat(),
        "activated_at": _text(info.activated_at),
        "ended_at": _text(info.ended_at),
        "revoked_at": _text(info.revoked_at),
        "reason": info.reason,
        "public": dict(info.public_jwk),
    }


def info_of(entry: Mapping[str, str]) -> KeyInfo:
    """Read the key of an entry. The ring is sealed, so only an older or newer writer of ours can have left it unreadable.

    Raises: RingDamagedError.
    """
    try:
        info = KeyInfo(
            kid=entry["kid"],
            purpose=Purpose(entry["purpose"]),
            algorithm=Algorithm(entry["algorithm"]),
            state=KeyState(entry["state"]),
            created_at=datetime.fromisoformat(entry["created_at"]),
            activated_at=_moment(entry["activated_at"]),
            ended_at=_moment(entry["ended_at"]),
            revoked_at=_moment(entry["revoked_at"]),
            reason=entry["reason"],
            public_jwk=_members(entry["public"]),
        )
        load_public(info.algorithm, info.public_jwk)
    except (KeyError, TypeError, ValueError, MalformedKeySetError) as error:
        raise RingDamagedError(f"the ring holds a key this software does not understand: {error}") from error
    return info


def entry_of_act(act: KeyAct) -> dict[str, object]:
    return {
        "at": act.at.isoformat(),
        "act": act.deed.value,
        "kid": act.kid,
        "state": act.state.value,
        "previous": act.previous,
        "reason": act.reason,
    }


def act_of(entry: Mapping[str, str]) -> KeyAct:
    """Raises: RingDamagedError."""
    try:
        return KeyAct(
            at=datetime.fromisoformat(entry["at"]),
            deed=KeyAction(entry["act"]),
            kid=entry["kid"],
            state=KeyState(entry["state"]),
            previous=entry["previous"],
            reason=entry["reason"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RingDamagedError(f"the ring holds an act this software does not understand: {error}") from error


def _members(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise TypeError("public is not an object")
    return value


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
