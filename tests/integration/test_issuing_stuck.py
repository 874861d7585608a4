"""One intent that cannot be completed holds up no other, and no intent is lost with its row on the worklist."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, event, insert, select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from hub.codes.plates.maker import PlateMaker
from hub.codes.plates.queries import PlateView
from hub.codes.rules import PlateEnd
from hub.config import Settings
from hub.kernel.database import Database
from hub.trust.issuing import Intent, IntentState, Issued, ResumptionResult, restore_worklist, resume
from hub.trust.issuing.models import IntentRow, OpenIntent
from hub.trust.issuing.service import complete, intent_of
from hub.trust.record.models import LogTile
from tests.integration.test_issuing import LATER, crash, issue
from tests.support.issuing import Watch, intents, open_subjects, standing_ids
from tests.support.plates import NOW, add_enterprise, add_premises, replace_plate


class StuckMaker:
    """Makes plates, but for one place runs into a fault of its own."""

    def __init__(self, inner: PlateMaker, subject: str, fault: Callable[[Session], object]) -> None:
        self._inner, self._subject, self._fault = inner, subject, fault

    @property
    def kind(self) -> str:
        return self._inner.kind

    def make(self, session: Session, intent: Intent, *, now: object) -> Issued[PlateView]:
        if intent.subject == self._subject:
            self._fault(session)
        return self._inner.make(session, intent, now=now)  # type: ignore[arg-type]  # passed on as it came

    def load(self, session: Session, intent: Intent) -> PlateView:
        return self._inner.load(session, intent)


def violate(session: Session) -> None:
    """What the database itself refuses."""
    session.execute(insert(LogTile).values(dict.fromkeys(column.name for column in LogTile.__table__.c)))


def mistake(_session: Session) -> None:
    raise ValueError("a stored value that nobody expected")


def nowhere(_session: Session) -> None:
    raise LookupError("a table of ours lacks a row")


@pytest.fixture
def watch(settings: Settings) -> Watch:
    return Watch(settings)


def two_open(db: Database, watch: Watch) -> tuple[UUID, UUID]:
    add_enterprise(db)
    first, second = add_premises(db, name="一店"), add_premises(db, name="二店")
    crash(db, watch, first)
    crash(db, watch, second)
    return first, second


@pytest.mark.parametrize("fault", [violate, mistake, nowhere])
def test_an_intent_that_always_fails_is_counted_and_the_next_is_completed(
    any_db: Database, watch: Watch, fault: Callable[[Session], object]
) -> None:
    stuck, _well = two_open(any_db, watch)
    maker = StuckMaker(PlateMaker(watch.press), str(stuck), fault)

    assert resume(any_db, [maker], now=LATER) == ResumptionResult(done=1, waiting=1)
    assert open_subjects(any_db) == [str(stuck)]
    with any_db.read() as session:
        assert session.scalar(select(OpenIntent.attempts)) == 1
    assert resume(any_db, [PlateMaker(watch.press)], now=LATER) == ResumptionResult(done=1)


def test_a_database_that_is_away_ends_the_round(db: Database, watch: Watch) -> None:
    stuck, _well = two_open(db, watch)

    def away(_session: Session) -> None:
        db.doubt = gone
        raise OperationalError("", None, Exception())

    def gone() -> None:
        raise OperationalError("", None, Exception())

    with pytest.raises(DBAPIError):
        resume(db, [StuckMaker(PlateMaker(watch.press), str(stuck), away)], now=LATER)
    assert standing_ids(db) == []


def test_an_open_intent_whose_worklist_row_is_gone_is_completed_all_the_same(
    any_db: Database, watch: Watch
) -> None:
    two_open(any_db, watch)
    lose_worklist(any_db)

    assert resume(any_db, watch.makers, now=LATER) == ResumptionResult()
    assert restore_worklist(any_db, now=LATER) == 2
    assert restore_worklist(any_db, now=LATER) == 0
    assert resume(any_db, watch.makers, now=LATER) == ResumptionResult(done=2)
    assert {state for state, _result, _reason in intents(any_db)} == {IntentState.DONE}


def test_a_lost_intent_waits_for_the_later_one_for_the_same_thing(any_db: Database, watch: Watch) -> None:
    first, _second = two_open(any_db, watch)
    lose_worklist(any_db)
    crash(any_db, watch, first)

    assert restore_worklist(any_db, now=LATER) == 1
    resume(any_db, watch.makers, now=LATER)
    assert restore_worklist(any_db, now=LATER) == 1
    resume(any_db, watch.makers, now=LATER)

    assert open_subjects(any_db) == []
    with any_db.read() as session:
        assert session.scalars(select(IntentRow.id).where(IntentRow.state == IntentState.OPEN)).all() == []
    assert len(standing_ids(any_db)) == 2


def test_a_request_under_way_is_not_taken_for_lost(any_db: Database, watch: Watch) -> None:
    add_enterprise(any_db)
    crash(any_db, watch, add_premises(any_db))
    lose_worklist(any_db)

    assert restore_worklist(any_db, now=NOW + timedelta(seconds=1)) == 0


def test_what_is_done_is_not_put_back(any_db: Database, watch: Watch) -> None:
    add_enterprise(any_db)
    issue(any_db, watch, add_premises(any_db))

    assert restore_worklist(any_db, now=LATER) == 0


def lose_worklist(db: Database) -> None:
    with db.write() as session:
        session.execute(delete(OpenIntent))


def test_what_is_done_while_it_is_put_back_holds_up_nothing_afterwards(
    any_db: Database, watch: Watch
) -> None:
    add_enterprise(any_db)
    premises_id = add_premises(any_db)
    crash(any_db, watch, premises_id)
    lose_worklist(any_db)
    (intent,) = open_intents(any_db)
    with ThreadPoolExecutor(1) as pool:
        completions: list[Future[PlateView]] = []

        def complete_meanwhile(_session: Session, _context: object) -> None:
            if not completions:
                maker = PlateMaker(watch.press)
                completions.append(pool.submit(complete, any_db, maker=maker, intent=intent, now=LATER))
                wait(completions, 0.5)  # it has looked, and waits for this transaction

        event.listen(Session, "after_flush", complete_meanwhile)
        try:
            restore_worklist(any_db, now=LATER)
        finally:
            event.remove(Session, "after_flush", complete_meanwhile)
        plate = completions[0].result(60)

    another = replace_plate(plate.plate_id, reason=PlateEnd.DAMAGED, press=watch.press, now=LATER, db=any_db)
    assert standing_ids(any_db) == [another.plate_id]
    assert open_subjects(any_db) == []


def open_intents(db: Database) -> list[Intent]:
    with db.read() as session:
        rows = session.scalars(select(IntentRow).where(IntentRow.state == IntentState.OPEN))
        return [intent_of(row) for row in rows]
