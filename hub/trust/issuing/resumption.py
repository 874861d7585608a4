"""Complete what was undertaken and not finished: after a crash, or once the signer is back."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from hub.kernel.database import Database
from hub.kernel.errors import HubError, UnavailableError
from hub.trust.issuing.models import IntentRow, OpenIntent
from hub.trust.issuing.rules import Intent, IntentState, ResumptionResult
from hub.trust.issuing.service import complete, intent_of, note_failure
from hub.trust.issuing.terms import Maker
from signing import SigningError

GRACE = timedelta(seconds=2)  # a request under way completes its own intent; ours would only make it wait
CHUNK = 500  # intents of one kind in one round; the next round comes within seconds

# What the stored facts of one intent, or a mistake of ours that only they meet, can raise; the next may be well.
_OF_ONE_INTENT = (
    ArithmeticError,
    AttributeError,
    LookupError,
    SigningError,
    SQLAlchemyError,
    TypeError,
    ValueError,
)

_log = logging.getLogger(__name__)


def resume(
    db: Database, makers: Iterable[Maker[Any]], *, now: datetime, grace: timedelta = GRACE
) -> ResumptionResult:
    """Complete every open intent older than `grace`, of the kinds that have a maker, each exactly once.

    A kind whose signer is away is left alone after its first attempt: the others would fail in the same way. An
    intent that fails by itself is counted and the next one has its turn.
    Raises: what the driver raises when the database is away: then the failure cannot be counted either.
    """
    done = refused = waiting = 0
    for maker in makers:
        found = _open_of(db, maker.kind, before=now - grace)
        for place, intent in enumerate(found):
            try:
                complete(db, maker=maker, intent=intent, now=now)
                done += 1
            except UnavailableError as error:
                _log.warning("%d intents of kind %s wait: %s", len(found) - place, maker.kind, error.reason)
                waiting += len(found) - place
                break
            except HubError as error:
                _log.info("intent %s of kind %s was refused: %s", intent.id, maker.kind, error.reason)
                refused += 1
            except _OF_ONE_INTENT as error:
                note_failure(db, intent, error)
                waiting += 1
    return ResumptionResult(done, refused, waiting)


def complete_open(db: Database, *, maker: Maker[Any], uscc: str, subject: str, now: datetime) -> None:
    """Complete the open intent for one thing at once; nothing to do where there is none any more.

    Raises: what the maker refuses, IssueRefusedError, IssueDelayedError.
    """
    with db.read() as session:
        waiting = session.get(OpenIntent, (uscc, maker.kind, subject))
        if waiting is None:
            return
        intent = intent_of(session.get_one(IntentRow, (uscc, waiting.intent_id)))
    complete(db, maker=maker, intent=intent, now=now)


def restore_worklist(db: Database, *, now: datetime, grace: timedelta = GRACE) -> int:
    """Put open intents without a row on the worklist back on it; how many. The record counts, not the worklist.

    An intent whose place is taken by a later one for the same thing follows once that one is done. Reads every intent.
    """
    with db.read() as session:
        if session.scalars(_lost(now - grace).limit(1)).first() is None:
            return 0
    restored = db.run(lambda session: _restore(session, before=now - grace))
    _log.warning("%d open intents were missing on the worklist and are on it again", restored)
    return restored


def _restore(session: Session, *, before: datetime) -> int:
    rows = session.scalars(_lost(before).limit(CHUNK).with_for_update(of=IntentRow)).all()
    first = {(row.uscc, row.kind, row.subject): row for row in reversed(rows)}
    session.add_all(
        OpenIntent(
            uscc=row.uscc,
            kind=row.kind,
            subject=row.subject,
            intent_id=row.id,
            created_at=row.created_at,
            attempts=0,
        )
        for row in first.values()
    )
    return len(first)


def _lost(before: datetime) -> Select[IntentRow]:
    """Open intents, oldest first, for whose thing nothing stands on the worklist."""
    is_listed = exists().where(
        OpenIntent.uscc == IntentRow.uscc,
        OpenIntent.kind == IntentRow.kind,
        OpenIntent.subject == IntentRow.subject,
    )
    return (
        select(IntentRow)
        .where(IntentRow.state == IntentState.OPEN, IntentRow.created_at <= before, ~is_listed)
        .order_by(IntentRow.created_at, IntentRow.id)
    )


def _open_of(db: Database, kind: str, *, before: datetime) -> list[Intent]:
    """The open intents of a kind, those first that failed least often, then the oldest."""
    with db.read() as session:
        rows = session.scalars(
            select(IntentRow)
            .join(OpenIntent, (OpenIntent.intent_id == IntentRow.id) & (OpenIntent.uscc == IntentRow.uscc))
            .where(
                OpenIntent.kind == kind,
                OpenIntent.created_at <= before,
                IntentRow.state == IntentState.OPEN,
            )
            .order_by(OpenIntent.attempts, OpenIntent.created_at, OpenIntent.intent_id)
            .limit(CHUNK)
        ).all()
        return [intent_of(row) for row in rows]
