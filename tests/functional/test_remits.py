"""Remits: who looks where and what for, refused where the act is done."""

from datetime import timedelta
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from hub.access import remits
from hub.access.district_looks import record_carried
from hub.access.look_history import visits
from hub.access.look_numbers import number_of
from hub.access.looks import record_look
from hub.access.models import Appointment, Person, Remit
from hub.access.remits import NoRemitError, RemitDistrictError, RemitInput, RemitPurposeError
from hub.cli.account import account
from hub.cli.context import HubContext
from hub.kernel.actor import Actor, Role
from hub.kernel.database import Database
from hub.kernel.errors import HubError, InvalidInputError, NotAllowedError
from tests.support.beside import beside
from tests.support.browser import Browser
from tests.support.plates import NOW, OPERATOR, OTHER_USCC, USCC, add_enterprise, add_premises
from tests.support.remits import serve

pytestmark = pytest.mark.usefixtures("acts_are_named")

OFFICE = "柯城区消防救援大队"
OFFICER = Actor(UUID(int=31), "林知远", Role.OFFICER, department=OFFICE)
CHIEF = Actor(UUID(int=32), "周队长", Role.OFFICIAL, department=OFFICE)
SECOND = Actor(UUID(int=33), "吴科长", Role.OFFICIAL, department=OFFICE)


def look(
    db: Database, *, uscc: str = USCC, purpose: str = "routine", by: Actor = OFFICER, **more: object
) -> None:
    told = {"reason": "", "seen": "x", "now": NOW, **more}
    record_look(actor=by, uscc=uscc, purpose=purpose, db=db, **told)  # type: ignore[arg-type]  # parts of a look


@pytest.mark.parametrize("role", [Role.OFFICER, Role.OFFICIAL])
@pytest.mark.parametrize(
    ("given", "purpose", "refusal"),
    [
        (None, "routine", NoRemitError),
        (RemitInput("330881"), "routine", RemitDistrictError),
        (RemitInput("3301"), "routine", RemitDistrictError),
        (RemitInput("330802", ("complaint",)), "routine", RemitPurposeError),
        (RemitInput("330802"), "routine", None),
        (RemitInput("3308"), "emergency", None),
        (RemitInput("33"), "complaint", None),
        (RemitInput("330802", ("complaint", "routine")), "routine", None),
    ],
)
def test_a_look_keeps_to_the_district_and_purposes_of_the_remit(
    any_db: Database, role: Role, given: RemitInput | None, purpose: str, refusal: type[HubError] | None
) -> None:
    actor = Actor(UUID(int=34), "林知远", role, department=OFFICE)
    add_enterprise(any_db)
    if given is not None:
        serve(actor, db=any_db, given=given)

    if refusal is None:
        look(any_db, purpose=purpose, by=actor)
    else:
        with pytest.raises(refusal):
            look(any_db, purpose=purpose, by=actor)
    assert len(visits(USCC, db=any_db)) == (refusal is None)


def test_district_and_purpose_belong_to_one_remit_together(db: Database) -> None:
    add_enterprise(db)
    add_enterprise(db, uscc=OTHER_USCC, region="330881")
    serve(OFFICER, db=db, given=RemitInput("330802", ("routine",)))
    serve(OFFICER, db=db, given=RemitInput("330881", ("complaint",)))

    look(db)
    look(db, uscc=OTHER_USCC, purpose="complaint")
    with pytest.raises(RemitDistrictError):
        look(db, uscc=OTHER_USCC)


def test_a_place_of_business_within_the_district_is_enough(db: Database) -> None:
    add_enterprise(db, region="330881")
    add_premises(db, region="330802")
    serve(OFFICER, db=db, given=RemitInput("330802"))

    look(db)


def test_another_office_of_the_same_person_has_a_remit_of_its_own(db: Database) -> None:
    add_enterprise(db)
    serve(OFFICER, db=db)

    with pytest.raises(NoRemitError):
        look(db, by=Actor(OFFICER.person_id, "林知远", Role.OFFICER, department="另一单位"))


@pytest.mark.parametrize(
    ("given", "refusal"), [(RemitInput("330881"), RemitDistrictError), (None, NoRemitError)]
)
def test_a_county_is_taken_along_within_the_remit_only(
    db: Database, given: RemitInput | None, refusal: type[HubError]
) -> None:
    if given is not None:
        serve(OFFICER, db=db, given=given)
    with pytest.raises(refusal):
        record_carried(by=OFFICER, region="330802", purpose="routine", reason="", now=NOW, db=db)


def test_the_page_and_the_api_say_what_is_outside_the_remit(browser: Browser) -> None:
    add_enterprise(browser.services.db)
    browser.login(Role.OFFICER, remit=RemitInput("330881"))

    page = browser.post(f"/enforcement/enterprises/{USCC}/look", {"purpose": "routine"})
    answer = browser.json("/api/v1/looks", {"uscc": USCC, "purpose": "routine"})

    assert page.status_code == answer.status_code == 403
    assert "不在您的职责辖区内" in page.text
    assert answer.get_json()["reason"] == "REMIT_DISTRICT"


def test_a_remit_is_changed_on_record_and_never_by_oneself(db: Database) -> None:
    add_enterprise(db)
    appointment = _appointed(db, OFFICER)
    assert remits.adopt(db, by=OPERATOR, now=NOW) == 1
    assert remits.adopt(db, by=OPERATOR, now=NOW) == 0
    look(db)

    remits.change(appointment, given=[RemitInput("330881")], by=CHIEF, now=NOW + timedelta(hours=1), db=db)
    with pytest.raises(RemitDistrictError):
        look(db, now=NOW + timedelta(hours=2))
    remits.change(appointment, given=[], by=CHIEF, now=NOW + timedelta(hours=3), db=db)
    with pytest.raises(NoRemitError):
        look(db, now=NOW + timedelta(hours=4))
    assert remits.adopt(db, by=OPERATOR, now=NOW + timedelta(hours=5)) == 0

    own = _appointed(db, CHIEF)
    with pytest.raises(NotAllowedError):
        remits.change(own, given=[RemitInput("33")], by=CHIEF, now=NOW, db=db)
    with pytest.raises(NotAllowedError):
        remits.change(own, given=[RemitInput("33")], by=OFFICER, now=NOW, db=db)
    with db.read() as session:
        ends = session.scalars(select(Remit.valid_to).order_by(Remit.valid_from)).all()
    assert ends == [NOW + timedelta(hours=1), NOW + timedelta(hours=3)]


@pytest.mark.parametrize("district", ["", "3", "330", "3308020", "３３", "33\n", "%"])
def test_a_district_is_the_start_of_a_division_code(district: str) -> None:
    with pytest.raises(InvalidInputError, match="DISTRICT"):
        RemitInput(district)


@pytest.mark.parametrize("purposes", [(), ("curiosity",), ("routine", "x")])
def test_a_remit_names_purposes_that_there_are(purposes: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInputError, match="PURPOSE"):
        RemitInput("3308", purposes)


def test_the_command_line_gives_remits_and_numbers(environ: dict[str, str]) -> None:
    hub, runner = HubContext(), CliRunner(env=environ)
    words = [
        "invite",
        "--role",
        "officer",
        "--name",
        "李明",
        "--department",
        "示范局",
        "--district",
        "330802",
    ]
    made = runner.invoke(account, [*words, "--purpose", "routine", "--json"], obj=hub, catch_exceptions=False)
    assert made.exit_code == 0
    with hub.db.read() as session:
        columns = (Remit.person_id, Remit.district, Remit.purposes, Remit.department)
        row = session.execute(select(*columns)).one()
        appointment = session.scalars(select(Appointment.id)).one()
    assert (row.district, row.purposes, row.department) == ("330802", "routine", "示范局")

    runner.invoke(account, ["remit", str(appointment), "--district", "3308"], obj=hub, catch_exceptions=False)
    runner.invoke(account, ["daily", "--role", "officer", "80"], obj=hub, catch_exceptions=False)
    officer = Actor(row.person_id, "李明", Role.OFFICER, department="示范局")
    with hub.db.read() as session:
        standing = session.scalars(select(Remit.district).where(Remit.valid_to.is_(None))).all()
        assert (standing, number_of(session, officer, now=hub.now())) == (["3308"], 80)
    hub.db.close()


def _appointed(db: Database, actor: Actor) -> UUID:
    appointment = Appointment(
        person_id=actor.person_id,
        id=UUID(int=900 + actor.person_id.int),
        role=actor.role,
        department=actor.department,
        valid_from=NOW,
        by="test",
    )
    with beside(db) as session:
        session.add(
            Person(
                id=actor.person_id, name=actor.name, user_handle=bytes(actor.person_id.bytes), created_at=NOW
            )
        )
        session.add(appointment)
        return appointment.id
