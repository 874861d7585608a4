"""Identifiers of our own rows: UUIDv7 (RFC 9562 §5.7), sortable by time and without a sequence."""

import secrets
import threading
from datetime import datetime
from uuid import UUID

_RANDOM_BITS = 74
# A fresh start leaves the highest bit free and each step takes 48 random bits, so that one millisecond has room for
# 2^25 identifiers at least and the next one cannot be guessed.
_START_BITS = _RANDOM_BITS - 1
_STEP_BITS = 48


class _Sequence:
    """What one process gave out last: identifiers of one millisecond rise (RFC 9562 §6.2, method 2)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._milliseconds = -1
        self._random = 0

    def next(self, milliseconds: int) -> int:
        with self._lock:
            if milliseconds == self._milliseconds:
                self._random += 1 + secrets.randbits(_STEP_BITS)
            else:
                self._milliseconds, self._random = milliseconds, secrets.randbits(_START_BITS)
            return self._random


_SEQUENCE = _Sequence()


def new_id(now: datetime) -> UUID:
    """Return a UUIDv7 for `now` (aware UTC, millisecond precision): later calls of one process for the same time sort later."""
    milliseconds = int(now.timestamp() * 1000)
    random = _SEQUENCE.next(milliseconds)
    value = milliseconds << 80 | 0x7 << 76 | (random >> 62) << 64 | 0b10 << 62 | random & ((1 << 62) - 1)
    return UUID(int=value)


def new_token() -> str:
    """256 random bits as URL-safe text, for one-time links and sessions; only its SHA-256 is stored."""
    return secrets.token_urlsafe(32)


def new_handle() -> bytes:
    """Return a WebAuthn user handle: 64 random bytes without meaning (Web Authentication Level 3 §14.6.1)."""
    return secrets.token_bytes(64)


def new_challenge() -> bytes:
    """Return a WebAuthn challenge: 32 random bytes (§13.4.3 asks for at least 16)."""
    return secrets.token_bytes(32)
