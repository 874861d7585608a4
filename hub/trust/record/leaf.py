"""From an act to its leaf: what the enterprise may open, and what the public sees. Pure.

A leaf is the RFC 8785 text `{"at", "commitment", "kind"}`, of an act that came late with `happened_at` too. The
commitment is the SHA-256 of 16 random bytes and the opening `{"by", "data", "id", "rows", "subject", "uscc"}`; without
the salt it says nothing. Kinds that concern no enterprise and no person show `data` and `subject` beside it.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from hub.trust.record.bound_rows import canonical_text, moment

# Without a salt whoever guesses what an act says, of a short list of enterprises, could confirm it by its hash.
SALT_BYTES = 16
LENGTH_BYTES = 2  # of the length before each leaf (C2SP tlog-tiles, entry bundles)
SAME_MOMENT = timedelta(seconds=1)  # key rings keep whole seconds: what differs by less did not come late
PUBLIC_KINDS = frozenset({"feeds", "key", "log"})  # by the part before the dot

Rows = Mapping[str, str | None]


@dataclass(slots=True)
class Act:
    """One act on its way to the record. `rows`: rows that it leaves behind, as objects or as (table, values).

    `at`: when it is put on record; `happened_at`: when it was done, None where that is the same moment.
    """

    kind: str
    uscc: str
    subject: str
    by: str
    at: datetime
    id: UUID
    data: Mapping[str, Any]
    rows: list[Any] = field(default_factory=list)
    happened_at: datetime | None = None


def late_moment(happened_at: datetime | None, now: datetime) -> datetime | None:
    """Return the moment of what comes late to the record; None of what is put on record as it is done."""
    return happened_at if happened_at is not None and now - happened_at >= SAME_MOMENT else None


def opening(
    *, by: str, data: Mapping[str, Any], act: UUID | str, rows: Rows, subject: str, uscc: str
) -> dict[str, Any]:
    """Return what the commitment commits to; `act` is the act's id."""
    return {"by": by, "data": data, "id": str(act), "rows": rows, "subject": subject, "uscc": uscc}


def commitment(salt: bytes, opened: Mapping[str, Any]) -> str:
    """Commit to an opening under a salt: base64url without padding, 43 characters."""
    return urlsafe_b64encode(sha256(salt + canonical_text(opened).encode()).digest())[:43].decode("ascii")


def is_public(kind: str) -> bool:
    return kind.partition(".")[0] in PUBLIC_KINDS


def leaf_text(
    *,
    at: datetime | str,
    kind: str,
    salt: bytes,
    opened: Mapping[str, Any],
    happened_at: datetime | str | None = None,
) -> str:
    """Return the leaf of an act; moments as text are taken as they are. Without `happened_at` it has no such member."""
    when, sealed = _written(at), commitment(salt, opened)
    late = None if happened_at is None else _written(happened_at)
    if is_public(kind):
        shown = {"at": when, "commitment": sealed, "kind": kind}
        shown |= {} if late is None else {"happened_at": late}
        return canonical_text(shown | {"data": opened["data"], "subject": opened["subject"]})
    happened = "" if late is None else f'"happened_at":"{late}",'
    return f'{{"at":"{when}","commitment":"{sealed}",{happened}"kind":"{kind}"}}'


def _written(when: datetime | str) -> str:
    return moment(when) if isinstance(when, datetime) else when


def unpack(packed: bytes) -> list[bytes]:
    """Return the leaves of a batch; none of a batch that ends inside a leaf."""
    leaves, at, size = [], 0, len(packed)
    while at + LENGTH_BYTES <= size:
        end = at + LENGTH_BYTES + (packed[at] << 8 | packed[at + 1])
        if end > size:
            break
        leaves.append(packed[at + LENGTH_BYTES : end])
        at = end
    return leaves if at == size else []


def nth(packed: bytes, place: int) -> bytes | None:
    """Return one leaf of a batch; None where it has fewer."""
    at = 0
    for _ in range(place):
        at += LENGTH_BYTES + int.from_bytes(packed[at : at + LENGTH_BYTES], "big")
    start = at + LENGTH_BYTES
    end = start + int.from_bytes(packed[at:start], "big")
    return packed[start:end] if start <= end <= len(packed) else None
