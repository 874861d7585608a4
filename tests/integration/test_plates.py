"""Plates in the real databases: issue, re-issue, steps, who may, what is put on record."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from hub.access.proposals.errors import SecondPersonNeededError
from hub.codes.models import Plate, PlateIndex
from hub.codes.plates import queries, rollout, service
from hub.codes.plates.queries import PlateView
from hub.codes.plates.service import EnterpriseEndedError
from hub.codes.rules import (
    PlateAction,
    PlateActionRefusedError,
    PlateEnd,
    PlateEndedError,
    PlateExistsError,
    PlateHeldError,
    PlateState,
)
from hub.config import Settings
from hub.kernel.actor import Doer
from hub.kernel.database import Database
from hub.kernel.errors import HubError, NotAllowedError, NotFoundError
from hub.trust.record.models import Event
from signing import Verifier
from tests.support.plates import (
    NOW,
    OFFICER,
    OFFICIAL,
    OPERATOR,
    OTHER_USCC,
    OWNER,
    USCC,
    add_enterprise,
    add_plate,
    add_premises,
    issuer_of,
    press_of,
    replace_plate,
)
from tests.support.threads import at_once

LATER = NOW + timedelta(hours=1)


def issue(db: Database, settings: Settings, premises_id: UUID, *, by: Doer = OWNER) -> PlateView:
    return service.issue_plate(premises_id, press=press_of(settings), by=by, now=NOW, db=db)


def kinds(db: Database) -> list[str]:
    """What was done, without the intents on record before it; acts of one millisecond have no order among them."""
    with db.read() as session:
        return sorted(session.scalars(select(Event.kind).where(Event.kind.not_like("issue.%"))))


def test_a_made_plate_verifies_and_is_on_record_without_a_name(any_db: Database, settings: Settings) -> None:
    plate = add_plate(any_db, settings)

    code = Verifier(issuer_of(settings).key_set, origins=[settings.base_url]).verify_code(plate.text, now=NOW)
    with any_db.read() as session:
        made = select(Event.kind, Event.subject, Event.uscc, Event.data).where(Event.kind == "plate.made")
        event = session.execute(made).one()
    assert (code.uscc, code.claims.plate_id) == (USCC, plate.plate_id)  # type: ignore[union-attr]
    assert (event.kind, event.subject, event.uscc) == ("plate.made", plate.plate_id, USCC)
    assert event.data == {"premises": str(plate.premises_id), "serial": 1, "kid": plate.kid}
    assert (plate.state, plate.serial, plate.made_at) == (PlateState.MADE, 1, NOW)


def test_premises_have_one_standing_plate(any_db: Database, settings: Settings) -> None:
    plate = add_plate(any_db, settings)

    with pytest.raises(PlateExistsError):
        issue(any_db, settings, plate.premises_id)


def test_of_many_who_issue_at_once_one_makes_the_plate(any_db: Database, settings: Settings) -> None:
    add_enterprise(any_db)
    premises_id = add_premises(any_db)

    results = at_once(8, lambda _: issue(any_db, settings, premises_id))

    made = {each.plate_id for each in results if isinstance(each, PlateView)}
    assert len(made) == 1  # who came while it was made got the same one
    assert all(isinstance(each, PlateExistsError | PlateView) for each in results)
    with any_db.read() as session:
        assert session.scalar(select(func.count()).select_from(Plate)) == 1
        assert session.scalar(select(func.count()).select_from(PlateIndex)) == 1
    assert kinds(any_db) == ["plate.made"]


def test_of_many_who_reissue_at_once_one_replaces_the_plate(any_db: Database, settings: Settings) -> None:
    old = add_plate(any_db, settings)

    results = at_once(
        6,
        lambda _: replace_plate(
            old.plate_id,
            reason=PlateEnd.DAMAGED,
            press=press_of(settings),
            now=LATER,
            db=any_db,
        ),
    )

    assert len({each.plate_id for each in results if isinstance(each, PlateView)}) == 1
    assert all(isinstance(each, PlateEndedError | PlateView) for each in results)
    plates = [row.plate for row in queries.plates_of(USCC, db=any_db)]
    assert sorted((plate.serial, plate.state) for plate in plates) == [
        (1, PlateState.VOID),
        (2, PlateState.MADE),
    ]


def test_a_reissued_plate_ends_the_old_one_for_its_reason(any_db: Database, settings: Settings) -> None:
    old = add_plate(any_db, settings)

    new = replace_plate(old.plate_id, reason=PlateEnd.LOST, press=press_of(settings), now=LATER, db=any_db)

    ended = queries.plate_of(old.plate_id, db=any_db)
    assert ended is not None
    assert (ended.plate.state, ended.plate.end_reason, ended.plate.ended_at) == (
        PlateState.VOID,
        PlateEnd.LOST,
        LATER,
    )
    assert (new.serial, new.premises_id) == (2, old.premises_id)
    assert queries.standing_plate(USCC, old.premises_id, db=any_db) == new
    assert kinds(any_db) == ["plate.made", "plate.made", "plate.void"]


def test_an_ended_enterprise_gets_no_plate(any_db: Database, settings: Settings) -> None:
    add_enterprise(any_db, state="注销")
    premises_id = add_premises(any_db)

    with pytest.raises(EnterpriseEndedError):
        issue(any_db, settings, premises_id)


def test_a_plate_walks_through_its_life_and_every_step_is_on_record(
    any_db: Database, settings: Settings
) -> None:
    plate_id = add_plate(any_db, settings).plate_id
    steps = [
        (PlateAction.PLACE, PlateState.PLACED),
        (PlateAction.SUSPEND, PlateState.SUSPENDED),
        (PlateAction.RESUME, PlateState.MADE),
        (PlateAction.PLACE, PlateState.PLACED),
        (PlateAction.REPORT_LOST, PlateState.LOST),
        (PlateAction.FIND, PlateState.MADE),
    ]

    for action, state in steps:
        changed = service.change_plate(plate_id, action=action, by=OWNER, now=LATER, db=any_db)
        assert changed.state is state

    ended = service.end_plate(plate_id, reason=PlateEnd.CLOSED, by=OWNER, now=LATER, db=any_db)
    assert (ended.state, ended.end_reason, ended.placed_at) == (PlateState.VOID, PlateEnd.CLOSED, LATER)
    assert kinds(any_db) == sorted(["plate.made", *(f"plate.{action}" for action, _ in steps), "plate.void"])


def test_a_refused_step_leaves_no_trace(any_db: Database, settings: Settings) -> None:
    plate_id = add_plate(any_db, settings).plate_id

    with pytest.raises(PlateActionRefusedError):
        service.change_plate(plate_id, action=PlateAction.FIND, by=OWNER, now=LATER, db=any_db)

    assert kinds(any_db) == ["plate.made"]


def test_an_owner_cannot_resume_what_an_official_suspended(any_db: Database, settings: Settings) -> None:
    plate_id = add_plate(any_db, settings).plate_id
    service.change_plate(plate_id, action=PlateAction.SUSPEND, by=OFFICIAL, now=LATER, db=any_db)

    with pytest.raises(PlateHeldError):
        service.change_plate(plate_id, action=PlateAction.RESUME, by=OWNER, now=LATER, db=any_db)

    with pytest.raises(SecondPersonNeededError):
        service.change_plate(plate_id, action=PlateAction.RESUME, by=OFFICIAL, now=LATER, db=any_db)


def test_another_enterprises_plate_does_not_exist_for_an_owner(any_db: Database, settings: Settings) -> None:
    plate = add_plate(any_db, settings, uscc=OTHER_USCC)

    for attempt in (
        lambda: service.end_plate(plate.plate_id, reason=PlateEnd.LOST, by=OWNER, now=LATER, db=any_db),
        lambda: issue(any_db, settings, plate.premises_id, by=OWNER),
        lambda: service.end_plate("7K2M9QXT4R", reason=PlateEnd.LOST, by=OWNER, now=LATER, db=any_db),
        lambda: issue(any_db, settings, uuid4(), by=OWNER),
    ):
        with pytest.raises(NotFoundError):
            attempt()


def test_officers_do_not_manage_plates(any_db: Database, settings: Settings) -> None:
    plate = add_plate(any_db, settings)

    with pytest.raises(NotAllowedError):
        service.end_plate(plate.plate_id, reason=PlateEnd.LOST, by=OFFICER, now=LATER, db=any_db)
    with pytest.raises(NotAllowedError):
        list(rollout.issue_area("南湖商圈", press=press_of(settings), by=OWNER, now=LATER, db=any_db))


def test_an_area_gets_its_plates_in_chunks_and_a_second_run_makes_none(
    any_db: Database, settings: Settings
) -> None:
    add_enterprise(any_db)
    add_enterprise(any_db, uscc=OTHER_USCC, state="注销")
    places = [add_premises(any_db, name=f"店{number}") for number in range(10)]
    add_premises(any_db, uscc=OTHER_USCC, name="已注销")
    add_premises(any_db, name="别处", area="新城商圈")
    first = issue(any_db, settings, places[0])
    service.end_plate(first.plate_id, reason=PlateEnd.MISPRINT, by=OPERATOR, now=NOW, db=any_db)

    def run() -> list[int]:
        press = press_of(settings)
        chunks = rollout.issue_area("南湖商圈", press=press, by=OFFICIAL, now=LATER, db=any_db, at_once=4)
        return [len(chunk) for chunk in chunks]

    assert run() == [4, 4, 2]
    assert run() == []
    page = queries.plates_page(db=any_db, area="南湖商圈", state=PlateState.MADE)
    assert {row.plate.premises_id for row in page.rows} == set(places)
    assert queries.standing_plate(USCC, places[0], db=any_db).serial == 2  # type: ignore[union-attr]


def test_pages_of_plates_follow_each_other_without_gap_or_repeat(
    any_db: Database, settings: Settings
) -> None:
    add_enterprise(any_db)
    made = {issue(any_db, settings, add_premises(any_db, name=f"店{n}")).plate_id for n in range(7)}
    seen: list[str] = []
    cursor: str | None = None

    while True:
        page = queries.plates_page(db=any_db, cursor=cursor, limit=3)
        seen += [row.plate.plate_id for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert len(seen) == len(made)
    assert set(seen) == made
    assert queries.plates_page(db=any_db, cursor="not one of ours").next_cursor is None


def test_coverage_counts_premises_standing_plates_and_placed_ones(
    any_db: Database, settings: Settings
) -> None:
    add_enterprise(any_db)
    places = [add_premises(any_db, name=f"店{number}") for number in range(4)]
    plates = [issue(any_db, settings, place) for place in places[:3]]
    service.change_plate(plates[0].plate_id, action=PlateAction.PLACE, by=OPERATOR, now=NOW, db=any_db)
    service.end_plate(plates[1].plate_id, reason=PlateEnd.LOST, by=OPERATOR, now=NOW, db=any_db)

    (coverage,) = queries.coverage_by_area(db=any_db)

    assert (coverage.area, coverage.premises, coverage.plates, coverage.placed) == ("南湖商圈", 4, 2, 1)
    assert queries.state_counts(db=any_db) == {
        PlateState.PENDING: 0,
        PlateState.MADE: 1,
        PlateState.PLACED: 1,
        PlateState.SUSPENDED: 0,
        PlateState.LOST: 0,
        PlateState.VOID: 1,
    }


def test_refusals_are_errors_of_the_hub_with_a_reason() -> None:
    leaves = (
        PlateExistsError,
        PlateEndedError,
        PlateActionRefusedError,
        PlateHeldError,
        EnterpriseEndedError,
    )

    assert len({leaf.reason for leaf in leaves}) == len(leaves)
    assert all(issubclass(leaf, HubError) for leaf in leaves)
