"""The enterprise end over the whole application: its own space, and no other."""

import csv
import io
import re
from datetime import timedelta
from uuid import UUID

import pytest
from openpyxl import load_workbook

from hub import config
from hub.access.models import Look
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.kernel.ids import new_id
from hub.licenses.catalogue.rules import renewal_window
from hub.licenses.models import License, LicenseVersion
from tests.support.browser import Browser
from tests.support.plates import OTHER_USCC, USCC, add_enterprise, add_license
from tests.support.reference import REFERENCE
from tests.support.spaces import add_look, add_space, counted_statements

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


RENEWED_BY = config.now().date() + timedelta(
    days=40
)  # the pages ask the real clock, and the window is open then
MOST_STATEMENTS = 10  # eight of the overview, the session and its person


@pytest.fixture
def places(db: Database) -> tuple[UUID, UUID]:
    return add_space(db, renewed_by=RENEWED_BY)


@pytest.fixture
def owner(browser: Browser, places: tuple[UUID, UUID]) -> Browser:  # noqa: ARG001  # the space exists first
    browser.login(Role.OWNER, uscc=USCC)
    return browser


def license_id(db: Database, number: str) -> UUID:
    with db.read() as session:
        return next(row.id for row in session.query(License).filter(License.number == number))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_opens_in_both_languages(owner: Browser, path: str, language: str) -> None:
    page = owner.get(f"{path}?lang={language}")

    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"


def test_home_answers_the_questions_of_an_owner(owner: Browser) -> None:
    page = owner.get("/enterprise/").text

    for said in (
        "衢州示例餐饮有限公司",
        "存续",
        "法定代表人",
        "张三",
        "注册资本",
        "100 万元",
        "有限责任公司",
    ):
        assert said in page
    for said in (
        "办理延续",
        "还有",
        "应办",
        "已办",
        "未办",
        "荷花店",
        "水亭门店",
        "柯城区市场监督管理局",
        "日常检查",
    ):
        assert said in page


def test_the_face_has_the_lines_of_its_kind(browser: Browser, db: Database) -> None:
    add_enterprise(db, entity_type="个体工商户", type_text="个体工商户", capital=None)
    browser.login(Role.OWNER, uscc=USCC)

    page = browser.get("/enterprise/").text

    assert "经营者" in page
    assert "法定代表人" not in page
    assert "注册资本" not in page


@pytest.mark.parametrize("extra", [0, 60])
def test_home_takes_a_fixed_number_of_statements(browser: Browser, db: Database, extra: int) -> None:
    add_space(db, extra_licenses=extra)
    browser.login(Role.OWNER, uscc=USCC)
    browser.get("/enterprise/")

    with counted_statements(browser.services.db) as seen:
        browser.get("/enterprise/")

    assert 0 < len(seen) <= MOST_STATEMENTS, seen


def test_licenses_are_filtered_by_colour_kind_and_words(owner: Browser) -> None:
    red = owner.get("/enterprise/licenses?colour=red").text
    assert "浙衢排2020001" in red
    assert "JY23308020000011" not in red
    tobacco = owner.get("/enterprise/licenses?type=tobacco-retail").text
    assert "330802100001" in tobacco
    assert "浙衢排2020001" not in tobacco
    found = owner.get("/enterprise/licenses?q=jy2330802+0011").text
    assert "JY23308020000011" in found
    assert "JY23308020000022" not in found
    assert "没有符合条件的证照" in owner.get("/enterprise/licenses?q=zzz").text
    assert "JY23308020000011" in owner.get("/enterprise/licenses?colour=purple").text


def test_a_license_tells_reason_window_source_and_history(owner: Browser, db: Database) -> None:
    one = license_id(db, "JY23308020000011")
    with db.write() as session:
        for number, until in ((1, RENEWED_BY), (2, RENEWED_BY + timedelta(days=365))):
            session.add(
                LicenseVersion(
                    uscc=USCC,
                    license_id=one,
                    version=number,
                    content={"valid_to": until.isoformat()},
                    source="food-permits",
                    batch_id=None,
                    recorded_at=config.now(),
                )
            )

    page = owner.get(f"/enterprise/licenses/{one}").text

    window = renewal_window(REFERENCE.types.by_code("food-operation"), RENEWED_BY, REFERENCE.calendar)
    assert window is not None
    last = window.closes
    for said in (
        "证照临近到期",
        "可以申请延续",
        f"{last.year}年{last.month}月{last.day}日",
        "市场监督管理局",
        "荷花店",
        "餐饮服务",
        "首次归集",
    ):
        assert said in page
    assert f"<del>{RENEWED_BY}</del>" in page


def test_permits_name_the_words_of_the_scope_and_the_place(owner: Browser) -> None:
    page = owner.get("/enterprise/permits").text

    for said in (
        "烟草专卖零售许可证",
        "现有证照不覆盖该场所",
        "水亭门店",
        "烟草制品零售",
        "仅销售预包装食品备案",
        "从未办理",
    ):
        assert said in page
    assert '<mark class="scope-missing">' in page


def test_the_code_is_new_each_time_renewed_in_time_and_works_without_a_script(owner: Browser) -> None:
    first, second = owner.get("/enterprise/code"), owner.get("/enterprise/code/current")
    drawings = [
        re.search(r"<svg.*?</svg>", page.text[page.text.index("code-drawing") :], re.DOTALL)
        for page in (first, second)
    ]

    assert drawings[0]
    assert drawings[1]
    assert drawings[0][0] != drawings[1][0]
    seconds = int(re.search(r'data-seconds="(\d+)"', first.text)[1])  # type: ignore[index]  # it is there, or the test fails
    renewed = int(re.search(r"load delay:(\d+)s", first.text)[1])  # type: ignore[index]
    assert 0 < renewed < seconds <= owner.services.settings.dynamic_seconds
    assert f'<noscript><meta http-equiv="refresh" content="{renewed}">' in first.text
    assert "<html" not in second.text


def test_who_looked_is_told_page_by_page(owner: Browser, db: Database) -> None:
    for hours in range(2, 60):
        add_look(db, hours_ago=hours, reason=f"第{hours}次")
    add_look(db, uscc=OTHER_USCC, reason="别家的")

    first = owner.get("/enterprise/looks").text
    older = re.search(r'href="(/enterprise/looks\?before=[^"]+)"', first)
    assert older
    last = owner.get(older[1]).text

    assert "日常检查" in first
    assert "执法人员" in first
    assert "第2次" in first
    assert "第59次" not in first
    assert "第59次" in last
    assert "别家的" not in first + last
    assert owner.get("/enterprise/looks?before=x").status_code == 404


def test_penalties_tell_their_window_and_how_to_repair(owner: Browser) -> None:
    page = owner.get("/enterprise/credit").text

    for said in (
        "衢市监处〔2026〕118号",
        "公示中",
        "2027年7月1日",
        "2026年10月1日",
        "信用修复步骤",
        "未公示",
        "一般",
    ):
        assert said in page


def test_changes_of_the_face_are_told_field_by_field(owner: Browser) -> None:
    page = owner.get("/enterprise/business-license").text

    assert "<del>衢州旧名餐饮有限公司</del>" in page
    assert "首次归集" in page


def test_the_wallet_is_taken_away_as_a_table_that_calculates_nothing(owner: Browser, db: Database) -> None:
    add_license(db, type_code="drainage", number="=HYPERLINK(1)", holder_name="+1+1")

    table = owner.get("/enterprise/licenses/export.csv")
    rows = list(csv.reader(io.StringIO(table.data.decode("utf-8-sig"))))
    book = load_workbook(io.BytesIO(owner.get("/enterprise/licenses/export.xlsx").data))

    assert rows[0][0] == "证照"
    assert len(rows) == 7
    cells = [cell for row in rows for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    assert book.active.max_row == 7
    assert (
        len(list(csv.reader(io.StringIO(owner.get("/enterprise/licenses/export.csv?colour=red").text)))) == 2
    )


def test_a_look_that_happens_now_is_on_the_first_page_at_once(owner: Browser, db: Database) -> None:
    now = config.now()
    with db.write() as session:
        session.add(
            Look(
                uscc=USCC,
                id=new_id(now + timedelta(seconds=1)),
                person_id=UUID(int=4),
                viewer="李四",
                role="official",
                department="政务服务办",
                purpose="permit",
                reason="",
                seen="enterprise",
                at=now,
            )
        )

    assert "政务服务办" in owner.get("/enterprise/").text
