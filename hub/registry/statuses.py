"""What an enterprise's registration state means for all that it holds, as published on the status lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.kernel.bulk import among, batches
from hub.kernel.database import Database
from hub.registry.models import Enterprise, EnterpriseVersion
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


NO_FACE = frozenset(
    {"state", "state_text", "overlays", "region", "industry"}
)  # no business license shows these


@dataclass(frozen=True, slots=True)
class StoredEnterprise:
    """One enterprise as it was just stored. `replaces`: the version that stood before, None for a new one."""

    uscc: str
    state: EntityState
    content: Mapping[str, Any]
    replaces: int | None


def publish_states(session: Session, stored: Sequence[StoredEnterprise], *, now: datetime) -> None:
    """Publish states and new faces of these enterprises for what they hold, in the caller's transaction."""
    before = _contents_before(session, stored)
    rewritten = {
        each.uscc
        for each in stored
        if each.uscc in before and _face(before[each.uscc]) != _face(each.content)
    }
    states = {each.uscc: OF_STATE[each.state] for each in stored}
    enterprise_changed(session, states, rewritten=rewritten, now=now)


def complete(db: Database, *, now: datetime) -> None:
    """Enter on the lists the enterprises stored before there were lists. Safe to run again."""
    # Valid is what the lists say of whoever is not on them, so only the others need an entry.
    telling = [state.value for state, status in OF_STATE.items() if status is not Status.VALID]
    with db.read() as session:
        found = session.scalars(select(Enterprise.uscc).where(Enterprise.state.in_(telling))).all()
    for batch in batches(found):
        db.run(partial(_tell, usccs=batch, now=now))


def _tell(session: Session, *, usccs: Sequence[str], now: datetime) -> None:
    """As they stand now: an import may have come since they were found."""
    statement = select(Enterprise.uscc, Enterprise.state).where(among(session, Enterprise.uscc, usccs))
    states = {uscc: OF_STATE[EntityState(state)] for uscc, state in session.execute(statement)}
    enterprise_changed(session, states, now=now)


def _contents_before(session: Session, stored: Iterable[StoredEnterprise]) -> dict[str, Mapping[str, Any]]:
    replaced = {each.uscc: each.replaces for each in stored if each.replaces is not None}
    columns = (EnterpriseVersion.uscc, EnterpriseVersion.version, EnterpriseVersion.content)
    return {
        uscc: content
        for batch in batches(replaced)
        for uscc, version, content in session.execute(
            select(*columns).where(among(session, EnterpriseVersion.uscc, batch))
        )
        if version == replaced[uscc]
    }


def _face(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name not in NO_FACE}
