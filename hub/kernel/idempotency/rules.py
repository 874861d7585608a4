"""Idempotency keys: what a key may be, what of an answer is kept, how long."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from hub.kernel.errors import ConflictError, HubError, InvalidInputError

HEADER = "Idempotency-Key"
KEEP = timedelta(hours=24)  # as long as clients try again, and as offline bundles live
LEASE = timedelta(
    seconds=60
)  # a request takes half a minute at most; then it died, and the next may take its place
KEPT_HEADERS = ("Content-Type", "Location", "ETag")  # the others are made anew for every answer
MAX_BODY_BYTES = 256 * 1024  # the largest answer of an effect is a credential, some 10 KB

_KEY = re.compile(r"[\x21-\x7e]{1,128}\Z")  # printable ASCII; a UUID is the usual choice


class KeyShapeError(HubError):
    reason = "IDEMPOTENCY_KEY"
    zh = "Idempotency-Key 须为 1 至 128 个可见 ASCII 字符。"
    en = "Idempotency-Key must be 1 to 128 visible ASCII characters."


class KeyReusedError(InvalidInputError):
    """The same key with another body."""

    reason = "IDEMPOTENCY_KEY_REUSED"
    field = HEADER
    zh = "该幂等键已用于另一请求，请换用新键。"
    en = "This idempotency key was used with another request; take a new one."


class InProgressError(ConflictError):
    """The first request with this key is not answered yet."""

    reason = "IDEMPOTENCY_IN_PROGRESS"
    zh = "相同请求正在办理，请稍后再取结果。"
    en = "The same request is being worked on; ask again in a moment."
    retry_after = 1


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a request, until it is answered, released, or the lease ends."""

    scope: str
    key: str
    id: UUID


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it is given again."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def checked_key(text: str) -> str:
    """Raises: KeyShapeError."""
    if not _KEY.match(text):
        raise KeyShapeError
    return text
