"""Sessions and links rest on acts; those that were there before the log need none."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import delete

from hub.access.founding import unfounded_access
from hub.access.service import demonstration_links
from hub.access.sessions import redeem_login_link
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.trust.log.beginning import begin
from hub.trust.models import Event
from tests.support.plates import NOW, OPERATOR
from tests.support.records import CODE, enterprises, shop

LATER = NOW + timedelta(hours=1)


def unfounded(db: Database) -> list[str]:
    with db.read() as session:
        return [found.table for found in unfounded_access(session, now=LATER)]


def logged_in(db: Database, settings: Settings) -> None:
    demo = replace(settings, demo=True)
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
    assert unfounded(any_db) == ["access_session", "access_invitation", "access_invitation"]

    begin(any_db, by=OPERATOR, now=LATER)

    assert unfounded(any_db) == []
