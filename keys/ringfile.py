"""`ring.json`: the public facts of every key the ring ever held, sealed against edits behind our back."""

import hmac
import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from keys.durable import read_json, write_json
from keys.errors import MalformedKeySetError, RingDamagedError
from keys.jwk import load_public
from keys.model import Algorithm, KeyInfo, KeyState, Purpose
from keys.sources import KeySource
from keys.vault import binary

RING_FILE = "ring.json"
RING_VERSION = 1


def save_ring(folder: Path, infos: Iterable[KeyInfo], source: KeySource) -> None:
    """Replace the ring file, sealed by the source's secret."""
    entries = [_entry(info) for info in infos]
    document = {"version": RING_VERSION, "keys": entries}
    seal = b64encode(source.seal(_canonical(entries))).decode("ascii")
    write_json(folder / RING_FILE, {**document, "seal": seal})


def load_ring(folder: Path, source: KeySource) -> tuple[KeyInfo, ...]:
    """The facts of all keys, after the seal has been checked.

    Raises: FileNotFoundError, FolderModeError, RingDamagedError.
    """
    path = folder / RING_FILE
    document = read_json(path)
    entries = document.get("keys")
    if document.get("version") != RING_VERSION or not isinstance(entries, list):
        raise RingDamagedError(f"{path} is of a version this software does not know")
    if not hmac.compare_digest(source.seal(_canonical(entries)), binary(document, "seal")):
        raise RingDamagedError(
            f"{path} was changed by something else than this software; restore it from a backup"
        )
    return tuple(_info(entry) for entry in entries)


def _canonical(entries: list[dict[str, object]]) -> bytes:
    return json.dumps([RING_VERSION, entries], sort_keys=True, separators=(",", ":")).encode("ascii")


def _entry(info: KeyInfo) -> dict[str, object]:
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


def _info(entry: Mapping[str, str]) -> KeyInfo:
    """The entry is sealed, so that only an older or newer writer of ours can have left it unreadable."""
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
        raise RingDamagedError(
            f"{RING_FILE} holds a key this software does not understand: {error}"
        ) from error
    return info


def _members(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise TypeError("public is not an object")
    return value


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
