"""Plates on the status lists: every plate has an entry from its making on, which follows its state."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from hub.codes.models import Plate
from hub.codes.plates import bundle_rows
from hub.codes.rules import PlateState
from hub.kernel.actor import Doer
from hub.kernel.database import Database
from hub.trust.record import events
from hub.trust.statuses.models import StatusEntry
from hub.trust.statuses.service import Allocation, Cause, SubjectKind, allocate_many, reference, set_cause
from signing.status import Status

CHUNK = 500  # plates given an entry in one transaction

OF_STATE: Mapping[PlateState, Status] = MappingProxyType(
    {
        PlateState.PENDING: Status.VALID,
        PlateState.MADE: Status.VALID,
        PlateState.PLACED: Status.VALID,
        PlateState.SUSPENDED: Status.SUSPENDED,
        PlateState.LOST: Status.SUSPENDED,
        PlateState.VOID: Status.REVOKED,
    }
)


def give_entries(session: Session, plates: Iterable[Plate], *, now: datetime) -> None:
    """An entry for each of these plates, which have none, and a row in the bundles' table for those that are signed."""
    given = list(plates)
    wanted = [
        Allocation(plate.uscc, SubjectKind.PLATE, plate.plate_id, own=OF_STATE[PlateState(plate.state)])
        for plate in given
    ]
    spots = allocate_many(session, wanted, now=now)
    bundle_rows.remember(
        session,
        (
            bundle_rows.SignedPlate(plate.uscc, plate.plate_id, plate.text, spot.number, spot.idx)
            for plate, spot in zip(given, spots, strict=True)
            if plate.text
        ),
    )


def follow(session: Session, plate: Plate, *, now: datetime) -> None:
    """Publish the plate's state; a plate from before there were lists gets its entry now."""
    if reference(session, uscc=plate.uscc, kind=SubjectKind.PLATE, subject=plate.plate_id) is None:
        give_entries(session, [plate], now=now)
        return
    set_cause(
        session,
        uscc=plate.uscc,
        kind=SubjectKind.PLATE,
        subject=plate.plate_id,
        cause=Cause.OWN,
        value=OF_STATE[PlateState(plate.state)],
        now=now,
    )


def complete(db: Database, *, by: Doer, now: datetime) -> int:
    """Give entries and rows to the plates of a database that is older than these; how many entries. Safe to run again."""

    def work(session: Session) -> int:
        plates = list(session.scalars(_without_entry().limit(CHUNK)))
        give_entries(session, plates, now=now)
        for plate in plates:
            events.record(
                session,
                kind="plate.listed",
                uscc=plate.uscc,
                subject=plate.plate_id,
                by=by,
                data={"state": PlateState(plate.state).name.lower()},
                now=now,
            )
        return len(plates)

    done = 0
    while count := db.run(work):
        done += count
    bundle_rows.complete(db)
    return done


def _without_entry() -> Select[Plate]:
    has_entry = and_(
        StatusEntry.uscc == Plate.uscc,
        StatusEntry.kind == SubjectKind.PLATE.value,
        StatusEntry.subject == Plate.plate_id,
    )
    return select(Plate).where(~select(StatusEntry.idx).where(has_entry).exists())
