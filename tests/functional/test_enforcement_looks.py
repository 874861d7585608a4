"""More than the public view: never without a purpose, always on record, for half an hour."""

from datetime import timedelta

import pytest

from hub import config
from hub.access.look_history import visits
from hub.access.looks import LOOK_LIFE, record_look
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from tests.support.browser import Browser
from tests.support.plates import OTHER_USCC, USCC, add_enterprise, add_plate
from tests.support.spaces import add_space, counted_statements

BEYOND = ("应办", "行政处罚", "未按规定对生产经营场所进行定期维护", "外卖递送服务", "水亭街88号")
MOST_STATEMENTS = 12
ENDS = ((Role.OFFICER, "enforcement"), (Role.OFFICIAL, "government"))


@pytest.fixture(autouse=True)
def _city(db: Database) -> None:
    add_space(db)


@pytest.mark.parametrize(("role", "end"), ENDS)
def test_without_a_purpose_the_page_asks_for_one_and_shows_nothing(
    browser: Browser, db: Database, role: Role, end: str
) -> None:
    browser.login(role)
    page = browser.get(f"/{end}/enterprises/{USCC}")

    assert page.status_code == 200
    assert "查看事由" in page.text
    for hidden in BEYOND[1:]:
        assert hidden not in page.text
    assert len(visits(USCC, db=db)) == 1  # the one that the space was made with


@pytest.mark.parametrize(("role", "end"), ENDS)
def test_with_a_purpose_everything_is_shown_and_the_enterprise_reads_who_and_why(
    app: object, browser: Browser, role: Role, end: str
) -> None:
    browser.login(role, name="林知远", department="柯城区市场监督管理局")

    answer = browser.post(f"/{end}/enterprises/{USCC}/look", {"purpose": "complaint", "reason": "核查举报"})
    page = browser.get(answer.location)
    owner = Browser(app)  # type: ignore[arg-type]  # the application fixture
    owner.login(Role.OWNER, uscc=USCC)
    seen = owner.get("/enterprise/looks").text

    assert answer.status_code == 303
    for said in (*BEYOND, "事由：投诉举报核查"):
        assert said in page.text
    for said in ("林知远", "柯城区市场监督管理局", "投诉举报核查", "核查举报"):
        assert said in seen


@pytest.mark.parametrize(("role", "end"), ENDS)
@pytest.mark.parametrize(
    "form",
    [{}, {"purpose": "curiosity"}, {"purpose": "other"}, {"purpose": "other", "reason": "字" * 201}],
    ids=["none", "unknown", "other without a reason", "a reason too long"],
)
def test_a_purpose_that_is_none_opens_nothing(
    browser: Browser, role: Role, end: str, form: dict[str, str]
) -> None:
    browser.login(role)

    assert browser.post(f"/{end}/enterprises/{USCC}/look", form).status_code == 422
    assert "查看事由" in browser.get(f"/{end}/enterprises/{USCC}").text


@pytest.mark.parametrize(("role", "end"), ENDS)
@pytest.mark.parametrize(("age", "is_open"), [(LOOK_LIFE - timedelta(minutes=1), True), (LOOK_LIFE, False)])
def test_a_look_runs_out_and_the_purpose_is_asked_again(
    browser: Browser, db: Database, role: Role, end: str, age: timedelta, *, is_open: bool
) -> None:
    actor = browser.login(role)
    then = config.now() - age
    record_look(actor=actor, uscc=USCC, purpose="routine", reason="", seen="x", now=then, db=db)

    page = browser.get(f"/{end}/enterprises/{USCC}")

    assert ("行政处罚" in page.text) is is_open
    assert ("查看事由" in page.text) is not is_open


def test_a_look_opens_no_other_enterprise_and_nothing_for_a_colleague(
    app: object, browser: Browser, db: Database
) -> None:
    add_enterprise(db, uscc=OTHER_USCC)
    browser.login(Role.OFFICER)
    browser.post(f"/enforcement/enterprises/{USCC}/look", {"purpose": "routine"})
    colleague = Browser(app)  # type: ignore[arg-type]  # the application fixture
    colleague.login(Role.OFFICER)

    assert "查看事由" in browser.get(f"/enforcement/enterprises/{OTHER_USCC}").text
    assert "查看事由" in colleague.get(f"/enforcement/enterprises/{USCC}").text


def test_while_a_look_lasts_the_verdict_does_not_ask_again(
    browser: Browser, db: Database, settings: Settings
) -> None:
    plate = add_plate(db, settings, uscc=OTHER_USCC)
    browser.login(Role.OFFICER)
    browser.post(f"/enforcement/enterprises/{OTHER_USCC}/look", {"purpose": "routine"})

    page = browser.post("/enforcement/scan", {"text": plate.text}).text

    assert "暂时无需再次选择" in page
    assert "查看事由" not in page.replace("查看事由已留痕", "")


@pytest.mark.parametrize(("role", "end"), ENDS)
@pytest.mark.parametrize("uscc", [OTHER_USCC, "nonsense", "91330802MA2TEXT16X"])
def test_an_enterprise_that_is_not_there_is_not_found_and_leaves_no_look(
    browser: Browser, db: Database, role: Role, end: str, uscc: str
) -> None:
    browser.login(role)

    assert browser.get(f"/{end}/enterprises/{uscc}").status_code == 404
    assert browser.post(f"/{end}/enterprises/{uscc}/look", {"purpose": "routine"}).status_code == 404
    assert visits(uscc, db=db) == []


def test_hostile_words_of_a_reason_stay_words(app: object, browser: Browser) -> None:
    browser.login(Role.OFFICER, name="<b>林</b>")
    browser.post(
        f"/enforcement/enterprises/{USCC}/look", {"purpose": "other", "reason": "<script>alert(1)</script>"}
    )
    owner = Browser(app)  # type: ignore[arg-type]  # the application fixture
    owner.login(Role.OWNER, uscc=USCC)
    page = owner.get("/enterprise/looks").text

    assert "<script>alert(1)" not in page
    assert "<b>林</b>" not in page


@pytest.mark.parametrize(("role", "end"), ENDS)
def test_the_full_view_takes_a_dozen_statements(browser: Browser, db: Database, role: Role, end: str) -> None:
    browser.login(role)
    browser.post(f"/{end}/enterprises/{USCC}/look", {"purpose": "routine"})
    browser.get(f"/{end}/enterprises/{USCC}")

    with counted_statements(browser.services.db) as seen:
        assert browser.get(f"/{end}/enterprises/{USCC}").status_code == 200
    assert len(seen) <= MOST_STATEMENTS
    assert db is not None
