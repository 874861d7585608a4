"""Officials in whose names the operator asks and decides at the command line, where nobody logs in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access.models import Appointment, Person
from hub.kernel.actor import Actor, Operator, Role
from hub.kernel.errors import InvalidInputError


class NoOfficialError(InvalidInputError):
    reason = "NO_OFFICIAL"
    field = "as"
    zh = "没有该编号的在任政务人员，请用 hub account list 查询任职编号。"
    en = "No official serves under this appointment; `hub account list` shows the ids."


def official_at(session: Session, appointment_id: UUID, *, through: Operator, now: datetime) -> Actor:
    """Return the official who serves under an appointment, acting through an operating-system account.

    The account vouches for the name and is on record with it. One statement.
    Raises: NoOfficialError when nobody serves there as an official.
    """
    statement = select(Appointment, Person.name).join(Person, Person.id == Appointment.person_id)
    row = session.execute(statement.where(Appointment.id == appointment_id)).one_or_none()
    if row is None or not _serves(row[0], now):
        raise NoOfficialError
    place, name = row
    return Actor(place.person_id, name, Role.OFFICIAL, department=place.department, passkey=through.mark)


def _serves(place: Appointment, now: datetime) -> bool:
    is_over = place.ended_at is not None or (place.valid_to is not None and now >= place.valid_to)
    return place.role == Role.OFFICIAL and place.valid_from <= now and not is_over
