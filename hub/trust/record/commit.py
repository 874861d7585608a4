"""Acts become rows and leaves: one batch of leaves per transaction, written by `Database.write()` before its commit.

The batch takes its number here, when the transaction holds the locks of every row that it touches: of two
transactions that touch the same row, the later one has the higher number.
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import insert
from sqlalchemy.orm import Session

from hub.kernel.bulk import insert_rows, table_of
from hub.trust.record.bound_rows import BoundTable
from hub.trust.record.errors import UnloggedChangeError
from hub.trust.record.leaf import SALT_BYTES, Act, leaf_text, opening
from hub.trust.record.models import Event, LeafBatch
from hub.trust.record.pending import Ledger, binding_of_object, take_ledger, values_of
from signing.log import pack_entries

GUARD = "trust.guard"  # in `session.info`: a change of a bound row without an act is refused
NAMED = 3  # rows named in that refusal
NOBODY = -1

_EVENT = table_of(Event)
_BATCH = table_of(LeafBatch)
_NEW_BATCH = insert(_BATCH).returning(_BATCH.c.id)


class _Claim(NamedTuple):
    """Which act speaks for a row, and the row's values (None: removed)."""

    act: int
    binding: BoundTable
    values: Mapping[str, Any] | None


def seal(session: Session) -> None:
    """Write the acts of a transaction, with the digests of the rows that they speak for, and their leaves.

    Raises: UnloggedChangeError for a bound row that was changed and of which no act speaks, where the guard is on.
    """
    session.flush()  # so that every touched row is known
    ledger = take_ledger(session)
    if ledger is None:
        return
    claims, unlogged = _claims(ledger)
    if unlogged and session.info.get(GUARD):
        raise UnloggedChangeError(", ".join(unlogged[:NAMED]))
    if ledger.acts:
        _write(session, ledger.acts, claims)


def _claims(ledger: Ledger) -> tuple[dict[str, _Claim], list[str]]:
    """Each row with the last act that names it, and the rows for which no act speaks."""
    claims: dict[str, _Claim] = {}
    spoken = dict.fromkeys(ledger.loose, 0)
    for place, act in enumerate(ledger.acts):
        for row in act.rows:
            binding, values = row if isinstance(row, tuple) else _image(row)
            claims[binding.row_name(values)] = _Claim(place, binding, values)
            if binding.name in spoken:
                spoken[binding.name] += 1
    latest = {act.uscc: place for place, act in enumerate(ledger.acts)}
    about = {(act.uscc, act.subject): place for place, act in enumerate(ledger.acts)}
    unlogged = [f"{table}: {count} rows" for table, count in ledger.loose.items() if spoken[table] < count]
    for name, touched in ledger.touched.items():
        last = latest.get(touched.home, NOBODY) if touched.binding.is_homed else len(ledger.acts) - 1
        parts = name.split("/")[1:]
        last = max(
            (about[touched.home, part] for part in parts if (touched.home, part) in about), default=last
        )
        speaker = claims[name].act if name in claims else last
        if speaker == NOBODY:
            unlogged.append(name)
            continue
        values = None if touched.thing is None else values_of(touched.thing)
        claims[name] = _Claim(speaker, touched.binding, values)
    return claims, unlogged


def _image(thing: Any) -> tuple[BoundTable, Mapping[str, Any]]:
    binding = binding_of_object(thing)
    if binding is None:
        raise TypeError(f"rows of {type(thing).__name__} are not bound")
    return binding, values_of(thing)


def _write(session: Session, acts: Sequence[Act], claims: Mapping[str, _Claim]) -> None:
    named: dict[int, dict[str, _Claim]] = {}
    for name, claim in claims.items():
        named.setdefault(claim.act, {})[name] = claim
    salts = os.urandom(SALT_BYTES * len(acts))
    rows, leaves = [], []
    for place, act in enumerate(acts):
        salt = salts[place * SALT_BYTES : (place + 1) * SALT_BYTES]
        digests = {
            name: None if claim.values is None else claim.binding.digest(claim.values, salt)
            for name, claim in named.get(place, {}).items()
        }
        opened = opening(
            by=act.by, data=act.data, act=act.id, rows=digests, subject=act.subject, uscc=act.uscc
        )
        leaves.append(_leaf(act, salt, opened))
        rows.append(_row(act, place, salt, digests))
    batch = {"at": acts[-1].at, "count": len(acts), "leaves": pack_entries(leaves)}
    number = session.execute(_NEW_BATCH, batch).scalar_one()
    for row in rows:
        row["batch_id"] = number
    insert_rows(session, _EVENT, rows)


def _leaf(act: Act, salt: bytes, opened: Mapping[str, Any]) -> bytes:
    text = leaf_text(at=act.at, kind=act.kind, salt=salt, opened=opened, happened_at=act.happened_at)
    return text.encode()


def _row(act: Act, place: int, salt: bytes, digests: Mapping[str, str | None]) -> dict[str, Any]:
    return {
        "uscc": act.uscc,
        "id": act.id,
        "kind": act.kind,
        "subject": act.subject,
        "by": act.by,
        "at": act.at,
        "happened_at": act.happened_at,
        "data": act.data,
        "place": place,
        "salt": salt,
        "rows": digests,
    }
