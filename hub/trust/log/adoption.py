"""The beginning of the log: what a hub had on record before it had one is taken into it, once.

A new hub has nothing to take in. Afterwards nothing is ever taken in again: a row without an act is a finding.
"""

import os
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from hub.kernel.actor import Doer
from hub.kernel.bulk import among, batches, table_of, update_rows
from hub.kernel.database import Database
from hub.trust.record import events
from hub.trust.record.bound_rows import HOME, BoundTable, bound_tables
from hub.trust.record.leaf import SALT_BYTES, leaf_text, opening
from hub.trust.record.models import Event, LeafBatch
from signing.log import pack_entries

BEGAN, ADOPTED = "log.began", "hub.adopted"
AT_ONCE = 500  # enterprises, or acts, in one transaction

_EVENT, _BATCH = table_of(Event), table_of(LeafBatch)


def begin(db: Database, *, by: Doer, now: datetime) -> int:
    """Take in what is there, unless the log has begun; how many enterprises were. Stopped, it is gone on with."""
    with db.read() as session:
        if session.scalar(select(Event.id).where(Event.uscc == "", Event.kind == BEGAN).limit(1)) is not None:
            return 0
        homes = _homes(session)
    while db.run(_seal_older):
        pass
    for batch in batches(homes, AT_ONCE):
        db.run(partial(_adopt, usccs=batch, by=by, now=now))
    db.run(partial(_finish, by=by, now=now, count=len(homes)))
    return len(homes)


def _homes(session: Session) -> list[str]:
    """Enterprises with bound rows that were not taken in yet."""
    done = set(session.scalars(select(Event.uscc).where(Event.kind == ADOPTED)))
    found = {
        uscc
        for binding in bound_tables(_EVENT.metadata)
        if binding.is_homed
        for uscc in session.scalars(select(binding.table.c[HOME]).distinct())
    }
    return sorted(found - done)


def _seal_older(session: Session) -> int:
    """Give leaves to acts that are older than the log."""
    older = session.scalars(
        select(Event).where(Event.batch_id.is_(None)).order_by(Event.at, Event.id).limit(AT_ONCE)
    ).all()
    if not older:
        return 0
    leaves, rows = [], []
    for place, event in enumerate(older):
        salt = os.urandom(SALT_BYTES)
        opened = opening(
            by=event.by, data=event.data, act=event.id, rows={}, subject=event.subject, uscc=event.uscc
        )
        leaves.append(leaf_text(at=event.at, kind=event.kind, salt=salt, opened=opened).encode())
        rows.append({"uscc": event.uscc, "id": event.id, "place": place, "salt": salt, "rows": {}})
    batch = {"at": older[-1].at, "count": len(leaves), "leaves": pack_entries(leaves)}
    number = session.execute(insert(_BATCH).values(batch).returning(_BATCH.c.id)).scalar_one()
    update_rows(session, _EVENT, ("uscc", "id"), [row | {"batch_id": number} for row in rows])
    return len(rows)


def _adopt(session: Session, *, usccs: Sequence[str], by: Doer, now: datetime) -> None:
    """One act for each of these enterprises, with every row it has."""
    images: dict[str, list[Any]] = {uscc: [] for uscc in usccs}
    for binding in bound_tables(_EVENT.metadata):
        if binding.is_homed:
            where = among(session, binding.table.c[HOME], usccs)
            for row in session.execute(select(*_columns(binding)).where(where)).mappings():
                images[row[HOME]].append((binding, dict(row)))
    drafts = [
        events.Draft(ADOPTED, uscc, uscc, {"rows": len(rows)}, rows) for uscc, rows in images.items() if rows
    ]
    events.record_many(session, drafts, by=by, now=now)


def _finish(session: Session, *, by: Doer, now: datetime, count: int) -> None:
    """Rows of people and batches, and the act that says that the log has begun."""
    images = [
        (binding, dict(row))
        for binding in bound_tables(_EVENT.metadata)
        if not binding.is_homed
        for row in session.execute(select(*_columns(binding))).mappings()
        if not binding.is_exempt(dict(row))
    ]
    for batch in batches(images, AT_ONCE):
        events.record_many(
            session, [events.Draft(ADOPTED, "", "", {"rows": len(batch)}, batch)], by=by, now=now
        )
    data = {"count": count}
    events.record(session, kind=BEGAN, uscc="", subject="log", by=by, data=data, now=now)


def _columns(binding: BoundTable) -> list[Any]:
    return [binding.table.c[name] for name in binding.columns]
