"""Where an act came late to the record, every view tells both moments; of others they are as before."""

import json
from datetime import timedelta

import pytest

from hub import config
from hub.kernel.actor import Role
from hub.trust.record import events
from schemas.verification import VerdictSchema
from tests.support.browser import Browser
from tests.support.logs import TEST, USCC, LogHub
from tests.support.plates import add_enterprise

LATE_ZH, LATE_EN = "事后登记", "put on record later"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> LogHub:
    made = LogHub.make(tmp_path_factory.mktemp("late") / "var")
    add_enterprise(made.db)
    return made


def add_late(hub: LogHub) -> str:
    now = config.now()
    with hub.db.write() as session:
        act = events.record(
            session,
            kind="account.invited",
            uscc=USCC,
            subject="late-one",
            by=TEST,
            data={"n": 1},
            now=now,
            happened_at=now - timedelta(days=3),
        )
    hub.sequence()
    return str(act.id)


def test_owner_auditor_operator_and_citizen_see_both_moments(hub: LogHub) -> None:
    with hub.app() as app:
        owner, auditor, citizen = Browser(app), Browser(app), Browser(app)
        owner.login(Role.OWNER, uscc=USCC)
        auditor.login(Role.AUDITOR)
        seen_before = [owner.get("/enterprise/log").text, auditor.get("/government/audit").text]
        receipt = citizen.get(f"/log/receipts/{add_late(hub)}").text
        citizen.get("/log/")

        told = [owner.get("/enterprise/log").text, auditor.get("/government/audit").text]
        lines = [json.loads(line) for line in owner.get("/enterprise/log/export").text.splitlines()]
        checked = citizen.post("/log/check", {"receipt": receipt}).text
        document = citizen.json("/api/v1/verifications", {"receipt": receipt}).get_json()

    assert [LATE_ZH in page for page in (*seen_before, *told)] == [False, False, True, True]
    assert [line["subject"] for line in lines if "happened_at" in line] == ["late-one"]
    assert "发生时间" in checked
    assert document["entry"]["happened_at"] < document["entry"]["at"]
    assert VerdictSchema().validate(document) == {}
    assert "发生于" in hub.run("log", "prove", "late-one").output
    assert "happened_at" in json.loads(hub.run("log", "prove", "late-one", "--json").output)["entries"][0]


def test_a_late_act_is_told_in_english_too(hub: LogHub) -> None:
    add_late(hub)
    with hub.app() as app:
        auditor = Browser(app)
        auditor.login(Role.AUDITOR)

        assert LATE_EN in auditor.get("/government/audit", headers={"Accept-Language": "en"}).text
