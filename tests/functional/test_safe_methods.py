"""No safe method writes: whatever a link, a picture or a redirect of another site asks for, nothing is on record."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from uuid import UUID

import pytest
from flask import Flask, Response
from sqlalchemy import event, select
from sqlalchemy.engine import Connection

from hub import config
from hub.access.looks import record_look, standing_look
from hub.codes.models import Scan
from hub.config import Settings
from hub.kernel.actor import Actor, Role
from hub.kernel.database import Database, Note, SafeMethodWriteError, safe_method
from hub.web.context import services
from hub.web.guards import public
from tests.functional.test_doors import doors, filled
from tests.support.applications import create_app, stop
from tests.support.browser import Browser
from tests.support.plates import NOW, USCC, add_license, lay_plate, press_of
from tests.support.remits import serve
from tests.support.spaces import add_space

SERVING = (Role.OFFICER, Role.OFFICIAL)


@pytest.fixture
def known(db: Database, settings: Settings) -> dict[str, str]:
    """Ids of what exists, by the names that routes give them."""
    place, _ = add_space(db, uscc=USCC)
    plate = lay_plate(place, press=press_of(settings), now=NOW, db=db)
    return {
        "license_id": str(add_license(db, uscc=USCC, number="JY9")),
        "plate_id": plate.plate_id,
        "premises_id": str(place),
        "code": plate.text.rpartition("/")[2],
        "uscc": USCC,
    }


@contextmanager
def acts_written(db: Database) -> Iterator[list[str]]:
    """Transactions for writing that were begun other than through the door for bookkeeping, as they come."""
    begun: list[str] = []

    def hear(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("hub_write") and not options.get("hub_note"):
            begun.append("write")

    event.listen(db.engine, "begin", hear)
    yield begun
    event.remove(db.engine, "begin", hear)


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_no_address_that_is_only_opened_writes_whoever_opens_it(
    app: Flask, known: dict[str, str], role: Role | None
) -> None:
    browser, wrong = Browser(app), []
    db = browser.services.db
    if role is not None:
        actor = browser.login(role, uscc=USCC)
        if role in SERVING:
            record_look(
                actor=actor, uscc=USCC, purpose="routine", reason="", seen="x", now=config.now(), db=db
            )
    paths = [filled(rule, known) for method, rule, _ in doors(app) if method == "GET"]
    asked = [
        *paths,
        f"/api/v1/enterprises/{USCC}?purpose=routine",
        "/api/v1/bundle?region=330802&purpose=routine",
    ]
    with acts_written(db) as begun:
        for path, act in product(asked, ("get", "head", "options")):
            answer = browser.client.open(path, method=act, base_url=browser.base, buffered=True)
            if begun or answer.status_code == 500:
                wrong.append((act, path, answer.status_code, list(begun)))
            begun.clear()

    assert wrong == [], "\n".join(map(str, wrong))
    assert len(paths) > 60


def careless() -> str:
    with services().db.write():
        return "written"


def careless_stream() -> Response:
    db = services().db

    def lines() -> Iterator[str]:
        yield "one"
        with db.write():
            yield "two"

    return Response(lines())


def probes(app: Flask) -> None:
    app.add_url_rule("/probe/careless", "probe.careless", public(careless), methods=["GET", "POST"])
    app.add_url_rule("/probe/stream", "probe.stream", public(careless_stream), methods=["GET", "POST"])


@pytest.fixture
def careless_app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings, more=probes)
    yield app
    stop(app)


def test_a_route_that_writes_on_get_is_an_error_and_writes_nothing(
    careless_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    browser = Browser(careless_app)

    assert browser.get("/probe/careless").status_code == 500
    assert "SafeMethodWriteError" in caplog.text
    assert browser.post("/probe/careless").text == "written"


def test_what_is_written_while_an_answer_is_sent_is_held_to_the_same(careless_app: Flask) -> None:
    browser = Browser(careless_app)

    with pytest.raises(SafeMethodWriteError):
        browser.get("/probe/stream")
    assert browser.post("/probe/stream").text == "onetwo"


def test_bookkeeping_has_one_door_and_a_written_list(db: Database) -> None:
    with safe_method("GET /"):
        with pytest.raises(SafeMethodWriteError), db.write():
            pass
        with db.write(note=Note.SESSION_SEEN):
            pass
    with db.write():
        pass

    assert set(Note) == {"scans", "session-seen", "bundle-version"}


@pytest.mark.parametrize("role", SERVING)
def test_an_address_opened_by_an_officer_or_official_is_counted_in_nobodys_name(
    app: Flask, known: dict[str, str], role: Role
) -> None:
    """Another site can have it opened; a scan in a person's name is a POST with the form's token."""
    browser = Browser(app)
    browser.login(role)
    for path in (f"/c/{known['code']}", f"/enforcement/code/{known['code']}"):
        browser.get(path)
    browser.services.verification.close()

    with browser.services.db.read() as session:
        scans = [tuple(row) for row in session.execute(select(Scan.audience, Scan.person_id))]
    assert scans
    assert [person for _, person in scans if person is not None] == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_sites_page_reads_nothing_of_the_api_with_an_officers_session(
    app: Flask, known: dict[str, str], site: str
) -> None:
    browser = Browser(app)
    actor = browser.login(Role.OFFICER)
    db = browser.services.db
    record_look(actor=actor, uscc=USCC, purpose="routine", reason="", seen="x", now=config.now(), db=db)
    sent = {"Sec-Fetch-Site": site, "Accept": "application/json"}

    refused = browser.get(f"/api/v1/enterprises/{known['uscc']}", headers=sent)
    nameless = browser.get("/api/v1/bundle?region=330802", headers=sent)

    assert (refused.status_code, refused.get_json()["reason"]) == (403, "CROSS_SITE")
    assert nameless.status_code == 401
    assert (
        browser.get(f"/enforcement/enterprises/{USCC}", headers={"Sec-Fetch-Site": site}).status_code == 200
    )


def test_a_look_opened_in_another_role_or_office_does_not_serve_this_one(db: Database) -> None:
    add_space(db, uscc=USCC)
    person = UUID(int=77)
    officer = Actor(person, "林知远", Role.OFFICER, department="柯城区消防救援大队")
    others = (
        Actor(person, "林知远", Role.OFFICIAL, department="柯城区消防救援大队"),
        Actor(person, "林知远", Role.OFFICER, department="柯城区市场监督管理局"),
        Actor(UUID(int=78), "林知远", Role.OFFICER, department="柯城区消防救援大队"),
    )
    serve(officer, *others, db=db)
    record_look(actor=officer, uscc=USCC, purpose="routine", reason="", seen="x", now=NOW, db=db)

    assert standing_look(actor=officer, uscc=USCC, now=NOW, db=db) is not None
    assert [standing_look(actor=each, uscc=USCC, now=NOW, db=db) for each in others] == [None, None, None]
