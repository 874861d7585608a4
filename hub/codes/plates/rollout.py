"""Plates for a whole commercial area, or the first one of a place. An area goes in chunks, so that a kill loses nothing:
one intent and one transaction each.

An intent names the places of its chunk; what a crash left open is completed by the worker or by the next run.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, tuple_
from sqlalchemy.orm import Session

from hub.access.checks import require
from hub.access.rules import Action
from hub.codes.models import Plate
from hub.codes.plates import statuses
from hub.codes.plates.coverage import ENDED, refresh
from hub.codes.plates.maker import PlateMaker, PlateOffice, making, record_new, sign_recorded
from hub.codes.plates.premises import site_of
from hub.codes.plates.queries import PlateView, view_of
from hub.codes.rules import PlateExistsError, PlateState
from hub.kernel.actor import Doer
from hub.kernel.database import Database
from hub.registry.exceptions.queries import without_codes
from hub.registry.models import Enterprise, Premises, PremisesIndex
from hub.trust.issuing import Intent, Issued, IssueFacts, issue
from hub.trust.record import events
from keys import Algorithm, Purpose

CHUNK = 200  # plates per transaction: about a quarter of a second of the write lock

Key = tuple[str, UUID]

_STANDS = and_(Plate.uscc == Premises.uscc, Plate.premises_id == Premises.id, Plate.state != PlateState.VOID)


def issue_area(
    area: str, *, press: PlateOffice, by: Doer, now: datetime, db: Database, at_once: int = CHUNK
) -> Iterator[tuple[PlateView, ...]]:
    """Make a plate for every premises of the area that has none; what is yielded is committed, `at_once` plates at most.

    Run again after a kill, it goes on where it stopped: premises with a standing plate are passed over.
    Raises: NotAllowedError, IssueDelayedError.
    """
    require(by, Action.ROLL_OUT_PLATES)
    maker = AreaMaker(press)
    while places := _without_plate(db, area, at_once):
        request = {"places": [[uscc, str(premises_id)] for uscc, premises_id in places]}
        made = issue(db, maker=maker, uscc="", subject=area, request=request, by=by, now=now)
        if made:
            yield made


def roll_out_one(
    premises_id: UUID,
    *,
    algorithm: Algorithm | None = None,
    press: PlateOffice,
    by: Doer,
    now: datetime,
    db: Database,
) -> PlateView:
    """Make the first plate of one place of business; a place that had one before needs a second person.

    Raises: NotAllowedError, NotFoundError, EnterpriseEndedError, CodeNotPossibleError, PlateExistsError,
    AlgorithmNotOfferedError, IssueDelayedError.
    """
    require(by, Action.ROLL_OUT_PLATES)

    def find(session: Session) -> IssueFacts:
        site = site_of(session, premises_id)
        site.require_living()

        def check() -> None:
            press.require(Purpose.CODE_PLATE, algorithm)
            if site.last:
                raise PlateExistsError

        return IssueFacts(site.uscc, site.waiting, check)

    return issue(
        db,
        maker=PlateMaker(press),
        uscc=find,
        subject=str(premises_id),
        request=making(algorithm),
        by=by,
        now=now,
    )


def never_had_one(session: Session, premises_id: UUID) -> bool:
    """Return whether no plate was ever made for a place of business."""
    here = select(PremisesIndex.uscc).where(PremisesIndex.premises_id == premises_id).scalar_subquery()
    made = select(Plate.plate_id).where(Plate.uscc == here, Plate.premises_id == premises_id)
    return not session.scalar(select(made.exists()))


class AreaMaker:
    """Makes the plates of one chunk of an area (the intent's subject), for those of its places that still have none."""

    kind = "plate-area"

    def __init__(self, press: PlateOffice) -> None:
        self._press = press

    def make(self, session: Session, intent: Intent, *, now: datetime) -> Issued[tuple[PlateView, ...]]:
        """Raises: KeysError."""
        waiting = _still_without(session, _places(intent))
        serials = _last_serials(session, waiting)
        kid = self._press.issuer.plate_signer.kid
        plates = [
            record_new(
                session, each, serial=serials.get((each.uscc, each.id), 0) + 1, kid=kid, by=intent.by, now=now
            )
            for each in waiting
        ]
        for plate in plates:
            sign_recorded(session, plate, press=self._press, by=intent.by, now=now)
        statuses.give_entries(session, plates, now=now)
        made = [(None, PlateState(plate.state)) for plate in plates]
        refresh(session, {plate.uscc for plate in plates}, plates=made)
        events.record(
            session,
            kind="plates.rolled_out",
            uscc="",
            subject=intent.subject,
            by=intent.by,
            data={"intent": str(intent.id), "count": len(plates), "kid": kid},
            now=now,
        )
        return Issued(tuple(view_of(plate) for plate in plates), str(len(plates)))

    def load(self, session: Session, intent: Intent) -> tuple[PlateView, ...]:
        """Return the plates that its places have now."""
        statement = (
            select(Plate)
            .where(tuple_(Plate.uscc, Plate.premises_id).in_(_places(intent)), Plate.state != PlateState.VOID)
            .order_by(Plate.uscc, Plate.premises_id)
        )
        return tuple(view_of(plate) for plate in session.scalars(statement))


def _places(intent: Intent) -> list[Key]:
    pairs = cast("Iterable[tuple[str, str]]", intent.request["places"])
    return [(uscc, UUID(premises_id)) for uscc, premises_id in pairs]


def _without_plate(db: Database, area: str, at_once: int) -> list[Key]:
    statement = (
        select(Premises.uscc, Premises.id)
        .join(Enterprise, Enterprise.uscc == Premises.uscc)
        .where(Premises.area == area, _may_have_one())
        .order_by(Premises.uscc, Premises.id)
        .limit(at_once)
    )
    with db.read() as session:
        return [(uscc, premises_id) for uscc, premises_id in session.execute(statement)]


def _still_without(session: Session, places: list[Key]) -> list[Premises]:
    statement = (
        select(Premises)
        .join(Enterprise, Enterprise.uscc == Premises.uscc)
        .where(tuple_(Premises.uscc, Premises.id).in_(places), _may_have_one())
        .order_by(Premises.uscc, Premises.id)
    )
    return list(session.scalars(statement))


def _may_have_one() -> ColumnElement[bool]:
    """The enterprise is alive, codes can carry its credit code, and no plate stands."""
    return and_(
        Enterprise.state.not_in(ENDED),
        Premises.uscc.not_in(without_codes()),
        ~select(Plate.plate_id).where(_STANDS).exists(),
    )


def _last_serials(session: Session, premises: list[Premises]) -> dict[tuple[str, object], int]:
    if not premises:
        return {}
    keys = [(each.uscc, each.id) for each in premises]
    statement = (
        select(Plate.uscc, Plate.premises_id, func.max(Plate.serial))
        .where(tuple_(Plate.uscc, Plate.premises_id).in_(keys))
        .group_by(Plate.uscc, Plate.premises_id)
    )
    return {(uscc, premises_id): serial for uscc, premises_id, serial in session.execute(statement)}
