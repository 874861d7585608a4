"""What of a person's access stands at a moment: sessions of ready-made links, roles by their dates, passkeys as told."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from hub.access import sessions
from hub.access.models import Appointment, Passkey, Person
from hub.access.queries import passkeys_of, roles_of
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.kernel.ids import new_handle, new_id
from hub.trust.record.models import Event
from tests.support.demonstrations import demonstration_links
from tests.support.plates import NOW
from tests.support.records import CODE, enterprises, shop


def test_a_session_of_a_ready_made_link_stands_in_a_demonstration_alone(
    any_db: Database, settings: Settings
) -> None:
    demo, any_db.is_demonstration = replace(settings, demo=True), True
    enterprises(any_db, shop())
    link = demonstration_links(any_db, demo, uscc=CODE, now=NOW)[Role.OFFICIAL].rpartition("/")[2]
    opened = sessions.redeem_login_link(link, settings=demo, now=NOW, db=any_db)

    assert sessions.find(opened.token, now=NOW, db=any_db) is not None
    any_db.is_demonstration = False

    assert sessions.find(opened.token, now=NOW, db=any_db) is None


def test_the_end_of_an_officials_session_is_an_act_about_no_enterprise(
    any_db: Database, settings: Settings
) -> None:
    demo, any_db.is_demonstration = replace(settings, demo=True), True
    enterprises(any_db, shop())
    link = demonstration_links(any_db, demo, uscc=CODE, now=NOW)[Role.OFFICIAL].rpartition("/")[2]
    opened = sessions.redeem_login_link(link, settings=demo, now=NOW, db=any_db)
    login = sessions.find(opened.token, now=NOW, db=any_db)
    assert login is not None
    sessions.log_out(login, now=NOW, db=any_db)

    with any_db.read() as session:
        assert session.scalars(select(Event.uscc).where(Event.kind == "session.ended")).all() == [""]


def test_a_role_that_ends_at_a_moment_is_over_then(any_db: Database) -> None:
    person = Person(id=new_id(NOW), name="李明", user_handle=new_handle(), created_at=NOW)
    ends = NOW + timedelta(days=1)
    place = {"role": Role.OFFICER, "department": "局", "valid_from": NOW, "valid_to": ends, "by": "test"}
    with any_db.write() as session:
        session.add_all([person, Appointment(person_id=person.id, id=new_id(NOW), **place)])

    moments = (NOW, ends - timedelta(microseconds=1), ends)

    assert [len(roles_of(person.id, now=moment, db=any_db)) for moment in moments] == [1, 1, 0]


def test_a_passkey_is_shown_as_kept_elsewhere_too_when_its_device_said_so(any_db: Database) -> None:
    person = Person(id=new_id(NOW), name="李明", user_handle=new_handle(), created_at=NOW)
    told = (True, False, None)
    with any_db.write() as session:
        session.add(person)
        for number, is_backed_up in enumerate(told):
            session.add(
                Passkey(
                    credential_id=bytes([number]),
                    person_id=person.id,
                    public_key=b"key",
                    sign_count=0,
                    is_backed_up=is_backed_up,
                    label="x",
                    created_at=NOW + timedelta(seconds=number),
                )
            )

    assert [row.is_backed_up for row in passkeys_of(person.id, db=any_db)] == [True, False, False]
