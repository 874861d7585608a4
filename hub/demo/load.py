"""Load the demonstration city: chunk by chunk through the storing functions, one transaction each.

The database itself says that it is a demonstration: the events `demo.started` and `demo.loaded`, and the source
`demo` on every row. A killed load goes on where it stopped; a finished one is left as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.codes.plates.maker import PlateOffice
from hub.credit.reported import PENALTIES
from hub.demo.city import build_city
from hub.demo.converter import SOURCE, enterprise_record, license_records, penalty_records, premises_records
from hub.demo.errors import DemoSizeError, OtherDemoError, RealDataError
from hub.demo.plates import lay_plates
from hub.demo.records import DemoEnterprise
from hub.demo.separation import STARTED, holds_data
from hub.demo.traces import leave_looks, leave_suspicion, leave_traces
from hub.demo.words import MAX_WORDS
from hub.demo.yearly_rows import check_records, report_records
from hub.kernel.actor import Doer
from hub.kernel.database import Database
from hub.licenses.reference.loader import shipped_reference
from hub.licenses.reference.rules import Reference
from hub.licenses.store import store_licenses
from hub.licenses.summaries import refresh
from hub.licenses.yearly_checks import YEARLY_CHECKS, with_licenses
from hub.registry.annual_reports import ANNUAL_REPORTS
from hub.registry.models import Enterprise
from hub.registry.records import Provenance
from hub.registry.store import store_enterprises, store_premises
from hub.registry.versioned import store
from hub.trust.record import events
from hub.trust.record.models import Event

DEFAULT_SIZE = 300
DEFAULT_SEED = 20_261_121
CHUNK = 500  # enterprises per transaction: a second or so of the write lock, a few megabytes of rows
LOADED = "demo.loaded"


@dataclass(frozen=True, slots=True)
class DemoMark:
    """What the database says of its demonstration."""

    seed: int
    size: int
    today: date
    showcase: str
    is_finished: bool


def load(  # noqa: PLR0913  # the city's three facts, who, when, where to
    db: Database,
    *,
    press: PlateOffice,
    size: int | None,
    seed: int | None,
    today: date,
    now: datetime,
    by: Doer,
    progress: Callable[[int], object],
    at_once: int = CHUNK,
) -> DemoMark:
    """Fill the database with the demonstration city, or leave the one that is there.

    `size` and `seed` None: those of the city that is there, else the defaults. `today` is the legal date of the
    first load; a load that goes on keeps it. `progress` is told how many enterprises each commit added.
    Raises: RealDataError, OtherDemoError, DemoSizeError, NoActiveKeyError.
    """
    mark = find_mark(db)
    if mark is None:
        mark = _begin(db, size=DEFAULT_SIZE if size is None else size, seed=seed, today=today, by=by, now=now)
    if size not in {None, mark.size} or seed not in {None, mark.seed}:
        raise OtherDemoError
    if mark.is_finished:
        return mark
    reference = shipped_reference().on(mark.today)
    city = build_city(seed=mark.seed, today=mark.today, size=mark.size)
    for first in range(_position(db), mark.size, at_once):
        chunk = [city.enterprise(number) for number in range(first, min(first + at_once, mark.size))]
        db.run(partial(_store, chunk=chunk, press=press, mark=mark, reference=reference, by=by, now=now))
        progress(len(chunk))
    return _finish(db, mark, by=by, now=now)


def find_mark(db: Database) -> DemoMark | None:
    """Return the demonstration that is in this database, finished or begun; None when there is none."""
    statement = select(Event.kind, Event.data).where(Event.uscc == "", Event.kind.in_((STARTED, LOADED)))
    with db.read() as session:
        rows = session.execute(statement).all()
    started = next((row for row in rows if row.kind == STARTED), None)
    if started is None:
        return None
    return DemoMark(
        seed=started.data["seed"],
        size=started.data["enterprises"],
        today=date.fromisoformat(started.data["today"]),
        showcase=started.data["showcase"],
        is_finished=any(row.kind == LOADED for row in rows),
    )


def showcase(db: Database) -> str | None:
    """Return the credit code of the demonstration owner's enterprise; None when the demonstration is not loaded."""
    mark = find_mark(db)
    return mark.showcase if mark is not None and mark.is_finished else None


def _begin(db: Database, *, size: int, seed: int | None, today: date, by: Doer, now: datetime) -> DemoMark:
    if not 1 <= size <= MAX_WORDS:
        raise DemoSizeError
    chosen = DEFAULT_SEED if seed is None else seed
    first = build_city(seed=chosen, today=today, size=size).enterprise(0)
    mark = DemoMark(seed=chosen, size=size, today=today, showcase=first.face.uscc, is_finished=False)

    def work(session: Session) -> None:
        if holds_data(session):
            raise RealDataError
        _record(session, STARTED, mark, by=by, now=now)

    db.run(work)
    return mark


def _store(
    session: Session,
    *,
    chunk: list[DemoEnterprise],
    press: PlateOffice,
    mark: DemoMark,
    reference: Reference,
    by: Doer,
    now: datetime,
) -> None:
    """Everything of these enterprises, in one transaction: either all of it is there or nothing."""
    enterprises = [enterprise_record(each) for each in chunk]
    provenance = Provenance(source=SOURCE, now=now)
    store_enterprises(session, enterprises, provenance=provenance, items=reference.items)
    places = [record for each in chunk for record in premises_records(each)]
    store_premises(session, places, provenance=provenance)
    licenses = [record for each in chunk for record in license_records(each)]
    store_licenses(session, licenses, provenance=provenance, today=mark.today, reference=reference)
    penalties = [record for each in chunk for record in penalty_records(each)]
    store(session, PENALTIES.stored, penalties, provenance)
    _store_yearly(session, chunk, mark=mark, provenance=provenance)
    session.flush()
    lay_plates(session, chunk, press=press, by=by, now=now)
    refresh(session, [each.face.uscc for each in chunk], on=mark.today, reference=reference)


def _store_yearly(
    session: Session, chunk: list[DemoEnterprise], *, mark: DemoMark, provenance: Provenance
) -> None:
    reports = [record for each in chunk for record in report_records(each, seed=mark.seed, today=mark.today)]
    store(session, ANNUAL_REPORTS.stored, reports, provenance)
    checks = [record for each in chunk for record in check_records(each, seed=mark.seed, today=mark.today)]
    store(session, YEARLY_CHECKS.stored, with_licenses(session, checks), provenance)


def _finish(db: Database, mark: DemoMark, *, by: Doer, now: datetime) -> DemoMark:
    def work(session: Session) -> None:
        leave_traces(session, seed=mark.seed, today=mark.today, now=now)
        _record(session, LOADED, mark, by=by, now=now)

    db.run(work)
    leave_looks(db, uscc=mark.showcase, now=now)
    leave_suspicion(db, now=now)
    return DemoMark(mark.seed, mark.size, mark.today, mark.showcase, is_finished=True)


def _position(db: Database) -> int:
    """How many enterprises are stored: they come in order, a chunk at a time."""
    with db.read() as session:
        return session.scalar(select(func.count()).where(Enterprise.source == SOURCE)) or 0


def _record(session: Session, kind: str, mark: DemoMark, *, by: Doer, now: datetime) -> None:
    data = {
        "seed": mark.seed,
        "enterprises": mark.size,
        "today": mark.today.isoformat(),
        "showcase": mark.showcase,
    }
    events.record(
        session, kind=kind, uscc="", subject=f"demo-{mark.seed}-{mark.size}", by=by, data=data, now=now
    )
