"""The row of a new person with a role; officers and officials get their remit with it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from hub.access.models import Appointment, Person
from hub.access.remits import SERVING, RemitInput, give
from hub.kernel.actor import Role
from hub.kernel.ids import new_handle, new_id


def appoint(  # noqa: PLR0913  # an appointment has these parts
    session: Session,
    *,
    role: Role,
    uscc: str | None,
    department: str | None,
    certificate_no: str | None,
    name: str,
    by: str,
    remit: RemitInput,
    now: datetime,
) -> Appointment:
    """Add a person in a role, in the caller's transaction; the caller's act names what is added."""
    person_id: UUID = new_id(now)
    session.add(Person(id=person_id, name=name, user_handle=new_handle(), created_at=now))
    appointment = Appointment(
        person_id=person_id,
        id=new_id(now),
        role=role,
        uscc=uscc,
        department=department,
        certificate_no=certificate_no,
        valid_from=now,
        valid_to=None,
        ended_at=None,
        by=by,
    )
    session.add(appointment)
    if role in SERVING and department is not None:
        give(session, person_id, role, department, given=remit, by=by, now=now)
    return appointment
