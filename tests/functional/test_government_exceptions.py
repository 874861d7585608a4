"""The list of credit codes by exception in the government end: asked for, decided, found, taken away, ended."""

import json

from click.testing import CliRunner
from flask import Flask

from hub import config
from hub.cli.commands import Commands
from hub.cli.context import HubContext
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from tests.support.browser import Browser
from tests.support.exceptions import OLD, PROOF, WHY, an_exception
from tests.support.plates import add_enterprise, add_premises
from tests.support.proposals import DEPARTMENT

LIST = "/government/exceptions"
NEW = f"{LIST}/new"
FORM = {"code": OLD, "reason": WHY, "source": PROOF}


def official(app: Flask, name: str) -> Browser:
    browser = Browser(app)
    browser.login(Role.OFFICIAL, name=name, department=DEPARTMENT)
    return browser


def test_one_official_asks_another_decides_and_the_list_holds_it_until_it_is_ended_alike(app: Flask) -> None:
    ming, yu = official(app, "李明"), official(app, "陈予")
    assert "各部门报送的信用代码均须通过校验" in ming.get(LIST).text
    proposal = ming.post(NEW, FORM).location or ""
    shown = yu.get(proposal).text
    assert all(text in shown for text in (OLD, WHY, PROOF, "信用代码列入校验例外"))
    assert ming.post(proposal, {"decision": "approve"}).status_code == 403
    assert OLD not in ming.get(LIST).text

    assert yu.post(proposal, {"decision": "approve"}).status_code == 303
    assert all(text in ming.get(LIST).text for text in (OLD, WHY, PROOF))
    assert OLD in ming.get(f"{LIST}?q=1995-0417").text
    assert OLD not in ming.get(f"{LIST}?q=100%25").text
    table = ming.get(f"{LIST}/list.csv").get_data(as_text=True)
    assert all(text in table for text in (OLD, WHY, PROOF, "李明", "陈予"))

    entry = f"{LIST}/{ming.get(LIST).text.partition(LIST + '/0')[2][:35]}"
    entry = entry.replace(f"{LIST}/", f"{LIST}/0")
    assert all(text in ming.get(entry).text for text in ("李明", "陈予", "不制码牌"))
    ended = yu.post(f"{entry}/end", {"reason": "换发新代码"}).location or ""
    assert ming.post(ended, {"decision": "approve"}).status_code == 303
    assert OLD not in ming.get(LIST).text
    assert OLD in ming.get(f"{LIST}?state=ended").text
    assert "换发新代码" in ming.get(entry).text
    assert ming.post(f"{entry}/end", {"reason": "再次"}).status_code == 409


def test_what_was_written_stays_in_the_form_where_it_is_refused(app: Flask, db: Database) -> None:
    ming = official(app, "李明")

    short = ming.post(NEW, {**FORM, "code": "9133<b>"})
    assert short.status_code == 422
    assert all(
        text in short.text for text in ("9133&lt;b&gt;", WHY, PROOF, "18位代码", 'aria-invalid="true"')
    )
    english = ming.post(NEW, {**FORM, "reason": ""}, headers={"Accept-Language": "en"})
    assert english.status_code == 422
    assert PROOF in english.text
    an_exception(now=config.now(), db=db)
    known = ming.post(NEW, FORM)
    assert known.status_code == 409
    assert all(text in known.text for text in (OLD, WHY, PROOF, "已在例外清单中"))


def test_auditors_read_the_list_and_nobody_else_finds_it(app: Flask, db: Database) -> None:
    entry = f"{LIST}/{an_exception(now=config.now(), db=db).id}"
    auditor, officer = Browser(app), Browser(app)
    auditor.login(Role.AUDITOR, department="审计局")
    officer.login(Role.OFFICER, department=DEPARTMENT)

    assert OLD in auditor.get(LIST).text
    assert "<textarea" not in auditor.get(entry).text
    assert auditor.post(f"{entry}/end", {"reason": "不行"}).status_code == 404
    assert {officer.get(path).status_code for path in (LIST, NEW, entry)} == {404}


def test_the_page_of_the_code_says_why_there_is_none(app: Flask, db: Database) -> None:
    add_enterprise(db, uscc=OLD)
    owner = Browser(app)
    owner.login(Role.OWNER, uscc=OLD)

    add_premises(db, uscc=OLD, area="南湖商圈")
    shown = owner.get("/enterprise/code")
    places = owner.get("/enterprise/premises").text
    area = official(app, "李明").get("/government/plates/area?name=南湖商圈").text

    assert shown.status_code == 200
    assert "校验例外" in shown.text
    assert "data-count" not in shown.text
    assert "校验例外" in places
    assert '/plate"' not in places
    assert "信用代码例外，不制码牌" in area


def test_the_mark_stands_on_the_enterprises_page_for_officials(app: Flask, db: Database) -> None:
    add_enterprise(db, uscc=OLD, quality=["USCC_EXCEPTION"])
    ming = official(app, "李明")
    page = f"/government/enterprises/{OLD}"

    assert ming.post(f"{page}/look", {"purpose": "routine"}).status_code == 303

    assert "因列入经两人核定的例外清单而接受" in ming.get(page).text


def hub(db: Database, settings: Settings, *arguments: str) -> str:
    context = HubContext()
    context.__dict__ |= {"settings": settings, "db": db}
    done = CliRunner().invoke(Commands(name="hub"), arguments, obj=context)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_command_line_lists_them_and_invites_the_owner_of_such_an_enterprise(
    db: Database, settings: Settings
) -> None:
    entry = an_exception(now=config.now(), db=db)
    add_enterprise(db, uscc=OLD)

    listed = hub(db, settings, "exceptions", "list", "--json")
    assert json.loads(listed)["code"] == entry.code
    assert WHY in hub(db, settings, "exceptions", "list")
    assert hub(db, settings, "exceptions", "list", "--ended") == ""
    invited = hub(db, settings, "account", "invite", "--role", "owner", "--name", "王五", "--uscc", OLD)
    assert invited.startswith("http")
