"""What an enterprise's people do in their end: declare, make and lose plates; and what they may not."""

from uuid import UUID

import pytest

from hub.codes.models import Plate
from hub.codes.plates.queries import plates_of
from hub.codes.rules import PlateState
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.licenses.errors import AlreadyWaivedError, WaiverRevokedError
from hub.licenses.models import Summary, Waiver
from hub.trust.record.models import Event
from tests.support.browser import Browser
from tests.support.plates import OTHER_USCC, USCC, add_enterprise, add_premises
from tests.support.spaces import add_space


@pytest.fixture
def places(db: Database) -> tuple[UUID, UUID]:
    return add_space(db)


@pytest.fixture
def owner(browser: Browser, places: tuple[UUID, UUID]) -> Browser:  # noqa: ARG001  # the space exists first
    browser.login(Role.OWNER, uscc=USCC)
    return browser


def test_a_duty_is_declared_as_not_applying_and_taken_back(
    owner: Browser, db: Database, places: tuple[UUID, UUID]
) -> None:
    form = f"/enterprise/permits/tobacco-retail/waive?premises={places[1]}"
    assert "烟草专卖零售许可证" in owner.get(form).text

    told = owner.post(
        form, {"reason": "该门店不销售烟草制品", "premises_id": str(places[1]), "confirmed": "yes"}
    )

    assert (told.status_code, told.location) == (303, "/enterprise/permits")
    page = owner.get("/enterprise/permits").text
    assert "已声明不涉及，监管部门可以看到该声明" in page
    assert "该门店不销售烟草制品" in page
    assert owner.get(form).status_code == 404
    with db.read() as session:
        waiver = session.query(Waiver).one()
        declared = session.query(Event).filter(Event.kind == "waiver.declared").one()
        assert (waiver.declared_by, waiver.premises_id) == ("测试员", places[1])
        assert "不销售" not in str(declared.data)
        assert session.get_one(Summary, USCC).missing == 2
        path = f"/enterprise/waivers/{waiver.id}/revoke"

    assert owner.post(path).status_code == 303
    with db.read() as session:
        assert session.get_one(Summary, USCC).missing == 3
    assert owner.get(form).status_code == 200
    again = owner.post(path)
    assert (again.status_code, WaiverRevokedError.zh in again.text) == (409, True)


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"reason": "不做", "confirmed": "yes"}, 422),
        ({"reason": "字" * 201, "confirmed": "yes"}, 422),
        ({"reason": "该门店不销售烟草\u202e制品", "confirmed": "yes"}, 422),
        ({"reason": "该门店不销售烟草制品"}, 400),
        ({"reason": "该门店不销售烟草制品", "confirmed": "yes", "uscc": OTHER_USCC}, 400),
        ({"reason": "该门店不销售烟草制品", "confirmed": "yes", "premises_id": "x"}, 400),
        ({"reason": "该门店不销售烟草制品", "confirmed": "yes", "premises_id": str(UUID(int=5))}, 404),
    ],
)
def test_a_declaration_that_is_not_right_is_refused(
    owner: Browser, db: Database, form: dict[str, str], status: int
) -> None:
    assert owner.post("/enterprise/permits/tobacco-retail/waive", form).status_code == status
    with db.read() as session:
        assert session.query(Waiver).count() == 0


def test_the_same_duty_is_not_declared_twice_and_an_unknown_one_never(
    owner: Browser, places: tuple[UUID, UUID]
) -> None:
    form = {"reason": "该门店不销售烟草制品", "premises_id": str(places[1]), "confirmed": "yes"}
    first = owner.post("/enterprise/permits/tobacco-retail/waive", form)
    second = owner.post("/enterprise/permits/tobacco-retail/waive", form)
    unknown = owner.post("/enterprise/permits/no-such-kind/waive", form)

    assert (first.status_code, second.status_code, unknown.status_code) == (303, 409, 404)
    assert AlreadyWaivedError.zh in second.text


def test_a_plate_is_made_downloaded_lost_found_and_replaced(
    owner: Browser, db: Database, places: tuple[UUID, UUID]
) -> None:
    assert owner.post(f"/enterprise/premises/{places[0]}/plate").status_code == 303
    plate = plates_of(USCC, db=db)[0].plate
    assert plate.grouped_id in owner.get("/enterprise/premises").text
    for form, start in (("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<svg")):
        file = owner.get(f"/enterprise/plates/{plate.plate_id}.{form}")
        assert file.data.startswith(start) or b"<svg" in file.data[:200]
        assert file.headers["Content-Disposition"].startswith("attachment")

    assert owner.post(f"/enterprise/plates/{plate.plate_id}/placed").status_code == 303
    assert owner.post(f"/enterprise/plates/{plate.plate_id}/lost").status_code == 303
    assert "挂失" in owner.get("/enterprise/premises").text
    assert owner.get(f"/enterprise/plates/{plate.plate_id}.png").status_code == 404
    assert owner.post(f"/enterprise/plates/{plate.plate_id}/found").status_code == 303
    assert owner.post(f"/enterprise/plates/{plate.plate_id}/replace").status_code == 303

    states = {row.plate.plate_id: row.plate.state for row in plates_of(USCC, db=db)}
    assert states.pop(plate.plate_id) is PlateState.VOID
    assert list(states.values()) == [PlateState.MADE]


def test_another_enterprises_plate_and_premises_are_not_there(
    owner: Browser, db: Database, browser: Browser
) -> None:
    add_enterprise(db, uscc=OTHER_USCC)
    theirs = add_premises(db, uscc=OTHER_USCC)
    browser.login(Role.OWNER, uscc=OTHER_USCC)
    browser.post(f"/enterprise/premises/{theirs}/plate")
    plate = plates_of(OTHER_USCC, db=db)[0].plate.plate_id
    owner.login(Role.OWNER, uscc=USCC)

    assert owner.post(f"/enterprise/premises/{theirs}/plate").status_code == 404
    assert owner.get(f"/enterprise/plates/{plate}.png").status_code == 404
    assert {owner.post(f"/enterprise/plates/{plate}/{step}").status_code for step in ("lost", "replace")} == {
        404
    }
    with db.read() as session:
        assert session.query(Plate).one().state == PlateState.MADE


def test_an_agent_shows_the_code_but_makes_no_plate(browser: Browser, places: tuple[UUID, UUID]) -> None:
    browser.login(Role.AGENT, uscc=USCC)

    assert browser.get("/enterprise/code").status_code == 200
    assert browser.post(f"/enterprise/premises/{places[0]}/plate").status_code == 404
    assert "制作码牌" not in browser.get("/enterprise/premises").text


def test_every_post_needs_the_token_of_the_page(owner: Browser, places: tuple[UUID, UUID]) -> None:
    for path in (f"/enterprise/premises/{places[0]}/plate", "/enterprise/permits/tobacco-retail/waive"):
        bare = owner.client.post(path, base_url=owner.base, data={"reason": "该门店不销售烟草制品"})
        assert bare.status_code == 403
