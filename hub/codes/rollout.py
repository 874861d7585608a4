"""Plates for a whole commercial area, in chunks: one transaction each, so that a kill loses at most one chunk."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import and_, func, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.access.checks import require
from hub.access.rules import Action
from hub.codes.models import Plate
from hub.codes.queries import PlateView, view_of
from hub.codes.rules import PlateExistsError, PlateState
from hub.codes.service import Press, record_new, sign_recorded
from hub.kernel.actor import Doer
from hub.kernel.database import Database
from hub.registry.models import Enterprise, Premises
from hub.registry.rules import EntityState

ENDED = tuple(state for state in EntityState if state.ended)
CHUNK = 200  # plates per transaction: about a quarter of a second of the write lock


def issue_area(
    area: str, *, press: Press, by: Doer, now: datetime, db: Database
) -> Iterator[tuple[PlateView, ...]]:
    """Make a plate for every premises of the area that has none; what is yielded is committed.

    Run again after a kill, it goes on where it stopped: premises with a standing plate are passed over.
    Raises: NotAllowedError, NoActiveKeyError.
    """
    require(by, Action.ROLL_OUT_PLATES)
    while made := _chunk(area, press=press, by=by, now=now, db=db):
        yield made


def _chunk(area: str, *, press: Press, by: Doer, now: datetime, db: Database) -> tuple[PlateView, ...]:
    def work(session: Session) -> tuple[PlateView, ...]:
        waiting = _without_plate(session, area)
        serials = _last_serials(session, waiting)
        kid = press.issuer.plate_signer.kid
        plates = [
            record_new(
                session, each, serial=serials.get((each.uscc, each.id), 0) + 1, kid=kid, by=by, now=now
            )
            for each in waiting
        ]
        session.flush()
        for plate in plates:
            sign_recorded(session, plate, press=press, by=by, now=now)
        return tuple(view_of(plate) for plate in plates)

    try:
        return db.run(work)
    except (
        IntegrityError
    ) as error:  # somebody issued one of these at the same moment; asked again, it goes on
        raise PlateExistsError from error


def _without_plate(session: Session, area: str) -> list[Premises]:
    stands = and_(
        Plate.uscc == Premises.uscc, Plate.premises_id == Premises.id, Plate.state != PlateState.VOID
    )
    statement = (
        select(Premises)
        .join(Enterprise, Enterprise.uscc == Premises.uscc)
        .where(
            Premises.area == area,
            Enterprise.state.not_in(ENDED),
            ~select(Plate.plate_id).where(stands).exists(),
        )
        .order_by(Premises.uscc, Premises.id)
        .limit(CHUNK)
    )
    return list(session.scalars(statement))


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
