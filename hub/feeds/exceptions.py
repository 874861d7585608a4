"""Keeping the list of credit codes that are taken though they fail their check: one official asks, another decides."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.access.checks import require
from hub.access.proposals.rules import ProposalView
from hub.access.proposals.service import TwoPersonAct, propose
from hub.access.rules import Action
from hub.kernel.actor import Actor
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.kernel.ids import new_id
from hub.kernel.messages import Message
from hub.registry.exceptions.models import UsccException
from hub.registry.exceptions.rules import (
    ExceptionEndedError,
    ExceptionExistsError,
    ExceptionReasonError,
    ExceptionSourceError,
    check_holds,
    exceptional,
    said,
)
from hub.trust.record import events

_CODE = Message("信用代码", "Credit code")
_SOURCE = Message("依据文书或记录", "Document or record that proves it")


def require_keeper(by: Actor) -> None:
    """Let those pass who keep the list, to the form that asks for one more code. Raises: NotAllowedError."""
    require(by, Action.KEEP_EXCEPTIONS)


def ask_exception(text: str, *, reason: str, source: str, by: Actor, now: datetime, db: Database) -> UUID:
    """Ask that a code is taken though it fails its check; a second official decides.

    Raises: NotAllowedError, InvalidInputError, ExceptionExistsError, ProposalPendingError.
    """
    require(by, Action.KEEP_EXCEPTIONS)
    code, why, proof = (
        exceptional(text),
        said(reason, ExceptionReasonError),
        said(source, ExceptionSourceError),
    )

    def work(session: Session) -> UUID:
        _require_new(session, code)
        data = {"code": code, "source": proof}
        return propose(session, ADDITION, subject=code, data=data, reason=why, by=by, now=now)

    return db.run(work)


def ask_end(exception_id: UUID, *, reason: str, by: Actor, now: datetime, db: Database) -> UUID:
    """Ask that a code is taken no more; what is stored under it stays. A second official decides.

    Raises: NotAllowedError, NotFoundError, ExceptionEndedError, InvalidInputError, ProposalPendingError.
    """
    require(by, Action.KEEP_EXCEPTIONS)
    why = said(reason, ExceptionReasonError)

    def work(session: Session) -> UUID:
        row = _standing(session, exception_id)
        data = {"code": row.code, "source": row.source}
        return propose(session, END, subject=str(row.id), data=data, reason=why, by=by, now=now)

    return db.run(work)


def _add(session: Session, proposal: ProposalView, by: Actor, now: datetime) -> None:
    """Raises: ExceptionExistsError."""
    code = str(proposal.data["code"])
    _require_new(session, code)
    row = UsccException(
        id=new_id(now),
        code=code,
        check_holds=check_holds(code),
        reason=proposal.reason,
        source=str(proposal.data["source"]),
        asked_by=proposal.by,
        decided_by=events.pseudonym(by),
        added_at=now,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:  # at this very moment, by another proposal
        raise ExceptionExistsError from error
    _record(session, "exception.added", row, proposal, by=by, now=now)


def _end(session: Session, proposal: ProposalView, by: Actor, now: datetime) -> None:
    """Raises: NotFoundError, ExceptionEndedError."""
    row = _standing(session, UUID(proposal.subject))
    row.ended_at, row.end_reason = now, proposal.reason
    row.end_asked_by, row.end_decided_by = proposal.by, events.pseudonym(by)
    session.flush()
    _record(session, "exception.ended", row, proposal, by=by, now=now)


def _require_new(session: Session, code: str) -> None:
    listed = select(UsccException.id).where(UsccException.code == code, UsccException.ended_at.is_(None))
    if session.scalar(listed) is not None:
        raise ExceptionExistsError


def _standing(session: Session, exception_id: UUID) -> UsccException:
    row = session.get(UsccException, exception_id, with_for_update=True)
    if row is None:
        raise NotFoundError
    if row.ended_at is not None:
        raise ExceptionEndedError
    return row


def _record(
    session: Session, kind: str, row: UsccException, proposal: ProposalView, *, by: Actor, now: datetime
) -> None:
    data = {"proposal": str(proposal.id)}
    events.record(session, kind=kind, uscc="", subject=row.code, by=by, data=data, now=now, rows=[row])


def _lines(proposal: ProposalView) -> Sequence[tuple[Message, str | Message]]:
    return (_CODE, str(proposal.data["code"])), (_SOURCE, str(proposal.data["source"]))


ADDITION = TwoPersonAct(
    code="uscc.exception",
    name=Message("信用代码列入校验例外", "Take a credit code that fails its check"),
    decides=Action.KEEP_EXCEPTIONS,
    effect=_add,
    lines=_lines,
)
END = TwoPersonAct(
    code="uscc.exception-end",
    name=Message("终止信用代码校验例外", "Take a credit code no more that fails its check"),
    decides=Action.KEEP_EXCEPTIONS,
    effect=_end,
    lines=_lines,
)
KINDS = (ADDITION, END)
