"""Identifiers of our own rows: UUIDv7 (RFC 9562 §5.7), sortable by time and without a sequence."""

import secrets
from datetime import datetime
from uuid import UUID

_RANDOM_BITS = 74


def new_id(now: datetime) -> UUID:
    """A UUIDv7 for `now` (aware UTC, millisecond precision). Uniqueness comes from the system's random source."""
    milliseconds = int(now.timestamp() * 1000)
    random = secrets.randbits(_RANDOM_BITS)
    value = milliseconds << 80 | 0x7 << 76 | (random >> 62) << 64 | 0b10 << 62 | random & ((1 << 62) - 1)
    return UUID(int=value)


def new_token() -> str:
    """256 random bits as URL-safe text, for one-time links and sessions; only its SHA-256 is stored."""
    return secrets.token_urlsafe(32)


def new_handle() -> bytes:
    """A WebAuthn user handle: 64 random bytes without meaning (Web Authentication Level 3 §14.6.1)."""
    return secrets.token_bytes(64)


def new_challenge() -> bytes:
    """A WebAuthn challenge: 32 random bytes (§13.4.3 asks for at least 16)."""
    return secrets.token_bytes(32)
