"""The people of the demonstration: each may do what the welcome says and no more, and two decide what takes two."""

from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from hub import config
from hub.access import remits
from hub.access.demonstrators import (
    DEMONSTRATORS,
    JIANGSHAN,
    KECHENG,
    ReadyLogin,
    demonstration_logins,
)
from hub.access.models import Appointment
from hub.access.remits import WHOLE_CITY
from hub.access.service import DEMONSTRATION
from hub.codes.models import Plate
from hub.codes.plates.service import PlateOffice
from hub.demo.load import load
from hub.kernel.actor import Operator
from hub.registry.models import Enterprise
from hub.web.context import EXTENSION, Services
from tests.support.browser import Browser

JSON = {"Accept": "application/json"}
TITLES = {who.title.zh: number for number, who in enumerate(DEMONSTRATORS)}


class Demonstration:
    """The city with its people, each in a browser of their own."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        services: Services = app.extensions[EXTENSION]
        self.db, self.settings = services.db, services.settings
        moment = config.now()
        press = PlateOffice(issuer=services.issuer, origin=self.settings.base_url)
        today = self.settings.today(moment)
        mark = load(
            self.db,
            press=press,
            size=40,
            seed=None,
            today=today,
            now=moment,
            by=Operator("tester"),
            progress=int,
        )
        self.showcase = mark.showcase
        self.logins = self.fresh_logins()

    def fresh_logins(self) -> tuple[ReadyLogin, ...]:
        return demonstration_logins(self.db, self.settings, uscc=self.showcase, now=config.now())

    def come_in(self, title: str) -> Browser:
        """The person with this title, logged in by the link that the welcome shows."""
        browser = Browser(self.app)
        path = urlsplit(self.logins[TITLES[title]].link).path
        assert browser.get(path).status_code == 200
        assert browser.post(path).status_code == 303
        return browser

    def enterprise_in(self, region: str) -> str:
        with self.db.read() as session:
            there = select(Enterprise.uscc).where(
                Enterprise.region == region, Enterprise.uscc != self.showcase
            )
            return session.scalars(there.order_by(Enterprise.uscc)).first() or ""

    def plate_of(self, uscc: str) -> str:
        with self.db.read() as session:
            standing = select(Plate.plate_id).where(Plate.uscc == uscc, Plate.state == "已铺设")
            return session.scalars(standing.order_by(Plate.plate_id)).first() or ""


@pytest.fixture
def demo(demo_app: Flask) -> Demonstration:
    return Demonstration(demo_app)


def look(browser: Browser, end: str, uscc: str, purpose: str) -> str:
    """Ask to look; "shown" or the reason of the refusal."""
    answer = browser.post(f"/{end}/enterprises/{uscc}/look", {"purpose": purpose}, headers=JSON)
    return "shown" if answer.status_code == 303 else str(answer.json["reason"])


def test_remits_are_kept_by_district_purpose_and_department(demo: Demonstration) -> None:
    kecheng, jiangshan = demo.showcase, demo.enterprise_in(JIANGSHAN)
    officer, other = demo.come_in("柯城区执法员"), demo.come_in("江山市执法员")
    city, district, market = (
        demo.come_in(title) for title in ("市级政务人员", "柯城区政务人员", "市场监管部门人员")
    )

    seen = {
        "officer of Kecheng": [
            look(officer, "enforcement", uscc, "routine") for uscc in (kecheng, jiangshan)
        ],
        "officer of Jiangshan": [
            look(other, "enforcement", uscc, "routine") for uscc in (kecheng, jiangshan)
        ],
        "and what for": [look(other, "enforcement", jiangshan, "special")],
        "city": [look(city, "government", uscc, "routine") for uscc in (kecheng, jiangshan)],
        "district": [look(district, "government", uscc, "routine") for uscc in (kecheng, jiangshan)],
        "market": [look(market, "government", kecheng, purpose) for purpose in ("routine", "special")],
    }

    assert seen == {
        "officer of Kecheng": ["shown", "REMIT_DISTRICT"],
        "officer of Jiangshan": ["REMIT_DISTRICT", "shown"],
        "and what for": ["REMIT_PURPOSE"],
        "city": ["shown", "shown"],
        "district": ["shown", "REMIT_DISTRICT"],
        "market": ["REMIT_PURPOSE", "shown"],
    }


def ask_to_resume(browser: Browser, plate_id: str) -> str:
    """Suspend a plate and ask that it is believed again; the page of the decision."""
    page = f"/government/plates/{plate_id}"
    assert browser.post(f"{page}/suspend").status_code == 303
    asked = browser.post(f"{page}/resume", {"words": "演示：已重新核对"})
    assert asked.status_code == 303
    return str(asked.location)


def test_two_people_bring_a_plate_back_and_no_other_person_of_the_demonstration_decides(
    demo: Demonstration,
) -> None:
    city, district, market = (
        demo.come_in(title) for title in ("市级政务人员", "柯城区政务人员", "市场监管部门人员")
    )
    plate_id = demo.plate_of(demo.showcase)
    page = ask_to_resume(city, plate_id)

    alone = city.post(page, {"decision": "approve"}, headers=JSON)
    assert (alone.status_code, alone.json["reason"]) == (403, "SECOND_PERSON")
    assert market.get(page).status_code == 404
    assert page in district.get("/government/proposals").text
    assert district.post(page, {"decision": "approve"}).status_code == 303
    with demo.db.read() as session:
        state = session.scalars(select(Plate.state).where(Plate.plate_id == plate_id)).one()
    assert state == "已制码"  # believed again, and to be confirmed in its place
    assert "已同意" in city.get(page).text


def test_the_districts_official_does_not_decide_about_an_enterprise_elsewhere(demo: Demonstration) -> None:
    city, district = demo.come_in("市级政务人员"), demo.come_in("柯城区政务人员")
    with demo.db.read() as session:
        elsewhere = (
            select(Plate.plate_id)
            .join(Enterprise, Enterprise.uscc == Plate.uscc)
            .where(~Enterprise.region.startswith(KECHENG), Plate.state == "已铺设")
        )
        plate_id = session.scalars(elsewhere.order_by(Plate.plate_id)).first()
    assert plate_id is not None
    page = ask_to_resume(city, plate_id)

    refused = district.post(page, {"decision": "approve"}, headers=JSON)

    assert (refused.status_code, refused.json["reason"]) == (403, "REMIT_DISTRICT")


def test_people_of_an_older_demonstration_get_the_remits_that_the_welcome_tells(demo: Demonstration) -> None:
    def standing() -> list[tuple[remits.RemitInput, ...]]:
        now = config.now()
        with demo.db.read() as session:
            people = select(Appointment).where(
                Appointment.by == DEMONSTRATION, Appointment.role.in_(remits.SERVING)
            )
            return [remits.standing(session, one, now=now) for one in session.scalars(people)]

    before = standing()
    with demo.db.read() as session:
        ids = list(session.scalars(select(Appointment.id).where(Appointment.role.in_(remits.SERVING))))
    for one in ids:
        remits.change(one, given=[WHOLE_CITY], by=Operator("test"), now=config.now(), db=demo.db)
    assert standing() != before
    demo.fresh_logins()

    assert sorted(standing(), key=str) == sorted(before, key=str)
    assert len(before) == 5


def test_each_person_is_appointed_once_however_often_the_welcome_is_shown(demo: Demonstration) -> None:
    with demo.db.read() as session:
        before = sorted(session.scalars(select(Appointment.id).where(Appointment.by == DEMONSTRATION)))
    demo.fresh_logins()
    with demo.db.read() as session:
        after = sorted(session.scalars(select(Appointment.id).where(Appointment.by == DEMONSTRATION)))

    assert len(before) == len(DEMONSTRATORS)
    assert after == before
