"""The page on which a second person decides: who sees it, what it shows, what can be done on it."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from hub import config
from hub.codes.models import Plate
from hub.codes.plates.proposals import ask_issue, ask_reinstatement
from hub.codes.plates.queries import group_plate_id
from hub.codes.plates.service import change_plate
from hub.codes.rules import PlateAction, PlateState
from hub.config import Settings
from hub.kernel.actor import Actor, Operator, Role
from hub.kernel.database import Database
from tests.support.browser import Browser
from tests.support.plates import USCC, add_plate, add_premises, press_of
from tests.support.proposals import DEPARTMENT

LIST = "/government/proposals"


class Suspended:
    """A plate that was taken out of use, and that only two people bring back."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self.db = db
        self.plate_id = add_plate(db, settings).plate_id

    def ask(self, by: Actor) -> str:
        """Suspend it and ask that it is believed again; the page of the decision."""
        now = config.now()
        change_plate(self.plate_id, action=PlateAction.SUSPEND, by=by, now=now, db=self.db)
        made = ask_reinstatement(
            self.plate_id, action=PlateAction.RESUME, reason="原码牌损毁", by=by, now=now, db=self.db
        )
        return f"{LIST}/{made}"

    @property
    def is_back(self) -> bool:
        with self.db.read() as session:
            state = session.scalars(select(Plate.state).where(Plate.plate_id == self.plate_id)).one()
        return state != PlateState.SUSPENDED


@pytest.fixture
def plate(db: Database, settings: Settings) -> Suspended:
    return Suspended(db, settings)


def official(app: Flask, name: str, department: str = DEPARTMENT) -> tuple[Browser, Actor]:
    browser = Browser(app)
    return browser, browser.login(Role.OFFICIAL, name=name, department=department)


def test_a_second_official_sees_what_is_asked_for_and_why_and_approves(app: Flask, plate: Suspended) -> None:
    _, ming = official(app, "李明")
    yu, _ = official(app, "陈予")
    page = plate.ask(ming)

    listed, shown = yu.get(LIST).text, yu.get(page).text
    for said in ("码牌恢复启用", "原码牌损毁", "李明"):
        assert said in listed
        assert said in shown
    assert group_plate_id(plate.plate_id) in shown
    assert yu.post(page, {"decision": "approve"}).location == page

    assert plate.is_back
    settled = yu.get(page).text
    assert "已同意" in settled
    assert "陈予" in settled
    assert 'name="decision"' not in settled
    assert page not in yu.get(LIST).text
    assert page in yu.get(f"{LIST}?state=settled").text


def test_who_asked_finds_no_button_to_decide_and_is_refused_without_one(app: Flask, plate: Suspended) -> None:
    browser, ming = official(app, "李明")
    page = plate.ask(ming)

    shown = browser.get(page).text
    assert 'name="decision"' not in shown
    assert "由第二人决定" in shown
    refused = browser.post(page, {"decision": "approve"}, headers={"Accept": "application/json"})

    assert (refused.status_code, refused.json["reason"]) == (403, "SECOND_PERSON")
    assert not plate.is_back
    assert browser.post(f"{page}/withdraw").status_code == 303
    assert "已撤回" in browser.get(page).text


def test_a_refusal_needs_words(app: Flask, plate: Suspended) -> None:
    _, ming = official(app, "李明")
    yu, _ = official(app, "陈予")
    page = plate.ask(ming)

    assert yu.post(page, {"decision": "refuse", "words": ""}).status_code == 422
    assert yu.post(page, {"decision": "refuse", "words": "照片不清"}).status_code == 303
    assert "照片不清" in yu.get(page).text
    assert yu.post(page, {"decision": "approve"}).status_code == 409
    assert not plate.is_back


@pytest.mark.parametrize("form", [{}, {"decision": "perhaps"}, {"decision": "x" * 99}])
def test_what_is_no_decision_decides_nothing(app: Flask, plate: Suspended, form: dict[str, str]) -> None:
    _, ming = official(app, "李明")
    yu, _ = official(app, "陈予")

    assert yu.post(plate.ask(ming), form).status_code in {400, 404}
    assert not plate.is_back


def test_another_department_finds_nothing_and_the_auditor_reads_only(app: Flask, plate: Suspended) -> None:
    _, ming = official(app, "李明")
    elsewhere, _ = official(app, "外人", department="别的局")
    auditor = Browser(app)
    auditor.login(Role.AUDITOR, department="审计局")
    page = plate.ask(ming)

    assert elsewhere.get(page).status_code == 404
    assert elsewhere.post(page, {"decision": "approve"}).status_code == 404
    assert "原码牌损毁" in auditor.get(page).text
    assert 'name="decision"' not in auditor.get(page).text
    assert auditor.post(page, {"decision": "approve"}).status_code == 404
    assert not plate.is_back


def test_what_the_command_line_asks_for_is_shown_and_decided_by_one_official(
    app: Flask, db: Database, settings: Settings, plate: Suspended
) -> None:
    place: UUID = add_premises(db, name="二店")
    by, press = Operator("root"), press_of(settings)
    made = ask_issue(place, reason="批量超过限度", press=press, by=by, now=config.now(), db=db)
    yu, _ = official(app, "陈予")

    assert "批量超过限度" in yu.get(LIST).text
    page = yu.get(f"{LIST}/{made}").text
    assert "运维人员" in page
    assert "root" in page
    assert yu.post(f"{LIST}/{made}", {"decision": "approve"}).status_code == 303
    with db.read() as session:
        plates = session.scalars(select(Plate.plate_id).where(Plate.uscc == USCC)).all()
    assert len(plates) == 2
    assert plate.plate_id in plates
