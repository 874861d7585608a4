"""The issue pipeline on the real databases: on record before signing, exactly once whatever happens between."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from hub.codes.plates import queries
from hub.codes.plates.premises import EnterpriseEndedError
from hub.codes.plates.queries import PlateView
from hub.codes.rules import PlateEnd, PlateEndedError, PlateExistsError, PlateState
from hub.config import Settings
from hub.kernel.database import Database
from hub.registry.models import Enterprise
from hub.trust.issuing import (
    IntentState,
    IssueDelayedError,
    IssueRefusedError,
    ResumptionResult,
    TokenReusedError,
    resume,
)
from hub.trust.issuing.models import IntentRow
from hub.trust.issuing.queries import waiting
from hub.trust.record.models import Event
from keys.errors import SignerAwayError
from tests.support.issuing import Watch, acts, intents, nothing, open_subjects, standing_ids
from tests.support.plates import (
    NOW,
    USCC,
    add_enterprise,
    add_plate,
    add_premises,
    lay_plate,
    replace_plate,
)

LATER = NOW + timedelta(minutes=5)


class Killed(BaseException):
    """The process ends here: nothing catches this, as nothing catches `kill -9`."""


def die() -> None:
    raise Killed


def away() -> None:
    raise SignerAwayError("the token is not there")


@pytest.fixture
def watch(settings: Settings) -> Watch:
    return Watch(settings)


def issue(db: Database, watch: Watch, premises_id: UUID, *, token: str | None = None) -> PlateView:
    return lay_plate(premises_id, press=watch.press, now=NOW, db=db, token=token)


def reissue(db: Database, watch: Watch, plate_id: str, reason: PlateEnd = PlateEnd.DAMAGED) -> PlateView:
    return replace_plate(plate_id, reason=reason, press=watch.press, now=LATER, db=db)


def place(db: Database) -> UUID:
    add_enterprise(db)
    return add_premises(db)


def end_enterprise(db: Database) -> None:
    with db.write() as session:
        session.execute(update(Enterprise).values(state="注销"))


def crash(db: Database, watch: Watch, premises_id: UUID) -> None:
    watch.before = die
    with pytest.raises(Killed):
        issue(db, watch, premises_id)
    watch.before = nothing


def test_the_intent_is_committed_and_logged_before_the_signer_is_asked(
    any_db: Database, watch: Watch
) -> None:
    premises_id = place(any_db)
    seen: list[tuple[list[str], list[str]]] = []
    watch.before = lambda: seen.append((open_subjects(any_db), acts(any_db)))

    made = issue(any_db, watch, premises_id)

    assert seen == [([str(premises_id)], ["issue.intended"])]
    assert acts(any_db) == ["issue.intended", "plate.made"]
    assert intents(any_db) == [(IntentState.DONE, made.plate_id, None)]
    assert open_subjects(any_db) == []


def test_the_record_of_an_intent_names_it_and_its_digest_and_no_person(
    any_db: Database, watch: Watch
) -> None:
    premises_id = place(any_db)
    issue(any_db, watch, premises_id)

    with any_db.read() as session:
        event = session.execute(
            select(Event.uscc, Event.subject, Event.data).where(Event.kind == "issue.intended")
        ).one()
        intent = session.execute(select(IntentRow.id, IntentRow.digest)).one()
    assert (event.uscc, event.subject) == (USCC, str(premises_id))
    assert event.data == {"intent": str(intent.id), "issue": "plate", "digest": intent.digest}


def test_after_a_crash_before_the_signature_the_worker_issues_exactly_once(
    any_db: Database, watch: Watch
) -> None:
    premises_id = place(any_db)
    crash(any_db, watch, premises_id)
    assert (standing_ids(any_db), open_subjects(any_db)) == ([], [str(premises_id)])

    assert resume(any_db, watch.makers, now=LATER) == ResumptionResult(done=1)
    assert resume(any_db, watch.makers, now=LATER) == ResumptionResult()

    (plate_id,) = standing_ids(any_db)
    assert intents(any_db) == [(IntentState.DONE, plate_id, None)]
    assert acts(any_db) == ["issue.intended", "plate.made"]
    assert len(watch.signed) == 1


def test_after_a_crash_the_next_request_completes_the_same_intent(any_db: Database, watch: Watch) -> None:
    premises_id = place(any_db)
    crash(any_db, watch, premises_id)

    made = issue(any_db, watch, premises_id)

    assert intents(any_db) == [(IntentState.DONE, made.plate_id, None)]
    assert acts(any_db) == ["issue.intended", "plate.made"]


def test_the_worker_leaves_a_request_under_way_alone(any_db: Database, watch: Watch) -> None:
    crash(any_db, watch, place(any_db))

    assert resume(any_db, watch.makers, now=NOW + timedelta(seconds=1)) == ResumptionResult()
    assert len(open_subjects(any_db)) == 1


def test_without_the_signer_the_intent_waits_and_is_issued_once_it_is_back(
    any_db: Database, watch: Watch
) -> None:
    add_enterprise(any_db)
    places = [add_premises(any_db, name=f"店{number}") for number in range(3)]
    watch.before = away
    for premises_id in places:
        with pytest.raises(IssueDelayedError):
            issue(any_db, watch, premises_id)
    assert resume(any_db, watch.makers, now=LATER) == ResumptionResult(waiting=3)
    (kind,) = waiting(any_db)
    assert (kind.kind, kind.count, kind.attempts, kind.last_failure) == ("plate", 3, 2, "SignerAwayError")

    watch.before = nothing

    assert resume(any_db, watch.makers, now=LATER) == ResumptionResult(done=3)
    assert len(standing_ids(any_db)) == 3
    assert waiting(any_db) == ()
    assert acts(any_db).count("plate.made") == 3


def test_facts_that_changed_meanwhile_close_the_intent_as_refused_and_say_so_on_record(
    any_db: Database, watch: Watch
) -> None:
    premises_id = place(any_db)
    crash(any_db, watch, premises_id)
    end_enterprise(any_db)

    assert resume(any_db, watch.makers, now=LATER) == ResumptionResult(refused=1)

    assert intents(any_db) == [(IntentState.REFUSED, None, EnterpriseEndedError.reason)]
    assert (standing_ids(any_db), open_subjects(any_db)) == ([], [])
    with any_db.read() as session:
        data = session.scalars(select(Event.data).where(Event.kind == "issue.refused")).one()
    assert data["reason"] == EnterpriseEndedError.reason


def test_what_the_facts_forbid_from_the_start_leaves_no_intent(any_db: Database, watch: Watch) -> None:
    plate_premises = issue(any_db, watch, place(any_db)).premises_id

    with pytest.raises(PlateExistsError):
        issue(any_db, watch, plate_premises)

    assert len(intents(any_db)) == 1


def test_a_crash_while_a_plate_is_replaced_leaves_the_old_one_in_use(
    any_db: Database, watch: Watch, settings: Settings
) -> None:
    old = add_plate(any_db, settings)
    watch.before = die
    with pytest.raises(Killed):
        reissue(any_db, watch, old.plate_id)
    assert standing_ids(any_db) == [old.plate_id]
    watch.before = nothing

    assert resume(any_db, watch.makers, now=LATER + timedelta(minutes=1)) == ResumptionResult(done=1)

    (new,) = standing_ids(any_db)
    assert new != old.plate_id
    ended = queries.plate_of(old.plate_id, db=any_db)
    assert ended is not None
    assert (ended.plate.state, ended.plate.end_reason) == (PlateState.VOID, PlateEnd.DAMAGED)


def test_another_request_for_the_same_thing_waits_for_the_first_and_is_judged_after_it(
    any_db: Database, watch: Watch, settings: Settings
) -> None:
    old = add_plate(any_db, settings)
    watch.before = die
    with pytest.raises(Killed):
        reissue(any_db, watch, old.plate_id, PlateEnd.DAMAGED)
    watch.before = nothing

    with pytest.raises(PlateEndedError):  # the first request was completed, and the old plate is void
        reissue(any_db, watch, old.plate_id, PlateEnd.LOST)

    assert [state for state, _, _ in intents(any_db)] == [IntentState.DONE] * 2
    assert len(standing_ids(any_db)) == 1


def test_the_same_token_gets_the_same_plate_and_another_request_under_it_is_refused(
    any_db: Database, watch: Watch
) -> None:
    premises_id = place(any_db)
    other = add_premises(any_db, name="另一店")

    first = issue(any_db, watch, premises_id, token="once")
    again = issue(any_db, watch, premises_id, token="once")

    assert first == again
    assert len(watch.signed) == 1
    with pytest.raises(TokenReusedError):
        issue(any_db, watch, other, token="once")


def test_the_token_of_a_refused_request_is_told_of_the_refusal(any_db: Database, watch: Watch) -> None:
    premises_id = place(any_db)
    watch.before = away
    with pytest.raises(IssueDelayedError):
        issue(any_db, watch, premises_id, token="once")
    end_enterprise(any_db)
    resume(any_db, watch.makers, now=LATER)

    with pytest.raises(IssueRefusedError) as refused:
        issue(any_db, watch, premises_id, token="once")

    assert refused.value.reason == EnterpriseEndedError.reason
