"""A copy of a plate at another place: who may say so, what is kept of it, and who looks into it."""

import logging
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text

from hub import config
from hub.codes.plates.queries import PlateView
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.registry.models import Premises
from hub.supervision.clones.models import PlateSighting, PlateSuspicion
from hub.supervision.clones.rules import WINDOW, SuspicionClosedError
from hub.supervision.clones.service import forget_expired
from hub.trust.record.models import Event
from tests.support.beside import beside
from tests.support.browser import Browser
from tests.support.plates import USCC, lay_plate, press_of
from tests.support.spaces import add_space

SHOP = (28.936, 118.874)
ELSEWHERE = {"latitude": "29.017", "longitude": "118.953", "accuracy": "27"}  # eleven kilometres off
THERE = {"latitude": "28.936", "longitude": "118.874", "accuracy": "27"}
CANARIES = ("29.017", "118.953", "29.0171", "118.9532")


@pytest.fixture
def plate(db: Database, settings: Settings) -> PlateView:
    main, _ = add_space(db)
    with beside(db) as session:
        row = session.scalar(select(Premises).where(Premises.id == main))
        assert row is not None
        row.latitude, row.longitude = SHOP
    return lay_plate(main, press=press_of(settings), now=config.now(), db=db)


def path_of(plate: PlateView) -> str:
    return "/c/" + plate.text.rsplit("/", 1)[1]


def press(app: Flask, plate: PlateView, position: dict[str, str], *, number: int) -> str:
    """A passer-by with an address of his own presses the button."""
    browser = Browser(app)
    browser.client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
    browser.get(path_of(plate))
    answer = browser.post(path_of(plate) + "/place", position)
    assert answer.status_code == 200
    return answer.text


def officer(app: Flask, plate: PlateView, position: dict[str, str], *, name: str) -> str:
    browser = Browser(app)
    browser.login(Role.OFFICER, name=name)
    answer = browser.post("/enforcement/scan", {"text": plate.text, **position})
    assert answer.status_code == 200
    return answer.text


def suspicions(db: Database) -> list[PlateSuspicion]:
    with db.read() as session:
        rows = list(session.scalars(select(PlateSuspicion)))
        session.expunge_all()  # a read is rolled back at its end, which would empty them
    return rows


def test_a_passer_by_is_told_whether_he_stands_at_the_place(app: Flask, plate: PlateView) -> None:
    assert "您所在位置与码牌登记的场所一致" in press(app, plate, THERE, number=1)
    assert "您的手机不在码牌登记的场所" in press(app, plate, ELSEWHERE, number=2)
    vague = {**ELSEWHERE, "accuracy": "4000"}
    assert "手机定位不够准确" in press(app, plate, vague, number=3)


def test_the_page_with_the_button_says_what_is_kept_in_both_languages(
    browser: Browser, plate: PlateView
) -> None:
    assert path_of(plate) + "/place" in browser.get(path_of(plate)).text
    assert "不会保存您的位置" in browser.get(path_of(plate) + "/place").text
    assert "Your position is not stored." in browser.get(path_of(plate) + "/place?lang=en").text


@pytest.mark.parametrize(
    "changes",
    [{"latitude": "north"}, {"latitude": "91"}, {"accuracy": "-1"}, {"longitude": "nan"}, {"x": "1"}],
)
def test_a_position_that_is_none_is_refused_and_not_repeated(
    browser: Browser, db: Database, plate: PlateView, changes: dict[str, str]
) -> None:
    browser.get(path_of(plate))

    answer = browser.post(path_of(plate) + "/place", {**ELSEWHERE, **changes})

    assert answer.status_code == 400
    assert not any(canary in answer.text for canary in CANARIES)
    with db.read() as session:
        assert session.query(PlateSighting).count() == 0


def test_one_person_raises_no_suspicion_however_often_he_presses(
    app: Flask, db: Database, plate: PlateView
) -> None:
    for _ in range(6):
        press(app, plate, ELSEWHERE, number=1)

    assert suspicions(db) == []
    with db.read() as session:
        assert session.query(PlateSighting).count() == 1


def test_officers_who_agree_raise_one_suspicion_and_later_scans_tell_of_it(
    app: Flask, db: Database, plate: PlateView
) -> None:
    first = officer(app, plate, ELSEWHERE, name="甲")
    assert "距登记场所超过 300 米" in first
    assert "疑似在别处被仿制" not in first

    officer(app, plate, ELSEWHERE, name="乙")
    third = officer(app, plate, THERE, name="丙")

    (row,) = suspicions(db)
    assert (row.plate_id, row.state, row.why["officers"]) == (plate.plate_id, "open", 2)
    assert "疑似在别处被仿制" in third
    assert "您在登记场所" in third
    with db.read() as session:
        act = session.query(Event).filter(Event.kind == "copy.suspected").one()
        assert (act.by, act.subject, act.data) == ("rule", str(row.id), {"plate": plate.plate_id})


def test_a_suspicion_goes_from_the_list_to_what_was_found(app: Flask, db: Database, plate: PlateView) -> None:
    for name in ("甲", "乙"):
        officer(app, plate, ELSEWHERE, name=name)
    (row,) = suspicions(db)
    official = Browser(app)
    official.login(Role.OFFICIAL, name="陈予")
    page = f"/government/copies/{USCC}/{row.id}"

    assert page in official.get("/government/copies?state=open").text
    for language in ("", "?lang=en"):
        assert plate.plate_id[:4] in official.get(page + language).text
    assert official.post(page, {"action": "confirmed", "answer": ""}).status_code == 422
    assert official.post(page, {"action": "other", "answer": "已拆除仿制码牌"}).status_code == 404
    assert official.post(page, {"action": "confirmed", "answer": "已拆除仿制码牌"}).status_code == 303
    assert "已拆除仿制码牌" in official.get(page).text
    again = official.post(page, {"action": "unfounded", "answer": "已拆除仿制码牌"})
    assert (again.status_code, SuspicionClosedError.zh in again.text) == (409, True)
    assert "疑似在别处被仿制" not in officer(app, plate, THERE, name="丙")
    with db.read() as session:
        assert session.query(Event).filter(Event.kind == "copy.confirmed").count() == 1
    assert official.get(f"/government/copies/{USCC}/{UUID(int=1)}").status_code == 404


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


def test_no_position_is_stored_or_logged(
    app: Flask,
    db: Database,
    settings: Settings,
    plate: PlateView,
    everything_logged: pytest.LogCaptureFixture,
) -> None:
    """Canary coordinates, more exact than our page sends, in no table, no file of the home and no line of a log."""
    exact = {"latitude": "29.0171", "longitude": "118.9532", "accuracy": "27"}
    press(app, plate, exact, number=77)
    for name in ("甲", "乙"):
        officer(app, plate, exact, name=name)
    assert len(suspicions(db)) == 1
    with db.read() as session:
        tables = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars()
        rows = [str(row) for name in tables.all() for row in session.execute(text(f'SELECT * FROM "{name}"'))]  # noqa: S608  # names of our own tables

    kept = "\n".join(rows) + everything_logged.text
    kept += "".join(_texts(settings.home))
    assert plate.plate_id in kept
    for canary in (*CANARIES, "203.0.113.77"):
        assert canary not in kept


def _texts(home: Path) -> Iterator[str]:
    for file in home.rglob("*"):
        if file.is_file():
            yield file.read_bytes().decode("latin-1")


def test_sightings_are_forgotten_after_the_window(app: Flask, db: Database, plate: PlateView) -> None:
    press(app, plate, ELSEWHERE, number=1)

    assert forget_expired(db, now=config.now()) == 0
    assert forget_expired(db, now=config.now() + 2 * WINDOW) == 2
    with db.read() as session:
        assert session.query(PlateSighting).count() == 0


@pytest.mark.parametrize(
    ("kind", "is_suspected"), [("address", True), ("plate", True), ("closed", False), ("other", False)]
)
def test_a_passer_bys_report_counts_beside_an_officers_scan_where_it_is_about_the_place(
    app: Flask, db: Database, plate: PlateView, kind: str, *, is_suspected: bool
) -> None:
    officer(app, plate, ELSEWHERE, name="执法员甲")
    assert suspicions(db) == []  # one person alone
    passer_by = Browser(app)
    passer_by.get(path_of(plate))

    sent = passer_by.post(path_of(plate) + "/report", {"kind": kind, "text": "门口是另一家店", "contact": ""})

    assert sent.status_code == 303
    assert [row.why["reports"] for row in suspicions(db)] == ([1] if is_suspected else [])
    desk = Browser(app)
    desk.login(Role.OFFICIAL)
    assert "/government/copies?state=open" in desk.get("/government/").text
    assert (plate.grouped_id in desk.get("/government/copies?state=open").text) is is_suspected
