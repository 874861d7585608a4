"""What is to be issued, before anything is signed: an intent, its states, and what it is compared by."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

T = TypeVar("T")

MAX_REQUEST_CHARS = 32_000  # the largest of ours is a chunk of 200 places, some 12 000


class IntentState(StrEnum):
    """An intent is open until its work is stored, or until the facts forbid it."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing to be issued: for whom (`uscc`, "" for none), of what kind, about what, asked for by whom.

    `digest` says which request it is; `result` names what was made, `reason` why it was refused; `token` is the
    caller's own mark of the request, by which a repeated one finds it again.
    """

    uscc: str
    id: UUID
    kind: str
    subject: str
    request: Mapping[str, object]
    digest: str
    by: str
    created_at: datetime
    state: IntentState = IntentState.OPEN
    token: str | None = None
    result: str | None = None
    reason: str | None = None


class IssueFacts(NamedTuple):
    """Whose thing is to be issued, which intent is open for it, and what refuses a new one by facts read along with it."""

    uscc: str
    waiting: UUID | None
    check: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class Issued(Generic[T]):
    """What a maker hands back: the value for the caller, and the reference by which it is found again."""

    value: T
    reference: str


@dataclass(frozen=True, slots=True)
class ResumptionResult:
    """What a round of resuming did: intents completed, refused by the facts, and still waiting."""

    done: int = 0
    refused: int = 0
    waiting: int = 0


def digest_of(request: Mapping[str, object]) -> str:
    """Return the SHA-256 of a request's one JSON text (sorted members, no spaces), as hex.

    Raises: ValueError for a request that is larger than any of ours.
    """
    text = json.dumps(request, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)
    if len(text) > MAX_REQUEST_CHARS:
        raise ValueError(f"a request of {len(text)} characters")
    return hashlib.sha256(text.encode()).hexdigest()


def frozen(request: Mapping[str, object]) -> Mapping[str, object]:
    """Return the request as nobody changes it any more."""
    return MappingProxyType(dict(request))
