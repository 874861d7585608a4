"""Logged-in browsers: rows in the database, so that logging out and ending a role take effect everywhere at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, object_session

from hub.access import errors
from hub.access.models import Appointment, Invitation, LoginSession, Person
from hub.access.rules import SESSION_LIFE, SessionEnding, session_is_alive
from hub.access.service import BEGINS, token_hash
from hub.access.service import DEMONSTRATION as READY_MADE
from hub.access.session_endings import end, record
from hub.config import Settings
from hub.kernel.actor import Actor, Role
from hub.kernel.database import DEMONSTRATION, Database, Note
from hub.kernel.errors import LoginRequiredError, NotFoundError
from hub.kernel.ids import new_token
from hub.trust.record.bound_rows import moment

SEEN_EVERY = timedelta(
    minutes=1
)  # use is noted once a minute: a write per request would be the system's bottleneck


@dataclass(frozen=True, slots=True)
class Login:
    """The present session. `session_id` is the stored hash, never the cookie's token."""

    actor: Actor
    session_id: str
    appointment_id: UUID
    method: str
    certificate_no: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LoginBrowser:
    """The browser that logs in: what it is, from where it comes, and the session that it held until now.

    `until`: when the login ends with which it goes on; None: it logs in anew.
    """

    device: str = ""
    network: str = ""
    over: str | None = None
    until: datetime | None = None


NOWHERE = LoginBrowser()  # for those who log in from no browser


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session just made: `token` goes into the cookie and nowhere else."""

    token: str
    role: Role


def find(token: str, *, now: datetime, db: Database) -> Login | None:
    """Return the session behind a cookie, if it is alive and the appointment still stands; notes that it was used."""
    with db.read() as session:
        row = session.execute(
            select(LoginSession, Appointment, Person)
            .join(Appointment, Appointment.id == LoginSession.appointment_id)
            .join(Person, Person.id == LoginSession.person_id)
            .where(LoginSession.token_hash == token_hash(token), LoginSession.ended_at.is_(None))
        ).one_or_none()
        if row is None:
            return None
        found, appointment, person = row
        role = Role(appointment.role)
        alive = session_is_alive(role, seen_at=found.seen_at, expires_at=found.expires_at, now=now)
        is_ready_made = found.method == "link" and not db.is_demonstration
        if not alive or is_ready_made or not _stands(appointment, now):
            return None
        login, unnoted = _login(found, appointment, person), now - found.seen_at >= SEEN_EVERY
    if unnoted and db.read_only is None:  # looking goes on where nothing may be written
        _note_use(login.session_id, now=now, db=db)
    return login


def redeem_login_link(
    token: str, *, visit: LoginBrowser = NOWHERE, settings: Settings, now: datetime, db: Database
) -> OpenedSession:
    """Log in with a one-time link, in the demonstration only.

    Raises: DemonstrationOnlyError, LinkRefusedError.
    """
    if not settings.demo:
        raise errors.DemonstrationOnlyError
    with db.write() as session:
        appointment = spend_link(session, token, purpose="login", now=now)
        return open_session(session, appointment, method="link", visit=visit, now=now)


def switch(login: Login, appointment_id: UUID, *, now: datetime, db: Database) -> OpenedSession:
    """Go on in another role of the same person, in a new session that ends when the present one would have ended.

    Raises: NotFoundError, LoginRequiredError when the session has ended since it was looked up.
    """
    with db.write() as session:
        appointment = session.scalar(
            select(Appointment).where(
                Appointment.id == appointment_id, Appointment.person_id == login.actor.person_id
            )
        )
        if appointment is None or not _stands(appointment, now):
            raise NotFoundError
        row = session.get(LoginSession, login.session_id)
        if row is None or row.ended_at is not None:
            raise LoginRequiredError
        row.ended_at = now
        return open_session(
            session,
            appointment,
            method=row.method,
            passkey=row.passkey,
            proved_at=row.proved_at,
            visit=LoginBrowser(row.device, row.network, until=row.expires_at),
            now=now,
        )


def log_out(login: Login, *, now: datetime, db: Database) -> None:
    """End a session; doing it twice is no error."""
    with db.write() as session:
        end(session, login.session_id, why=SessionEnding.LOGGED_OUT, by=login.actor, now=now)


def open_session(
    session: Session,
    appointment: Appointment,
    *,
    method: str,
    passkey: str | None = None,
    proved_at: datetime | None = None,
    visit: LoginBrowser = NOWHERE,
    now: datetime,
) -> OpenedSession:
    """Return a new session row in the caller's transaction; every login gets a new token (no fixation).

    `passkey` names the credential that the session is made with, and ends with; `proved_at` is when one was used, None:
    now. The session that the browser held until now ends.
    """
    token, role = new_token(), Role(appointment.role)
    who = f"{role}:{appointment.person_id}"
    if visit.over is not None:
        end(session, visit.over, why=SessionEnding.ANOTHER_LOGIN, by=who, now=now)
    row = LoginSession(
        token_hash=token_hash(token),
        person_id=appointment.person_id,
        appointment_id=appointment.id,
        method=method,
        passkey=passkey,
        proved_at=(proved_at or now) if method == "passkey" else None,
        device=visit.device,
        network=visit.network,
        created_at=now,
        seen_at=now,
        expires_at=visit.until or now + SESSION_LIFE,
        ended_at=None,
    )
    session.add(row)
    record(session, "session.started", row, uscc=appointment.uscc, by=who, now=now, data=started(row, role))
    return OpenedSession(token, role)


def started(row: LoginSession, role: Role) -> dict[str, str]:
    """Return what the act that begins a session says about it; `hub log verify` holds the row against it."""
    said = {"method": row.method, "role": role.value, BEGINS: row.token_hash}
    if row.passkey is not None:
        said["passkey"] = row.passkey
    if row.proved_at is not None:
        said["proved"] = moment(row.proved_at)
    if row.expires_at != row.created_at + SESSION_LIFE:  # it goes on with another one's time
        said["until"] = moment(row.expires_at)
    return said


def note_proof(session: Session, login: Login, passkey: str, *, now: datetime) -> None:
    """Note in the caller's transaction that a passkey was used within a session. Raises: LoginRequiredError."""
    row = session.get(LoginSession, login.session_id)
    if row is None or row.ended_at is not None:
        raise LoginRequiredError
    row.proved_at = now
    data = {BEGINS: row.token_hash, "passkey": passkey}
    record(session, "session.proved", row, uscc=login.actor.uscc, by=login.actor, now=now, data=data)


@dataclass(frozen=True, slots=True)
class LinkFace:
    """For whom a one-time link is."""

    person_id: UUID
    name: str
    role: Role


def find_link(token: str, *, purpose: str, now: datetime, db: Database) -> LinkFace:
    """Return who stands behind an unused link, to be shown before it is spent. Raises: LinkRefusedError."""
    with db.read() as session:
        _, appointment = _load_link(session, token, purpose=purpose, now=now)
        person = session.scalars(select(Person).where(Person.id == appointment.person_id)).one()
        return LinkFace(person.id, person.name, Role(appointment.role))


def spend_link(session: Session, token: str, *, purpose: str, now: datetime) -> Appointment:
    """Use up a link in the caller's write transaction. Raises: LinkRefusedError."""
    _, appointment = _load_link(session, token, purpose=purpose, now=now)
    spent = session.execute(
        update(Invitation)
        .where(Invitation.token_hash == token_hash(token), Invitation.used_at.is_(None))
        .values(used_at=now)
        .returning(Invitation.token_hash)
    ).all()
    if not spent:  # somebody else was faster (PostgreSQL; on SQLite writers stand in line)
        raise errors.LinkRefusedError
    return appointment


def first_standing(session: Session, person_id: UUID, *, now: datetime) -> Appointment | None:
    """Return the person's newest valid appointment, in which a passkey login begins."""
    rows = session.scalars(
        select(Appointment).where(Appointment.person_id == person_id).order_by(Appointment.id.desc())
    )
    return next((row for row in rows if _stands(row, now)), None)


def _load_link(
    session: Session, token: str, *, purpose: str, now: datetime
) -> tuple[Invitation, Appointment]:
    statement = (
        select(Invitation, Appointment)
        .join(Appointment, Appointment.id == Invitation.appointment_id)
        .where(Invitation.token_hash == token_hash(token), Invitation.purpose == purpose)
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        raise errors.LinkRefusedError
    invitation, appointment = row
    if invitation.used_at is not None or now >= invitation.expires_at or not _stands(appointment, now):
        raise errors.LinkRefusedError
    return invitation, appointment


def _stands(appointment: Appointment, now: datetime) -> bool:
    begun = appointment.valid_from <= now
    over = appointment.valid_to is not None and now >= appointment.valid_to
    return begun and not over and appointment.ended_at is None and not _is_invented(appointment)


def _is_invented(appointment: Appointment) -> bool:
    """Made by a demonstration for its ready-made logins, and this hub is none."""
    session = object_session(appointment)
    is_demo = session is not None and session.info.get(DEMONSTRATION, False)
    return appointment.by == READY_MADE and not is_demo


def _login(found: LoginSession, appointment: Appointment, person: Person) -> Login:
    role = Role(appointment.role)
    return Login(
        actor=Actor(
            person.id,
            person.name,
            role,
            uscc=appointment.uscc,
            department=appointment.department,
            passkey=found.passkey,
            proved_at=found.proved_at,
        ),
        session_id=found.token_hash,
        appointment_id=appointment.id,
        method=found.method,
        certificate_no=appointment.certificate_no,
        created_at=found.created_at,
    )


def _note_use(session_id: str, *, now: datetime, db: Database) -> None:
    """A page's requests come at once and each would note it: whoever is later finds it noted."""
    noting = (
        update(LoginSession)
        .where(LoginSession.token_hash == session_id, LoginSession.seen_at <= now - SEEN_EVERY)
        .values(seen_at=now)
    )
    db.run(lambda session: session.execute(noting), note=Note.SESSION_SEEN)
