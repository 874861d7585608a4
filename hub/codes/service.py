"""Plates: issue, re-issue, place, suspend, report lost, end. Each act is on record in its own transaction.

Order when issuing: the row is recorded as 待制码, signed, kept as 已制码, committed, and only then handed out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.access.checks import require
from hub.access.rules import Action, may
from hub.codes.models import Plate, PlateIndex
from hub.codes.queries import PlateView, view_of
from hub.codes.rules import (
    PlateAction,
    PlateEnd,
    PlateExistsError,
    PlateState,
    next_state,
    require_own_hold,
)
from hub.kernel.actor import Actor, Doer
from hub.kernel.database import Database
from hub.kernel.errors import ConflictError, NotFoundError
from hub.kernel.messages import Message
from hub.registry.models import Enterprise, Premises, PremisesIndex
from hub.registry.rules import EntityState
from hub.trust import events
from hub.trust.issuer import Issuer
from signing import new_plate_id, sign_plate


class EnterpriseEndedError(ConflictError):
    """An enterprise that is deregistered or gone gets no plates."""

    reason = "ENTERPRISE_ENDED"
    message = Message("该经营主体已终止，不能制码。", "The enterprise has ended; no plate can be issued.")


@dataclass(frozen=True, slots=True)
class Press:
    """What issuing needs: the keys, and the hub's own origin (`https://host`) that goes into every code."""

    issuer: Issuer
    origin: str


def issue_plate(premises_id: UUID, *, press: Press, by: Doer, now: datetime, db: Database) -> PlateView:
    """Make the plate of premises that have none.

    Raises: NotFoundError, NotAllowedError, PlateExistsError, EnterpriseEndedError, NoActiveKeyError.
    """

    def work(session: Session) -> PlateView:
        premises = load_premises(session, premises_id, by=by)
        if _standing(session, premises) is not None:
            raise PlateExistsError
        return view_of(_make(session, premises, press=press, by=by, now=now))

    return _alone(work, db=db)


def reissue_plate(
    plate_id: str, *, reason: PlateEnd, press: Press, by: Doer, now: datetime, db: Database
) -> PlateView:
    """Make a new plate for the same premises; the old one is void from the same moment.

    Asked for twice (a double click, two people), the second is told that the old one is void already.
    Raises: NotFoundError, NotAllowedError, PlateEndedError, EnterpriseEndedError, NoActiveKeyError.
    """

    def work(session: Session) -> PlateView:
        plate = _load(session, plate_id, by=by)
        step(session, plate, PlateAction.VOID, reason=reason, by=by, now=now)
        premises = load_premises(session, plate.premises_id, by=by)
        return view_of(_make(session, premises, press=press, by=by, now=now))

    return _alone(work, db=db)


def change_plate(plate_id: str, *, action: PlateAction, by: Doer, now: datetime, db: Database) -> PlateView:
    """Place, suspend, resume, report lost or find a plate; every later scan says so.

    Raises: NotFoundError, NotAllowedError, PlateEndedError, PlateActionRefusedError, PlateHeldError.
    """
    if action in {PlateAction.VOID, PlateAction.MAKE}:
        raise AssertionError("a plate is ended with a reason and made by issuing")

    def work(session: Session) -> PlateView:
        plate = _load(session, plate_id, by=by)
        step(session, plate, action, reason=None, by=by, now=now)
        return view_of(plate)

    return db.run(work)


def end_plate(plate_id: str, *, reason: PlateEnd, by: Doer, now: datetime, db: Database) -> PlateView:
    """Take a plate out of use for good.

    Raises: NotFoundError, NotAllowedError, PlateEndedError.
    """

    def work(session: Session) -> PlateView:
        plate = _load(session, plate_id, by=by)
        step(session, plate, PlateAction.VOID, reason=reason, by=by, now=now)
        return view_of(plate)

    return db.run(work)


def require_plates(by: Doer, uscc: str) -> None:
    """The enterprise manages its own plates; the departments that roll them out manage all.

    Raises: NotFoundError, NotAllowedError.
    """
    if isinstance(by, Actor) and may(by, Action.ROLL_OUT_PLATES):
        return
    require(by, Action.MANAGE_PLATES, uscc)


def load_premises(session: Session, premises_id: UUID, *, by: Doer) -> Premises:
    """The premises, if the doer may have plates made for them and the enterprise is alive.

    Raises: NotFoundError, NotAllowedError, EnterpriseEndedError.
    """
    found = session.execute(
        select(Premises, Enterprise.state)
        .join(
            PremisesIndex, (PremisesIndex.premises_id == Premises.id) & (PremisesIndex.uscc == Premises.uscc)
        )
        .join(Enterprise, Enterprise.uscc == Premises.uscc)
        .where(PremisesIndex.premises_id == premises_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError
    premises, state = found
    require_plates(by, premises.uscc)
    if EntityState(state).ended:
        raise EnterpriseEndedError
    return premises


def record_new(
    session: Session, premises: Premises, *, serial: int, kid: str, by: Doer, now: datetime
) -> Plate:
    """The row of a plate that is about to be signed (待制码), with its entry in the global look-up."""
    plate = Plate(
        uscc=premises.uscc,
        plate_id=new_plate_id(),
        premises_id=premises.id,
        serial=serial,
        state=PlateState.PENDING,
        kid=kid,
        text="",
        created_at=now,
        by=events.pseudonym(by),
    )
    session.add_all((plate, PlateIndex(plate_id=plate.plate_id, uscc=plate.uscc)))
    return plate


def sign_recorded(session: Session, plate: Plate, *, press: Press, by: Doer, now: datetime) -> None:
    """Sign a recorded plate and put its making on record; the caller commits before anybody gets the text."""
    signer = press.issuer.plate_signer
    plate.kid = signer.kid
    plate.text = sign_plate(uscc=plate.uscc, plate_id=plate.plate_id, origin=press.origin, signer=signer)
    plate.state = next_state(PlateState(plate.state), PlateAction.MAKE)
    plate.made_at = now
    events.record(
        session,
        kind="plate.made",
        uscc=plate.uscc,
        subject=plate.plate_id,
        by=by,
        data={"premises": str(plate.premises_id), "serial": plate.serial, "kid": plate.kid},
        now=now,
    )


def _alone(work: Callable[[Session], PlateView], *, db: Database) -> PlateView:
    """Run `work` so that of two at once one makes the plate and the other is told that it exists.

    The unique (uscc, premises, serial) stops the second; it looks again, so that it answers from what is there.
    """
    try:
        return db.run(work)
    except IntegrityError:
        return _again(work, db=db)


def _again(work: Callable[[Session], PlateView], *, db: Database) -> PlateView:
    try:
        return db.run(work)
    except IntegrityError as error:
        raise PlateExistsError from error


def _make(session: Session, premises: Premises, *, press: Press, by: Doer, now: datetime) -> Plate:
    last = session.scalar(
        select(func.max(Plate.serial)).where(Plate.uscc == premises.uscc, Plate.premises_id == premises.id)
    )
    kid = press.issuer.plate_signer.kid
    plate = record_new(session, premises, serial=(last or 0) + 1, kid=kid, by=by, now=now)
    session.flush()
    sign_recorded(session, plate, press=press, by=by, now=now)
    return plate


def _standing(session: Session, premises: Premises) -> Plate | None:
    return session.scalar(
        select(Plate).where(
            Plate.uscc == premises.uscc,
            Plate.premises_id == premises.id,
            Plate.state != PlateState.VOID,
        )
    )


def _load(session: Session, plate_id: str, *, by: Doer) -> Plate:
    plate = session.scalar(
        select(Plate)
        .join(PlateIndex, (PlateIndex.plate_id == Plate.plate_id) & (PlateIndex.uscc == Plate.uscc))
        .where(PlateIndex.plate_id == plate_id)
    )
    if plate is None:
        raise NotFoundError
    require_plates(by, plate.uscc)
    return plate


def step(
    session: Session, plate: Plate, action: PlateAction, *, reason: PlateEnd | None, by: Doer, now: datetime
) -> None:
    """Move the plate one step of the table and put the step on record."""
    before = PlateState(plate.state)
    after = next_state(before, action)
    require_own_hold(action, held_by=plate.by, by_enterprise=isinstance(by, Actor) and by.is_enterprise)
    plate.state = after
    plate.by = events.pseudonym(by)
    if after is PlateState.PLACED:
        plate.placed_at = now
    if after is PlateState.VOID:
        plate.ended_at, plate.end_reason = now, reason
    events.record(
        session,
        kind=f"plate.{action}",
        uscc=plate.uscc,
        subject=plate.plate_id,
        by=by,
        data={"from": before.name.lower(), "to": after.name.lower(), "reason": reason},
        now=now,
    )
