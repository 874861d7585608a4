"""Storing penalties as departments published them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from hub.credit.models import Penalty
from hub.credit.records import PenaltyRecord
from hub.kernel.bulk import table_of
from hub.registry.records import Provenance, StoreOutcome
from hub.registry.versioned import Row, Versioned, store

__all__ = ["PenaltyRecord", "StoreOutcome", "store_penalties"]


def _is_older(record: PenaltyRecord, stored: Row) -> bool:
    """A decision dated earlier than the stored one of the same number; otherwise the last word counts."""
    return bool(record.decided_on < stored["decided_on"])


VERSIONED = Versioned(
    act="penalty",
    table=table_of(Penalty),
    key=("uscc", "decision_no"),
    compared=("decided_on",),
    is_older=_is_older,
)


def store_penalties(
    session: Session,
    records: Sequence[PenaltyRecord],
    *,
    source: str,
    batch_id: UUID | None,
    now: datetime,
    replay: bool = False,
) -> list[StoreOutcome]:
    """Store penalties of enterprises that are in the registry, known by the number of the decision.

    Return one outcome for each record, in order. `replay`: see `hub.registry.versioned.look_up`.
    """
    came = Provenance(source=source, batch_id=batch_id, now=now)
    return store(session, VERSIONED, records, came, replay=replay)[1]
