"""The enterprise end on PostgreSQL: every page works under row-level security, and every transaction of it is confined."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Connection

from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.web.context import EXTENSION
from tests.functional.test_enterprise_end import PAGES
from tests.support.applications import create_app, stop
from tests.support.browser import Browser
from tests.support.plates import OTHER_USCC, USCC, add_enterprise
from tests.support.spaces import add_space

pytestmark = pytest.mark.xdist_group("postgresql")


@pytest.fixture
def app(settings: Settings, postgres_db: Database) -> Iterator[Flask]:
    add_space(postgres_db)
    add_enterprise(postgres_db, uscc=OTHER_USCC)
    url = postgres_db.engine.url.render_as_string(hide_password=False)
    app = create_app(replace(settings, database_url=url))
    yield app
    stop(app)


@pytest.fixture
def owner(app: Flask) -> Browser:
    browser = Browser(app)
    browser.login(Role.OWNER, uscc=USCC)
    return browser


def confinements(app: Flask) -> list[str]:
    """The credit codes to which transactions are confined from now on."""
    seen: list[str] = []

    def note(
        _connection: Connection, _cursor: object, statement: str, parameters: object, *_: object
    ) -> None:
        if "hub.uscc" in statement:
            assert isinstance(parameters, tuple)
            seen.append(parameters[0])

    event.listen(app.extensions[EXTENSION].db.engine, "before_cursor_execute", note)
    return seen


def test_every_page_of_the_owner_works_and_is_confined_to_his_enterprise(app: Flask, owner: Browser) -> None:
    seen = confinements(app)
    for path in PAGES:
        answer = owner.get(path)
        assert answer.status_code == 200, path
    assert len(seen) >= len(PAGES) - 1  # one of them asks the database nothing
    assert set(seen) == {USCC}


def test_a_public_page_and_an_officials_search_reach_the_whole_city(app: Flask) -> None:
    official = Browser(app)
    official.login(Role.OFFICIAL)
    seen = confinements(app)

    assert official.get("/government/").status_code == 200
    assert Browser(app).get("/").status_code == 200
    assert seen == []
