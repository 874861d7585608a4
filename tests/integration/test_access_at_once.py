"""Access on both databases when two things happen at once: nothing is lost, doubled, or left without a key."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import func, select

from hub.access import challenges, passkeys, retention, sessions
from hub.access.demonstrators import DEMONSTRATORS
from hub.access.errors import LastPasskeyError, PasskeyTakenError, TooManyManagersError
from hub.access.models import Appointment, Invitation, LoginSession, Passkey, PasskeyChallenge
from hub.access.rules import MAX_MANAGERS
from hub.access.service import NewInvitation, Post, end_appointment, invite, token_hash
from hub.access.sessions import Login, OpenedSession
from hub.config import Settings
from hub.kernel.actor import Actor, Operator, Role
from hub.kernel.database import Database, again_on_conflict
from hub.kernel.errors import LoginRequiredError
from tests.support.authenticator import Authenticator
from tests.support.demonstrations import demonstration_links
from tests.support.enterprises import USCC, add_enterprise
from tests.support.invitees import DEPARTMENT, ORIGIN
from tests.support.threads import at_once

BY = Operator("test")
MANY = 6
ROUNDS = 5  # a meeting is a matter of chance: more of them, more often one that counts


@dataclass
class Person:
    """An officer who has enrolled."""

    phone: Authenticator
    actor: Actor
    appointment: UUID
    token: str


def enrol(db: Database, settings: Settings, now: datetime) -> Person:
    place = Post(Role.OFFICER, department=DEPARTMENT, certificate_no="TEST-1")
    made = invite(place, name="李明", by=BY, base_url=settings.base_url, now=now, db=db)
    link, phone = urlsplit(made.link).path.rpartition("/")[2], Authenticator(ORIGIN)
    options = json.loads(passkeys.enrolment_options(link, settings=settings, now=now, db=db))
    opened = passkeys.enrol(link, phone.register(options), label="一", settings=settings, now=now, db=db)
    actor = Actor(made.person_id, "李明", Role.OFFICER, department=DEPARTMENT, proved_at=now)
    return Person(phone, actor, made.appointment_id, opened.token)


def registration(
    db: Database, settings: Settings, person: Person, phone: Authenticator, now: datetime
) -> dict[str, object]:
    options = passkeys.addition_options(person.actor, settings=settings, now=now, db=db)
    return phone.register(json.loads(options))


def add(db: Database, settings: Settings, person: Person, answer: dict[str, object], now: datetime) -> None:
    passkeys.add(answer, label="二", actor=person.actor, settings=settings, now=now, db=db)


def login_of(db: Database, person: Person, now: datetime) -> Login:
    found = sessions.find(person.token, now=now, db=db)
    assert found is not None
    return found


def test_requests_of_one_browser_at_once_all_find_its_session(
    any_db: Database, settings: Settings, now: datetime
) -> None:
    person = enrol(any_db, settings, now)

    for number in range(1, ROUNDS + 1):
        later = now + number * timedelta(minutes=2)
        found = at_once(MANY, lambda _, at=later: sessions.find(person.token, now=at, db=any_db))  # type: ignore[misc]  # bound at once
        assert all(isinstance(each, Login) for each in found), found
        with any_db.read() as session:
            assert session.scalars(select(LoginSession.seen_at)).one() == later


def test_one_passkey_used_at_many_places_at_once_logs_in_at_each(
    any_db: Database, settings: Settings, now: datetime
) -> None:
    person = enrol(any_db, settings, now)
    person.phone.count = -1  # as synchronised passkeys do, it counts nothing
    answers = []
    for _ in range(MANY):
        options = json.loads(challenges.login_options(settings=settings, now=now, db=any_db))
        answers.append(person.phone.log_in(options))
        person.phone.count = -1

    def log_in(number: int) -> OpenedSession:
        return again_on_conflict(
            lambda: passkeys.log_in(answers[number], settings=settings, now=now, db=any_db)
        )

    results = at_once(MANY, log_in)

    assert all(isinstance(each, OpenedSession) for each in results), results


def test_of_two_passkeys_removed_at_once_one_stays(
    any_db: Database, settings: Settings, now: datetime
) -> None:
    person = enrol(any_db, settings, now)
    for _ in range(ROUNDS):
        phone = Authenticator(ORIGIN)
        add(any_db, settings, person, registration(any_db, settings, person, phone, now), now)
        with any_db.read() as session:
            held = session.scalars(select(Passkey.credential_id)).all()

        def remove(number: int, held: list[bytes] = list(held)) -> None:  # noqa: B006  # bound at once
            again_on_conflict(lambda: passkeys.remove(held[number], actor=person.actor, now=now, db=any_db))

        results = at_once(2, remove)

        with any_db.read() as session:
            assert session.scalar(select(func.count()).select_from(Passkey)) == 1
        assert [type(each) for each in results] == [LastPasskeyError]


def test_a_passkey_registered_twice_at_once_is_taken_the_second_time(
    any_db: Database, settings: Settings, now: datetime
) -> None:
    person, phone = enrol(any_db, settings, now), Authenticator(ORIGIN)
    answers = [registration(any_db, settings, person, phone, now) for _ in range(MANY)]

    def register(number: int) -> None:
        again_on_conflict(lambda: add(any_db, settings, person, answers[number], now))

    results = at_once(MANY, register)

    assert [type(each) for each in results] == [PasskeyTakenError] * (MANY - 1)


def test_managers_invited_at_once_are_never_more_than_an_enterprise_may_have(
    any_db: Database, settings: Settings, now: datetime
) -> None:
    add_enterprise(any_db)

    def appoint(number: int) -> NewInvitation:
        place = Post(Role.MANAGER, uscc=USCC)
        return invite(place, name=f"经办{number}", by=BY, base_url=settings.base_url, now=now, db=any_db)

    results = at_once(MAX_MANAGERS + MANY, appoint)

    with any_db.read() as session:
        assert session.scalar(select(func.count()).select_from(Appointment)) == MAX_MANAGERS
    refused = [each for each in results if not isinstance(each, NewInvitation)]
    assert [type(each) for each in refused] == [TooManyManagersError] * MANY


def test_a_role_ends_although_its_sessions_are_in_use(
    any_db: Database, settings: Settings, now: datetime
) -> None:
    """At the command line nothing tries again but the use case itself."""
    for _ in range(ROUNDS):
        person = enrol(any_db, settings, now)
        later = now + timedelta(minutes=2)

        def act(number: int, person: Person = person, at: datetime = later) -> object:
            if number:
                return sessions.find(person.token, now=at, db=any_db) or "ended"
            end_appointment(person.appointment, by=BY, now=at, db=any_db)
            return "ended"

        results = at_once(MANY, act)

        assert not [each for each in results if isinstance(each, Exception)], results
        assert sessions.find(person.token, now=later, db=any_db) is None


def test_a_session_that_has_ended_begins_no_other(
    any_db: Database, settings: Settings, now: datetime
) -> None:
    person = enrol(any_db, settings, now)
    login = login_of(any_db, person, now)

    sessions.log_out(login, now=now, db=any_db)  # while the request below is on its way

    with pytest.raises(LoginRequiredError):
        sessions.switch(login, person.appointment, now=now, db=any_db)


def test_another_role_is_listed_at_the_same_browser(
    any_db: Database, settings: Settings, now: datetime
) -> None:
    person = enrol(any_db, settings, now)
    login = login_of(any_db, person, now)
    with any_db.write() as session:
        session.get_one(LoginSession, login.session_id).device = "Firefox, Linux"
        session.get_one(LoginSession, login.session_id).network = "203.0.113.0/24"

    opened = sessions.switch(login, person.appointment, now=now, db=any_db)

    with any_db.read() as session:
        row = session.get_one(LoginSession, token_hash(opened.token))
        assert (row.device, row.network) == ("Firefox, Linux", "203.0.113.0/24")


def test_a_link_says_for_whom_it_is_before_it_is_spent(
    any_db: Database, settings: Settings, now: datetime
) -> None:
    place = Post(Role.OFFICER, department=DEPARTMENT, certificate_no="TEST-1")
    made = invite(place, name="李明", by=BY, base_url=settings.base_url, now=now, db=any_db)
    link = urlsplit(made.link).path.rpartition("/")[2]

    face = sessions.find_link(link, purpose="enrol", now=now, db=any_db)

    assert (face.person_id, face.name, face.role) == (made.person_id, "李明", Role.OFFICER)


def test_of_many_who_go_on_from_one_session_one_does(
    any_db: Database, settings: Settings, now: datetime
) -> None:
    person = enrol(any_db, settings, now)
    login = login_of(any_db, person, now)

    def go_on(_: int) -> OpenedSession:
        return again_on_conflict(lambda: sessions.switch(login, person.appointment, now=now, db=any_db))

    results = at_once(MANY, go_on)

    assert sorted(type(each).__name__ for each in results) == ["LoginRequiredError"] * (MANY - 1) + [
        "OpenedSession"
    ]


def test_links_of_the_demonstration_made_at_once_leave_one_for_each_person(
    any_db: Database, environ: dict[str, str], now: datetime
) -> None:
    demo = Settings.from_env({**environ, "HUB_DEMO": "1"})
    add_enterprise(any_db)

    results = at_once(MANY, lambda _: demonstration_links(any_db, demo, uscc=USCC, now=now))

    assert not [each for each in results if isinstance(each, Exception)], results
    with any_db.read() as session:
        assert len(session.scalars(select(Invitation.token_hash)).all()) == len(DEMONSTRATORS)
        roles = session.scalars(select(Appointment.role)).all()
        assert sorted(roles) == sorted(who.place.role for who in DEMONSTRATORS)


def test_two_workers_forget_the_same_at_once(any_db: Database, settings: Settings, now: datetime) -> None:
    for _ in range(ROUNDS):
        for _challenge in range(MANY):
            challenges.login_options(settings=settings, now=now, db=any_db)
        later = now + timedelta(days=2)

        results = at_once(MANY, lambda _, at=later: retention.forget_expired(any_db, now=at))  # type: ignore[misc]  # bound at once

        assert results == []
        with any_db.read() as session:
            assert session.scalars(select(PasskeyChallenge.challenge_hash)).all() == []
