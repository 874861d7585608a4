"""The whole application over the test client: real database, real keys, no mocks."""

from collections.abc import Iterator

import pytest
from flask import Flask

from hub.app import create_app
from hub.config import Settings
from hub.web.current import EXTENSION
from tests.support.browser import Browser
from tests.support.demonstrations import as_demonstration
from tests.support.invitees import Invitee, invited


def _running(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    yield app
    app.extensions[EXTENSION].verification.close()
    app.extensions[EXTENSION].db.close()


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
def invitee(app: Flask) -> Invitee:
    return invited(app)


@pytest.fixture
def enrolled(invitee: Invitee) -> Invitee:
    assert invitee.enrol(invitee.phone.register(invitee.options())).status_code == 200
    assert invitee.browser.post("/access/logout").status_code == 303
    return invitee
