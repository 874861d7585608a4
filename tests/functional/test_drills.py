"""Drills: the disk is full, the database is restarted. An explicit refusal, nothing lost, and it goes on by itself."""

import http.client
import json
import sqlite3
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from hub import config
from hub.access.models import Appointment
from hub.access.service import Post, invite
from hub.codes.models import Plate
from hub.codes.rules import PlateEnd, PlateState
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.trust.keys.issuer import Issuer, open_ring
from hub.trust.log.audit import audit
from hub.trust.log.sequencer import sequence_all
from hub.web.context import EXTENSION, Services
from tests.support.applications import create_app, stop
from tests.support.browser import Browser
from tests.support.plates import (
    OPERATOR,
    USCC,
    add_enterprise,
    add_premises,
    lay_plate,
    press_of,
    replace_plate,
)
from tests.support.postgres import fresh_database, postgres_server, start_server, stop_server
from tests.support.servers import Server, running_hub

RESUME_SECONDS = 60  # a bound for a hub that does not resume, on a machine with much else to do
PAGES_LEFT = 12  # of 4 KiB: room for some acts, soon used up
MANY = 400
PLATES = 24  # more than fit into what the last pages of their tables have left
DEPARTMENT = "演练部门"


def full(db: Database, *, more: int) -> Callable[[], None]:
    """Let the database file grow by so many pages and no more; call what is returned to make room again."""
    with db.engine.connect() as connection:
        limit = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one()) + more

    def bound(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={limit}")

    event.listen(db.engine, "connect", bound)
    db.engine.dispose()

    def make_room() -> None:
        event.remove(db.engine, "connect", bound)
        db.engine.dispose()

    return make_room


def findings(db: Database, settings: Settings) -> list[str]:
    issuer, now = Issuer(open_ring(settings)), config.now()
    sequence_all(db, issuer=issuer, origin=settings.log_origin, now=now)
    report = audit(db, keys=issuer.key_set, origin=settings.log_origin, now=now)
    return [
        each.reason
        for each in report.findings
        if each.table not in {"registry_enterprise", "registry_premises"}
    ]


def test_a_full_disk_refuses_in_words_loses_nothing_and_is_over_when_there_is_room(
    settings: Settings, db: Database
) -> None:
    app = create_app(settings)
    services: Services = app.extensions[EXTENSION]
    add_enterprise(db)
    plates = [
        lay_plate(
            add_premises(db, name=f"店{number}"), press=press_of(settings), now=config.now(), db=db
        ).plate_id
        for number in range(PLATES)
    ]
    browser = Browser(app)
    browser.login(Role.OWNER, uscc=USCC)
    make_room = full(services.db, more=PAGES_LEFT)
    acknowledged: set[UUID] = set()
    with pytest.raises(OperationalError, match="full"):
        fill(services.db, acknowledged)
    taken, refused, plate = replaced_until_refused(browser, plates)
    alive = app.test_client().get("/readyz").status_code
    verdict = app.test_client().post("/api/v1/verifications", json={"code": text_of(db, plate)})

    assert acknowledged, "some were stored before"
    assert refused == 503
    assert alive == 200
    assert verdict.get_json()["genuine"] is True
    make_room()
    again = browser.post(f"/enterprise/plates/{plate}/replace").status_code
    assert again in {303, 409}, "what was undertaken before is completed, once"
    with db.read() as session:
        assert (
            set(session.scalars(select(Appointment.id).where(Appointment.department == DEPARTMENT)))
            == acknowledged
        )
    assert len(stored(db)) == PLATES + taken + 1
    assert findings(db, settings) == []
    stop(app)


def fill(db: Database, acknowledged: set[UUID]) -> None:
    """Invite one person after another; those that were acknowledged are told."""
    place = Post(Role.OFFICIAL, department=DEPARTMENT)
    for number in range(MANY):
        made = invite(
            place, name=f"甲{number}", by=OPERATOR, base_url="http://127.0.0.1:8000", now=config.now(), db=db
        )
        acknowledged.add(made.appointment_id)


def replaced_until_refused(browser: Browser, plates: list[str]) -> tuple[int, int, str]:
    """Replace one plate after another; how many were, the first answer of another kind, and whose it was.

    An act needs other tables than those that are full: their last pages may have room for a few.
    """
    for number, plate in enumerate(plates):
        status = browser.post(f"/enterprise/plates/{plate}/replace").status_code
        if status != HTTPStatus.SEE_OTHER:
            return number, status, plate
    return len(plates), HTTPStatus.SEE_OTHER, plates[-1]


def text_of(db: Database, plate_id: str) -> str:
    with db.read() as session:
        return session.scalars(select(Plate.text).where(Plate.plate_id == plate_id)).one()


def stored(db: Database) -> set[str]:
    with db.read() as session:
        return set(session.scalars(select(Plate.plate_id)))


def answered(server: Server, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
    try:
        sent = None if body is None else json.dumps(body)
        connection.request(method, path, body=sent, headers={"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


@pytest.mark.xdist_group("postgresql")
def test_a_database_that_is_restarted_under_the_hub_is_told_and_taken_up_again(tmp_path: Path) -> None:
    with postgres_server() as socket, fresh_database(socket, "drill") as url:  # noqa: SIM117  # the third needs the second
        with running_hub(tmp_path / "var", enterprises=5, extra={"HUB_DATABASE_URL": url}) as server:
            db, settings = server.db, server.settings
            with db.read() as session:
                old = (
                    session.scalars(select(Plate).where(Plate.state == PlateState.PLACED).limit(1))
                    .one()
                    .plate_id
                )
            press = press_of(settings)
            made = replace_plate(old, reason=PlateEnd.DAMAGED, press=press, now=config.now(), db=db)
            before = answered(server, "POST", "/api/v1/verifications", {"code": made.text})
            stop_server(socket)
            ready = answered(server, "GET", "/readyz")
            away = answered(server, "POST", "/api/v1/verifications", {"code": made.text})
            start_server(socket)
            resumed = _resumed(server)
            after = answered(server, "POST", "/api/v1/verifications", {"code": made.text})
            again = replace_plate(
                made.plate_id, reason=PlateEnd.DAMAGED, press=press, now=config.now(), db=db
            )
            assert stored(db) >= {old, made.plate_id, again.plate_id}

    assert before[1]["genuine"] is True
    assert ready[0] == 503
    assert away[1]["verdict"] == "unknown"
    assert away[1]["reasons"] == ["RECORDS_AWAY"]
    assert resumed == 200
    assert after[1] | {"checked_at": "", "status_as_of": ""} == before[1] | {
        "checked_at": "",
        "status_as_of": "",
    }


def _resumed(server: Server) -> int:
    """What readiness answers within the bound: no restart of the hub, no hand."""
    deadline = time.monotonic() + RESUME_SECONDS
    while True:
        status = answered(server, "GET", "/readyz")[0]
        if status == 200 or time.monotonic() > deadline:
            return status
        time.sleep(0.2)
