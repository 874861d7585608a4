"""Officials for whom an account of the operating system speaks at the command line."""

from datetime import timedelta
from uuid import UUID

import pytest

from hub.access.errors import AppointmentEndedError
from hub.access.represented_officials import official_at
from hub.access.service import Post, end_appointment, invite
from hub.kernel.actor import Operator, Role
from hub.kernel.database import Database
from hub.kernel.errors import InvalidInputError
from tests.support.plates import NOW, OPERATOR, USCC

DEPARTMENT = "衢州市市场监督管理局"


def appointed(db: Database, role: Role) -> UUID:
    place = Post(role, uscc=USCC) if role is Role.OWNER else Post(role, department=DEPARTMENT)
    made = invite(
        place, name="林知远", by=OPERATOR, base_url="https://hub.example", now=NOW - timedelta(days=1), db=db
    )
    return made.appointment_id


def test_the_official_acts_under_a_name_and_the_account_is_on_record(any_db: Database) -> None:
    serving = appointed(any_db, Role.OFFICIAL)
    with any_db.read() as session:
        actor = official_at(session, serving, through=Operator("root"), now=NOW)

    assert (actor.name, actor.role, actor.department) == ("林知远", Role.OFFICIAL, DEPARTMENT)
    assert actor.passkey == Operator("root").mark


@pytest.mark.parametrize("who", ["ended", "officer", "nobody"])
def test_nobody_else_is_spoken_for(any_db: Database, who: str) -> None:
    one = appointed(any_db, Role.OFFICER if who == "officer" else Role.OFFICIAL)
    if who == "ended":
        end_appointment(one, by=OPERATOR, now=NOW, db=any_db)
    with any_db.read() as session, pytest.raises(InvalidInputError) as refused:
        official_at(session, UUID(int=1) if who == "nobody" else one, through=Operator("root"), now=NOW)

    assert (refused.value.field, refused.value.reason) == ("as", "NO_OFFICIAL")


def test_an_appointment_ends_once(any_db: Database) -> None:
    one = appointed(any_db, Role.OFFICIAL)
    end_appointment(one, by=OPERATOR, now=NOW, db=any_db)

    with pytest.raises(AppointmentEndedError):
        end_appointment(one, by=OPERATOR, now=NOW + timedelta(hours=1), db=any_db)
