"""The page on which a second person decides: who sees it, what it shows, what can be done on it."""

from uuid import UUID

import pytest
from flask import Flask

from hub import config
from hub.ends.government import proposals
from hub.kernel.actor import Actor, Operator, Role
from hub.kernel.database import Database
from tests.support.browser import Browser
from tests.support.proposals import DEPARTMENT, Deed

LIST = "/government/proposals"


@pytest.fixture
def deed(monkeypatch: pytest.MonkeyPatch) -> Deed:
    """A kind of the test's own among those that the page knows."""
    made = Deed()
    monkeypatch.setattr(proposals, "kinds", lambda: {made.kind.code: made.kind})
    return made


def official(app: Flask, name: str, department: str = DEPARTMENT) -> tuple[Browser, Actor]:
    browser = Browser(app)
    return browser, browser.login(Role.OFFICIAL, name=name, department=department)


def asked(deed: Deed, by: Actor, db: Database) -> str:
    made: UUID = deed.ask(by=by, now=config.now(), db=db, subject="码牌 7", reason="原码牌损毁")
    return f"{LIST}/{made}"


def test_a_second_official_sees_what_is_asked_for_and_why_and_approves(
    app: Flask, db: Database, deed: Deed
) -> None:
    _, ming = official(app, "李明")
    yu, _ = official(app, "陈予")
    page = asked(deed, ming, db)

    listed, shown = yu.get(LIST).text, yu.get(page).text
    for said in ("测试事项", "原码牌损毁", "李明"):
        assert said in listed
        assert said in shown
    assert "码牌 7" in shown
    assert yu.post(page, {"decision": "approve"}).location == page

    assert deed.done == ["码牌 7"]
    settled = yu.get(page).text
    assert "已同意" in settled
    assert "陈予" in settled
    assert 'name="decision"' not in settled
    assert page not in yu.get(LIST).text
    assert page in yu.get(f"{LIST}?state=settled").text


def test_who_asked_finds_no_button_to_decide_and_is_refused_without_one(
    app: Flask, db: Database, deed: Deed
) -> None:
    browser, ming = official(app, "李明")
    page = asked(deed, ming, db)

    shown = browser.get(page).text
    assert 'name="decision"' not in shown
    assert "由第二人决定" in shown
    refused = browser.post(page, {"decision": "approve"}, headers={"Accept": "application/json"})

    assert (refused.status_code, refused.json["reason"]) == (403, "SECOND_PERSON")
    assert deed.done == []
    assert browser.post(f"{page}/withdraw").status_code == 303
    assert "已撤回" in browser.get(page).text


def test_a_refusal_needs_words(app: Flask, db: Database, deed: Deed) -> None:
    _, ming = official(app, "李明")
    yu, _ = official(app, "陈予")
    page = asked(deed, ming, db)

    assert yu.post(page, {"decision": "refuse", "words": ""}).status_code == 422
    assert yu.post(page, {"decision": "refuse", "words": "照片不清"}).status_code == 303
    assert "照片不清" in yu.get(page).text
    assert yu.post(page, {"decision": "approve"}).status_code == 409
    assert deed.done == []


@pytest.mark.parametrize("form", [{}, {"decision": "perhaps"}, {"decision": "x" * 99}])
def test_what_is_no_decision_decides_nothing(
    app: Flask, db: Database, deed: Deed, form: dict[str, str]
) -> None:
    _, ming = official(app, "李明")
    yu, _ = official(app, "陈予")

    assert yu.post(asked(deed, ming, db), form).status_code in {400, 404}
    assert deed.done == []


def test_another_department_finds_nothing_and_the_auditor_reads_only(
    app: Flask, db: Database, deed: Deed
) -> None:
    _, ming = official(app, "李明")
    elsewhere, _ = official(app, "外人", department="别的局")
    auditor = Browser(app)
    auditor.login(Role.AUDITOR, department="审计局")
    page = asked(deed, ming, db)

    assert elsewhere.get(page).status_code == 404
    assert elsewhere.post(page, {"decision": "approve"}).status_code == 404
    assert "原码牌损毁" in auditor.get(page).text
    assert 'name="decision"' not in auditor.get(page).text
    assert auditor.post(page, {"decision": "approve"}).status_code == 404
    assert deed.done == []


def test_what_the_command_line_asks_for_is_shown_and_decided_by_one_official(
    app: Flask, db: Database, deed: Deed
) -> None:
    made = deed.ask(by=Operator("root"), now=config.now(), db=db, reason="批量超过限度")
    yu, _ = official(app, "陈予")

    assert "批量超过限度" in yu.get(LIST).text
    page = yu.get(f"{LIST}/{made}").text
    assert "运维人员" in page
    assert "root" in page
    assert yu.post(f"{LIST}/{made}", {"decision": "approve"}).status_code == 303
    assert deed.done == ["1"]
