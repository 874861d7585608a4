"""Remits: a department, a district and purposes, which every look of an officer or official must keep to.

Source: 国办发〔2024〕54号 (入企检查): only bodies with the task inspect, within their own area, for a published reason. Rows are
dated; what somebody was allowed at any time can be read later.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from hub.access import errors
from hub.access.checks import require
from hub.access.models import Appointment, Remit
from hub.access.rules import PURPOSES, Action
from hub.kernel.actor import Actor, Doer, Role
from hub.kernel.database import Database
from hub.kernel.errors import NotAllowedError, NotFoundError
from hub.kernel.ids import new_id
from hub.registry.models import Enterprise, Premises
from hub.trust.record import events

SERVING = frozenset({Role.OFFICER, Role.OFFICIAL})
CITY = "3308"  # Quzhou, whose hub this is: what is given where nothing narrower is said
ADOPTED = "adoption"

_DISTRICT = re.compile(r"[0-9]{2}(?:[0-9]{2}){0,2}\Z")  # GB/T 2260: province, city, county


class NoRemitError(NotAllowedError):
    reason = "REMIT_NONE"
    zh = "您没有登记职责范围，不能查看企业详情。请联系本单位管理人员。"
    en = (
        "No remit is on record for you, so no enterprise may be looked at. Ask whoever manages your accounts."
    )


class RemitPurposeError(NotAllowedError):
    reason = "REMIT_PURPOSE"
    zh = "该事由不在您的职责范围内。"
    en = "This purpose is not within your remit."


class RemitDistrictError(NotAllowedError):
    reason = "REMIT_DISTRICT"
    zh = "该企业（辖区）不在您的职责辖区内。"
    en = "This is outside the district of your remit."


@dataclass(frozen=True, slots=True)
class RemitInput:
    """What is given: the first 2, 4 or 6 digits of a division code, and codes of purposes.

    Raises: InvalidInputError.
    """

    district: str = CITY
    purposes: tuple[str, ...] = field(default=tuple(PURPOSES))

    def __post_init__(self) -> None:
        if not _DISTRICT.match(self.district):
            raise errors.DistrictFormError
        if not self.purposes or not set(self.purposes) <= PURPOSES.keys():
            raise errors.PurposeMissingError


WHOLE_CITY = RemitInput()


def give(  # a remit has these parts
    session: Session,
    person_id: UUID,
    role: Role,
    department: str,
    *,
    given: RemitInput,
    by: str,
    now: datetime,
) -> Remit:
    """Add a remit in the caller's transaction; the caller's act names it."""
    row = Remit(
        person_id=person_id,
        id=new_id(now),
        role=role,
        department=department,
        district=given.district,
        purposes=",".join(given.purposes),
        valid_from=now,
        valid_to=None,
        by=by,
    )
    session.add(row)
    return row


def change(
    appointment_id: UUID, *, given: Sequence[RemitInput], by: Doer, now: datetime, db: Database
) -> None:
    """Give other remits instead of those that stand; none takes them all. Raises: NotFoundError, NotAllowedError."""
    require(by, Action.MANAGE_ACCOUNTS)

    def work(session: Session) -> None:
        appointment = session.scalar(select(Appointment).where(Appointment.id == appointment_id))
        if appointment is None or appointment.department is None or Role(appointment.role) not in SERVING:
            raise NotFoundError
        if isinstance(by, Actor) and by.person_id == appointment.person_id:
            raise NotAllowedError
        replace(session, appointment, given=given, by=by, now=now)

    db.run(work)


def replace(
    session: Session, appointment: Appointment, *, given: Sequence[RemitInput], by: Doer, now: datetime
) -> None:
    """End the remits of an appointment and give these instead, on record, in the caller's transaction."""
    place = (appointment.person_id, Role(appointment.role), appointment.department or "")
    rows = list(session.scalars(_standing(*place, now)))
    for row in rows:
        row.valid_to = now
    rows += [give(session, *place, given=one, by=events.pseudonym(by), now=now) for one in given]
    _record(session, appointment, rows, by=by, now=now)


def standing(session: Session, appointment: Appointment, *, now: datetime) -> tuple[RemitInput, ...]:
    """Return what an appointment's remits allow."""
    role = Role(appointment.role)
    rows = session.scalars(_standing(appointment.person_id, role, appointment.department or "", now))
    return tuple(RemitInput(row.district, tuple(row.purposes.split(","))) for row in rows)


def adopt(db: Database, *, by: Doer, now: datetime) -> int:
    """Give everybody who serves since before there were remits what they had: the whole city, every purpose.

    How many were given one. Safe to run again: who has, or had, a remit keeps to it.
    """

    def work(session: Session) -> int:
        has_one = exists().where(
            Remit.person_id == Appointment.person_id,
            Remit.role == Appointment.role,
            Remit.department == Appointment.department,
        )
        waiting = select(Appointment).where(
            Appointment.role.in_(SERVING), Appointment.ended_at.is_(None), ~has_one
        )
        found = session.scalars(waiting).all()
        for one in found:
            place = (one.person_id, Role(one.role), one.department or "")
            row = give(session, *place, given=RemitInput(), by=ADOPTED, now=now)
            _record(session, one, [row], by=by, now=now)
        return len(found)

    return db.run(work)


def check_look(session: Session, actor: Actor, uscc: str, purpose: str, *, now: datetime) -> None:
    """Let a look pass that is within one of the actor's remits.

    Raises: NoRemitError, RemitPurposeError, RemitDistrictError.
    """
    if not _is_within(session, uscc, _districts(session, actor, purpose, now=now)):
        raise RemitDistrictError


def check_decision(session: Session, actor: Actor, uscc: str | None, *, now: datetime) -> None:
    """Let a decision pass that one of the actor's remits reaches: its department's, and of an enterprise its district's.

    A remit's purposes are those of looks; who decides looks at nothing. Raises: NoRemitError, RemitDistrictError.
    """
    rows = session.scalars(_standing(actor.person_id, actor.role, actor.department or "", now)).all()
    if not rows:
        raise NoRemitError
    if uscc is not None and not _is_within(session, uscc, tuple(row.district for row in rows)):
        raise RemitDistrictError


def check_region(session: Session, actor: Actor, region: str, purpose: str, *, now: datetime) -> None:
    """The same for a county. Raises: as `check_look`."""
    if not region.startswith(_districts(session, actor, purpose, now=now)):
        raise RemitDistrictError


def _is_within(session: Session, uscc: str, districts: Sequence[str]) -> bool:
    """Whether the enterprise is registered or has a place of business in one of the districts."""
    inside = [
        exists().where(table.uscc == uscc, or_(*(table.region.startswith(one) for one in districts)))
        for table in (Enterprise, Premises)
    ]
    return bool(session.scalar(select(or_(*inside))))


def _districts(session: Session, actor: Actor, purpose: str, *, now: datetime) -> tuple[str, ...]:
    rows = session.scalars(_standing(actor.person_id, actor.role, actor.department or "", now)).all()
    if not rows:
        raise NoRemitError
    found = tuple(row.district for row in rows if purpose in row.purposes.split(","))
    if not found:
        raise RemitPurposeError
    return found


def _standing(person_id: UUID, role: Role, department: str, now: datetime) -> Select[Remit]:
    return select(Remit).where(
        Remit.person_id == person_id,
        Remit.role == role,
        Remit.department == department,
        Remit.valid_from <= now,
        or_(Remit.valid_to.is_(None), Remit.valid_to > now),
    )


def _record(
    session: Session, appointment: Appointment, rows: Sequence[Remit], *, by: Doer, now: datetime
) -> None:
    standing = [row for row in rows if row.valid_to is None]
    events.record(
        session,
        kind="account.remit",
        uscc="",
        subject=str(appointment.id),
        by=by,
        data={
            "districts": [row.district for row in standing],
            "purposes": [row.purposes for row in standing],
        },
        now=now,
        rows=rows,
    )
