"""Storing penalties as departments published them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.credit.models import Penalty
from hub.credit.records import PenaltyRecord
from hub.kernel.bulk import among, batches, insert_rows, table_of, update_rows
from hub.kernel.ids import new_id
from hub.registry.records import Outcome, Provenance, digest
from hub.trust.record import events
from hub.trust.record.events import Draft, image

__all__ = ["Outcome", "PenaltyRecord", "store_penalties"]

_PENALTY = table_of(Penalty)


def store_penalties(
    session: Session,
    records: Sequence[PenaltyRecord],
    *,
    source: str,
    batch_id: UUID | None,
    now: datetime,
    replay: bool = False,
) -> list[Outcome]:
    """Store penalties of enterprises that are in the registry, known by the number of the decision.

    A decision dated earlier than the stored one of the same number is superseded; otherwise the last word counts.
    `replay`: the same file was loaded before to its end; whatever differs from it is newer and stays.
    """
    stored = _stored(session, records)
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    outcomes = []
    for record in records:
        key = (record.uscc, record.decision_no)
        row = _row(record, source, now)
        before = rows.get(key) or stored.get(key)
        if before is not None and before["content_hash"] == row["content_hash"]:
            outcomes.append(Outcome.DUPLICATE)
        elif before is not None and (replay or record.decided_on < before["decided_on"]):
            outcomes.append(Outcome.SUPERSEDED)
        else:
            rows[key] = row | {"id": new_id(now) if before is None else before["id"]}
            outcomes.append(Outcome.ACCEPTED)
    came = Provenance(source=source, batch_id=batch_id, now=now)
    drafts = [_draft(row, came, is_new=key not in stored) for key, row in rows.items()]
    events.record_many(session, drafts, by=came.by, now=now)
    insert_rows(session, _PENALTY, [row for key, row in rows.items() if key not in stored])
    update_rows(session, _PENALTY, ("uscc", "id"), [row for key, row in rows.items() if key in stored])
    return outcomes


def _draft(row: dict[str, Any], came: Provenance, *, is_new: bool) -> Draft:
    """Penalties keep no versions: the decision is the document."""
    data = came.act_data(1) | {"document": row["content_hash"]}
    kind = "penalty.recorded" if is_new else "penalty.changed"
    return Draft(kind, row["uscc"], str(row["id"]), data, [image(_PENALTY, row)])


def _stored(session: Session, records: Sequence[PenaltyRecord]) -> dict[tuple[str, str], dict[str, Any]]:
    statement = select(
        Penalty.uscc, Penalty.decision_no, Penalty.id, Penalty.content_hash, Penalty.decided_on
    )
    numbers = {record.decision_no for record in records}
    return {
        (row.uscc, row.decision_no): {
            "id": row.id,
            "content_hash": row.content_hash,
            "decided_on": row.decided_on,
        }
        for batch in batches({record.uscc for record in records})
        for row in session.execute(statement.where(among(session, Penalty.uscc, batch)))
        if row.decision_no in numbers
    }


def _row(record: PenaltyRecord, source: str, now: datetime) -> dict[str, Any]:
    return {
        "uscc": record.uscc,
        "decision_no": record.decision_no,
        "act": record.act,
        "kind": record.kind,
        "fine_yuan": record.fine_yuan,
        "level": record.level.value,
        "decided_on": record.decided_on,
        "authority": record.authority,
        "source": source,
        "received_at": now,
        "content_hash": digest(record.content()),
    }
