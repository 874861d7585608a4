"""The page of a scanned code, over the whole application."""

from datetime import date, timedelta

import pytest

from hub import config
from hub.codes.dynamic import new_dynamic
from hub.codes.plates import service
from hub.codes.plates.queries import PlateView
from hub.codes.rules import PlateAction, PlateEnd
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.registry.models import Enterprise
from hub.registry.rules import Overlay
from tests.support.browser import Browser
from tests.support.plates import (
    OPERATOR,
    OTHER_USCC,
    OWNER,
    USCC,
    add_enterprise,
    add_premises,
    lay_plate,
    press_of,
)
from tests.support.spaces import add_penalty, add_space, counted_statements

MOST_BYTES = 10_240
MOST_STATEMENTS = 3


@pytest.fixture
def plate(db: Database, settings: Settings) -> PlateView:
    main, _ = add_space(db)
    return lay_plate(main, press=press_of(settings), now=config.now(), db=db)


def path_of(plate: PlateView) -> str:
    return "/c/" + plate.text.rsplit("/", 1)[1]


def forged(path: str) -> str:
    return path[:-1] + ("A" if path[-1] != "A" else "B")


def test_a_plate_tells_name_state_place_licenses_and_where_to_read_it(
    browser: Browser, plate: PlateView
) -> None:
    page = browser.get(path_of(plate))

    assert page.status_code == 200
    for said in (
        "衢州示例餐饮有限公司",
        USCC,
        "存续",
        "荷花店",
        "荷花一路12号",
        "南湖商圈",
        plate.grouped_id,
    ):
        assert said in page.text
    for said in ("食品经营许可证", "JY23308020000011", "需办理", "127.0.0.1:8000", "与现场不符", "核验时间"):
        assert said in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_a_permit_of_the_other_place_is_not_shown_here(browser: Browser, plate: PlateView) -> None:
    assert "JY23308020000022" not in browser.get(path_of(plate)).text


def test_the_page_is_complete_in_english(browser: Browser, plate: PlateView) -> None:
    page = browser.get(path_of(plate) + "?lang=en").text

    assert 'lang="en"' in page
    assert "Food business permit" in page
    assert "Action needed" in page
    assert "核验" not in page


def test_the_page_is_two_requests_below_ten_kilobytes_without_a_script(
    browser: Browser, plate: PlateView
) -> None:
    page = browser.get(path_of(plate))
    sheet = browser.get("/static/public.css")

    assert "<script" not in page.text
    assert page.text.count('rel="stylesheet"') == 1
    assert "src=" not in page.text
    assert len(page.data) + len(sheet.data) <= MOST_BYTES


def test_an_enterprise_with_sixty_permits_still_fits_and_links_to_the_rest(
    browser: Browser, db: Database, settings: Settings
) -> None:
    _, second = add_space(db, extra_licenses=60)
    made = lay_plate(second, press=press_of(settings), now=config.now(), db=db)

    page = browser.get(path_of(made))
    whole = browser.get(path_of(made) + "?all=1")

    sheet = len(browser.get("/static/public.css").data)
    assert len(page.data) + sheet <= MOST_BYTES
    assert len(browser.get(path_of(made) + "?lang=en").data) + sheet <= MOST_BYTES
    assert "?all=1" in page.text
    assert "JY90000000000059" in whole.text


def test_the_page_takes_three_statements(browser: Browser, plate: PlateView) -> None:
    browser.get(path_of(plate))

    with counted_statements(browser.services.db) as seen:
        browser.get(path_of(plate))

    assert 0 < len(seen) <= MOST_STATEMENTS, seen


def test_only_penalties_inside_their_window_are_published(
    browser: Browser, db: Database, plate: PlateView
) -> None:
    add_penalty(db, decision_no="轻微1", act="轻微违法行为一件", level="轻微")

    page = browser.get(path_of(plate)).text

    assert "未按规定对生产经营场所进行定期维护" in page
    assert "2024年5月1日" not in page
    assert "轻微违法行为一件" not in page


def test_a_home_is_shown_without_its_house_number(browser: Browser, db: Database, settings: Settings) -> None:
    add_enterprise(db, address="")
    home = add_premises(db, name="张三便利店", is_residence=True, phone="13800001234")
    made = lay_plate(home, press=press_of(settings), now=config.now(), db=db)

    page = browser.get(path_of(made)).text

    assert "荷花一路***" in page
    assert "12号" not in page
    assert "13800001234" not in page
    assert "张三便利店" in page


def test_lists_are_told_in_words(browser: Browser, db: Database, plate: PlateView) -> None:
    with db.write() as session:
        session.get_one(Enterprise, USCC).overlays = [
            {"kind": kind, "since": "2026-07-01", "source": "x"}
            for kind in (Overlay.SERIOUS, Overlay.ABNORMAL)
        ]

    page = browser.get(path_of(plate)).text

    assert "已列入严重违法失信名单" in page
    assert "经营异常名录" in page


def test_names_that_are_code_stay_words(browser: Browser, db: Database, settings: Settings) -> None:
    add_enterprise(db, name='<script>alert(1)</script>"\u202egpj')
    place = add_premises(db, name="<img src=x onerror=alert(1)>")
    made = lay_plate(place, press=press_of(settings), now=config.now(), db=db)

    page = browser.get(path_of(made)).text

    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


def test_every_code_that_is_refused_gets_the_same_page(
    browser: Browser, db: Database, settings: Settings, plate: PlateView
) -> None:
    now = config.now()
    press = press_of(settings)
    good = path_of(plate)
    of_nobody = good.replace(USCC, OTHER_USCC)
    expired = new_dynamic(USCC, press=press, seconds=30, by=OWNER, now=now - timedelta(minutes=5)).text
    service.end_plate(plate.plate_id, reason=PlateEnd.DAMAGED, by=OPERATOR, now=now, db=db)
    wrong = [
        good,
        forged(good),
        of_nobody,
        "/c/" + expired.rsplit("/", 1)[1],
        "/c/P1.X",
        "/c/%00",
        "/c/" + "A" * 400,
    ]

    answers = [browser.get(path) for path in wrong]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}
    assert USCC not in answers[0].text


def test_a_lost_plate_is_refused_like_an_unknown_one(
    browser: Browser, db: Database, plate: PlateView
) -> None:
    service.change_plate(plate.plate_id, action=PlateAction.REPORT_LOST, by=OWNER, now=config.now(), db=db)

    assert browser.get(path_of(plate)).data == browser.get("/c/P1.X").data


@pytest.mark.usefixtures("plate")
def test_a_dynamic_code_may_be_looked_at_until_it_expires_and_takes_no_report(
    browser: Browser, settings: Settings
) -> None:
    shown = new_dynamic(USCC, press=press_of(settings), seconds=60, by=OWNER, now=config.now())
    path = "/c/" + shown.text.rsplit("/", 1)[1]

    first, second = browser.get(path), browser.get(path)

    assert first.status_code == second.status_code == 200
    assert "举报" not in first.text.replace("咨询、投诉、举报", "")
    assert browser.post(path + "/report", {"kind": "name"}).status_code == 404


def test_the_owner_is_led_to_the_own_space_and_a_stranger_is_not(
    browser: Browser, db: Database, plate: PlateView
) -> None:
    add_enterprise(db, uscc=OTHER_USCC)
    browser.login(Role.OWNER, uscc=OTHER_USCC)
    assert browser.get(path_of(plate)).status_code == 200

    browser.login(Role.OWNER, uscc=USCC)
    led = browser.get(path_of(plate))

    assert (led.status_code, led.location) == (303, "/enterprise/")
    assert browser.get(forged(path_of(plate))).status_code == 404


def test_officers_and_officials_are_led_to_their_own_view(browser: Browser, plate: PlateView) -> None:
    browser.login(Role.OFFICER)
    officer = browser.get(path_of(plate))
    browser.login(Role.OFFICIAL)
    official = browser.get(path_of(plate))

    assert (officer.status_code, official.status_code) == (303, 303)
    assert officer.location == path_of(plate).replace("/c/", "/enforcement/code/")
    assert official.location == f"/government/enterprises/{USCC}"
    assert browser.get(forged(path_of(plate))).status_code == 404


@pytest.mark.usefixtures("plate")
def test_opening_a_shown_code_uses_it_up_for_nobody(browser: Browser, settings: Settings) -> None:
    shown = new_dynamic(USCC, press=press_of(settings), seconds=60, by=OWNER, now=config.now())
    official = browser.login(Role.OFFICIAL)
    path = "/c/" + shown.text.rsplit("/", 1)[1]

    assert browser.get(path).status_code == 200
    assert browser.get(path).status_code == 200
    verdict = browser.services.verification.verify(shown.text, now=config.now(), by=official)
    assert verdict.genuine


def test_the_help_page_offers_no_search(browser: Browser) -> None:
    page = browser.get("/c/")

    assert page.status_code == 200
    assert "<input" not in page.text
    assert "<form" not in page.text
    assert "http://127.0.0.1:8000/" in page.text


def test_the_day_of_the_page_is_the_legal_day(browser: Browser, db: Database, plate: PlateView) -> None:
    """A license that ran out yesterday is red today, whatever its stored colour says."""
    with db.write() as session:
        session.get_one(Enterprise, USCC).term_to = date(2020, 1, 1)

    assert "营业期限已届满" in browser.get(path_of(plate)).text
