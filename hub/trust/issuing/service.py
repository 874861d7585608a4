"""Issue: the intent is recorded and logged, then checked, signed and stored, and only then handed out.

Two transactions. The first records what is to be issued; the second takes that intent under a lock, checks the facts
again, signs, stores and closes it. A crash between the two leaves an open intent, which the worker, or the next
request for the same thing, completes exactly once. Requests for a thing that is being issued join its intent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import CursorResult, bindparam, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.kernel.actor import Doer
from hub.kernel.bulk import insert_absent, table_of
from hub.kernel.database import Database
from hub.kernel.errors import HubError, UnavailableError
from hub.kernel.ids import new_id
from hub.trust.issuing.errors import IssueDelayedError, IssueRefusedError, TokenReusedError
from hub.trust.issuing.models import IntentRow, OpenIntent
from hub.trust.issuing.rules import Intent, IntentState, IssueFacts, digest_of, frozen
from hub.trust.issuing.terms import FREE, Finder, IssueTerms, Maker
from hub.trust.record import events
from hub.trust.statuses.indices import take_turn
from keys import KeysError

T = TypeVar("T")

MAX_TURNS = 8  # others' requests for the same thing that are completed before one's own; more is an overload


_OPEN = table_of(OpenIntent)
_TAKE_OFF = delete(_OPEN).where(
    _OPEN.c.uscc == bindparam("of"),
    _OPEN.c.kind == bindparam("what"),
    _OPEN.c.subject == bindparam("about"),
    _OPEN.c.intent_id == bindparam("intent"),
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    uscc: str | Finder
    kind: str
    subject: str
    request: Mapping[str, object]
    digest: str
    by: str
    terms: IssueTerms


def issue(  # noqa: PLR0913  # what is issued, for whom, by whom and when, each by its name
    db: Database,
    *,
    maker: Maker[T],
    uscc: str | Finder,
    subject: str,
    request: Mapping[str, object],
    by: Doer | str,
    now: datetime,
    terms: IssueTerms = FREE,
) -> T:
    """Issue one thing, or join the request that is issuing it; what is returned is committed.

    `subject` (at most 80 characters) names the thing: of one kind, one is issued at a time. `request` is what the maker
    needs to make it later by itself; JSON values only, nothing about a person. `uscc`: the enterprise, or what finds it
    inside the first transaction, where it reads at once all that the caller has to check.
    Raises: what `terms` and the maker refuse, IssueRefusedError, TokenReusedError, IssueDelayedError.
    """
    wanted = _Wanted(uscc, maker.kind, subject, request, digest_of(request), events.pseudonym(by), terms)
    for _ in range(MAX_TURNS):
        intent = _intend(db, wanted, now=now)
        if intent.digest != wanted.digest:
            _finish_others(db, maker, intent, now=now)
            continue
        try:
            return complete(db, maker=maker, intent=intent, now=now)
        except IssueRefusedError:
            if terms.token is not None and intent.token == terms.token:
                raise
            # Another request's intent, refused since it was joined: asked by itself, this one is told why, or served.
    raise IssueDelayedError


def intend(
    session: Session,
    *,
    kind: str,
    uscc: str,
    subject: str,
    request: Mapping[str, object],
    by: Doer | str,
    now: datetime,
) -> Intent:
    """Record in the caller's transaction what is to be made, or join the intent that is open; see `complete_open`."""
    wanted = _Wanted(uscc, kind, subject, request, digest_of(request), events.pseudonym(by), FREE)
    return _intended(session, wanted, now=now)


def complete(db: Database, *, maker: Maker[T], intent: Intent, now: datetime) -> T:
    """Make what the intent says in the second transaction, unless it is done already.

    Raises: what the maker refuses (the intent is then closed), IssueRefusedError, IssueDelayedError (it stays open).
    """
    try:
        return _made(db, maker, intent, now=now)
    except KeysError as error:
        note_failure(db, intent, error)
        raise IssueDelayedError from error
    except UnavailableError as error:
        note_failure(db, intent, error)
        raise
    except IssueRefusedError:
        raise
    except HubError as refusal:
        reason = refusal.reason
        db.run(lambda session: _refuse(session, intent, reason, now=now))
        raise


def note_failure(db: Database, intent: Intent, error: Exception) -> None:
    """Count a failed attempt where operators look; the intent stays open."""

    def work(session: Session) -> None:
        row = session.get(OpenIntent, (intent.uscc, intent.kind, intent.subject), with_for_update=True)
        if row is not None and row.intent_id == intent.id:
            row.attempts += 1
            row.last_failure = type(error).__name__[:60]

    db.run(work)


def intent_of(row: IntentRow) -> Intent:
    return Intent(
        uscc=row.uscc,
        id=row.id,
        kind=row.kind,
        subject=row.subject,
        request=frozen(row.request),
        digest=row.digest,
        by=row.by,
        created_at=row.created_at,
        state=IntentState(row.state),
        token=row.token,
        result=row.result,
        reason=row.reason,
    )


def _intend(db: Database, wanted: _Wanted, *, now: datetime) -> Intent:
    """The first transaction: the intent that is there, or a new one."""
    return _looking_again(db, lambda session: _intended(session, wanted, now=now))


def _intended(session: Session, wanted: _Wanted, *, now: datetime) -> Intent:
    if wanted.terms.allow is not None:
        wanted.terms.allow(session)
    found = _found(session, wanted)
    return _joined(session, found, wanted) or _record(session, found, wanted, now=now)


def _found(session: Session, wanted: _Wanted) -> IssueFacts:
    if not isinstance(wanted.uscc, str):
        return wanted.uscc(session)
    place = (OpenIntent.uscc == wanted.uscc, OpenIntent.kind == wanted.kind)
    waiting = select(OpenIntent.intent_id).where(*place, OpenIntent.subject == wanted.subject)
    return IssueFacts(wanted.uscc, session.scalar(waiting))


def _joined(session: Session, found: IssueFacts, wanted: _Wanted) -> Intent | None:
    """The intent of this very request, or the open one for the same thing."""
    if wanted.terms.token is not None:
        same = session.scalar(
            select(IntentRow).where(IntentRow.uscc == found.uscc, IntentRow.token == wanted.terms.token)
        )
        if same is not None:
            if (same.kind, same.subject, same.digest) != (wanted.kind, wanted.subject, wanted.digest):
                raise TokenReusedError
            return intent_of(same)
    if found.waiting is None:
        return None
    return intent_of(session.get_one(IntentRow, (found.uscc, found.waiting)))


def _record(session: Session, found: IssueFacts, wanted: _Wanted, *, now: datetime) -> Intent:
    if wanted.terms.check is not None:
        wanted.terms.check(session)
    if found.check is not None:
        found.check()
    row = IntentRow(
        uscc=found.uscc,
        id=new_id(now),
        kind=wanted.kind,
        subject=wanted.subject,
        request=dict(wanted.request),
        digest=wanted.digest,
        token=wanted.terms.token,
        state=IntentState.OPEN,
        by=wanted.by,
        created_at=now,
    )
    waiting = OpenIntent(
        uscc=row.uscc, kind=row.kind, subject=row.subject, intent_id=row.id, created_at=now, attempts=0
    )
    session.add_all((row, waiting))
    session.flush()  # of two at once one fails here, before anything is on record
    _note(session, row, "issue.intended", now=now)
    return intent_of(row)


def _made(db: Database, maker: Maker[T], intent: Intent, *, now: datetime) -> T:
    """What the intent says. Where others stored the same meanwhile, the maker says so itself at the next look."""
    return _looking_again(db, lambda session: _make(session, maker, intent, now=now))


def _looking_again(db: Database, work: Callable[[Session], T]) -> T:
    """Run `work`, and again where others stored the same at the same moment: the next look finds what they stored."""
    for _ in range(MAX_TURNS - 1):
        try:
            return db.run(work)
        except IntegrityError:
            continue
    return db.run(work)


def _make(session: Session, maker: Maker[T], intent: Intent, *, now: datetime) -> T:
    take_turn(session)
    row = _locked(session, intent)
    match IntentState(row.state):
        case IntentState.DONE:
            return maker.load(session, intent_of(row))
        case IntentState.REFUSED:
            raise IssueRefusedError(row.reason or "")
        case IntentState.OPEN:
            made = maker.make(session, intent_of(row), now=now)
            row.result = made.reference
            _close(session, row, IntentState.DONE, now=now)
            session.flush()
            return made.value


def _refuse(session: Session, intent: Intent, reason: str, *, now: datetime) -> None:
    row = _locked(session, intent)
    if row.state == IntentState.OPEN:
        row.reason = reason
        _close(session, row, IntentState.REFUSED, now=now)
        _note(session, row, "issue.refused", now=now, reason=reason)


def _locked(session: Session, intent: Intent) -> IntentRow:
    """The intent for this transaction alone. Whoever waited for the lock starts again with what the other stored."""
    return session.get_one(IntentRow, (intent.uscc, intent.id), with_for_update=True)


def _close(session: Session, row: IntentRow, state: IntentState, *, now: datetime) -> None:
    row.state, row.done_at = state, now
    if _is_taken_off(session, row):
        return
    place = {"uscc": row.uscc, "kind": row.kind, "subject": row.subject}
    if session.get(OpenIntent, place) is None:  # lost; put back since this looked, it has this look again
        insert_absent(session, OpenIntent, **place, intent_id=row.id, created_at=now, attempts=0)
        _is_taken_off(session, row)


def _is_taken_off(session: Session, row: IntentRow) -> bool:
    """Whether the intent stood on the worklist, where it stands no more."""
    place = {"of": row.uscc, "what": row.kind, "about": row.subject, "intent": row.id}
    result = session.execute(_TAKE_OFF, place)
    return isinstance(result, CursorResult) and result.rowcount == 1


def _note(session: Session, row: IntentRow, kind: str, *, now: datetime, **more: str) -> None:
    data = {"intent": str(row.id), "issue": row.kind, "digest": row.digest, **more}
    events.record(session, kind=kind, uscc=row.uscc, subject=row.subject, by=row.by, data=data, now=now)


def _finish_others(db: Database, maker: Maker[T], intent: Intent, *, now: datetime) -> None:
    """Another request for the same thing came first: it is completed first; whether it was refused is its own affair."""
    try:
        complete(db, maker=maker, intent=intent, now=now)
    except (IssueDelayedError, UnavailableError):
        raise
    except HubError:
        return
