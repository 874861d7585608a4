"""Proposals as officials and auditors see them: frozen values, newest first."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, true
from sqlalchemy.orm import Session

from hub.access.checks import reading
from hub.access.proposals.models import Proposal
from hub.access.proposals.rules import ProposalState, ProposalView
from hub.access.proposals.service import view_of
from hub.access.rules import Action
from hub.kernel.actor import Actor, Doer, Role
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.kernel.paging import NewestPage, newest_page


def proposals_page(
    *, by: Doer, is_open: bool, now: datetime, before: UUID | None = None, limit: int = 50, db: Database
) -> NewestPage[ProposalView]:
    """Return a page of what waits, or of what was settled, newest first; `before` is the `older` of the page before.

    Auditors and the operator see all, officials what their department decides or they asked for themselves. One statement.
    Raises: NotAllowedError.
    """
    waits = _waits(now) if is_open else not_(_waits(now))
    statement = select(Proposal).where(_seen_by(by), waits)
    with reading(Action.SEE_PROPOSALS, by=by, db=db) as session:
        return newest_page(
            session, statement, Proposal.id, lambda row: view_of(row[0]), before=before, limit=limit
        )


def proposal_of(proposal_id: UUID, *, by: Doer, db: Database) -> ProposalView:
    """Raises: NotAllowedError, NotFoundError."""
    with reading(Action.SEE_PROPOSALS, by=by, db=db) as session:
        row = session.scalar(select(Proposal).where(_seen_by(by), Proposal.id == proposal_id))
        if row is None:
            raise NotFoundError
        return view_of(row)


def newest_of(session: Session, kind: str, subject: str) -> ProposalView | None:
    """Return what was asked last about a subject, for the use case that asks. One statement."""
    statement = select(Proposal).where(Proposal.kind == kind, Proposal.subject == subject)
    row = session.scalars(statement.order_by(Proposal.id.desc()).limit(1)).first()
    return None if row is None else view_of(row)


def open_count(session: Session, *, by: Actor, now: datetime) -> int:
    """Count the proposals waiting for a decision that the actor sees. One statement."""
    waiting = select(func.count()).select_from(Proposal).where(_seen_by(by), _waits(now))
    return session.scalar(waiting) or 0


def _waits(now: datetime) -> ColumnElement[bool]:
    return and_(Proposal.state == ProposalState.OPEN, Proposal.expires_at > now)


def _seen_by(actor: Doer) -> ColumnElement[bool]:
    if not isinstance(actor, Actor) or actor.role is Role.AUDITOR:
        return true()
    theirs = or_(Proposal.department.is_(None), Proposal.department == actor.department)
    return or_(theirs, Proposal.person_id == actor.person_id)
