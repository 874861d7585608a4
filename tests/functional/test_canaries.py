"""Personal data planted in the records never comes out where nobody is logged in, nor into log and figures."""

import json
import logging
from datetime import date
from uuid import UUID

import pytest
from flask import Flask

from hub.codes.plates.queries import PlateView
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.licenses.models import Waiver
from hub.registry.models import Premises
from hub.supervision.models import PublicReport
from hub.trust.record.models import Event
from tests.support.browser import Browser
from tests.support.plates import NOW, OTHER_USCC, USCC, add_license, lay_plate, press_of
from tests.support.spaces import add_look, add_penalty, add_space

PHONES = tuple(f"1395700{number:04}" for number in range(10))
CITIZENS = tuple(f"33080219900101{number:04}" for number in range(10))
NAMES = tuple(f"欧阳金丝雀{number:02}" for number in range(10))
SECRETS = tuple(f"canary-secret-{number:02}" for number in range(20))
CANARIES = (*PHONES, *CITIZENS, *NAMES, *SECRETS)
LONG_AGO = date(2015, 1, 1)


@pytest.fixture
def plate(db: Database, settings: Settings) -> PlateView:
    """A place of business in somebody's home, and canaries in all that the public is not told."""
    main, _ = add_space(db)
    add_space(db, uscc=OTHER_USCC, name=NAMES[0], person=NAMES[1])
    with db.write() as session:
        place = session.get_one(Premises, (USCC, main))
        place.phone, place.is_residence = PHONES[0], True
        place.address = f"浙江省衢州市柯城区荷花一路12号{SECRETS[0]}"
    plate = lay_plate(main, press=press_of(settings), now=NOW, db=db)
    for number in range(1, 5):
        add_look(
            db,
            viewer=NAMES[1 + number],
            department=SECRETS[number],
            reason=f"{PHONES[number]} {CITIZENS[number]}",
            seen=SECRETS[4 + number],
        )
        add_penalty(
            db,
            decision_no=f"{SECRETS[8 + number]}",
            act=f"{NAMES[5 + number]} {CITIZENS[4 + number]}",
            decided_on=LONG_AGO,
        )
    add_license(
        db,
        premises_id=main,
        number="JY13308020000099",
        holder_name=SECRETS[13],
        extra={"person": CITIZENS[9], "phone": PHONES[5]},
        quality=[SECRETS[14]],
    )
    add_rows(db, plate, main)
    return plate


def add_rows(db: Database, plate: PlateView, main: UUID) -> None:
    told = {"uscc": USCC, "plate_id": plate.plate_id, "premises_id": main, "kind": "other"}
    with db.write() as session:
        session.add(
            PublicReport(
                **told,
                id=UUID(int=5),
                text=SECRETS[15],
                contact=PHONES[6],
                state="answered",
                answer=SECRETS[16],
                handled_by=SECRETS[17],
                created_at=NOW,
            )
        )
        session.add(
            Waiver(
                uscc=USCC,
                id=UUID(int=6),
                type_code="tobacco-retail",
                premises_id=None,
                reason=SECRETS[18],
                declared_by=SECRETS[19],
                declared_at=NOW,
                revoked_at=None,
            )
        )


def found_in(text: str) -> set[str]:
    return {canary for canary in CANARIES if canary in text}


def test_no_answer_to_an_anonymous_caller_holds_a_canary(browser: Browser, plate: PlateView) -> None:
    path = "/c/" + plate.text.rpartition("/")[2]
    report = {"kind": "other", "text": "门口是另一家店", "contact": PHONES[7]}
    answers = [
        *(browser.get(path + query) for query in ("", "?all=1", "?lang=en", "?all=1&lang=en")),
        browser.get(path[:-1] + "A"),
        (sent := browser.post(path + "/report", report)),
        browser.get(sent.location),
        browser.json("/api/v1/verifications", {"code": plate.text}),
        browser.json("/api/v1/verifications/batch", {"items": [{"code": plate.text}, {"code": PHONES[8]}]}),
        *(browser.get(f"/api/v1/enterprises/{USCC}{rest}") for rest in ("", "/licenses")),
        *(
            browser.get(known)
            for known in (
                "/",
                "/metrics",
                "/openapi.json",
                "/docs",
                "/.well-known/jwks.json",
                "/access/login",
            )
        ),
    ]

    assert answers[0].status_code == 200
    assert "荷花店" in answers[0].text
    assert {answer.request.path: found for answer in answers if (found := found_in(answer.text))} == {}


def test_the_public_records_and_the_log_hold_no_canary(
    app: Flask, db: Database, plate: PlateView, caplog: pytest.LogCaptureFixture
) -> None:
    path = "/c/" + plate.text.rpartition("/")[2]
    with caplog.at_level(logging.DEBUG, logger="hub"):
        visitor, officer = Browser(app), Browser(app)
        visitor.post(path + "/report", {"kind": "other", "text": SECRETS[15], "contact": PHONES[6]})
        visitor.post(path + "/report", {"kind": "none", "text": SECRETS[15], "contact": PHONES[6] * 20})
        visitor.get(f"/c/{CITIZENS[0]}")
        visitor.get(f"/{CITIZENS[0]}?q={PHONES[9]}")
        visitor.json("/api/v1/verifications", {"code": CITIZENS[0], CITIZENS[1]: 1})
        officer.login(Role.OFFICER, name=NAMES[2])
        officer.post(f"/enforcement/enterprises/{USCC}/look", {"purpose": "other", "reason": PHONES[1]})
        officer.get(f"/enforcement/enterprises/{USCC}")
        officer.post("/enforcement/scan", {"text": plate.text})
        officer.post("/enforcement/plate", {"plate": CITIZENS[2]})
    with db.read() as session:
        events = [f"{row.subject} {row.by} {json.dumps(row.data)}" for row in session.query(Event)]
    lines = [str(vars(record)) for record in caplog.records]

    assert len(lines) > 5
    assert len(events) > 2
    assert found_in("\n".join(lines)) == set()
    assert found_in("\n".join(events).encode().decode("unicode_escape")) == set()
    assert found_in(officer.get("/metrics").text) == set()
