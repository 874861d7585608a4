"""What departments and people do reaches the status lists in the same transaction; on both databases."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from hub.codes.plates import service, statuses
from hub.codes.rules import PlateAction, PlateEnd
from hub.config import Settings
from hub.kernel.actor import Operator
from hub.kernel.database import Database
from hub.licenses import statuses as license_statuses
from hub.licenses.models import License
from hub.licenses.rules import LicenseState
from hub.registry import statuses as registry_statuses
from hub.registry.models import Premises
from hub.registry.rules import EntityState
from hub.trust.bundles.models import PlateRow
from hub.trust.record.models import Event
from hub.trust.statuses.models import StatusEntry, StatusIndex, StatusStanding
from hub.trust.statuses.rules import SubjectKind
from hub.trust.statuses.service import allocate
from signing.status import Status
from tests.support.issued import audited
from tests.support.plates import lay_plate, owner_of, press_of, replace_plate
from tests.support.records import CODE, enterprises, licenses, permit, shop
from tests.support.statuses import act, entry_of

PLATE, CREDENTIAL = SubjectKind.PLATE, SubjectKind.CREDENTIAL
BY = Operator("tester")


@pytest.fixture
def plate(any_db: Database, settings: Settings, now: datetime) -> str:
    """The plate of the one enterprise that is stored."""
    enterprises(any_db, shop())
    with any_db.read() as session:
        premises_id = session.scalars(select(Premises.id)).one()
    made = lay_plate(premises_id, press=press_of(settings), now=now, db=any_db)
    return made.plate_id


def credential(db: Database, name: str, parent: UUID | None, *, now: datetime) -> None:
    with db.write() as session:
        act(session, CODE, now)
        allocate(session, uscc=CODE, kind=CREDENTIAL, subject=name, parent=parent, now=now)


def stored_license(db: Database) -> UUID:
    licenses(db, permit())
    with db.read() as session:
        return session.scalars(select(License.id)).one()


def value(db: Database, kind: SubjectKind, subject: str) -> int:
    return entry_of(db, CODE, kind, subject).value


def test_a_plate_is_listed_when_it_is_made_and_followed(
    any_db: Database, plate: str, settings: Settings, now: datetime
) -> None:
    seen = [value(any_db, PLATE, plate)]
    for action in (PlateAction.PLACE, PlateAction.SUSPEND, PlateAction.RESUME, PlateAction.REPORT_LOST):
        service.change_plate(plate, action=action, by=owner_of(CODE), now=now, db=any_db)
        seen.append(value(any_db, PLATE, plate))
    new = replace_plate(plate, reason=PlateEnd.LOST, press=press_of(settings), now=now, db=any_db)

    assert seen == [0, 0, 2, 0, 2]
    assert value(any_db, PLATE, plate) == Status.REVOKED
    assert value(any_db, PLATE, new.plate_id) == Status.VALID
    old_place, new_place = (entry_of(any_db, CODE, PLATE, name) for name in (plate, new.plate_id))
    assert (old_place.list, old_place.idx) != (new_place.list, new_place.idx)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (EntityState.DORMANT, Status.VALID),
        (EntityState.LIQUIDATING, Status.VALID),
        (EntityState.ORDERED_CLOSED, Status.REVOKED),
        (EntityState.REVOKED, Status.REVOKED),
        (EntityState.DEREGISTERED, Status.REVOKED),
        (EntityState.ANNULLED, Status.REVOKED),
        (EntityState.MOVED_OUT, Status.REVOKED),
        (EntityState.UNCONFIRMED, Status.CHANGED),
    ],
)
def test_the_state_of_an_enterprise_reaches_its_plates_and_credentials(
    any_db: Database, plate: str, now: datetime, state: EntityState, expected: Status
) -> None:
    credential(any_db, "permit", stored_license(any_db), now=now)

    enterprises(any_db, shop(state=state, state_text=state.value))

    assert [value(any_db, PLATE, plate), value(any_db, CREDENTIAL, "permit")] == [expected] * 2


@pytest.mark.parametrize("state", LicenseState)
def test_the_state_of_a_license_reaches_its_credentials_only(
    any_db: Database, plate: str, now: datetime, state: LicenseState
) -> None:
    credential(any_db, "permit", stored_license(any_db), now=now)

    licenses(any_db, permit(state=state))

    assert value(any_db, CREDENTIAL, "permit") == license_statuses.OF_STATE[state]
    assert value(any_db, PLATE, plate) == Status.VALID


@pytest.mark.usefixtures("plate")
def test_a_license_written_anew_makes_older_credentials_outdated_and_suspension_alone_does_not(
    any_db: Database, now: datetime
) -> None:
    credential(any_db, "permit", stored_license(any_db), now=now)
    seen = []
    for changed in (
        permit(state=LicenseState.SUSPENDED),
        permit(state=LicenseState.VALID),
        permit(address="浙江省衢州市柯城区试验路2号"),
        permit(),
    ):
        licenses(any_db, changed)
        seen.append(value(any_db, CREDENTIAL, "permit"))

    assert seen == [2, 0, 3, 3]


def test_a_business_license_written_anew_makes_its_own_credentials_outdated(
    any_db: Database, plate: str, now: datetime
) -> None:
    credential(any_db, "permit", stored_license(any_db), now=now)
    credential(any_db, "business", None, now=now)

    enterprises(any_db, shop(state=EntityState.DORMANT, state_text="歇业"))
    before = value(any_db, CREDENTIAL, "business")
    enterprises(any_db, shop(person="李四"))

    assert before == Status.VALID
    assert value(any_db, CREDENTIAL, "business") == Status.CHANGED
    assert value(any_db, CREDENTIAL, "permit") == Status.VALID
    assert value(any_db, PLATE, plate) == Status.VALID


@pytest.mark.usefixtures("plate")
def test_nothing_stands_for_enterprises_and_licenses_that_are_in_force(any_db: Database) -> None:
    """275 000 enterprises and millions of licenses are imported: only what speaks against is kept."""
    before = standing_rows(any_db)
    enterprises(any_db, *(replace(shop(), uscc=code) for code in (CODE, OTHER)))
    licenses(any_db, permit(), permit(number="JY23308020000026"))

    assert standing_rows(any_db) == before


def test_a_database_from_before_the_lists_is_completed_once(
    any_db: Database, plate: str, now: datetime
) -> None:
    license_id = stored_license(any_db)
    licenses(any_db, permit(state=LicenseState.SUSPENDED))
    service.change_plate(plate, action=PlateAction.REPORT_LOST, by=BY, now=now, db=any_db)
    enterprises(any_db, shop(uscc=OTHER, name="别的商行", state=EntityState.REVOKED, state_text="吊销"))
    with any_db.write() as session:
        for model in (StatusEntry, StatusIndex, StatusStanding, PlateRow):
            session.execute(delete(model))

    for _ in range(2):
        registry_statuses.complete(any_db, now=now)
        license_statuses.complete(any_db, now=now)
        statuses.complete(any_db, by=BY, now=now)

    assert value(any_db, PLATE, plate) == Status.SUSPENDED
    with any_db.read() as session:
        acts = session.scalars(select(Event.subject).where(Event.kind == "plate.listed")).all()
        stands = {(row.uscc, row.subject): row.value for row in session.scalars(select(StatusStanding))}
    assert acts == [plate]
    assert stands[CODE, str(license_id)] == Status.SUSPENDED
    assert stands[OTHER, ""] == Status.REVOKED


def test_a_plate_without_an_entry_gets_one_with_its_next_step(
    any_db: Database, plate: str, now: datetime
) -> None:
    with any_db.write() as session:
        for model in (StatusEntry, StatusIndex, PlateRow):
            session.execute(delete(model))

    service.end_plate(plate, reason=PlateEnd.COPIED, by=BY, now=now, db=any_db)

    assert value(any_db, PLATE, plate) == Status.REVOKED


OTHER = "91330802MA2TEXT263"


def standing_rows(db: Database) -> int:
    with db.read() as session:
        return len(session.scalars(select(StatusStanding)).all())


def test_the_public_log_names_an_entry_that_was_changed_behind_the_hub_s_back(
    any_db: Database, plate: str, settings: Settings, now: datetime
) -> None:
    credential(any_db, "permit", stored_license(any_db), now=now)
    licenses(any_db, permit(state=LicenseState.SUSPENDED))
    enterprises(any_db, shop(state=EntityState.REVOKED, state_text="吊销"))
    before = audited(any_db, settings, now=now)
    with any_db.write() as session:
        session.execute(update(StatusEntry).where(StatusEntry.subject == plate).values(value=0))

    found = audited(any_db, settings, now=now)

    assert before == []
    assert len(found) == 1
    assert f"trust_status_entry {CODE}/plate/{plate}" in found[0]


def test_an_edited_standing_holds_no_revocation_back(any_db: Database, plate: str, now: datetime) -> None:
    license_id = stored_license(any_db)
    credential(any_db, "K", license_id, now=now)
    with any_db.write() as session:
        session.execute(update(StatusStanding).values(value=int(Status.REVOKED)))

    licenses(any_db, permit(state=LicenseState.REVOKED, source_version=2))
    enterprises(any_db, shop(state=EntityState.DEREGISTERED, state_text="注销"))

    assert value(any_db, PLATE, plate) == Status.REVOKED
    entry = entry_of(any_db, CODE, CREDENTIAL, "K")
    assert (entry.license, entry.enterprise) == (Status.REVOKED, Status.REVOKED)
