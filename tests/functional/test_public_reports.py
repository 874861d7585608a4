"""与现场不符请举报: what a passer-by may send from the page of a genuine plate."""

from uuid import UUID

import pytest

from hub import config
from hub.codes.plates.queries import PlateView
from hub.config import Settings
from hub.kernel.database import Database
from hub.supervision.models import PublicReport
from hub.supervision.rules import MAX_REPORT_CHARS, REPORT_KINDS
from hub.trust.record.models import Event
from tests.support.browser import Browser
from tests.support.plates import OTHER_USCC, USCC, lay_plate, press_of
from tests.support.spaces import add_space
from tests.support.tampering import looked_up


@pytest.fixture
def plate(db: Database, settings: Settings) -> PlateView:
    main, _ = add_space(db)
    return lay_plate(main, press=press_of(settings), now=config.now(), db=db)


def path_of(plate: PlateView) -> str:
    return "/c/" + plate.text.rsplit("/", 1)[1]


def forged(path: str) -> str:
    return path[:-1] + ("A" if path[-1] != "A" else "B")


@pytest.mark.parametrize("kind", list(REPORT_KINDS))
def test_a_report_is_kept_and_its_number_shown(
    browser: Browser, db: Database, plate: PlateView, kind: str
) -> None:
    browser.get(path_of(plate))

    sent = browser.post(
        path_of(plate) + "/report", {"kind": kind, "text": "门口是另一家店", "contact": "13900000000"}
    )
    thanks = browser.get(sent.location)

    assert sent.status_code == 303
    with db.read() as session:
        (row,) = session.query(PublicReport).all()
        receipt = str(row.id)
        filed = session.query(Event).filter(Event.kind == "report.filed").one()
        assert (filed.subject, filed.by) == (receipt, "public")
        assert "13900000000" not in str(filed.data)
        assert (row.uscc, row.plate_id, row.premises_id) == (USCC, plate.plate_id, plate.premises_id)
        assert (row.kind, row.text, row.contact, row.state) == (
            kind,
            "门口是另一家店",
            "13900000000",
            "received",
        )
    assert receipt in thanks.text
    assert "13900000000" not in thanks.text
    kept = looked_up(db, "SELECT text || contact FROM supervision_public_report")
    assert "13900000000" not in kept
    assert "另一家店" not in kept


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 400),
        ({"kind": "elsewhere"}, 422),
        ({"kind": "other"}, 422),
        ({"kind": "name", "text": "字" * (MAX_REPORT_CHARS + 1)}, 422),
        ({"kind": "name", "text": "a\u202eb"}, 422),
        ({"kind": "name", "uscc": OTHER_USCC}, 400),
    ],
)
def test_a_report_that_is_not_right_is_refused(
    browser: Browser, db: Database, plate: PlateView, form: dict[str, str], status: int
) -> None:
    browser.get(path_of(plate))

    assert browser.post(path_of(plate) + "/report", form).status_code == status
    with db.read() as session:
        assert session.query(PublicReport).count() == 0


def test_a_report_needs_the_form_of_the_page_and_a_genuine_code(browser: Browser, plate: PlateView) -> None:
    browser.get(path_of(plate))

    assert browser.post(forged(path_of(plate)) + "/report", {"kind": "name"}).status_code == 404
    bare = browser.client.post(path_of(plate) + "/report", base_url=browser.base, data={"kind": "name"})
    assert bare.status_code == 403
    elsewhere = {"Origin": "https://elsewhere.example"}
    assert browser.post(path_of(plate) + "/report", {"kind": "name"}, headers=elsewhere).status_code == 403


@pytest.mark.parametrize("uscc", [USCC, "91330110MA2B0XYZ1K", "x"])
def test_nobody_is_thanked_for_a_report_that_never_came(
    browser: Browser, plate: PlateView, uscc: str
) -> None:
    assert plate.uscc == USCC

    for path in (f"/c/thanks/{uscc}/{UUID(int=7)}", f"/c/thanks/{UUID(int=7)}"):
        answer = browser.get(path)
        assert answer.status_code == 404
        assert "已收到" not in answer.text
