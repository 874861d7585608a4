"""What an enterprise's registration state means for all that it holds, as published on the status lists."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.kernel.bulk import batches
from hub.kernel.database import Database
from hub.registry.models import Enterprise
from hub.registry.rules import EntityState
from hub.trust.statuses.service import enterprise_changed
from signing.status import Status

# 歇业 (dormant by filing) and 清算 (liquidation) suspend no permit; 责令关闭 and 吊销 forbid all business, like the end.
# What a department calls by a word that nobody has explained yet is to be asked at the hub.
OF_STATE: Mapping[EntityState, Status] = MappingProxyType(
    {
        EntityState.ACTIVE: Status.VALID,
        EntityState.DORMANT: Status.VALID,
        EntityState.LIQUIDATING: Status.VALID,
        EntityState.ORDERED_CLOSED: Status.REVOKED,
        EntityState.REVOKED: Status.REVOKED,
        EntityState.REVOKED_DEREGISTERED: Status.REVOKED,
        EntityState.DEREGISTERED: Status.REVOKED,
        EntityState.ANNULLED: Status.REVOKED,
        EntityState.MOVED_OUT: Status.REVOKED,
        EntityState.UNCONFIRMED: Status.CHANGED,
    }
)


def carry(session: Session, states: Iterable[tuple[str, EntityState]], *, now: datetime) -> None:
    """Carry the states of these enterprises (by USCC) to their plates and credentials, in the caller's transaction."""
    enterprise_changed(session, {uscc: OF_STATE[state] for uscc, state in states}, now=now)


def complete(db: Database, *, now: datetime) -> None:
    """Let the lists know of enterprises stored before there were lists. Safe to run again."""
    telling = [state.value for state, status in OF_STATE.items() if status is not Status.VALID]
    with db.read() as session:
        found = session.execute(
            select(Enterprise.uscc, Enterprise.state).where(Enterprise.state.in_(telling))
        ).all()
    for batch in batches(found):
        states = [(uscc, EntityState(state)) for uscc, state in batch]
        db.run(lambda session, states=states: carry(session, states, now=now))  # type: ignore[misc]  # bound at once
