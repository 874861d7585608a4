"""Sightings of plates: reduced before they are kept, judged as soon as they are, closed by a person.

A position comes in, a class of distance goes out; what stays is described in `hub.supervision.clones.models`.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.access.checks import require
from hub.access.rules import Action
from hub.kernel.actor import Actor
from hub.kernel.bulk import dialect_of, table_of
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.kernel.ids import new_id
from hub.registry.models import Premises
from hub.supervision.clones.geography import (
    GridSquare,
    Nearness,
    Position,
    RegisteredPosition,
    cell_of,
    nearness,
    read_cell,
    seen_in,
)
from hub.supervision.clones.models import PlateAsker, PlateSighting, PlateSuspicion
from hub.supervision.clones.rules import (
    WINDOW,
    CopySuspicion,
    Sighting,
    SightingSource,
    SuspicionClosedError,
    SuspicionState,
    judge_sightings,
    slot_of,
)
from hub.supervision.rules import ReportAction, read_answer
from hub.trust.record import events

DAYS_REMEMBERED = 2  # days before today on which an asker's sighting still counts as the one that he has
MOST_JUDGED = 300  # the newest of a plate: what is weighed costs some milliseconds, whatever was sent
MAX_BY_CHARS = 80  # the column's width
_ASKER = table_of(PlateAsker)


@dataclass(frozen=True, slots=True)
class SeenPlate:
    """Which plate was looked at, of which place."""

    uscc: str
    plate_id: str
    premises_id: UUID


@dataclass(frozen=True, slots=True, repr=False)
class Asker:
    """Who looked, as a name that is never stored; `secret` keys the digest that is."""

    name: str
    secret: str
    witness: SightingSource = SightingSource.PUBLIC

    def mark(self, plate: SeenPlate, day: date) -> str:
        """Return the digest by which he is known again for this plate on this day, and for no other plate or day."""
        key = hmac.digest(self.secret.encode(), f"plate-askers|{day.isoformat()}".encode(), "sha256")
        text = f"{plate.uscc}|{plate.plate_id}|{self.name}".encode()
        return hmac.new(key, text, hashlib.sha256).hexdigest()[:32]


def note_sighting(
    plate: SeenPlate, position: Position, *, asker: Asker, now: datetime, db: Database
) -> Nearness:
    """Tell whether a phone stands where the plate is registered, and let it count once.

    Raises: NotFoundError for premises that are gone.
    """

    def keep(session: Session) -> tuple[Nearness, int | None]:
        premises = session.get(Premises, (plate.uscc, plate.premises_id))
        if premises is None:
            raise NotFoundError
        place = RegisteredPosition(premises.latitude, premises.longitude, is_residence=premises.is_residence)
        near = nearness(position, place)
        # A phone that does not know where it is speaks neither for the plate nor against it, and uses up no count.
        if near is Nearness.VAGUE:
            return near, None
        seen = Sighting(slot_of(now), asker.witness, near, seen_in(position, place))
        is_new = _count(session, plate, seen, asker=asker, version=premises.version, now=now)
        return near, premises.version if is_new else None

    near, version = db.run(keep)
    if version is not None:  # in a transaction of its own: of two kept at once, one at least sees both
        db.run(lambda session: _judge(session, plate, version=version, now=now))
    return near


def note_report(session: Session, plate: SeenPlate, *, asker: Asker, now: datetime) -> None:
    """Count a report that the plate does not belong here, in the transaction that keeps the report."""
    version = session.scalar(
        select(Premises.version).where(Premises.uscc == plate.uscc, Premises.id == plate.premises_id)
    )
    if version is not None:
        seen = Sighting(slot_of(now), SightingSource.REPORT, Nearness.UNKNOWN)
        if _count(session, plate, seen, asker=asker, version=version, now=now):
            _judge(session, plate, version=version, now=now)


def close_suspicion(
    uscc: str,
    suspicion_id: UUID,
    *,
    found: SuspicionState,
    answer: str,
    actor: Actor,
    now: datetime,
    db: Database,
) -> None:
    """Close a suspicion with what was found; what was seen before no longer counts.

    Raises: NotFoundError, NotAllowedError, InvalidInputError, SuspicionClosedError.
    """
    require(actor, Action.HANDLE_REPORTS, uscc)
    said = read_answer(ReportAction.ANSWER, answer)

    def work(session: Session) -> None:
        row = session.get(PlateSuspicion, (uscc, suspicion_id), with_for_update=True)
        if row is None:
            raise NotFoundError
        if row.state != SuspicionState.OPEN:
            raise SuspicionClosedError
        row.state, row.answer, row.handled_at = found, said, now
        row.handled_by = f"{actor.department or ''} {actor.name}".strip()[:MAX_BY_CHARS]
        # Otherwise the next visitor would raise the same suspicion from sightings that a person has weighed already.
        _forget_plate(session, uscc, row.plate_id)
        events.record(
            session,
            kind=f"copy.{found}",
            uscc=uscc,
            subject=str(suspicion_id),
            by=actor,
            data={"plate": row.plate_id},
            now=now,
        )

    db.run(work)


def forget_expired(db: Database, *, now: datetime) -> int:
    """Drop sightings older than the window and the marks of askers of earlier days; how many."""

    def work(session: Session) -> int:
        seen = delete(PlateSighting).where(PlateSighting.slot < now - WINDOW)
        marks = delete(PlateAsker).where(PlateAsker.day < now.date() - timedelta(days=DAYS_REMEMBERED))
        return sum(
            len(session.execute(statement).all())
            for statement in (seen.returning(PlateSighting.id), marks.returning(PlateAsker.mark))
        )

    return db.run(work)


def _count(
    session: Session, plate: SeenPlate, seen: Sighting, *, asker: Asker, version: int, now: datetime
) -> bool:
    """Keep what is left of a sighting; False if this asker has counted already."""
    if not _is_first(session, plate, asker=asker, now=now):
        return False
    session.add(
        PlateSighting(
            uscc=plate.uscc,
            # Of the slot and not of the moment: an id shows its time to the millisecond, which must not be kept.
            id=new_id(seen.slot),
            plate_id=plate.plate_id,
            premises_version=version,
            slot=seen.slot,
            witness=seen.witness,
            nearness=seen.nearness,
            cell="" if seen.cell is None else seen.cell.key,
        )
    )
    return True


def _judge(session: Session, plate: SeenPlate, *, version: int, now: datetime) -> None:
    """Judge all that there is of a plate."""
    session.flush()
    premises = session.get_one(Premises, (plate.uscc, plate.premises_id))
    home = None
    if premises.latitude is not None and premises.longitude is not None:
        home = cell_of(premises.latitude, premises.longitude)
    suspected = judge_sightings(_sightings(session, plate, version=version, now=now), home)
    if suspected is not None:
        _suspect(session, plate, suspected, now=now)


def _is_first(session: Session, plate: SeenPlate, *, asker: Asker, now: datetime) -> bool:
    """Whether this asker has not counted for this plate yet; he has from now on."""
    today = now.date()
    # A mark holds for one day alone, so the days before must be asked with marks of their own.
    before = [asker.mark(plate, today - timedelta(days=back)) for back in range(1, DAYS_REMEMBERED + 1)]
    known = select(func.count()).select_from(_ASKER)
    if session.scalar(known.where(_ASKER.c.uscc == plate.uscc, _ASKER.c.mark.in_(before))):
        return False
    values = {"uscc": plate.uscc, "mark": asker.mark(plate, today), "day": today}
    new = dialect_of(session).insert(_ASKER).values(values).on_conflict_do_nothing()
    return session.execute(new.returning(_ASKER.c.mark)).first() is not None  # two at once make one row


def _sightings(session: Session, plate: SeenPlate, *, version: int, now: datetime) -> Sequence[Sighting]:
    """The newest of the window, at the place as it is registered now: premises that moved start afresh."""
    statement = (
        select(PlateSighting.slot, PlateSighting.witness, PlateSighting.nearness, PlateSighting.cell)
        .where(
            PlateSighting.uscc == plate.uscc,
            PlateSighting.plate_id == plate.plate_id,
            PlateSighting.premises_version == version,
            PlateSighting.slot >= now - WINDOW,
        )
        .order_by(PlateSighting.slot.desc())
        .limit(MOST_JUDGED)
    )
    return [
        Sighting(slot, SightingSource(witness), Nearness(near), read_cell(cell) if cell else None)
        for slot, witness, near, cell in session.execute(statement)
    ]


def _suspect(session: Session, plate: SeenPlate, suspected: CopySuspicion, *, now: datetime) -> None:
    """Raise a suspicion, unless one is open."""
    is_open = (PlateSuspicion.plate_id == plate.plate_id, PlateSuspicion.state == SuspicionState.OPEN.value)
    if session.scalar(select(PlateSuspicion.id).where(PlateSuspicion.uscc == plate.uscc, *is_open)):
        return
    row = PlateSuspicion(
        uscc=plate.uscc,
        id=new_id(now),
        plate_id=plate.plate_id,
        premises_id=plate.premises_id,
        why=_numbers(suspected, suspected.cell),
        state=SuspicionState.OPEN.value,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # another visitor's request raised it at this very moment
        return
    data = {"plate": plate.plate_id}
    events.record(
        session,
        kind="copy.suspected",
        uscc=plate.uscc,
        subject=str(row.id),
        by="rule",
        data=data,
        now=now,
        rows=[row],
    )


def _numbers(suspected: CopySuspicion, cell: GridSquare | None) -> dict[str, object]:
    return {**asdict(suspected), "cell": "" if cell is None else cell.key}


def _forget_plate(session: Session, uscc: str, plate_id: str) -> None:
    session.execute(
        delete(PlateSighting).where(PlateSighting.uscc == uscc, PlateSighting.plate_id == plate_id)
    )
