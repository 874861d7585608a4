"""What waits to be issued, for operators."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BindParameter, ScalarSelect, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import InstrumentedAttribute

from hub.kernel.database import Database
from hub.trust.issuing.models import OpenIntent


@dataclass(frozen=True, slots=True)
class OpenIntents:
    """The open intents of one kind: how many, since when, and what failed last."""

    kind: str
    count: int
    since: datetime
    attempts: int
    last_failure: str | None


def waiting(db: Database) -> tuple[OpenIntents, ...]:
    """Return the open intents by kind; nothing when all is issued."""
    statement = select(
        OpenIntent.kind,
        func.count(),
        func.min(OpenIntent.created_at),
        func.max(OpenIntent.attempts),
        func.max(OpenIntent.last_failure),
    ).group_by(OpenIntent.kind)
    with db.read() as session:
        rows = session.execute(statement.order_by(OpenIntent.kind)).all()
    return tuple(OpenIntents(*row) for row in rows)


def open_for(kind: str, uscc: InstrumentedAttribute[str], subject: BindParameter[str]) -> ScalarSelect[UUID]:
    """Return the open intent for one thing, as a column of another statement; NULL where none is."""
    return (
        select(OpenIntent.intent_id)
        .where(OpenIntent.uscc == uscc, OpenIntent.kind == kind, OpenIntent.subject == subject)
        .scalar_subquery()
    )


def open_counts(db: Database) -> Mapping[str, int]:
    """Count the open intents of each kind; nothing while the database does not answer: other figures still count."""
    try:
        return {kind.kind: kind.count for kind in waiting(db)}
    except (DBAPIError, PoolTimeoutError):
        return {}
