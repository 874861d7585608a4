"""Accounts: inviting people to a role, ending appointments, and the demonstration's ready-made logins."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from hub.access import errors
from hub.access.appointing import appoint
from hub.access.checks import require
from hub.access.models import Appointment, Invitation, LoginSession
from hub.access.names import clean_name
from hub.access.remits import WHOLE_CITY, RemitGiven
from hub.access.rules import DEMONSTRATION_LIFE, ENROLMENT_LIFE, MANAGED_BY, MAX_MANAGERS, Action
from hub.config import LOOPBACK, Settings
from hub.kernel.actor import ENTERPRISE_ROLES, Actor, Doer, Operator, Role
from hub.kernel.database import Database
from hub.kernel.errors import NotAllowedError, NotFoundError
from hub.kernel.ids import new_token
from hub.kernel.personal import may_be
from hub.registry.models import Enterprise
from hub.trust import events
from hub.trust.binding import moment
from hub.trust.statuses import standings

DEMONSTRATION = "demonstration"
BEGINS = "token"  # member of an act that begins a session or invitation: the hash under which it is kept


@dataclass(frozen=True, slots=True)
class Place:
    """Where a role is held: exactly one of an enterprise and a department; `remit`: of officers and officials."""

    role: Role
    uscc: str | None = None
    department: str | None = None
    certificate_no: str | None = None
    remit: RemitGiven = WHOLE_CITY

    def __post_init__(self) -> None:
        has_enterprise, has_department = bool(self.uscc), bool(self.department)
        if has_enterprise == has_department or has_enterprise != (self.role in ENTERPRISE_ROLES):
            raise errors.place_refused()


_STAFF = {  # of the demonstration
    Place(Role.OFFICER, department="示范市市场监督管理局", certificate_no="示范330800001"): "示范执法员",
    Place(Role.OFFICIAL, department="示范市政务服务管理局"): "示范管理员",
    Place(Role.AUDITOR, department="示范市审计局"): "示范审计员",
}
_SECOND = Place(Role.OFFICIAL, department="示范市政务服务管理局", certificate_no="示范复核01")


@dataclass(frozen=True, slots=True)
class Invited:
    """What the inviter hands over: the link works once, until `expires_at`."""

    link: str
    person_id: UUID
    appointment_id: UUID
    expires_at: datetime


def token_hash(token: str) -> str:
    """What is stored of a one-time link or a session: whoever reads the table cannot use it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def passkey_origin(base_url: str) -> str:
    """Where passkeys work: a loopback IP address is no relying party (WebAuthn §5.1.2), `localhost` is."""
    parts = urlsplit(base_url)
    if parts.hostname not in LOOPBACK:
        return base_url
    return f"{parts.scheme}://localhost" + (f":{parts.port}" if parts.port else "")


def invite(
    place: Place,
    *,
    name: str,
    by: Doer,
    base_url: str,
    life: timedelta = ENROLMENT_LIFE,
    now: datetime,
    db: Database,
) -> Invited:
    """Appoint a new person and make the one-time link with which he or she enrols a passkey.

    Inside an enterprise the license holder names managers and agents, a manager names agents; officials
    name officers and officials; the operator at the command line names anyone.
    Raises: InvalidInputError, NotAllowedError, NotFoundError, TooManyManagersError.
    """
    _may_name(by, place)
    shown = clean_name(name)

    def work(session: Session) -> Invited:
        _check_enterprise(session, place)
        appointment = _appoint(session, place, name=shown, by=events.pseudonym(by), now=now)
        token = _new_link(session, appointment, purpose="enrol", expires_at=now + life, now=now)
        link = {BEGINS: token_hash(token), "until": moment(now + life)}
        _record(session, "account.invited", appointment, by=by, now=now, data=link)
        return Invited(
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
            _record(session, "account.ended", ended, by=by, now=now)

    db.run(work)  # the sessions are in use and written at the same moment


def demonstration_links(db: Database, settings: Settings, *, uscc: str, now: datetime) -> dict[Role, str]:
    """One login link each for the license holder of `uscc`, an officer, an official and an auditor; earlier ones end.

    The persons are made once. Raises: DemonstrationOnlyError when this hub is no demonstration,
    InvalidInputError when the enterprise does not exist.
    """
    if not settings.demo:
        raise errors.DemonstrationOnlyError
    places = [Place(Role.OWNER, uscc=uscc), *_STAFF]

    def work(session: Session) -> dict[Role, str]:
        _check_enterprise(session, places[0])
        session.execute(delete(Invitation).where(Invitation.purpose == "login", Invitation.used_at.is_(None)))
        return {
            place.role: f"{passkey_origin(settings.base_url)}/access/link/{_demonstration_link(session, place, now)}"
            for place in places
        }

    return db.run(work)


def second_official_link(db: Database, settings: Settings, *, now: datetime) -> str:
    """Return a login link of one more official of the demonstration: some acts need two. Call after `demonstration_links`."""
    token = db.run(lambda session: _demonstration_link(session, _SECOND, now))
    return f"{passkey_origin(settings.base_url)}/access/link/{token}"


def _may_name(by: Doer, place: Place) -> None:
    if not isinstance(by, Actor):
        return
    if place.role in ENTERPRISE_ROLES and by.is_enterprise:
        require(by, Action.MANAGE_PEOPLE, place.uscc)
        if by.role not in MANAGED_BY.get(place.role, frozenset()):
            raise NotAllowedError
        return
    require(by, Action.MANAGE_ACCOUNTS)


def _check_enterprise(session: Session, place: Place) -> None:
    if place.uscc is None:
        return
    if session.scalar(select(Enterprise.uscc).where(Enterprise.uscc == place.uscc)) is None:
        raise errors.enterprise_unknown()
    standings.hold(session, [standings.Place(place.uscc)])  # of two invited at once the second is counted
    if place.role is Role.MANAGER and _managers(session, place.uscc) >= MAX_MANAGERS:
        raise errors.TooManyManagersError


def _managers(session: Session, uscc: str) -> int:
    statement = select(func.count()).where(
        Appointment.uscc == uscc, Appointment.role == Role.MANAGER, Appointment.ended_at.is_(None)
    )
    return session.scalar(statement) or 0


def _appoint(session: Session, place: Place, *, name: str, by: str, now: datetime) -> Appointment:
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


def _new_link(
    session: Session, appointment: Appointment, *, purpose: str, expires_at: datetime, now: datetime
) -> str:
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


def _demonstration_link(session: Session, place: Place, now: datetime) -> str:
    appointment, until = _demonstrator(session, place, now), now + DEMONSTRATION_LIFE
    token = _new_link(session, appointment, purpose="login", expires_at=until, now=now)
    link = {BEGINS: token_hash(token), "until": moment(until)}
    _record(session, "account.linked", appointment, by=Operator(DEMONSTRATION), now=now, data=link)
    return token


def _demonstrator(session: Session, place: Place, now: datetime) -> Appointment:
    told = place.certificate_no
    number = Appointment.certificate_no
    found = session.scalar(
        select(Appointment).where(
            Appointment.by == DEMONSTRATION,
            Appointment.role == place.role,
            number.is_(None)
            if told is None
            else may_be(session, number, told),  # tells the two officials apart
            or_(Appointment.uscc.is_(None), Appointment.uscc == place.uscc),
            Appointment.ended_at.is_(None),
        )
    )
    if found is not None:
        return found
    holder = select(Enterprise.person).where(Enterprise.uscc == place.uscc)
    name = "示范复核员" if place == _SECOND else _STAFF.get(place) or session.scalars(holder).one()
    appointment = _appoint(session, place, name=name, by=DEMONSTRATION, now=now)
    _record(session, "account.invited", appointment, by=Operator(DEMONSTRATION), now=now)
    return appointment


def _place_of(appointment: Appointment) -> Place:
    return Place(Role(appointment.role), uscc=appointment.uscc, department=appointment.department)


def _dependants(session: Session, appointment: Appointment) -> list[Appointment]:
    if appointment.role != Role.OWNER or appointment.uscc is None:
        return []
    standings.hold(session, [standings.Place(appointment.uscc)])  # who is invited meanwhile is seen
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


def _record(
    session: Session,
    kind: str,
    appointment: Appointment,
    *,
    by: Doer,
    now: datetime,
    data: Mapping[str, object] = MappingProxyType({}),
) -> None:
    events.record(
        session,
        kind=kind,
        uscc=appointment.uscc or "",
        subject=str(appointment.id),
        by=by,
        data={"role": appointment.role, **data},
        now=now,
    )
