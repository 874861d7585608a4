"""What officials do: reports to their end, plates by area, and tables to take away in which nothing is live."""

from csv import reader
from io import BytesIO, StringIO
from uuid import UUID

import pytest
from flask import Flask
from openpyxl import load_workbook
from pypdf import PdfReader

from hub.codes.plates.queries import PlateView, plate_of
from hub.codes.rules import PlateState
from hub.config import Settings
from hub.ends.government.plates import NothingTickedError, PlateEndUnknownError
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.supervision.models import PublicReport
from tests.support.browser import Browser
from tests.support.city import add_batch, add_report
from tests.support.plates import (
    NOW,
    OTHER_USCC,
    USCC,
    add_enterprise,
    add_premises,
    lay_plate,
    press_of,
)
from tests.support.spaces import add_scope, add_space

AREA = "水亭门商圈"
LIVE = '=HYPERLINK("https://evil.example","点我")'


@pytest.fixture
def plate(db: Database, settings: Settings) -> PlateView:
    main, _ = add_space(db)
    return lay_plate(main, press=press_of(settings), now=NOW, db=db)


@pytest.fixture
def official(browser: Browser, plate: PlateView) -> Browser:  # noqa: ARG001  # the city exists first
    browser.login(Role.OFFICIAL, name="陈予")
    return browser


def state_of(db: Database, plate_id: str) -> PlateState:
    row = plate_of(plate_id, db=db)
    assert row is not None
    return row.plate.state


def test_a_report_goes_from_the_wall_to_an_answer(app: Flask, db: Database, plate: PlateView) -> None:
    passer_by = Browser(app)
    path = "/c/" + plate.text.rpartition("/")[2]
    passer_by.get(path)
    filed = passer_by.post(f"{path}/report", {"kind": "address", "text": "门牌号对不上", "contact": ""})
    assert filed.status_code == 303
    with db.read() as session:
        report = session.query(PublicReport.id).scalar()
    official = Browser(app)
    official.login(Role.OFFICIAL, name="陈予")
    page = f"/government/reports/{USCC}/{report}"

    assert "地址与现场不符" in official.get("/government/reports?state=received").text
    assert "门牌号对不上" in official.get(page).text
    assert official.post(page, {"action": "take"}).location == page
    assert "处理中" in official.get(page).text
    assert official.post(page, {"action": "answer", "answer": "已到现场,门牌已更换。"}).status_code == 303
    closed = official.get(page).text

    for said in ("已处理", "已到现场,门牌已更换。", "陈予"):
        assert said in closed
    assert "认定不属实" not in closed
    assert "没有举报" in official.get("/government/reports?state=received").text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"action": "answer", "answer": "是"}, 422),
        ({"action": "unfounded", "answer": ""}, 422),
        ({"action": "answer", "answer": "字" * 501}, 422),
        ({"action": "delete"}, 404),
        ({}, 400),
    ],
)
def test_a_report_is_not_closed_without_words(
    official: Browser, db: Database, form: dict[str, str], status: int
) -> None:
    report = add_report(db)

    assert official.post(f"/government/reports/{USCC}/{report}", form).status_code == status
    assert "待处理" in official.get(f"/government/reports/{USCC}/{report}").text


def test_a_report_closed_twice_is_a_conflict(official: Browser, db: Database) -> None:
    report = add_report(db, state="unfounded")
    form = {"action": "answer", "answer": "已到现场核实。"}

    assert official.post(f"/government/reports/{USCC}/{report}", form).status_code == 409


@pytest.mark.parametrize(
    "path", [f"/reports/{USCC}/{UUID(int=9)}", f"/sources/{UUID(int=9)}", "/plates/7K2M9QXT4R"]
)
def test_what_is_not_there_is_not_found(official: Browser, path: str) -> None:
    assert official.get(f"/government{path}").status_code == 404


def test_an_area_is_plated_printed_and_confirmed(official: Browser, db: Database) -> None:
    add_enterprise(db, uscc=OTHER_USCC, name="江山月明商行")
    add_premises(db, uscc=OTHER_USCC, area=AREA, name="月明水亭店")
    page = f"/government/plates/area?name={AREA}"

    before = official.get(page).text
    issued = official.post("/government/plates/area/issue", {"area": AREA})
    after = official.get(issued.location).text
    plates = sorted(set(_boxes(after)))
    placed = official.post("/government/plates/area/placed", {"area": AREA, "plate": plates})
    sheet = official.get(f"/government/plates/area/sheets.pdf?name={AREA}")

    assert "制码 2 块" in before
    assert "本次制码 2 块" in after
    assert len(plates) == 2
    assert "已确认铺设 2 块" in official.get(placed.location).text
    assert {state_of(db, each) for each in plates} == {PlateState.PLACED}
    assert sheet.mimetype == "application/pdf"
    text = PdfReader(BytesIO(sheet.data)).pages[0].extract_text()
    assert all(each[:5] in text for each in plates)


def _boxes(page: str) -> list[str]:
    return [part.partition('"')[0] for part in page.split('name="plate" value="')[1:]]


def test_confirming_nothing_is_told(official: Browser) -> None:
    answer = official.post("/government/plates/area/placed", {"area": AREA})

    assert answer.status_code == 422
    assert NothingTickedError.zh in answer.text


@pytest.mark.parametrize(
    "path", ["/plates/area?name=没有", "/plates/area?name=", "/plates/area/sheets.pdf?name=没有"]
)
def test_an_area_that_nobody_has_is_not_found(official: Browser, path: str) -> None:
    assert official.get(f"/government{path}").status_code == 404


def approve(app: Flask, page: str) -> int:
    """A second official of the department decides."""
    second = Browser(app)
    second.login(Role.OFFICIAL, name="李明")
    return second.post(page, {"decision": "approve"}).status_code


def test_a_plate_is_suspended_resumed_lost_found_and_void(
    app: Flask, official: Browser, db: Database, plate: PlateView
) -> None:
    base = f"/government/plates/{plate.plate_id}"
    steps = (
        ("place", PlateState.PLACED),
        ("suspend", PlateState.SUSPENDED),
        ("resume", PlateState.MADE),
        ("lost", PlateState.LOST),
        ("found", PlateState.MADE),
    )
    for step, state in steps:
        before = state_of(db, plate.plate_id)
        asked = official.post(f"{base}/{step}", {"words": "现场核实无误"})
        assert asked.status_code == 303
        if step in {"resume", "found"}:
            assert state_of(db, plate.plate_id) is before
            assert official.post(asked.location, {"decision": "approve"}).status_code == 403
            assert state_of(db, plate.plate_id) is before
            assert approve(app, asked.location) == 303
        assert state_of(db, plate.plate_id) is state
    assert official.post(f"{base}/found", {"words": "再来一次"}).status_code == 409
    bored = official.post(f"{base}/void", {"reason": "boredom"})
    assert (bored.status_code, PlateEndUnknownError.zh in bored.text) == (422, True)
    assert official.post(f"{base}/void", {"reason": "damaged"}).status_code == 303
    assert official.post(f"{base}/void", {"reason": "damaged"}).status_code == 409

    assert state_of(db, plate.plate_id) is PlateState.VOID
    assert "损毁" in official.get(base).text


def test_refused_rows_are_read_and_taken_away_with_nothing_live_in_them(
    official: Browser, db: Database
) -> None:
    batch = add_batch(db, [(2, "场所名称", LIVE, "FORMULA"), (9, "统一社会信用代码", "9133", "USCC_LENGTH")])
    base = f"/government/sources/{batch}"

    page = official.get(base).text
    rows = list(reader(StringIO(official.get(f"{base}/refused.csv").data.decode("utf-8-sig"))))
    book = load_workbook(BytesIO(official.get(f"{base}/refused.xlsx").data))
    cells = [[cell.value for cell in row] for row in book.active.rows]

    assert "单元格是公式" in page
    assert [row[1] for row in rows] == ["行号", "2", "9"]
    assert rows[1][3] == cells[1][3] == "'" + LIVE
    assert rows[2][4:] == ["USCC_LENGTH", cells[2][5]]
    assert all(cell.data_type != "f" for row in book.active.rows for cell in row)


def test_refused_rows_go_on_over_pages(official: Browser, db: Database) -> None:
    batch = add_batch(db, [(line, "场所名称", f"值{line:03}", "MISSING") for line in range(2, 82)])
    first = official.get(f"/government/sources/{batch}").text
    rest = official.get(f"/government/sources/{batch}?after=51:").text

    assert "值051" in first
    assert "值052" not in first
    assert "after=51:" in first or "after=51%3A" in first
    assert "值052" in rest
    assert "值081" in rest


def test_only_officials_take_tables_away(app: Flask, official: Browser, db: Database) -> None:
    batch = add_batch(db, [(2, "场所名称", "", "MISSING")])
    auditor = Browser(app)
    auditor.login(Role.AUDITOR)

    for path in (f"/government/sources/{batch}/refused.csv", "/government/scope/unmatched.xlsx"):
        assert official.get(path).status_code == 200
        assert auditor.get(path).status_code == 404


def test_unmatched_items_are_marked_in_their_text_and_taken_away(official: Browser, db: Database) -> None:
    text = "餐饮服务;@SUM(1)稀奇古怪项目;烟草制品零售"
    add_enterprise(db, uscc=OTHER_USCC, name="江山月明商行", scope_text=text)
    add_scope(db, text, uscc=OTHER_USCC)

    page = official.get("/government/scope?q=稀奇").text
    rows = list(reader(StringIO(official.get("/government/scope/unmatched.csv").data.decode("utf-8-sig"))))
    found = next(row for row in rows if "稀奇古怪" in row[2])

    assert "<mark>" in page
    assert "江山月明商行" in page
    assert found[2].startswith("'@")
    assert found[:2] == [OTHER_USCC, "江山月明商行"]
