"""Sessions and links rest on acts; those that were there before the log need none."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete

from hub.access.audit import unfounded_access
from hub.access.demonstrators import DEMONSTRATORS
from hub.access.models import Appointment, Person
from hub.access.sessions import LoginBrowser, open_session, redeem_login_link
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.kernel.ids import new_handle, new_id
from hub.trust.log.adoption import begin
from hub.trust.log.findings import AuditReason
from hub.trust.record.models import Event
from tests.support.demonstrations import demonstration_links
from tests.support.plates import NOW, OPERATOR
from tests.support.records import CODE, enterprises, shop
from tests.support.tampering import behind_its_back

LATER = NOW + timedelta(hours=1)


def unfounded(db: Database) -> list[str]:
    with db.read() as session:
        findings = list(unfounded_access(session, now=LATER))
    assert {found.reason for found in findings} <= {AuditReason.ACCESS_UNFOUNDED}
    return [found.table for found in findings]


def logged_in(db: Database, settings: Settings) -> None:
    demo, db.is_demonstration = replace(settings, demo=True), True
    enterprises(db, shop())
    links = demonstration_links(db, demo, uscc=CODE, now=NOW)
    redeem_login_link(links[Role.OFFICIAL].rpartition("/")[2], settings=demo, now=NOW, db=db)


def test_links_and_sessions_of_the_demonstration_rest_on_acts(any_db: Database, settings: Settings) -> None:
    logged_in(any_db, settings)

    assert unfounded(any_db) == []


def test_what_is_older_than_the_log_needs_no_act(any_db: Database, settings: Settings) -> None:
    logged_in(any_db, settings)
    with any_db.write() as session:
        session.execute(delete(Event))
    assert unfounded(any_db) == ["access_session", *["access_invitation"] * (len(DEMONSTRATORS) - 1)]

    begin(any_db, by=OPERATOR, now=LATER)

    assert unfounded(any_db) == []


@pytest.mark.parametrize(
    "change",
    [
        "method = 'link'",
        "passkey = NULL",
        "passkey = '0000000000000000000000000000000000000000000000000000000000000000'",
        "proved_at = expires_at",
        "expires_at = '2036-01-01 00:00:00.000000'",
    ],
)
@pytest.mark.parametrize("until", [None, NOW + timedelta(hours=2)], ids=["whole", "rest of another"])
def test_a_session_edited_behind_the_hubs_back_is_named(
    any_db: Database, change: str, until: datetime | None
) -> None:
    person = Person(id=new_id(NOW), name="李明", user_handle=new_handle(), created_at=NOW)
    place = {"role": Role.OFFICER, "department": "局", "valid_from": NOW, "by": "test"}
    appointment = Appointment(person_id=person.id, id=new_id(NOW), **place)
    with any_db.write() as session:
        session.add_all([person, appointment])
        open_session(
            session, appointment, method="passkey", passkey="f" * 64, visit=LoginBrowser(until=until), now=NOW
        )
    assert unfounded(any_db) == []

    behind_its_back(any_db, f"UPDATE access_session SET {change}")  # noqa: S608  # our own texts

    assert unfounded(any_db) == ["access_session"]


def test_a_session_that_no_passkey_began_is_not_proved_by_having_begun(
    any_db: Database, settings: Settings
) -> None:
    logged_in(any_db, settings)

    behind_its_back(any_db, "UPDATE access_session SET proved_at = created_at")

    assert unfounded(any_db) == ["access_session"]
