"""Plates that a department or the operator makes by hand or brings back: a second person decides.

An insider who makes a plate once more where one was ended, or lets one be believed again that was taken out of use,
needs another one who looks at it. The first plate of a place that a department's file registered says nothing new: the
operator makes it as a roll-out would, for an area or for one place (`hub.codes.plates.rollout`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access.checks import require
from hub.access.proposals.errors import SecondPersonNeededError
from hub.access.proposals.queries import newest_of
from hub.access.proposals.rules import ProposalState, ProposalView
from hub.access.proposals.service import After, TwoPersonAct, propose
from hub.access.rules import Action, may
from hub.codes.models import Plate, PlateIndex
from hub.codes.plates import coverage
from hub.codes.plates.maker import PlateMaker, PlateOffice, making, step
from hub.codes.plates.premises import living_premises, standing
from hub.codes.plates.queries import PlateView, group_plate_id, standing_plate
from hub.codes.plates.rollout import never_had_one, roll_out_one
from hub.codes.rules import (
    PLATE_ACTION_NAMES,
    PLATE_STATE_NAMES,
    PlateAction,
    PlateExistsError,
    PlateState,
    next_state,
)
from hub.kernel.actor import Actor, Doer
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.kernel.messages import Message
from hub.trust.issuing import complete_open, intend
from keys import Algorithm, Purpose

REINSTATING = frozenset({PlateAction.RESUME, PlateAction.FIND})
_LABELS: Mapping[str, Message] = MappingProxyType(
    {
        "plate": Message("码牌", "Plate"),
        "state": Message("现状态", "Present state"),
        "action": Message("操作", "Act"),
        "premises": Message("经营场所", "Place of business"),
        "address": Message("地址", "Address"),
    }
)


def kinds(press: PlateOffice) -> tuple[TwoPersonAct, ...]:
    """Return what of plates needs two people, ready to be done with these keys."""
    return replace(ISSUE, after=_make(press)), REINSTATE


def _make(press: PlateOffice) -> After:
    """What remains of an approved plate: signing."""
    maker = PlateMaker(press)

    def make(proposal: ProposalView, now: datetime, db: Database) -> None:
        complete_open(db, maker=maker, uscc=proposal.uscc or "", subject=proposal.subject, now=now)

    return make


def refuse_alone(by: Doer) -> None:
    """Refuse an official or the operator who would do alone what needs a second person; an enterprise does it for itself.

    Raises: SecondPersonNeededError.
    """
    if not isinstance(by, Actor) or may(by, Action.ROLL_OUT_PLATES):
        raise SecondPersonNeededError


def take_or_ask(
    premises_id: UUID,
    *,
    reason: str,
    algorithm: Algorithm | None = None,
    press: PlateOffice,
    by: Doer,
    now: datetime,
    db: Database,
) -> PlateView | UUID:
    """Return the first plate of a place for the operator; else the plate that was asked for and approved, or the
    proposal that waits, made now unless it waits already. So the same request can be repeated until somebody has decided.

    Raises: as `ask_issue` and `roll_out_one`.
    """
    with db.read() as session:
        is_first = not isinstance(by, Actor) and never_had_one(session, premises_id)
        asked = newest_of(session, ISSUE.code, str(premises_id))
    if is_first:
        return roll_out_one(premises_id, algorithm=algorithm, press=press, by=by, now=now, db=db)
    state = None if asked is None else asked.state_at(now)
    if asked is not None and state is ProposalState.OPEN:
        return asked.id
    if asked is not None and state is ProposalState.APPROVED:
        _make(press)(asked, now, db)
        made = standing_plate(asked.uscc or "", premises_id, db=db)
        if made is not None:
            return made
    return ask_issue(premises_id, reason=reason, algorithm=algorithm, press=press, by=by, now=now, db=db)


def ask_issue(
    premises_id: UUID,
    *,
    reason: str,
    algorithm: Algorithm | None = None,
    press: PlateOffice,
    by: Doer,
    now: datetime,
    db: Database,
) -> UUID:
    """Ask for the plate of premises that have none; a second person, who is an official, decides.

    Raises: NotAllowedError, NotFoundError, EnterpriseEndedError, PlateExistsError, AlgorithmNotOfferedError,
    InvalidInputError without a reason, ProposalPendingError.
    """
    require(by, Action.ROLL_OUT_PLATES)
    press.require(Purpose.CODE_PLATE, algorithm)

    def work(session: Session) -> UUID:
        premises = living_premises(session, premises_id)
        if standing(session, premises) is not None:
            raise PlateExistsError
        data = {**making(algorithm), "premises": premises.name, "place": premises.address}
        return propose(
            session,
            ISSUE,
            subject=str(premises_id),
            data=data,
            reason=reason,
            by=by,
            uscc=premises.uscc,
            now=now,
        )

    return db.run(work)


def ask_reinstatement(
    plate_id: str, *, action: PlateAction, reason: str, by: Actor, now: datetime, db: Database
) -> UUID:
    """Ask that a suspended or lost plate is believed again; a second official decides.

    Raises: NotAllowedError, NotFoundError, PlateEndedError, PlateActionRefusedError, InvalidInputError without a reason,
    ProposalPendingError.
    """
    require(by, Action.ROLL_OUT_PLATES)

    def work(session: Session) -> UUID:
        plate = _plate(session, plate_id)
        before = PlateState(plate.state)
        next_state(before, action)
        data = {"action": action.value, "state": before.value}
        return propose(
            session, REINSTATE, subject=plate_id, data=data, reason=reason, by=by, uscc=plate.uscc, now=now
        )

    return db.run(work)


def _issue(session: Session, proposal: ProposalView, _by: Actor, now: datetime) -> None:
    """Record the intent in the transaction of the approval: signed at once afterwards, or by the worker after a crash."""
    premises = living_premises(session, UUID(proposal.subject))
    if standing(session, premises) is not None:
        raise PlateExistsError
    named = proposal.data.get("algorithm")
    request = making(None if named is None else Algorithm(str(named)))
    intend(
        session,
        kind=PlateMaker.kind,
        uscc=premises.uscc,
        subject=proposal.subject,
        request=request,
        by=proposal.by,
        now=now,
    )


def _reinstate(session: Session, proposal: ProposalView, by: Actor, now: datetime) -> None:
    plate = _plate(session, proposal.subject)
    step(session, plate, PlateAction(str(proposal.data["action"])), reason=None, by=by, now=now)
    coverage.refresh(session, [plate.uscc])


def _plate(session: Session, plate_id: str) -> Plate:
    at = (PlateIndex.plate_id == Plate.plate_id) & (PlateIndex.uscc == Plate.uscc)
    plate = session.scalar(select(Plate).join(PlateIndex, at).where(PlateIndex.plate_id == plate_id))
    if plate is None:
        raise NotFoundError
    return plate


def _issue_lines(proposal: ProposalView) -> Sequence[tuple[Message, str | Message]]:
    data = proposal.data
    return (_LABELS["premises"], str(data["premises"])), (_LABELS["address"], str(data["place"]))


def _reinstate_lines(proposal: ProposalView) -> Sequence[tuple[Message, str | Message]]:
    data = proposal.data
    return (
        (_LABELS["plate"], group_plate_id(proposal.subject)),
        (_LABELS["state"], PLATE_STATE_NAMES[PlateState(str(data["state"]))]),
        (_LABELS["action"], PLATE_ACTION_NAMES[PlateAction(str(data["action"]))]),
    )


ISSUE = TwoPersonAct(
    code="plate.issue",
    name=Message("人工制码", "Make a plate by hand"),
    decides=Action.ROLL_OUT_PLATES,
    effect=_issue,
    lines=_issue_lines,
)
REINSTATE = TwoPersonAct(
    code="plate.reinstate",
    name=Message("码牌恢复启用", "Bring a plate back"),
    decides=Action.ROLL_OUT_PLATES,
    effect=_reinstate,
    lines=_reinstate_lines,
)
