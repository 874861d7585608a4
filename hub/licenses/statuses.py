"""What became of a license, as published for the credentials that rest on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.kernel.bulk import among, batches
from hub.kernel.database import Database
from hub.licenses.models import License, LicenseIndex, LicenseVersion
from hub.licenses.rules import LicenseState
from hub.trust.statuses.service import LicenseChange, license_changed
from signing.status import Status

OF_STATE: Mapping[LicenseState, Status] = MappingProxyType(
    {
        LicenseState.VALID: Status.VALID,
        LicenseState.RENEWING: Status.VALID,
        LicenseState.SUSPENDED: Status.SUSPENDED,
        LicenseState.EXPIRED: Status.REVOKED,  # said by the department; a mere date is the credential's own `exp`
        LicenseState.REVOKED: Status.REVOKED,
        LicenseState.ANNULLED: Status.REVOKED,
        LicenseState.WITHDRAWN: Status.REVOKED,
        LicenseState.DEREGISTERED: Status.REVOKED,
        LicenseState.TRANSFERRED: Status.REVOKED,
        LicenseState.REPLACED: Status.REVOKED,
    }
)

NO_FACE = frozenset({"state", "source_version"})  # members of a content that no credential shows


@dataclass(frozen=True, slots=True)
class StoredLicense:
    """One license as it was just stored. `replaces`: the version that stood before, None for a new license."""

    uscc: str
    license_id: UUID
    state: LicenseState
    content: Mapping[str, Any]
    replaces: int | None


def carry(session: Session, stored: Sequence[StoredLicense], *, now: datetime) -> None:
    """Carry these licenses' states and new faces to their credentials, in the caller's transaction."""
    before = _contents_before(session, stored)
    changes = [
        LicenseChange(
            each.uscc,
            each.license_id,
            OF_STATE[each.state],
            is_rewritten=each.license_id in before and _face(before[each.license_id]) != _face(each.content),
        )
        for each in stored
    ]
    license_changed(session, changes, now=now)


def complete(db: Database, *, now: datetime) -> None:
    """Let the lists know of licenses stored before there were lists. Safe to run again."""
    telling = [state.value for state, status in OF_STATE.items() if status is not Status.VALID]
    with db.read() as session:
        found = session.scalars(select(License.id).where(License.state.in_(telling))).all()
    for batch in batches(found):
        db.run(partial(_tell, ids=batch, now=now))


def _tell(session: Session, *, ids: Sequence[UUID], now: datetime) -> None:
    """As they stand now: an import may have come since they were found."""
    usccs = select(LicenseIndex.uscc).where(LicenseIndex.license_id.in_(ids))
    statement = select(License.uscc, License.id, License.state).where(
        License.uscc.in_(usccs), License.id.in_(ids)
    )
    rows = session.execute(statement)
    license_changed(
        session,
        [LicenseChange(uscc, id_, OF_STATE[LicenseState(state)]) for uscc, id_, state in rows],
        now=now,
    )


def _contents_before(session: Session, stored: Iterable[StoredLicense]) -> dict[UUID, Mapping[str, Any]]:
    replaced = {each.license_id: each for each in stored if each.replaces is not None}
    columns = (LicenseVersion.license_id, LicenseVersion.version, LicenseVersion.content)
    return {
        license_id: content
        for batch in batches(replaced)
        for license_id, version, content in session.execute(
            select(*columns).where(
                among(session, LicenseVersion.uscc, {replaced[license_id].uscc for license_id in batch}),
                LicenseVersion.license_id.in_(batch),
            )
        )
        if version == replaced[license_id].replaces
    }


def _face(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name not in NO_FACE}
