"""Acts that need two people: one asks, a second one decides, and what is done is done once."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.access.proposals import queries, service
from hub.access.proposals.errors import (
    ProposalClosedError,
    ProposalLapsedError,
    ProposalPendingError,
    SecondPersonError,
)
from hub.access.proposals.rules import PROPOSAL_LIFE, Decision, ProposalState, ProposalView
from hub.kernel.actor import Actor, Operator, Role
from hub.kernel.database import Database
from hub.kernel.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from hub.trust.record.models import Event
from tests.support.proposals import Deed, official
from tests.support.remits import serve

DECIDERS = 6
MING, YU = official("李明"), official("陈予")


@pytest.fixture
def deed() -> Deed:
    return Deed()


@pytest.fixture(autouse=True)
def _remits(any_db: Database) -> None:
    serve(MING, YU, db=any_db)


def decide(
    proposal: UUID,
    *,
    by: Actor,
    deed: Deed,
    db: Database,
    now: datetime,
    decision: Decision = Decision.APPROVE,
    words: str = "",
) -> ProposalView:
    kinds = {deed.kind.code: deed.kind}
    return service.decide(proposal, decision=decision, words=words, kinds=kinds, by=by, now=now, db=db)


def stands(proposal: UUID, db: Database) -> ProposalView:
    return queries.proposal_of(proposal, by=official("审计", role=Role.AUDITOR), db=db)


def kinds_on_record(db: Database) -> list[str]:
    with db.read() as session:
        return [row.kind for row in session.query(Event).order_by(Event.id) if row.uscc == ""]


def test_what_one_asks_for_is_done_when_a_second_approves(
    any_db: Database, deed: Deed, now: datetime
) -> None:
    asked = deed.ask(by=MING, now=now, db=any_db)
    assert deed.done == []

    decided = decide(asked, by=YU, deed=deed, now=now, db=any_db)

    assert (decided.state, decided.decided_by) == (ProposalState.APPROVED, f"official:{YU.person_id}")
    assert deed.done == ["1"]
    assert kinds_on_record(any_db) == ["proposal.made", "proposal.approved", "test.done"]


@pytest.mark.parametrize(
    "decider",
    [MING, replace(YU, person_id=MING.person_id), replace(YU, passkey=MING.passkey)],
    ids=["who asked", "the same person", "the same passkey"],
)
@pytest.mark.parametrize("decision", list(Decision))
def test_nobody_decides_on_what_he_asked_for(
    any_db: Database, deed: Deed, now: datetime, decider: Actor, decision: Decision
) -> None:
    asked = deed.ask(by=MING, now=now, db=any_db)

    with pytest.raises(SecondPersonError):
        decide(asked, by=decider, deed=deed, now=now, db=any_db, decision=decision, words="不行")

    assert deed.done == []
    assert stands(asked, any_db).state is ProposalState.OPEN


def test_not_even_the_database_takes_an_approval_by_who_asked(
    any_db: Database, deed: Deed, now: datetime
) -> None:
    asked = deed.ask(by=MING, now=now, db=any_db)
    forged = "UPDATE access_proposal SET state = 'approved', decided_person = person_id"

    with pytest.raises(IntegrityError), any_db.write() as session:
        session.execute(text(forged))

    assert stands(asked, any_db).state is ProposalState.OPEN


def test_another_department_and_another_role_do_not_decide(
    any_db: Database, deed: Deed, now: datetime
) -> None:
    asked = deed.ask(by=MING, now=now, db=any_db)

    with pytest.raises(NotFoundError):
        decide(asked, by=official("外人", department="别的局"), deed=deed, now=now, db=any_db)
    with pytest.raises(NotAllowedError):
        decide(asked, by=official("审计", role=Role.AUDITOR), deed=deed, now=now, db=any_db)

    assert deed.done == []


def test_what_no_person_asks_for_is_decided_by_any_official(
    any_db: Database, deed: Deed, now: datetime
) -> None:
    asked = deed.ask(by=Operator("root"), now=now, db=any_db)

    decide(asked, by=MING, deed=deed, now=now, db=any_db)

    assert deed.done == ["1"]


def test_a_refusal_says_why_and_does_nothing(any_db: Database, deed: Deed, now: datetime) -> None:
    asked = deed.ask(by=MING, now=now, db=any_db)

    with pytest.raises(InvalidInputError, match="WORDS"):
        decide(asked, by=YU, deed=deed, now=now, db=any_db, decision=Decision.REFUSE, words=" ")
    decided = decide(asked, by=YU, deed=deed, now=now, db=any_db, decision=Decision.REFUSE, words="材料 不全")

    assert (decided.state, decided.words) == (ProposalState.REFUSED, "材料 不全")
    assert deed.done == []
    with pytest.raises(ProposalClosedError):
        decide(asked, by=YU, deed=deed, now=now, db=any_db)


def test_who_asked_can_withdraw_and_nobody_else(any_db: Database, deed: Deed, now: datetime) -> None:
    asked = deed.ask(by=MING, now=now, db=any_db)

    with pytest.raises(NotFoundError):
        service.withdraw(asked, by=YU, now=now, db=any_db)
    service.withdraw(asked, by=MING, now=now, db=any_db)

    with pytest.raises(ProposalClosedError):
        decide(asked, by=YU, deed=deed, now=now, db=any_db)
    assert deed.done == []


def test_what_nobody_decided_in_time_lapses_and_can_be_asked_for_anew(
    any_db: Database, deed: Deed, now: datetime
) -> None:
    asked, late = deed.ask(by=MING, now=now, db=any_db), now + PROPOSAL_LIFE

    with pytest.raises(ProposalPendingError):
        deed.ask(by=YU, now=late - timedelta(seconds=1), db=any_db)
    with pytest.raises(ProposalLapsedError):
        decide(asked, by=YU, deed=deed, now=late, db=any_db)
    anew = deed.ask(by=MING, now=late, db=any_db)

    assert stands(asked, any_db).state is ProposalState.LAPSED
    assert decide(anew, by=YU, deed=deed, now=late, db=any_db).state is ProposalState.APPROVED


@pytest.mark.parametrize("reason", ["", " ", "字" * 201, "看\u202e不见"])
def test_a_proposal_says_why(any_db: Database, deed: Deed, now: datetime, reason: str) -> None:
    with pytest.raises(InvalidInputError, match="WORDS"):
        deed.ask(by=MING, now=now, db=any_db, reason=reason)


def test_an_act_that_is_refused_leaves_the_proposal_open(any_db: Database, deed: Deed, now: datetime) -> None:
    def refuse(*_: object) -> None:
        raise ConflictError

    asked = deed.ask(by=MING, now=now, db=any_db)
    kinds = {deed.kind.code: replace(deed.kind, effect=refuse)}

    with pytest.raises(ConflictError):
        service.decide(asked, decision=Decision.APPROVE, words="", kinds=kinds, by=YU, now=now, db=any_db)

    assert stands(asked, any_db).state is ProposalState.OPEN
    assert kinds_on_record(any_db) == ["proposal.made"]


def test_of_many_who_approve_at_once_one_does(any_db: Database, now: datetime) -> None:
    effects: list[str] = []
    deed = Deed()

    def do(_session: Session, proposal: ProposalView, by: Actor, _now: datetime) -> None:
        effects.append(f"{by.name} {proposal.subject}")

    kind = replace(deed.kind, effect=do)
    people = [official(f"官{n}") for n in range(DECIDERS)]
    serve(*people, db=any_db)
    asked = deed.ask(by=MING, now=now, db=any_db)
    start, outcomes = threading.Barrier(DECIDERS), []

    def approve(person: Actor) -> None:
        start.wait(timeout=10)
        try:
            service.decide(
                asked,
                decision=Decision.APPROVE,
                words="",
                kinds={kind.code: kind},
                by=person,
                now=now,
                db=any_db,
            )
            outcomes.append("done")
        except ProposalClosedError:
            outcomes.append("too late")

    threads = [threading.Thread(target=approve, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(outcomes) == ["done", *["too late"] * (DECIDERS - 1)]
    assert kinds_on_record(any_db) == ["proposal.made", "proposal.approved"]


def test_of_many_who_ask_at_once_one_has_asked(any_db: Database, deed: Deed, now: datetime) -> None:
    start, outcomes = threading.Barrier(DECIDERS), []

    def ask(person: Actor) -> None:
        start.wait(timeout=10)
        try:
            deed.ask(by=person, now=now, db=any_db)
            outcomes.append("asked")
        except ProposalPendingError:
            outcomes.append("pending")

    threads = [threading.Thread(target=ask, args=[official(f"官{n}")]) for n in range(DECIDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(outcomes) == ["asked", *["pending"] * (DECIDERS - 1)]


def test_officials_see_what_their_department_decides_and_auditors_see_all(
    any_db: Database, deed: Deed, now: datetime
) -> None:
    ours = deed.ask(by=MING, now=now, db=any_db, subject="1")
    theirs = deed.ask(by=official("外人", department="别的局"), now=now, db=any_db, subject="2")
    anyones = deed.ask(by=Operator("root"), now=now, db=any_db, subject="3")

    def seen(actor: Actor, *, is_open: bool = True) -> list[UUID]:
        page = queries.proposals_page(by=actor, is_open=is_open, now=now, db=any_db)
        return [row.id for row in page.rows]

    assert seen(YU) == [anyones, ours]
    assert seen(official("审计", role=Role.AUDITOR)) == [anyones, theirs, ours]
    with pytest.raises(NotFoundError):
        queries.proposal_of(theirs, by=YU, db=any_db)
    with pytest.raises(NotAllowedError):
        seen(official("执法", role=Role.OFFICER))
    decide(ours, by=YU, deed=deed, now=now, db=any_db)
    assert seen(YU) == [anyones]
    assert seen(YU, is_open=False) == [ours]
    with any_db.read() as session:
        assert queries.open_count(session, by=YU, now=now) == 1
