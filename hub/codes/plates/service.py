"""Plates: issue, re-issue, place, suspend, report lost, end. Each act is on record in its own transaction.

Order when issuing: the intent is recorded and logged, the facts are checked, the plate is signed and kept as 已制码,
committed, and only then handed out (hub.trust.issuing).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.codes.models import Plate, PlateIndex
from hub.codes.plates.coverage import refresh
from hub.codes.plates.maker import (
    PlateMaker,
    PlateOffice,
    making,
    record_new,
    replacing,
    require_few_replacements,
    require_plates,
    sign_recorded,
    step,
)
from hub.codes.plates.premises import EnterpriseEndedError, living_premises, site_of
from hub.codes.plates.proposals import REINSTATING, refuse_alone
from hub.codes.plates.queries import PlateView, view_of
from hub.codes.rules import PlateAction, PlateEnd, PlateState, next_state
from hub.kernel.actor import Doer
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.trust.issuing import IssueFacts, IssueTerms, issue
from hub.trust.keys.algorithms import AlgorithmNotOfferedError
from keys import Algorithm, Purpose

__all__ = [  # what a plate is made of is reached through here as well
    "AlgorithmNotOfferedError",
    "EnterpriseEndedError",
    "PlateOffice",
    "change_plate",
    "end_plate",
    "issue_plate",
    "record_new",
    "reissue_plate",
    "require_plates",
    "sign_recorded",
    "step",
]


def issue_plate(
    premises_id: UUID,
    *,
    press: PlateOffice,
    by: Doer,
    now: datetime,
    db: Database,
    token: str | None = None,
    algorithm: Algorithm | None = None,
) -> PlateView:
    """Make the plate of premises that have none. Who asks while it is being made gets the same plate.

    `token`: the caller's own mark of this request; come again, it gets the plate that it got. `algorithm` None: the
    first of the hub's profile.
    Raises: NotFoundError, NotAllowedError, SecondPersonNeededError for an official and the operator, who ask
    (`hub.codes.plates.proposals`), PlateExistsError, EnterpriseEndedError, AlgorithmNotOfferedError, IssueDelayedError.
    """
    refuse_alone(by)

    def find(session: Session) -> IssueFacts:
        site = site_of(session, premises_id)
        require_plates(by, site.uscc)

        def check() -> None:
            press.require(Purpose.CODE_PLATE, algorithm)
            site.require_living()
            site.require_no_plate()

        return IssueFacts(site.uscc, site.waiting, check)

    return issue(
        db,
        maker=PlateMaker(press),
        uscc=find,
        subject=str(premises_id),
        request=making(algorithm),
        by=by,
        now=now,
        terms=IssueTerms(token=token),
    )


def reissue_plate(
    plate_id: str,
    *,
    reason: PlateEnd,
    press: PlateOffice,
    by: Doer,
    now: datetime,
    db: Database,
    token: str | None = None,
) -> PlateView:
    """Make a new plate for the same premises; the old one is void from the same moment.

    Asked for twice at once (a double click, two people), both get the new plate; asked for later, the second is told
    that the old one is void already. `token` as for `issue_plate`.
    Raises: NotFoundError, NotAllowedError, SecondPersonNeededError as for `issue_plate`, PlateEndedError,
    EnterpriseEndedError, ReplacementsADayError, IssueDelayedError.
    """
    refuse_alone(by)
    with db.read() as session:
        old = view_of(_load(session, plate_id, by=by))

    def check(session: Session) -> None:
        next_state(PlateState(_load(session, plate_id, by=by).state), PlateAction.VOID)
        living_premises(session, old.premises_id)
        require_few_replacements(session, old.uscc, old.premises_id, now=now)

    return issue(
        db,
        maker=PlateMaker(press),
        uscc=old.uscc,
        subject=str(old.premises_id),
        request=replacing(plate_id, reason),
        by=by,
        now=now,
        terms=IssueTerms(allow=lambda _session: require_plates(by, old.uscc), check=check, token=token),
    )


def change_plate(plate_id: str, *, action: PlateAction, by: Doer, now: datetime, db: Database) -> PlateView:
    """Place, suspend, resume, report lost or find a plate; every later scan says so.

    Raises: NotFoundError, NotAllowedError, SecondPersonNeededError for who would bring one back alone,
    PlateEndedError, PlateActionRefusedError, PlateHeldError.
    """
    if action in {PlateAction.VOID, PlateAction.MAKE}:
        raise AssertionError("a plate is ended with a reason and made by issuing")
    if action in REINSTATING:
        refuse_alone(by)

    def work(session: Session) -> PlateView:
        plate = _load(session, plate_id, by=by)
        step(session, plate, action, reason=None, by=by, now=now)
        refresh(session, [plate.uscc])
        return view_of(plate)

    return db.run(work)


def end_plate(plate_id: str, *, reason: PlateEnd, by: Doer, now: datetime, db: Database) -> PlateView:
    """Take a plate out of use for good.

    Raises: NotFoundError, NotAllowedError, PlateEndedError.
    """

    def work(session: Session) -> PlateView:
        plate = _load(session, plate_id, by=by)
        step(session, plate, PlateAction.VOID, reason=reason, by=by, now=now)
        refresh(session, [plate.uscc])
        return view_of(plate)

    return db.run(work)


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
