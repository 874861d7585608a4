"""Sessions that end before their time, each on record with the reason."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access.models import Appointment, LoginSession
from hub.access.rules import SessionEnding
from hub.access.service import BEGINS
from hub.kernel.actor import Actor
from hub.trust.record import events


def end(session: Session, session_id: str, *, why: SessionEnding, by: Actor | str, now: datetime) -> bool:
    """End a session in the caller's transaction, on record; whether it lived until now."""
    row = session.get(LoginSession, session_id)
    if row is None or row.ended_at is not None:
        return False
    end_row(session, row, why=why, by=by, now=now)
    return True


def end_made_with(session: Session, passkey: str, *, by: Actor, now: datetime) -> None:
    """End every session that was made with a passkey, in the transaction that removes it."""
    made = select(LoginSession).where(LoginSession.passkey == passkey, LoginSession.ended_at.is_(None))
    for row in session.scalars(made):
        end_row(session, row, why=SessionEnding.PASSKEY_REMOVED, by=by, now=now)


def end_row(
    session: Session, row: LoginSession, *, why: SessionEnding, by: Actor | str, now: datetime
) -> None:
    row.ended_at = now
    appointment = session.get(Appointment, (row.person_id, row.appointment_id))
    uscc = None if appointment is None else appointment.uscc
    data = {BEGINS: row.token_hash, "reason": why.value}
    record(session, "session.ended", row, uscc=uscc, by=by, now=now, data=data)


def record(
    session: Session,
    kind: str,
    row: LoginSession,
    *,
    uscc: str | None,
    by: Actor | str,
    now: datetime,
    data: Mapping[str, str],
) -> None:
    """Put an act about a session on record; its subject is the appointment in which somebody is logged in."""
    events.record(
        session, kind=kind, uscc=uscc or "", subject=str(row.appointment_id), by=by, data=data, now=now
    )
