"""Scans: exact counts under concurrency, rows for a day, officers' rows before the answer."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.codes.models import DynamicUse, Scan
from hub.codes.plates import queries
from hub.codes.rules import Viewer
from hub.codes.verification import scans
from hub.codes.verification.scans import ScanRecorder, SeenCode
from hub.config import Settings
from hub.kernel.database import Database, Note
from hub.kernel.outcomes import Outcome
from tests.support.plates import NOW, OFFICER, USCC
from tests.support.threads import at_once

T = TypeVar("T")
TODAY = date(2026, 11, 21)


def seen(**changes: object) -> SeenCode:
    facts: dict[str, object] = {
        "viewer": Viewer.PUBLIC,
        "outcome": Outcome.VALID,
        "at": NOW,
        "uscc": USCC,
        "plate_id": "7K2M9QXT4R",
    }
    return SeenCode(**{**facts, **changes})  # type: ignore[arg-type]


@pytest.fixture
def recorder(any_db: Database, settings: Settings) -> ScanRecorder:
    return ScanRecorder(any_db, day_of=settings.today)


def counted(db: Database) -> dict[tuple[str, str], int]:
    days = queries.scans_per_day(since=TODAY, until=TODAY, db=db)
    return {(each.audience, each.verdict): each.count for each in days}


def test_scans_of_many_threads_and_two_processes_are_counted_exactly(
    any_db: Database, settings: Settings
) -> None:
    recorders = [ScanRecorder(any_db, day_of=settings.today) for _ in range(2)]

    def report(number: int) -> None:
        for turn in range(200):
            recorders[number % 2].add(seen())
            if turn % 50 == 0:
                recorders[number % 2].flush()

    results = at_once(8, report)
    for recorder in recorders:
        recorder.close()

    assert results == []
    assert counted(any_db) == {("public", "valid"): 1600}


def test_one_plate_gets_one_public_row_a_second_and_every_plate_its_own(
    any_db: Database, recorder: ScanRecorder
) -> None:
    for number in range(30):
        recorder.add(seen(plate_id=f"PLATE{number % 3}"))
    recorder.close()

    assert counted(any_db) == {("public", "valid"): 30}
    with any_db.read() as session:
        assert session.scalar(select(func.count()).select_from(Scan)) == 3


def test_a_refused_code_is_counted_and_leaves_no_row(any_db: Database, recorder: ScanRecorder) -> None:
    recorder.add(seen(outcome=Outcome.REFUSED, uscc=None, plate_id=None))
    recorder.close()

    assert counted(any_db) == {("public", "refused"): 1}
    assert queries.scans_of(USCC, db=any_db) == ()


def test_beyond_the_bound_scans_are_still_counted(any_db: Database, settings: Settings) -> None:
    recorder = ScanRecorder(
        any_db, day_of=settings.today, details=5, every=60.0
    )  # nothing is written in between

    for number in range(12):
        recorder.add(seen(plate_id=f"PLATE{number}"))
    recorder.close()

    assert counted(any_db) == {("public", "valid"): 12}
    assert len(queries.scans_of(USCC, db=any_db)) == 5


def test_what_could_not_be_written_is_written_later(any_db: Database, settings: Settings) -> None:
    class Stubborn(Database):
        def __init__(self) -> None:
            self.fails = True

        def run(self, work: Callable[[Session], T], *, note: Note | None = None) -> T:
            if self.fails:
                raise ConnectionError("away")
            return any_db.run(work, note=note)

    away = Stubborn()
    recorder = ScanRecorder(away, day_of=settings.today)
    recorder.add(seen())
    with pytest.raises(ConnectionError):
        recorder.flush()
    away.fails = False

    recorder.close()

    assert counted(any_db) == {("public", "valid"): 1}


def test_the_writing_thread_writes_within_its_second_without_being_asked(
    any_db: Database, recorder: ScanRecorder
) -> None:
    recorder.add(seen())
    thread = recorder._thread
    assert thread is not None
    recorder._stop.wait(scans.FLUSH_SECONDS * 1.5)

    assert counted(any_db) == {("public", "valid"): 1}
    recorder.close()
    assert not thread.is_alive()


def test_public_rows_go_after_a_day_and_officers_rows_and_counts_stay(
    any_db: Database, settings: Settings
) -> None:
    recorder = ScanRecorder(any_db, day_of=settings.today)
    recorder.add(seen())
    recorder.add(seen(viewer=Viewer.PLATFORM))
    recorder.close()
    with any_db.write() as session:
        scans.write_seen(session, seen(viewer=Viewer.OFFICER, person_id=OFFICER.person_id))
        session.add(
            DynamicUse(uscc=USCC, nonce="OLD", person_id=OFFICER.person_id, used_at=NOW, expires_at=NOW)
        )

    assert scans.forget_expired(any_db, now=NOW + timedelta(hours=23)) == 1  # the used code, long expired
    assert scans.forget_expired(any_db, now=NOW + timedelta(hours=25)) == 2

    (kept,) = queries.scans_by(OFFICER.person_id, db=any_db)
    assert (kept.audience, kept.plate_id) == ("officer", "7K2M9QXT4R")
    assert counted(any_db) == {("public", "valid"): 1, ("platform", "valid"): 1}
