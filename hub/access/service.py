"""Accounts: inviting people to a role, and ending appointments."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.access import errors
from hub.access.appointments import appoint
from hub.access.checks import require
from hub.access.models import Appointment, Invitation, LoginSession
from hub.access.names import clean_name
from hub.access.remits import WHOLE_CITY, RemitInput
from hub.access.rules import ENROLMENT_LIFE, MANAGED_BY, MAX_MANAGERS, Action
from hub.config import LOOPBACK
from hub.kernel.actor import ENTERPRISE_ROLES, Actor, Doer, Role
from hub.kernel.database import Database
from hub.kernel.errors import NotAllowedError, NotFoundError
from hub.kernel.ids import new_token
from hub.kernel.locks import Lock, hold
from hub.registry.models import Enterprise
from hub.trust.record import events
from hub.trust.record.bound_rows import moment

DEMONSTRATION = "demonstration"
BEGINS = "token"  # member of an act that begins a session or invitation: the hash under which it is kept


@dataclass(frozen=True, slots=True)
class Post:
    """Where a role is held: exactly one of an enterprise and a department; `remit`: of officers and officials."""

    role: Role
    uscc: str | None = None
    department: str | None = None
    certificate_no: str | None = None
    remit: RemitInput = WHOLE_CITY

    def __post_init__(self) -> None:
        has_enterprise, has_department = bool(self.uscc), bool(self.department)
        if has_enterprise == has_department or has_enterprise != (self.role in ENTERPRISE_ROLES):
            raise errors.PostError


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """What the inviter hands over: the link works once, until `expires_at`."""

    link: str
    person_id: UUID
    appointment_id: UUID
    expires_at: datetime


def token_hash(token: str) -> str:
    """Return what is stored of a one-time link or a session: whoever reads the table cannot use it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def passkey_origin(base_url: str) -> str:
    """Return the address at which passkeys work: a loopback IP address is no relying party (WebAuthn §5.1.2), `localhost` is."""
    parts = urlsplit(base_url)
    if parts.hostname not in LOOPBACK:
        return base_url
    return f"{parts.scheme}://localhost" + (f":{parts.port}" if parts.port else "")


def invite(
    place: Post,
    *,
    name: str,
    by: Doer,
    base_url: str,
    life: timedelta = ENROLMENT_LIFE,
    now: datetime,
    db: Database,
) -> NewInvitation:
    """Appoint a new person and make the one-time link with which he or she enrols a passkey.

    Inside an enterprise the license holder names managers and agents, a manager names agents; officials
    name officers and officials; the operator at the command line names anyone.
    Raises: InvalidInputError, NotAllowedError, NotFoundError, TooManyManagersError.
    """
    _may_name(by, place)
    shown = clean_name(name)

    def work(session: Session) -> NewInvitation:
        check_enterprise(session, place)
        appointment = appoint_at(session, place, name=shown, by=events.pseudonym(by), now=now)
        token = new_link(session, appointment, purpose="enrol", expires_at=now + life, now=now)
        link = {BEGINS: token_hash(token), "until": moment(now + life)}
        record_account(session, "account.invited", appointment, by=by, now=now, data=link)
        return NewInvitation(
            link=f"{passkey_origin(base_url)}/access/enrol/{token}",
            person_id=appointment.person_id,
            appointment_id=appointment.id,
            expires_at=now + life,
        )

    return db.run(work)


def end_appointment(appointment_id: UUID, *, by: Doer, now: datetime, db: Database) -> None:
    """Take a role from a person at once: every session in it is dead with the same commit.

    With the license holder go all whom he or his managers appointed (a change of the legal representative
    invalidates every earlier authorisation).
    Raises: NotFoundError, NotAllowedError, AppointmentEndedError.
    """

    def work(session: Session) -> None:
        appointment = session.scalar(select(Appointment).where(Appointment.id == appointment_id))
        if appointment is None:
            raise NotFoundError
        _may_name(by, _place_of(appointment))
        if appointment.ended_at is not None:
            raise errors.AppointmentEndedError
        for ended in (appointment, *_dependants(session, appointment)):
            ended.ended_at = now
            _end_sessions(session, ended.id, now)
            record_account(session, "account.ended", ended, by=by, now=now)

    db.run(work)  # the sessions are in use and written at the same moment


def _may_name(by: Doer, place: Post) -> None:
    if not isinstance(by, Actor):
        return
    if place.role in ENTERPRISE_ROLES and by.is_enterprise:
        require(by, Action.MANAGE_PEOPLE, place.uscc)
        if by.role not in MANAGED_BY.get(place.role, frozenset()):
            raise NotAllowedError
        return
    require(by, Action.MANAGE_ACCOUNTS)


def check_enterprise(session: Session, place: Post) -> None:
    """Let a place pass whose enterprise there is. Raises: InvalidInputError, TooManyManagersError."""
    if place.uscc is None:
        return
    if session.scalar(select(Enterprise.uscc).where(Enterprise.uscc == place.uscc)) is None:
        raise errors.EnterpriseUnknownError
    hold(session, [Lock(place.uscc)])  # of two invited at once the second is counted
    if place.role is Role.MANAGER and _managers(session, place.uscc) >= MAX_MANAGERS:
        raise errors.TooManyManagersError


def _managers(session: Session, uscc: str) -> int:
    statement = select(func.count()).where(
        Appointment.uscc == uscc, Appointment.role == Role.MANAGER, Appointment.ended_at.is_(None)
    )
    return session.scalar(statement) or 0


def appoint_at(session: Session, place: Post, *, name: str, by: str, now: datetime) -> Appointment:
    """Appoint a new person; the caller's act names the appointment."""
    return appoint(
        session,
        role=place.role,
        uscc=place.uscc,
        department=place.department,
        certificate_no=place.certificate_no,
        name=name,
        by=by,
        remit=place.remit,
        now=now,
    )


def new_link(
    session: Session, appointment: Appointment, *, purpose: str, expires_at: datetime, now: datetime
) -> str:
    """Make a one-time link; its token is told once and kept as a hash."""
    token = new_token()
    session.add(
        Invitation(
            token_hash=token_hash(token),
            person_id=appointment.person_id,
            appointment_id=appointment.id,
            purpose=purpose,
            created_at=now,
            expires_at=expires_at,
            used_at=None,
        )
    )
    return token


def _place_of(appointment: Appointment) -> Post:
    return Post(Role(appointment.role), uscc=appointment.uscc, department=appointment.department)


def _dependants(session: Session, appointment: Appointment) -> list[Appointment]:
    if appointment.role != Role.OWNER or appointment.uscc is None:
        return []
    hold(session, [Lock(appointment.uscc)])  # who is invited meanwhile is seen
    statement = select(Appointment).where(
        Appointment.uscc == appointment.uscc,
        Appointment.role.in_([Role.MANAGER, Role.AGENT]),
        Appointment.ended_at.is_(None),
    )
    return list(session.scalars(statement))


def _end_sessions(session: Session, appointment_id: UUID, now: datetime) -> None:
    live = select(LoginSession).where(
        LoginSession.appointment_id == appointment_id, LoginSession.ended_at.is_(None)
    )
    for row in session.scalars(live):
        row.ended_at = now


def record_account(
    session: Session,
    kind: str,
    appointment: Appointment,
    *,
    by: Doer,
    now: datetime,
    data: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """Put what became of an appointment on record."""
    events.record(
        session,
        kind=kind,
        uscc=appointment.uscc or "",
        subject=str(appointment.id),
        by=by,
        data={"role": appointment.role, **data},
        now=now,
    )
