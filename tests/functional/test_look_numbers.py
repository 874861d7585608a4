"""The daily number of looks: above it a second person is asked, and the auditor reads how often each one looked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from hub import config
from hub.access.daily_numbers import LEGAL_ZONE, legal_day
from hub.access.look_figures import look_figures
from hub.access.look_history import visits
from hub.access.look_numbers import (
    MORE_LOOKS,
    SHIPPED,
    DayOverError,
    LookNumberError,
    LooksADayError,
    number_of,
    set_number,
)
from hub.access.look_recount import differing_looks
from hub.access.looks import record_look
from hub.access.proposals.errors import SecondPersonError
from hub.access.proposals.models import Proposal
from hub.access.proposals.rules import Decision
from hub.access.proposals.service import decide
from hub.kernel.actor import Actor, Role
from hub.kernel.database import Database
from hub.kernel.errors import NotAllowedError
from hub.trust.record import events
from hub.trust.record.models import Event
from tests.support.browser import Browser
from tests.support.plates import NOW, USCC, add_enterprise
from tests.support.remits import serve
from tests.support.tampering import behind_its_back

pytestmark = pytest.mark.usefixtures("acts_are_named")

OFFICE = "柯城区消防救援大队"
OFFICER = Actor(UUID(int=31), "林知远", Role.OFFICER, department=OFFICE)
CHIEF = Actor(UUID(int=32), "周队长", Role.OFFICIAL, department=OFFICE)
SECOND = Actor(UUID(int=33), "吴科长", Role.OFFICIAL, department=OFFICE)


def look(
    db: Database, *, uscc: str = USCC, purpose: str = "routine", by: Actor = OFFICER, **more: object
) -> None:
    told = {"reason": "", "seen": "x", "now": NOW, **more}
    record_look(actor=by, uscc=uscc, purpose=purpose, db=db, **told)  # type: ignore[arg-type]  # parts of a look


def test_above_the_daily_number_a_second_person_is_asked_and_then_it_goes_on(any_db: Database) -> None:
    add_enterprise(any_db)
    serve(OFFICER, db=any_db)
    set_number(2, role=Role.OFFICER, department=OFFICE, by=CHIEF, now=NOW, db=any_db)
    for _ in range(2):
        look(any_db)
    for _ in range(2):
        with pytest.raises(LooksADayError):
            look(any_db, reason="专项行动")

    with any_db.read() as session:
        (asked,) = session.execute(
            select(Proposal.id, Proposal.kind, Proposal.reason, Proposal.person_id)
        ).all()
    assert asked[1:] == ("looks.more", "专项行动", OFFICER.person_id)
    kinds = {MORE_LOOKS.code: MORE_LOOKS}
    told = {"decision": Decision.APPROVE, "words": "", "kinds": kinds, "db": any_db}
    twin = Actor(OFFICER.person_id, "林知远", Role.OFFICIAL, department=OFFICE)
    with pytest.raises(SecondPersonError):
        decide(asked.id, by=twin, now=NOW, **told)
    serve(SECOND, db=any_db)
    decide(asked.id, by=SECOND, now=NOW, **told)

    look(any_db, reason="专项行动")
    assert len(visits(USCC, db=any_db)) == 3
    with any_db.read() as session:
        assert number_of(session, OFFICER, now=NOW) == 2 + SHIPPED[Role.OFFICER]
        assert number_of(session, OFFICER, now=NOW + timedelta(days=1)) == 2
        acts = session.scalars(select(Event.data).where(Event.kind == "looks.numbered")).all()
    set_by_hand, granted = sorted(acts, key=len)  # both of one moment, so that their ids have no order
    assert set_by_hand == {"role": "officer", "number": 2}
    assert granted == {"role": "officer", "number": 2 + SHIPPED[Role.OFFICER], "proposal": str(asked.id)}
    look(any_db, now=NOW + timedelta(days=1))


def test_more_looks_are_granted_for_the_day_they_were_asked_for_alone(db: Database) -> None:
    add_enterprise(db)
    serve(OFFICER, db=db)
    serve(SECOND, db=db)
    set_number(0, role=Role.OFFICER, department=OFFICE, by=CHIEF, now=NOW, db=db)
    with pytest.raises(LooksADayError):
        look(db, reason="专项行动")
    with db.read() as session:
        asked = session.scalars(select(Proposal.id)).one()
    told = {"decision": Decision.APPROVE, "words": "", "kinds": {MORE_LOOKS.code: MORE_LOOKS}, "db": db}
    midnight = datetime.combine(legal_day(NOW) + timedelta(days=1), time(), tzinfo=LEGAL_ZONE)

    with pytest.raises(DayOverError):
        decide(asked, by=SECOND, now=midnight, **told)


def test_fifty_looks_at_once_are_as_many_as_the_daily_number_allows(any_db: Database) -> None:
    add_enterprise(any_db)
    serve(OFFICER, db=any_db)
    set_number(7, role=Role.OFFICER, department=None, by=CHIEF, now=NOW, db=any_db)

    def attempt(number: int) -> bool:
        try:
            look(any_db, now=NOW + timedelta(microseconds=number))
        except LooksADayError:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        done = list(pool.map(attempt, range(50)))

    assert sum(done) == len(visits(USCC, db=any_db)) == 7


def test_a_county_taken_along_without_a_number_counts_for_nothing_and_hides_nobody(db: Database) -> None:
    with db.write() as session:
        for data in ({"purpose": "routine"}, {"purpose": "routine", "enterprises": 3}):
            told = {"kind": "bundle.carried", "uscc": "", "subject": "330802", "now": NOW}
            events.record(session, by=OFFICER, data=data, **told)

    with db.read() as session:
        (figure,) = look_figures(session, day=legal_day(NOW))
    assert (figure.by, figure.month, figure.carried) == (f"officer:{OFFICER.person_id}", 0, 3)


def test_looks_are_counted_again_from_acts_rows_and_days(any_db: Database) -> None:
    add_enterprise(any_db)
    serve(OFFICER, db=any_db)
    for purpose in ("routine", "routine", "request"):
        look(any_db, purpose=purpose)
    assert recounted(any_db) == []
    who, day = OFFICER.person_id, legal_day(NOW)

    behind_its_back(any_db, "DELETE FROM access_look WHERE purpose = 'request'")
    gone = ("access_look", f"officer:{who} {day} request", "1 on record, 0 found")
    assert recounted(any_db) == [gone]
    behind_its_back(any_db, "UPDATE access_day_count SET count = 2")
    assert recounted(any_db) == [gone, ("access_day_count", f"{who} {day} look", "3 on record, 2 found")]
    behind_its_back(
        any_db, "DELETE FROM access_day_count"
    )  # no daily count is kept: as before there were any
    assert recounted(any_db) == [gone]


def test_a_day_whose_count_was_removed_is_told_with_none_found(any_db: Database) -> None:
    add_enterprise(any_db)
    serve(OFFICER, db=any_db)
    second = NOW + timedelta(days=1)
    look(any_db)
    look(any_db, now=second)
    behind_its_back(
        any_db, "DELETE FROM access_day_count WHERE day = (SELECT max(day) FROM access_day_count)"
    )

    key = f"{OFFICER.person_id} {legal_day(second)} look"
    assert recounted(any_db) == [("access_day_count", key, "1 on record, 0 found")]


def recounted(db: Database) -> list[tuple[str, str, str]]:
    with db.read() as session:
        return [(found.table, found.key, found.detail) for found in differing_looks(session)]


def test_the_nearest_number_holds(db: Database) -> None:
    with db.read() as session:
        assert number_of(session, OFFICER, now=NOW) == SHIPPED[Role.OFFICER]
    set_number(9, role=Role.OFFICER, department=None, by=CHIEF, now=NOW, db=db)
    set_number(8, role=Role.OFFICER, department="另一单位", by=CHIEF, now=NOW, db=db)
    with db.read() as session:
        assert number_of(session, OFFICER, now=NOW) == 9
    set_number(5, role=Role.OFFICER, department=OFFICE, by=CHIEF, now=NOW, db=db)
    with db.read() as session:
        assert number_of(session, OFFICER, now=NOW) == 5
        assert number_of(session, CHIEF, now=NOW) == SHIPPED[Role.OFFICIAL]
    for number, role in ((-1, Role.OFFICER), (10_001, Role.OFFICER), (5, Role.AUDITOR)):
        with pytest.raises(LookNumberError):
            set_number(number, role=role, department=None, by=CHIEF, now=NOW, db=db)
    with pytest.raises(NotAllowedError):
        set_number(50, role=Role.OFFICER, department=None, by=OFFICER, now=NOW, db=db)


def test_the_auditor_reads_who_looked_how_often_as_the_acts_on_record_say(
    app: Flask, browser: Browser
) -> None:
    db, now = browser.services.db, config.now()
    add_enterprise(db)
    officer = Browser(app)
    actor = officer.login(Role.OFFICER, name="林知远")
    for ago in (timedelta(0), timedelta(0), timedelta(days=40)):
        look(db, by=actor, now=now - ago)
    officer.json("/api/v1/carryings", {"region": "330802", "purpose": "routine"})
    browser.login(Role.AUDITOR)

    page = browser.get("/government/audit/looks")

    with db.read() as session:
        (figure,) = look_figures(session, day=legal_day(now))
        acts = session.scalars(select(Event.by).where(Event.kind == "enterprise.looked")).all()
    assert (figure.by, figure.today, figure.month, figure.carried) == (f"officer:{actor.person_id}", 2, 2, 1)
    assert len(acts) == 3
    assert "林知远" in page.text
    assert figure.purposes == {"routine": 2}
    assert "日常检查 2" in page.text
    assert "日常检查" not in browser.get("/government/audit/looks?day=2020-02-02").text
    for role in (Role.OFFICER, Role.OFFICIAL, Role.OWNER):
        other = Browser(app)
        other.login(role, uscc=USCC)
        assert other.get("/government/audit/looks").status_code == 404
