"""Sessions and invitations held against the acts that began them.

Their rows move and are forgotten, so that they are not bound; but each rests on an act that names its token's hash.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.access.models import Appointment, Invitation, LoginSession
from hub.access.rules import INVITATION_LIFE_MAX, SESSION_LIFE
from hub.access.service import BEGINS
from hub.trust.log.adoption import BEGAN
from hub.trust.log.findings import AuditFinding, AuditReason
from hub.trust.record.bound_rows import moment
from hub.trust.record.models import Event

SESSION_KIND = "session.started"
PROOF_KIND = "session.proved"
PURPOSES: Mapping[str, str] = {
    "enrol": "account.invited",
    "login": "account.linked",
}  # of links, and their acts


class _Beginning(NamedTuple):
    """What an act says that it began."""

    kind: str
    subject: str
    at: datetime
    data: Mapping[str, Any]


def unfounded_access(session: Session, *, now: datetime) -> Iterator[AuditFinding]:
    """Return the living sessions and unused invitations that no act began as they stand. Five statements.

    What is older than the log has no act that names it; its whole life must then lie within what the hub allows.
    """
    began = session.scalar(select(func.min(Event.at)).where(Event.uscc == "", Event.kind == BEGAN))
    sessions = _with_person(
        session, LoginSession, LoginSession.ended_at.is_(None), LoginSession.expires_at > now
    )
    links = _with_person(session, Invitation, Invitation.used_at.is_(None), Invitation.expires_at > now)
    since = min((row.created_at for row, _ in (*sessions, *links)), default=now)
    acts, proofs = _beginnings(session, since), _proofs(session, since)
    for row, person_id in sessions:
        rests = _is_older(row, began, SESSION_LIFE) or _is_session(row, acts.get(row.token_hash))
        proved = _is_proved(row, acts.get(row.token_hash), proofs)
        if not (rests and proved) or row.person_id != person_id:
            yield AuditFinding(AuditReason.ACCESS_UNFOUNDED, LoginSession.__tablename__, row.token_hash)
    for row, person_id in links:
        rests = _is_older(row, began, INVITATION_LIFE_MAX) or _is_link(row, acts.get(row.token_hash))
        if not rests or row.person_id != person_id:
            yield AuditFinding(AuditReason.ACCESS_UNFOUNDED, Invitation.__tablename__, row.token_hash)


def _with_person(session: Session, model: Any, *conditions: Any) -> list[Any]:
    """Rows with the person whose appointment they name; None for an appointment that there is not."""
    statement = select(model, Appointment.person_id).outerjoin(
        Appointment, Appointment.id == model.appointment_id
    )
    return list(session.execute(statement.where(*conditions)))


def _beginnings(session: Session, since: datetime) -> dict[str, _Beginning]:
    """By the hash that they name; of two that name one, the first."""
    columns = (Event.kind, Event.subject, Event.at, Event.data)
    kinds = (SESSION_KIND, *PURPOSES.values())
    rows = session.execute(
        select(*columns).where(Event.at >= since, Event.kind.in_(kinds)).order_by(Event.at.desc())
    )
    return {row.data[BEGINS]: _Beginning(*row) for row in rows if BEGINS in row.data}


def _proofs(session: Session, since: datetime) -> frozenset[tuple[str, str]]:
    """Sessions by the hash that acts name, with the moments at which a passkey was used in them."""
    rows = session.execute(select(Event.at, Event.data).where(Event.at >= since, Event.kind == PROOF_KIND))
    return frozenset((str(row.data.get(BEGINS)), moment(row.at)) for row in rows)


def _is_older(row: Any, began: datetime | None, life: timedelta) -> bool:
    return began is not None and row.created_at < began and row.expires_at <= row.created_at + life


def _is_session(row: LoginSession, act: _Beginning | None) -> bool:
    return (
        act is not None
        and (act.kind, act.subject, act.at) == (SESSION_KIND, str(row.appointment_id), row.created_at)
        and (act.data.get("method"), act.data.get("passkey")) == (row.method, row.passkey)
        and act.data.get("until", moment(row.created_at + SESSION_LIFE)) == moment(row.expires_at)
    )


def _is_proved(row: LoginSession, act: _Beginning | None, proofs: Collection[tuple[str, str]]) -> bool:
    """Whether somebody used a passkey when the session says so: as it began, or since."""
    if row.proved_at is None:
        return True
    when = moment(row.proved_at)
    return (row.token_hash, when) in proofs or (act is not None and act.data.get("proved") == when)


def _is_link(row: Invitation, act: _Beginning | None) -> bool:
    return (
        act is not None
        and (act.kind, act.subject) == (PURPOSES.get(row.purpose), str(row.appointment_id))
        and (act.at, act.data.get("until")) == (row.created_at, moment(row.expires_at))
    )
