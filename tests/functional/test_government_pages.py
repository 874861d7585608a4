"""The government end's pages: who enters, what they show, how many statements they take."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask

from hub import config
from hub.codes.models import ScanDay
from hub.codes.plates.queries import PlateView
from hub.codes.plates.service import change_plate
from hub.codes.rules import PlateAction
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from tests.support.browser import Browser
from tests.support.city import CODES, add_batch, add_report, add_summarised, summarise
from tests.support.plates import NOW, OPERATOR, OTHER_USCC, USCC, lay_plate, press_of
from tests.support.spaces import add_space, counted_statements

MOST_STATEMENTS = 11  # of the overview, the session among them
AREA = "/plates/area?name=南湖商圈"
OFFICIALS = ("/", "/figures", "/enterprises", "/sources", "/plates", AREA, "/reports", "/scope")
AUDITORS = ("/", "/figures", "/sources", "/audit")
ALL = sorted({*OFFICIALS, *AUDITORS})
WRITES = (
    ("/plates/area/issue", {"area": "南湖商圈"}),
    ("/plates/area/placed", {"area": "南湖商圈", "plate": "7K2M9QXT4R"}),
    ("/plates/7K2M9QXT4R/suspend", {}),
    ("/plates/7K2M9QXT4R/void", {"reason": "damaged"}),
    (f"/reports/{USCC}/{UUID(int=1)}", {"action": "take"}),
    (f"/enterprises/{USCC}/look", {"purpose": "routine"}),
)


@pytest.fixture
def plate(db: Database, settings: Settings) -> PlateView:
    main, _ = add_space(db)
    summarise(db, USCC, "衢州示例餐饮有限公司")
    add_summarised(db, OTHER_USCC, "江山月明商行", region="330881", state="待确认")
    add_report(db)
    add_batch(db, [(2, "统一社会信用代码", "9133", "USCC_LENGTH")])
    return lay_plate(main, press=press_of(settings), now=NOW, db=db)


@pytest.fixture
def official(browser: Browser, plate: PlateView) -> Browser:  # noqa: ARG001  # the city exists first
    browser.login(Role.OFFICIAL)
    return browser


def test_every_page_opens_for_an_official_in_both_languages(official: Browser) -> None:
    for path in OFFICIALS:
        joined = "&" if "?" in path else "?"
        assert official.get(f"/government{path}").status_code == 200
        assert official.get(f"/government{path}{joined}lang=en").status_code == 200


@pytest.mark.usefixtures("plate")
def test_an_auditor_reads_figures_sources_and_acts(browser: Browser) -> None:
    browser.login(Role.AUDITOR)

    for path in AUDITORS:
        assert browser.get(f"/government{path}").status_code == 200


def test_to_an_auditor_the_desks_of_officials_do_not_exist(browser: Browser) -> None:
    browser.login(Role.AUDITOR)
    desks = sorted(set(OFFICIALS) - set(AUDITORS))

    assert {path: browser.get(f"/government{path}").status_code for path in desks} == dict.fromkeys(
        desks, 404
    )


def test_to_an_official_the_record_of_acts_does_not_exist(official: Browser) -> None:
    assert official.get("/government/audit").status_code == 404


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER, Role.AGENT, Role.OFFICER])
def test_to_other_roles_no_page_exists(browser: Browser, plate: PlateView, role: Role) -> None:
    browser.login(role, uscc=plate.uscc)

    assert {path: browser.get(f"/government{path}").status_code for path in ALL} == dict.fromkeys(ALL, 404)


def test_an_anonymous_visitor_is_asked_to_log_in(browser: Browser) -> None:
    for path in ALL:
        assert browser.get(f"/government{path}").location.startswith("/access/login")


def test_the_values_of_the_charts_are_for_those_who_may_see_them_only(browser: Browser) -> None:
    answer = browser.get("/government/figures", headers={"Accept": "application/json"})

    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(("path", "form"), WRITES)
@pytest.mark.parametrize("role", [Role.OFFICER, Role.AUDITOR, Role.OWNER])
def test_other_roles_change_nothing(
    browser: Browser, plate: PlateView, role: Role, path: str, form: dict[str, str]
) -> None:
    browser.login(role, uscc=plate.uscc)

    assert browser.post(f"/government{path}", form).status_code == 404


@pytest.mark.parametrize(("path", "form"), WRITES)
def test_nothing_is_changed_without_the_form_token(
    official: Browser, path: str, form: dict[str, str]
) -> None:
    headers = {"Origin": official.base, "Accept": "text/html"}

    answer = official.client.post(f"/government{path}", base_url=official.base, data=form, headers=headers)

    assert answer.status_code == 403


def test_the_overview_takes_few_statements_however_many_enterprises(official: Browser, db: Database) -> None:
    official.get("/government/")
    with counted_statements(official.services.db) as before:
        official.get("/government/")
    add_summarised(db, CODES[2], "开化芹阳茶叶店", region="330824")

    with counted_statements(official.services.db) as after:
        assert official.get("/government/").status_code == 200

    assert len(before) == len(after) <= MOST_STATEMENTS


def test_the_overview_tells_figures_districts_and_what_waits(official: Browser) -> None:
    page = official.get("/government/").text

    for said in ("全市概况", "柯城区", "江山市", "待办公众举报", "拒收数据", "登记状态待确认", "南湖商圈"):
        assert said in page
    assert page.count("<table>") == len(official.get("/government/figures").json) - 1  # no scans yet


def test_every_chart_has_a_table_with_the_same_figures(official: Browser, db: Database) -> None:
    yesterday = official.services.settings.today(config.now()) - timedelta(days=1)
    with db.write() as session:
        session.add(ScanDay(day=yesterday, audience="public", verdict="valid", count=4321))

    page = official.get("/government/")
    charts = official.get("/government/figures").json

    assert charts["scans"]["series"][0]["values"][-2] == 4321
    assert charts["scans"]["labels"][-2] == f"{yesterday.month}-{yesterday.day:02}"
    assert page.text.count("<table>") == len(charts) == 4
    assert '<td class="right num">4,321</td>' in page.text


def test_an_empty_city_opens_and_says_what_to_do(browser: Browser) -> None:
    browser.login(Role.OFFICIAL)

    for path, said in (
        ("/", "请先导入部门数据"),
        ("/enterprises", "没有符合条件的市场主体"),
        ("/sources", "还没有导入文件"),
        ("/plates", "还没有商业区域"),
        ("/reports", "没有举报"),
        ("/scope", "没有需要复核的项目"),
    ):
        assert said in browser.get(f"/government{path}").text


@pytest.mark.parametrize(
    ("query", "found", "absent"),
    [
        ("q=餐饮", "衢州示例餐饮有限公司", "江山月明商行"),
        ("q=yms", "江山月明商行", "衢州示例餐饮有限公司"),
        ("q=T263", "江山月明商行", "衢州示例餐饮有限公司"),
        ("region=330881", "江山月明商行", "衢州示例餐饮有限公司"),
        ("state=待确认", "江山月明商行", "衢州示例餐饮有限公司"),
        ("state=nonsense&colour=purple", "衢州示例餐饮有限公司", "没有符合"),
        ("q=%fe%ff&region=x", "没有符合条件的市场主体", "江山月明商行"),
    ],
)
def test_enterprises_are_found_and_a_wrong_filter_only_selects(
    official: Browser, query: str, found: str, absent: str
) -> None:
    page = official.get(f"/government/enterprises?{query}").text

    assert found in page
    assert absent not in page


def test_an_official_who_opens_a_plate_comes_to_the_enterprise(official: Browser, plate: PlateView) -> None:
    answer = official.get("/c/" + plate.text.rpartition("/")[2])

    assert answer.location == f"/government/enterprises/{USCC}"


def test_a_name_full_of_markup_stays_a_name(official: Browser, db: Database) -> None:
    add_summarised(db, CODES[2], '</script><img src=x onerror="x">', region="330824")
    with db.write() as session:
        session.add(ScanDay(day=date(2026, 11, 20), audience="public", verdict="valid", count=1))

    assert "<img src=x" not in official.get("/government/enterprises").text
    assert "<img src=x" not in official.get("/government/").text


def test_the_auditor_reads_who_did_what_by_name(
    app: Flask, browser: Browser, plate: PlateView, db: Database
) -> None:
    change_plate(plate.plate_id, action=PlateAction.PLACE, by=OPERATOR, now=NOW, db=db)
    browser.login(Role.OFFICIAL, name="陈予")
    browser.post(f"/government/enterprises/{USCC}/look", {"purpose": "permit"})
    auditor = Browser(app)
    auditor.login(Role.AUDITOR)

    pasted = f"\u202e{USCC[:9].lower()}-\ufe0f{USCC[9:]}\U000e0041"
    page = auditor.get(f"/government/audit?uscc={pasted}&kind=enterprise.looked").text
    made = auditor.get(f"/government/audit?subject={plate.plate_id}\ufe0f").text
    none = auditor.get("/government/audit?since=2099-01-01").text

    assert "查看企业详情" in page
    assert "陈予" in page
    assert "码牌制码" in made
    assert '<td class="by">tests<span class="muted sub">运维人员</span></td>' in made
    assert "没有符合条件的记录" in none


@pytest.mark.parametrize(
    "query", ["since=x&until=y", "until=9999-12-31", "cursor=1.2", f"cursor={'9' * 17}.x"]
)
def test_a_wrong_filter_of_the_record_only_selects(browser: Browser, query: str) -> None:
    browser.login(Role.AUDITOR)

    assert browser.get(f"/government/audit?{query}").status_code == 200
