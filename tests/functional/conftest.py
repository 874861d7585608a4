"""The whole application over the test client: real database, real keys, no mocks."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from hub.config import Settings
from hub.ends.government.act_details import DETAIL_NAMES
from hub.kernel.database import Database
from hub.steward.act_names import ACT_NAMES
from hub.trust.record.models import Event
from tests.support.applications import create_app, stop
from tests.support.browser import Browser
from tests.support.demonstrations import as_demonstration
from tests.support.invitees import Invitee, invited


def _running(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    yield app
    stop(app)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    yield from _running(settings)


@pytest.fixture
def demo_app(settings: Settings) -> Iterator[Flask]:
    """The same hub as a demonstration."""
    yield from _running(as_demonstration(settings))


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def acts_are_named(db: Database) -> Iterator[None]:
    """Whatever the test puts on record is of a kind that the auditor reads by name, and so is every detail of it."""
    yield
    with db.read() as session:
        acts = session.execute(select(Event.kind, Event.data)).all()
    assert {kind for kind, _ in acts} <= set(ACT_NAMES)
    assert {name for _, data in acts for name in data} <= set(DETAIL_NAMES)


@pytest.fixture
def invitee(app: Flask) -> Invitee:
    return invited(app)


@pytest.fixture
def enrolled(invitee: Invitee) -> Invitee:
    assert invitee.enrol(invitee.phone.register(invitee.options())).status_code == 200
    assert invitee.browser.post("/access/logout").status_code == 303
    return invitee
