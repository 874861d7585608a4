"""A person's own sessions: where one is logged in, and ending what should not be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access import session_endings
from hub.access.devices import device_name
from hub.access.models import Appointment, LoginSession, Passkey
from hub.access.rules import SessionEnding, passkey_name, session_is_alive
from hub.access.sessions import Login
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.kernel.messages import Message

MAX_SHOWN = 50  # nobody reads more; "end all others" ends those as well


@dataclass(frozen=True, slots=True)
class SessionView:
    """One logged-in browser. `id` is the stored hash, of which nobody makes the cookie's token."""

    id: str
    role: Role
    place: str
    device: Message
    network: str
    created_at: datetime
    seen_at: datetime
    passkey: str | None  # its label
    is_present: bool


def sessions_of(login: Login, *, now: datetime, db: Database) -> list[SessionView]:
    """Return the living sessions of the person of `login`, the present one first, then the newest."""
    person = login.actor.person_id
    with db.read() as session:
        known = session.execute(
            select(Passkey.credential_id, Passkey.label).where(Passkey.person_id == person)
        )
        labels = {passkey_name(identifier): label for identifier, label in known}
        views = [
            _view(row, appointment, labels, present=login.session_id)
            for row, appointment in _living(session, login, now=now)
        ]
    return sorted(views, key=lambda view: not view.is_present)[:MAX_SHOWN]


def end_one(session_id: str, *, login: Login, now: datetime, db: Database) -> None:
    """End one of one's own sessions. Raises: NotFoundError for somebody else's, and for one that is over."""

    def work(session: Session) -> None:
        row = session.get(LoginSession, session_id)
        if row is None or row.person_id != login.actor.person_id or row.ended_at is not None:
            raise NotFoundError
        session_endings.end_row(session, row, why=SessionEnding.BY_PERSON, by=login.actor, now=now)

    db.run(work)  # it may be in use at the same moment


def end_others(*, login: Login, now: datetime, db: Database) -> int:
    """End all of one's own sessions but the present one; how many there were."""

    def work(session: Session) -> int:
        others = [row for row, _ in _living(session, login, now=now) if row.token_hash != login.session_id]
        for row in others:
            session_endings.end_row(session, row, why=SessionEnding.BY_PERSON, by=login.actor, now=now)
        return len(others)

    return db.run(work)


def _living(session: Session, login: Login, *, now: datetime) -> Sequence[tuple[LoginSession, Appointment]]:
    rows = session.execute(
        select(LoginSession, Appointment)
        .join(Appointment, Appointment.id == LoginSession.appointment_id)
        .where(
            LoginSession.person_id == login.actor.person_id,
            LoginSession.ended_at.is_(None),
            LoginSession.expires_at > now,
            Appointment.ended_at.is_(None),
        )
        .order_by(LoginSession.created_at.desc())
    )
    return [
        (row, appointment)
        for row, appointment in rows
        if session_is_alive(Role(appointment.role), seen_at=row.seen_at, expires_at=row.expires_at, now=now)
    ]


def _view(
    row: LoginSession, appointment: Appointment, labels: Mapping[str, str], *, present: str
) -> SessionView:
    return SessionView(
        id=row.token_hash,
        role=Role(appointment.role),
        place=appointment.uscc or appointment.department or "",
        device=device_name(row.device),
        network=row.network,
        created_at=row.created_at,
        seen_at=row.seen_at,
        passkey=labels.get(row.passkey or ""),
        is_present=row.token_hash == present,
    )
