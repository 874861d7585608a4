"""Many at once, and whole areas: one plate for each place, signed once, in threads and in processes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.codes.plates import queries, rollout
from hub.codes.plates.premises import EnterpriseEndedError
from hub.codes.plates.queries import PlateView
from hub.codes.rules import PlateExistsError, PlateState
from hub.config import Settings
from hub.kernel.database import Database, Note
from hub.registry.models import Enterprise
from hub.trust import personal_fields
from hub.trust.issuing import IntentState, ResumptionResult, resume
from hub.trust.keys.issuer import open_ring
from tests.support.issuing import Watch, acts, intents, nothing, open_subjects, standing_ids
from tests.support.plates import NOW, OFFICIAL, add_enterprise, add_premises, lay_plate
from tests.support.threads import at_once

LATER = NOW + timedelta(minutes=5)
AREA = "南湖商圈"
T = TypeVar("T")


class Killed(BaseException):
    """The process ends here: nothing catches this, as nothing catches `kill -9`."""


def die() -> None:
    raise Killed


@pytest.fixture
def watch(settings: Settings) -> Watch:
    return Watch(settings)


def issue(db: Database, watch: Watch, premises_id: UUID, *, token: str | None = None) -> PlateView:
    return lay_plate(premises_id, press=watch.press, now=NOW, db=db, token=token)


def place(db: Database) -> UUID:
    add_enterprise(db)
    return add_premises(db)


def test_of_fifty_at_once_all_get_the_one_plate_and_the_signer_ran_once(
    any_db: Database, watch: Watch
) -> None:
    premises_id = place(any_db)

    results = at_once(50, lambda _: issue(any_db, watch, premises_id, token="once"))

    assert {each.plate_id for each in results if isinstance(each, PlateView)} == set(standing_ids(any_db))
    assert [each for each in results if not isinstance(each, PlateView)] == []
    assert len(watch.signed) == 1
    assert acts(any_db) == ["issue.intended", "plate.made"]


def test_over_four_processes_fifty_at_once_make_one_plate_and_sign_once(
    any_db: Database, environ: dict[str, str]
) -> None:
    premises_id = place(any_db)
    url = any_db.engine.url.render_as_string(hide_password=False)
    racers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.support.racing", str(premises_id), str(threads)],
            env={**os.environ, **environ, "HUB_DATABASE_URL": url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for threads in (13, 13, 12, 12)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    _let_go(racers)
    told = [json.loads(racer.communicate()[0]) for racer in racers]

    assert sum(each["signed"] for each in told) == 1
    assert {plate for each in told for plate in each["plates"]} == set(standing_ids(any_db))
    assert {error for each in told for error in each["errors"]} <= {"PlateExistsError"}
    assert sum(len(each["plates"]) + len(each["errors"]) for each in told) == 50
    assert acts(any_db).count("plate.made") == 1
    assert [state for state, _, _ in intents(any_db)].count(IntentState.DONE) == 1
    # on PostgreSQL a request may read before the first is recorded and write after it is done: refused, on record
    assert {reason for _, _, reason in intents(any_db)} <= {None, PlateExistsError.reason}


def _let_go(racers: list["subprocess.Popen[str]"]) -> None:
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()


def test_a_killed_roll_out_is_completed_by_the_worker_and_by_the_next_run(
    any_db: Database, watch: Watch
) -> None:
    add_enterprise(any_db)
    places = {add_premises(any_db, name=f"店{number}") for number in range(10)}

    def run() -> list[int]:
        chunks = rollout.issue_area(AREA, press=watch.press, by=OFFICIAL, now=NOW, db=any_db, at_once=4)
        return [len(chunk) for chunk in chunks]

    watch.before = lambda: die() if len(watch.signed) == 6 else None
    with pytest.raises(Killed):
        run()
    assert (len(standing_ids(any_db)), open_subjects(any_db)) == (4, [AREA])
    watch.before = nothing

    assert resume(any_db, watch.makers, now=LATER) == ResumptionResult(done=1)
    assert run() == [2]

    page = queries.plates_page(db=any_db, area=AREA, state=PlateState.MADE)
    assert {row.plate.premises_id for row in page.rows} == places
    assert acts(any_db).count("plate.made") == 10
    assert acts(any_db).count("plates.rolled_out") == 3


def test_two_who_roll_out_an_area_at_once_make_each_plate_once(any_db: Database, watch: Watch) -> None:
    add_enterprise(any_db)
    for number in range(20):
        add_premises(any_db, name=f"店{number}")

    def run(_: int) -> int:
        chunks = rollout.issue_area(AREA, press=watch.press, by=OFFICIAL, now=NOW, db=any_db, at_once=5)
        return sum(len(chunk) for chunk in chunks)

    results = at_once(4, run)

    assert [each for each in results if isinstance(each, Exception)] == []
    assert len(standing_ids(any_db)) == 20
    assert acts(any_db).count("plate.made") == 20


def left_open(db: Database, watch: Watch, premises_id: UUID) -> None:
    """A request on record that was not completed yet."""
    watch.before = die
    with pytest.raises(Killed):
        issue(db, watch, premises_id)
    watch.before = nothing


def move_enterprise(db: Database, state: str) -> None:
    with db.write() as session:
        session.execute(update(Enterprise).values(state=state))


class Beside(Database):
    """A second connection to the same database, which lets something happen around its transactions."""

    def __init__(self, db: Database, settings: Settings) -> None:
        super().__init__(db.engine.url.render_as_string(hide_password=False), record=db.record)
        personal_fields.attach(self, lambda: open_ring(settings))
        self.after: list[Callable[[], object]] = []  # once each, between one transaction and the next
        self.collisions = 0  # transactions that meet a row which another one has just committed

    def run(self, work: Callable[[Session], T], *, note: Note | None = None) -> T:
        if self.collisions:
            self.collisions -= 1
            raise IntegrityError("INSERT", None, Exception("unique"))
        result = super().run(work, note=note)
        for happen in (self.after.pop() for _ in self.after[:1]):
            happen()
        return result


@pytest.fixture
def beside(any_db: Database, settings: Settings) -> Iterator[Beside]:
    database = Beside(any_db, settings)
    yield database
    database.close()


def test_who_joined_a_request_that_is_then_refused_is_told_why_in_its_own_words(
    any_db: Database, beside: Beside, watch: Watch
) -> None:
    premises_id = place(any_db)
    left_open(any_db, watch, premises_id)
    move_enterprise(any_db, "注销")
    beside.after.append(lambda: resume(any_db, watch.makers, now=LATER))

    with pytest.raises(EnterpriseEndedError):
        issue(beside, watch, premises_id)

    assert [state for state, _, _ in intents(any_db)] == [IntentState.REFUSED]


def test_who_joined_a_request_that_is_then_refused_is_served_when_the_facts_allow_it_again(
    any_db: Database, beside: Beside, watch: Watch
) -> None:
    premises_id = place(any_db)
    left_open(any_db, watch, premises_id)

    def refused_and_revived() -> None:
        move_enterprise(any_db, "注销")
        resume(any_db, watch.makers, now=LATER)
        move_enterprise(any_db, "存续")

    beside.after.append(refused_and_revived)

    made = issue(beside, watch, premises_id)

    assert standing_ids(any_db) == [made.plate_id]
    assert sorted(state for state, _, _ in intents(any_db)) == sorted([IntentState.REFUSED, IntentState.DONE])


def test_whoever_stored_the_same_at_the_same_moment_is_looked_for_more_than_once(
    any_db: Database, beside: Beside, watch: Watch
) -> None:
    """PostgreSQL: a transaction that looked before others began and finished may meet the next one's row, twice."""
    premises_id = place(any_db)
    beside.collisions = 3

    made = issue(beside, watch, premises_id)

    assert standing_ids(any_db) == [made.plate_id]
