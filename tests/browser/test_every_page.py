"""Every page of the four ends: usable by everyone, on a phone and on a desktop, in both languages, light and dark."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from hub.kernel.actor import Role
from tests.browser.examining import faults_of
from tests.browser.pages import NOT_PAGES, PAGES, Page
from tests.browser.samples import Samples
from tests.browser.visiting import LOCALES, Visitor
from tests.support.applications import create_app, stop
from tests.support.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Regulars = Callable[[Role | None, str], Visitor]


@pytest.fixture(scope="module")
def app(server: Server) -> Iterator[Flask]:
    app = create_app(server.settings)
    yield app
    stop(app)


def test_every_page_is_visited(app: Flask) -> None:
    answered = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}

    assert answered - {page.endpoint for page in PAGES} - set(NOT_PAGES) == set()


def test_no_row_is_left_of_a_page_that_is_gone(app: Flask) -> None:
    assert ({page.endpoint for page in PAGES} | set(NOT_PAGES)) - set(app.view_functions) == set()


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.title)
def test_a_page_serves_everyone(row: Page, language: str, regulars: Regulars, samples: Samples) -> None:
    assert faults_of(row, language, regulars(row.role, language), samples) == []
