"""Asking for an act and deciding on it: the act itself is done in the transaction of the approval, or not at all.

A capability declares a `TwoPersonAct` beside the use case that it guards; the end that knows all of them hands them in. So a
new kind is a row of a table, not a new mechanism.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.access.checks import require, require_fresh
from hub.access.proposals import errors
from hub.access.proposals.models import Proposal
from hub.access.proposals.rules import (
    DECIDED,
    MAX_WORDS_CHARS,
    PROPOSAL_LIFE,
    Decision,
    ProposalState,
    ProposalView,
    account_of,
    is_second,
    reaches,
)
from hub.access.remits import check_decision
from hub.access.rules import Action, may
from hub.kernel.actor import Actor, Doer, Operator
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.kernel.ids import new_id
from hub.kernel.messages import Message
from hub.kernel.visible_characters import is_visible
from hub.trust.record import events

Effect = Callable[[Session, ProposalView, Actor, datetime], None]
Lines = Callable[[ProposalView], Sequence[tuple[Message, str | Message]]]
After = Callable[[ProposalView, datetime, Database], None]


@dataclass(frozen=True, slots=True)
class TwoPersonAct:
    """One act that needs two people.

    `decides` names the row of the table of permissions that the second person needs. `effect` does the act, in the
    transaction of the approval; what it raises leaves the proposal open. `lines` says what the second person reads
    before deciding: label and text. `after` is what remains once the approval is committed (signing); the worker does it
    where this fails.
    """

    code: str
    name: Message
    decides: Action
    effect: Effect
    lines: Lines
    life: timedelta = PROPOSAL_LIFE
    after: After | None = None


def propose(  # noqa: PLR0913  # a proposal has these parts
    session: Session,
    kind: TwoPersonAct,
    *,
    subject: str,
    data: Mapping[str, object],
    reason: str,
    by: Doer | str,
    uscc: str | None = None,
    department: str | None = None,
    now: datetime,
) -> UUID:
    """Ask for an act, in the caller's write transaction; what waited too long for the same subject lapses.

    Who may ask is the caller's check. A person asks among his or her own department; `department` is for what no
    person asks (a source's batch); None there lets any official decide who holds the permission.
    Raises: InvalidInputError without a reason, ProposalPendingError, EventDataError for data without a canonical text.
    """
    events.canonical(data)
    person = by if isinstance(by, Actor) else None
    _let_lapse(session, kind.code, subject, now=now)
    row = Proposal(
        id=new_id(now),
        kind=kind.code,
        uscc=uscc,
        subject=subject,
        data=dict(data),
        reason=_said(reason),
        department=person.department if person is not None else department,
        by=events.pseudonym(by),
        person_id=person and person.person_id,
        passkey=by.mark if isinstance(by, Operator) else person and person.passkey,
        created_at=now,
        expires_at=now + kind.life,
        state=ProposalState.OPEN,
        words="",
    )
    _add(session, row)
    _record(session, "proposal.made", row, by=by, mark=row.passkey, now=now)
    return row.id


def decide(
    proposal_id: UUID,
    *,
    decision: Decision,
    words: str,
    kinds: Mapping[str, TwoPersonAct],
    by: Actor,
    now: datetime,
    db: Database,
) -> ProposalView:
    """Approve a proposal, which does the act at once, or refuse it; of two who decide at once one succeeds.

    Words are needed to refuse. The second person's remit reaches what is decided, and a passkey was used within the
    last minutes. Raises: NotFoundError, NotAllowedError, SecondPersonError, NoRemitError, RemitDistrictError,
    StepUpNeededError, ProposalClosedError, ProposalLapsedError, InvalidInputError, and whatever the act itself refuses.
    """
    said = _said(words) if words.strip() or decision is Decision.REFUSE else ""

    def work(session: Session) -> ProposalView:
        row = _open(session, proposal_id, now=now)
        view, kind = view_of(row), kinds.get(row.kind)
        if kind is None or not reaches(view, by):
            raise NotFoundError
        _require_second(session, view, kind, by=by, now=now)
        _close(row, DECIDED[decision], by=by, words=said, now=now)
        _record(session, f"proposal.{row.state}", row, by=by, mark=by.passkey, now=now)
        if decision is Decision.APPROVE:
            kind.effect(session, view, by, now)
        return view_of(row)

    decided = db.run(work)
    kind = kinds[decided.kind]
    if decision is Decision.APPROVE and kind.after is not None:
        kind.after(decided, now, db)
    return decided


def may_decide(proposal: ProposalView, kind: TwoPersonAct, *, by: Actor) -> bool:
    """Return whether somebody is a second person for a proposal, so that its page asks for a decision."""
    return may(by, kind.decides) and reaches(proposal, by) and is_second(proposal, by)


def _require_second(
    session: Session, proposal: ProposalView, kind: TwoPersonAct, *, by: Actor, now: datetime
) -> None:
    """Let a second person pass whose remit reaches the proposal and who has just shown a passkey, where there is one.

    The demonstration's links and the accounts of a shell have none.
    """
    require(by, kind.decides)
    if not is_second(proposal, by):
        raise errors.SecondPersonError
    check_decision(session, by, proposal.uscc, now=now)
    if by.passkey is not None and account_of(by.passkey) is None:
        require_fresh(by, now=now)


def withdraw(proposal_id: UUID, *, by: Actor, now: datetime, db: Database) -> None:
    """Take back what one asked for oneself. Raises: NotFoundError, ProposalClosedError, ProposalLapsedError."""

    def work(session: Session) -> None:
        row = _open(session, proposal_id, now=now)
        if row.person_id != by.person_id:
            raise NotFoundError
        _close(row, ProposalState.WITHDRAWN, by=by, words="", now=now)
        _record(session, "proposal.withdrawn", row, by=by, mark=by.passkey, now=now)

    db.run(work)


def view_of(row: Proposal) -> ProposalView:
    names = (name for name in ProposalView.__dataclass_fields__ if name != "state")
    return ProposalView(state=ProposalState(row.state), **{name: getattr(row, name) for name in names})


def _add(session: Session, row: Proposal) -> None:
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:  # at this very moment, by somebody else
        raise errors.ProposalPendingError from error


def _open(session: Session, proposal_id: UUID, *, now: datetime) -> Proposal:
    row = session.scalar(select(Proposal).where(Proposal.id == proposal_id).with_for_update())
    if row is None:
        raise NotFoundError
    if row.state != ProposalState.OPEN:
        raise errors.ProposalClosedError
    if now >= row.expires_at:
        raise errors.ProposalLapsedError
    return row


def _close(row: Proposal, state: ProposalState, *, by: Actor, words: str, now: datetime) -> None:
    row.state, row.words = state, words
    row.decided_at, row.decided_by = now, events.pseudonym(by)
    row.decided_person, row.decided_passkey = by.person_id, by.passkey


def _let_lapse(session: Session, kind: str, subject: str, *, now: datetime) -> None:
    """Raises: ProposalPendingError where the same still waits in time."""
    waiting = select(Proposal).where(
        Proposal.kind == kind, Proposal.subject == subject, Proposal.state == ProposalState.OPEN
    )
    row = session.scalar(waiting.with_for_update())
    if row is None:
        return
    if now < row.expires_at:
        raise errors.ProposalPendingError
    row.state = ProposalState.LAPSED
    _record(session, "proposal.lapsed", row, by=row.by, mark=None, now=now)
    session.flush()  # before the same is asked for anew


def _said(words: str) -> str:
    said = " ".join(words.split())
    if not 0 < len(said) <= MAX_WORDS_CHARS or not is_visible(said):
        raise errors.WordsMissingError
    return said


def _record(
    session: Session, kind: str, row: Proposal, *, by: Doer | str, mark: str | None, now: datetime
) -> None:
    """Put the step on record; at the command line with the account that took it in an official's name."""
    data = {"proposal": row.kind, "about": row.subject}
    if isinstance(by, Actor) and (account := account_of(mark)) is not None:
        data["account"] = account
    events.record(
        session,
        kind=kind,
        uscc=row.uscc or "",
        subject=str(row.id),
        by=by,
        data=data,
        now=now,
        rows=[row],
    )
