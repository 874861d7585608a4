"""Is everything that was handed out there, once, and on record? Every finding is a sentence."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.codes.models import Plate, PlateIndex
from hub.codes.rules import PlateState
from hub.config import Settings
from hub.kernel.database import Database
from hub.trust.issuing.models import IntentRow, OpenIntent
from hub.trust.issuing.rules import IntentState
from hub.trust.log.audit import audit
from hub.trust.log.sequencer import sequence
from hub.trust.record.models import Event, LeafBatch
from tests.support.plates import issuer_of


def findings(db: Database, handed_out: Iterable[str]) -> list[str]:
    """What is wrong with the plates of a database after all was resumed. `handed_out`: `PREMISES=PLATE` each."""
    with db.read() as session:
        plates = {plate.plate_id: plate for plate in session.scalars(select(Plate))}
        events = list(session.execute(select(Event.kind, Event.subject, Event.data)))
        return [
            *_lost(session, plates, handed_out),
            *_doubled(session),
            *_unlogged(plates, Counter(subject for kind, subject, _ in events if kind == "plate.made")),
            *_ended_without_record(plates, Counter(s for kind, s, _ in events if kind == "plate.void")),
            *unleaved(session),
            *_intents(
                session, plates, [data["intent"] for kind, _, data in events if kind == "issue.intended"]
            ),
        ]


def sequence_all(db: Database, settings: Settings, *, now: datetime) -> None:
    """Bring every leaf that waits into the public log."""
    issuer, size = issuer_of(settings), -1
    while size != (size := sequence(db, issuer=issuer, origin=settings.log_origin, now=now)):
        pass


def audited(db: Database, settings: Settings, *, now: datetime) -> list[str]:
    """What the public log finds once every leaf is in it: acts and rows that do not answer to each other."""
    sequence_all(db, settings, now=now)
    report = audit(db, keys=issuer_of(settings).key_set, origin=settings.log_origin, now=now)
    return [f"{found.reason} {found.table} {found.key} {found.detail}" for found in report.findings]


def unleaved(session: Session) -> Iterator[str]:
    """Acts without a leaf for the public log, and leaves without an act."""
    acts = session.scalar(select(func.count()).select_from(Event))
    leaves = session.scalar(select(func.coalesce(func.sum(LeafBatch.count), 0)))
    places = session.execute(
        select(func.count(Event.batch_id), func.count(LeafBatch.id)).join(
            LeafBatch, LeafBatch.id == Event.batch_id, isouter=True
        )
    ).one()
    if {acts, leaves, *places} != {acts}:
        yield f"unlogged: {acts} acts, {leaves} leaves, {places[0]} places of which {places[1]} exist"


def _lost(session: Session, plates: Mapping[str, Plate], handed_out: Iterable[str]) -> Iterator[str]:
    indexed = {row.plate_id: row.uscc for row in session.scalars(select(PlateIndex))}
    for pair in handed_out:
        premises_id, _, plate_id = pair.partition("=")
        plate = plates.get(plate_id)
        if plate is None or str(plate.premises_id) != premises_id or not plate.text:
            yield f"lost: plate {plate_id} of premises {premises_id} was handed out"
        elif indexed.get(plate_id) != plate.uscc:
            yield f"lost: plate {plate_id} is in no index"


def _doubled(session: Session) -> Iterator[str]:
    standing = (
        select(Plate.premises_id)
        .where(Plate.state != PlateState.VOID)
        .group_by(Plate.uscc, Plate.premises_id)
        .having(func.count() > 1)
    )
    for premises_id in session.scalars(standing):
        yield f"doubled: premises {premises_id} have two standing plates"


def _unlogged(plates: Mapping[str, Plate], made: Mapping[str, int]) -> Iterator[str]:
    for plate_id in plates:
        if made.get(plate_id, 0) != 1:
            yield f"unlogged: plate {plate_id} is on record {made.get(plate_id, 0)} times"
    for plate_id in made.keys() - plates.keys():
        yield f"lost: plate {plate_id} is on record only"


def _ended_without_record(plates: Mapping[str, Plate], ended: Mapping[str, int]) -> Iterator[str]:
    for plate_id, plate in plates.items():
        if ended.get(plate_id, 0) != (plate.state == PlateState.VOID):
            yield f"unlogged: the end of plate {plate_id} is on record {ended.get(plate_id, 0)} times"


def _intents(session: Session, plates: Mapping[str, Plate], recorded: list[str]) -> Iterator[str]:
    intents = list(session.scalars(select(IntentRow)))
    if sorted(recorded) != sorted(str(intent.id) for intent in intents):
        yield "unlogged: intents and their records differ"
    if session.scalar(select(func.count()).select_from(OpenIntent)):
        yield "open: intents are left"
    single = Counter(intent.result for intent in intents if intent.kind == "plate" and intent.result)
    for plate_id, count in single.items():
        if count > 1 or plate_id not in plates:
            yield f"doubled: {count} intents say that they made plate {plate_id}"
    for intent in intents:
        if (intent.state == IntentState.DONE) != (intent.result is not None):
            yield f"open: intent {intent.id} is {intent.state} with result {intent.result}"
    rolled_out = sum(int(intent.result or 0) for intent in intents if intent.kind == "plate-area")
    if len(plates) != len(single) + rolled_out:
        yield f"doubled: {len(plates)} plates of {len(single)} intents and {rolled_out} rolled out"
