"""Acts of the hub on record: one row and one leaf of the public log per act, in the transaction of the act itself.

What is recorded has one canonical text (RFC 8785) and holds nothing about a person but the pseudonym of who acted.
Row and leaf are written just before the commit (`hub.trust.record.commit`).
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Table
from sqlalchemy.orm import Session

from hub.kernel.actor import Actor, Doer
from hub.kernel.errors import HubError
from hub.kernel.ids import new_id
from hub.trust.record import commit  # noqa: F401  # it listens for the commit, in which acts are written
from hub.trust.record.bound_rows import BoundTable, binding_of
from hub.trust.record.leaf import Act, late_moment
from hub.trust.record.pending import ledger_of

MAX_EXACT_INTEGER = (
    2**53 - 1
)  # RFC 8785 §3.2.2.3 writes numbers as IEEE doubles; beyond this they are not exact
MAX_DATA_CHARS = (
    4_000  # an act is named, not copied: the largest of ours is a batch with its counts, below 2 000
)
PERSONAL = frozenset(
    {"name", "person_name", "phone", "contact", "citizen_id", "address", "latitude", "longitude"}
)

_KIND = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,39}\Z")
_MEMBER = re.compile(r"[A-Za-z0-9_.:-]{1,60}\Z")  # ASCII: sorted by code unit and by code point alike


class EventDataError(HubError):
    """The data of an event has no canonical text, or names something that must not be kept for ever."""

    reason = "EVENT_DATA"
    zh = "记录内容不符合留痕规范。"
    en = "The data of the event cannot be put on record."


def pseudonym(doer: Doer | str) -> str:
    """Name who acted, without a name: role and person id, or the command line's account; at most 80 characters."""
    if isinstance(doer, Actor):
        return f"{doer.role}:{doer.person_id}"
    name = doer if isinstance(doer, str) else f"operator:{doer.name}"
    return name[:80]


def canonical(data: Mapping[str, object]) -> str:
    """Return the one text of `data` after RFC 8785, for the values that events may hold.

    Raises: EventDataError for floats, large integers, non-ASCII member names, lone surrogates and members
    that may hold personal data.
    """
    _check(data)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
    if len(text) > MAX_DATA_CHARS:
        raise EventDataError(f"{len(text)} characters of data")
    return text


class Draft(NamedTuple):
    """An act of many alike. `rows`: images of the rows that it leaves behind."""

    kind: str
    uscc: str
    subject: str
    data: Mapping[str, object]
    rows: Sequence[tuple[BoundTable, Mapping[str, Any]]] = ()


def image(table: Table, values: Mapping[str, Any]) -> tuple[BoundTable, Mapping[str, Any]]:
    """Return a row of a bound table that a statement wrote, with the values of at least its covered columns."""
    binding = binding_of(table)
    if binding is None:
        raise TypeError(f"rows of {table.name} are not bound")
    return binding, values


def record(  # noqa: PLR0913  # an act has these parts
    session: Session,
    *,
    kind: str,
    uscc: str,
    subject: str,
    by: Doer | str,
    data: Mapping[str, object],
    now: datetime,
    rows: Iterable[object] = (),
    happened_at: datetime | None = None,
) -> Act:
    """Put one act on record inside the caller's transaction: with the act or not at all.

    `uscc` is "" for acts that belong to no enterprise; `subject` is the id of what was acted upon; `rows` are the
    bound rows (mapped objects or images) that it leaves behind. Bound rows that no act of the transaction names are
    taken for the work of the last act of the same enterprise. `happened_at`: when it was done, where that may be
    earlier than now: both moments are then on record.
    Raises: EventDataError.
    """
    if not _KIND.match(kind):
        raise EventDataError(f"kind {kind!r}")
    act = Act(
        kind=kind,
        uscc=uscc,
        subject=subject,
        by=pseudonym(by),
        at=now,
        id=new_id(now),
        data=json.loads(canonical(data)),
        rows=list(rows),
        happened_at=late_moment(happened_at, now),
    )
    ledger_of(session).acts.append(act)
    return act


def record_many(
    session: Session,
    drafts: Iterable[Draft],
    *,
    by: Doer | str,
    now: datetime,
    happened_at: datetime | None = None,
) -> None:
    """Put many acts of the hub's own making on record, in order; `happened_at` as in `record`. Raises: EventDataError."""
    who, late = pseudonym(by), late_moment(happened_at, now)
    acts = ledger_of(session).acts
    for draft in drafts:
        _check(draft.data)
        acts.append(
            Act(
                kind=draft.kind,
                uscc=draft.uscc,
                subject=draft.subject,
                by=who,
                at=now,
                id=new_id(now),
                data=draft.data,
                rows=list(draft.rows),
                happened_at=late,
            )
        )


def _check(value: object) -> None:
    match value:
        case None | bool():
            return
        case int():
            _check_integer(value)
        case str():
            _check_text(value)
        case Mapping():
            for member in value:
                _check_member(member)
            _check(list(value.values()))
        case list() | tuple():
            for inner in value:
                _check(inner)
        case _:
            raise EventDataError(f"value of type {type(value).__name__}")


def _check_integer(value: int) -> None:
    if abs(value) > MAX_EXACT_INTEGER:
        raise EventDataError(f"integer {value}")


def _check_text(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise EventDataError("text with a lone surrogate") from error


def _check_member(member: object) -> None:
    if not isinstance(member, str) or not _MEMBER.match(member):
        raise EventDataError(f"member {member!r}")
    if member in PERSONAL:
        raise EventDataError(f"member {member!r} may hold personal data")
