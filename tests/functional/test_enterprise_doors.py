"""Who enters the enterprise end, and what of others' data and of hostile names comes through: nothing."""

import re
from uuid import UUID

import pytest

from hub.kernel.actor import Role
from hub.kernel.database import Database
from tests.support.browser import Browser
from tests.support.plates import OTHER_USCC, USCC, add_enterprise, add_license, add_premises
from tests.support.spaces import add_look, add_penalty, add_space

PAGES = (
    "/enterprise/",
    "/enterprise/licenses",
    "/enterprise/permits",
    "/enterprise/premises",
    "/enterprise/code",
    "/enterprise/code/current",
    "/enterprise/looks",
    "/enterprise/credit",
    "/enterprise/business-license",
    "/enterprise/licenses/export.csv",
    "/enterprise/licenses/export.xlsx",
)
HTML = tuple(path for path in PAGES if "export" not in path)
KEEPERS_ONLY = ("/enterprise/looks", "/enterprise/permits/tobacco-retail/waive")


@pytest.fixture
def places(db: Database) -> tuple[UUID, UUID]:
    return add_space(db)


@pytest.fixture
def owner(browser: Browser, places: tuple[UUID, UUID]) -> Browser:  # noqa: ARG001  # the space exists first
    browser.login(Role.OWNER, uscc=USCC)
    return browser


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_an_enterprise_that_has_nothing_opens_and_says_so(
    browser: Browser, db: Database, path: str
) -> None:
    add_enterprise(db)
    browser.login(Role.OWNER, uscc=USCC)

    assert browser.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_an_anonymous_visitor_is_asked_to_log_in(browser: Browser, path: str) -> None:
    answer = browser.get(path)

    assert answer.status_code == 303
    assert answer.location.startswith("/access/login")


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", [Role.OFFICER, Role.OFFICIAL, Role.AUDITOR])
def test_the_end_does_not_exist_for_other_roles(browser: Browser, role: Role, path: str) -> None:
    browser.login(role)

    assert browser.get(path).status_code == 404


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize("path", KEEPERS_ONLY)
def test_an_agent_neither_sees_who_looked_nor_declares(browser: Browser, path: str) -> None:
    browser.login(Role.AGENT, uscc=USCC)

    assert browser.get(path).status_code == 404
    assert "谁看过我" not in browser.get("/enterprise/").text


def test_another_enterprises_license_is_not_there(owner: Browser, db: Database) -> None:
    add_enterprise(db, uscc=OTHER_USCC)
    theirs = add_license(db, uscc=OTHER_USCC)

    foreign, absent = (owner.get(f"/enterprise/licenses/{key}") for key in (theirs, UUID(int=1)))

    assert foreign.status_code == absent.status_code == 404
    assert _as_absent(foreign.text) == _as_absent(absent.text)


def _as_absent(page: str) -> str:
    """The page without what names the request itself: its address, its number and the mask of its form token."""
    return re.sub(r'value="/enterprise/[^"]*"|· [0-9a-f-]+<|"[0-9a-f]{128}"', "", page)


def test_names_that_are_code_stay_words(browser: Browser, db: Database) -> None:
    hostile = "<script>alert(1)</script>\u202e"
    main, _ = add_space(db, name=hostile, person=hostile)
    add_license(db, type_code=hostile[:20], number=hostile, issuer=hostile, premises_id=main, address=hostile)
    add_look(db, viewer=hostile, department=hostile, reason=hostile)
    browser.login(Role.OWNER, uscc=USCC, name="<img src=x>")

    for path in HTML:
        text = browser.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x>" not in text


def test_a_session_of_one_enterprise_never_shows_another(browser: Browser, db: Database) -> None:
    mark = "别家的标记"
    add_space(db, uscc=USCC)
    add_space(db, uscc=OTHER_USCC, name=mark)
    add_license(db, uscc=OTHER_USCC, type_code="drainage", number=mark)
    add_premises(db, uscc=OTHER_USCC, name=mark)
    add_penalty(db, uscc=OTHER_USCC, decision_no=mark)
    add_look(db, uscc=OTHER_USCC, reason=mark, department=mark)
    browser.login(Role.OWNER, uscc=USCC)

    for path in (*HTML, "/enterprise/licenses/export.csv"):
        text = browser.get(path).text
        assert mark not in text
        assert OTHER_USCC not in text
