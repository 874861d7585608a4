"""Plates that an official makes by hand or brings back: one asks, a second one decides, and it is done once."""

from datetime import timedelta
from uuid import UUID

import pytest

from hub.access.proposals import service as proposals
from hub.access.proposals.errors import SecondPersonError, SecondPersonNeededError
from hub.access.proposals.rules import Decision, ProposalState, ProposalView
from hub.codes.plates import proposals as plates_proposals
from hub.codes.plates import service
from hub.codes.plates.maker import PlateOffice
from hub.codes.plates.queries import plates_of
from hub.codes.rules import PlateAction, PlateActionRefusedError, PlateEnd, PlateExistsError, PlateState
from hub.config import Settings
from hub.kernel.actor import Actor, Role
from hub.kernel.database import Database
from hub.kernel.errors import InvalidInputError, NotAllowedError, NotFoundError
from tests.support.plates import NOW, USCC, add_enterprise, add_premises, lay_plate, press_of
from tests.support.proposals import official
from tests.support.remits import serve
from tests.support.threads import at_once

LATER = NOW + timedelta(minutes=5)
MING, YU = official("李明"), official("陈予")


@pytest.fixture(autouse=True)
def _enterprise(any_db: Database) -> None:
    add_enterprise(any_db)


def decide(
    proposal: UUID, *, press: PlateOffice, by: Actor = YU, decision: Decision = Decision.APPROVE, db: Database
) -> ProposalView:
    kinds = {kind.code: kind for kind in plates_proposals.kinds(press)}
    serve(by, db=db)
    return proposals.decide(proposal, decision=decision, words="核对", kinds=kinds, by=by, now=LATER, db=db)


def states(db: Database) -> list[PlateState]:
    return [row.plate.state for row in plates_of(USCC, db=db)]


def ask(
    db: Database, premises_id: UUID, press: PlateOffice, *, by: Actor = MING, reason: str = "新开门店"
) -> UUID:
    return plates_proposals.ask_issue(premises_id, reason=reason, press=press, by=by, now=NOW, db=db)


def suspended(db: Database, press: PlateOffice) -> str:
    made = lay_plate(add_premises(db), press=press, now=NOW, db=db)
    service.change_plate(made.plate_id, action=PlateAction.SUSPEND, by=MING, now=NOW, db=db)
    return made.plate_id


def test_an_official_alone_makes_no_plate_and_brings_none_back(any_db: Database, settings: Settings) -> None:
    press = press_of(settings)
    plate_id = suspended(any_db, press)

    with pytest.raises(SecondPersonNeededError):
        service.issue_plate(UUID(int=1), press=press, by=MING, now=NOW, db=any_db)
    with pytest.raises(SecondPersonNeededError):
        service.change_plate(plate_id, action=PlateAction.RESUME, by=MING, now=NOW, db=any_db)
    service.change_plate(plate_id, action=PlateAction.REPORT_LOST, by=MING, now=NOW, db=any_db)
    with pytest.raises(SecondPersonNeededError):
        service.change_plate(plate_id, action=PlateAction.FIND, by=MING, now=NOW, db=any_db)

    assert states(any_db) == [PlateState.LOST]


def test_a_plate_asked_for_by_hand_is_made_when_a_second_official_approves(
    any_db: Database, settings: Settings
) -> None:
    press = press_of(settings)
    asked = ask(any_db, add_premises(any_db), press)
    assert states(any_db) == []
    with pytest.raises(SecondPersonError):
        decide(asked, press=press, by=MING, db=any_db)
    assert states(any_db) == []

    decide(asked, press=press, db=any_db)

    (row,) = plates_of(USCC, db=any_db)
    assert row.plate.state is PlateState.MADE
    assert row.plate.text


def test_a_refused_plate_is_not_made_and_can_be_asked_for_again(any_db: Database, settings: Settings) -> None:
    press, premises = press_of(settings), add_premises(any_db)

    decide(ask(any_db, premises, press), press=press, decision=Decision.REFUSE, db=any_db)

    assert states(any_db) == []
    assert decide(ask(any_db, premises, press), press=press, db=any_db).state is ProposalState.APPROVED
    assert states(any_db) == [PlateState.MADE]


def test_of_many_who_approve_at_once_one_plate_comes(any_db: Database, settings: Settings) -> None:
    press = press_of(settings)
    asked = ask(any_db, add_premises(any_db), press)

    outcomes = at_once(5, lambda n: decide(asked, press=press, by=official(f"官{n}"), db=any_db))

    assert len([one for one in outcomes if isinstance(one, ProposalView)]) == 1
    assert states(any_db) == [PlateState.MADE]


def test_what_stands_meanwhile_leaves_the_proposal_open(any_db: Database, settings: Settings) -> None:
    press, premises = press_of(settings), add_premises(any_db)
    asked = ask(any_db, premises, press)
    made = lay_plate(premises, press=press, now=NOW, db=any_db)

    with pytest.raises(PlateExistsError):
        decide(asked, press=press, db=any_db)
    service.end_plate(made.plate_id, reason=PlateEnd.DAMAGED, by=MING, now=LATER, db=any_db)
    decide(asked, press=press, db=any_db)

    assert sorted(states(any_db)) == sorted([PlateState.VOID, PlateState.MADE])


def test_a_plate_comes_back_when_a_second_official_agrees(any_db: Database, settings: Settings) -> None:
    press = press_of(settings)
    plate_id = suspended(any_db, press)
    asked = plates_proposals.ask_reinstatement(
        plate_id, action=PlateAction.RESUME, reason="已更换", by=MING, now=NOW, db=any_db
    )
    assert states(any_db) == [PlateState.SUSPENDED]

    decide(asked, press=press, db=any_db)

    assert states(any_db) == [PlateState.MADE]


def test_what_cannot_be_asked_for_is_refused_at_once(any_db: Database, settings: Settings) -> None:
    press, premises = press_of(settings), add_premises(any_db)
    made = lay_plate(premises, press=press, now=NOW, db=any_db)

    with pytest.raises(PlateExistsError):
        ask(any_db, premises, press)
    with pytest.raises(NotFoundError):
        ask(any_db, UUID(int=9), press)
    with pytest.raises(NotAllowedError):
        ask(any_db, premises, press, by=official("执法", role=Role.OFFICER))
    with pytest.raises(InvalidInputError, match="WORDS"):
        ask(any_db, add_premises(any_db, name="二店"), press, reason="")
    with pytest.raises(PlateActionRefusedError):
        plates_proposals.ask_reinstatement(
            made.plate_id, action=PlateAction.RESUME, reason="x", by=MING, now=NOW, db=any_db
        )
