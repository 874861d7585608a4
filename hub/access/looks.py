"""Who looked at whose data: written before anything is shown, and shown to the enterprise."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from hub.access import errors
from hub.access.checks import require
from hub.access.models import Look
from hub.access.rules import PURPOSES, Action, Purpose
from hub.kernel.actor import Actor, Role
from hub.kernel.database import Database
from hub.kernel.ids import new_id
from hub.kernel.messages import Message
from hub.trust import events

MAX_REASON_CHARS = 200  # 用证事由, as the sharing interfaces of electronic licenses limit it
MAX_SEEN_CHARS = 60
PAGE = 50

__all__ = ["PURPOSES", "LookView", "Purpose", "looks_at", "record_look"]


@dataclass(frozen=True, slots=True)
class LookView:
    """One look as the enterprise reads it."""

    id: UUID
    at: datetime
    viewer: str
    role: Role
    department: str
    purpose: Message
    reason: str
    seen: str


def record_look(
    *, actor: Actor, uscc: str, purpose: str, reason: str, seen: str, now: datetime, db: Database
) -> LookView:
    """Put a look beyond the public view on record, in a transaction of its own, before the data is read.

    `seen` names the view. Raises: NotAllowedError, InvalidInputError for an unknown purpose, or for none given
    in words where the purpose asks for it.
    """
    require(actor, Action.LOOK, uscc)
    chosen, said = _checked(purpose, reason)
    with db.write() as session:
        row = Look(
            uscc=uscc,
            id=new_id(now),
            person_id=actor.person_id,
            viewer=actor.name,
            role=actor.role,
            department=actor.department or "",
            purpose=chosen.code,
            reason=said,
            seen=seen[:MAX_SEEN_CHARS],
            at=now,
        )
        session.add(row)
        events.record(
            session,
            kind="enterprise.looked",
            uscc=uscc,
            subject=str(row.id),
            by=actor,
            data={"purpose": chosen.code, "seen": row.seen},
            now=now,
        )
        return _view(row)


def looks_at(uscc: str, *, limit: int = PAGE, before: UUID | None = None, db: Database) -> list[LookView]:
    """The newest looks at this enterprise first; `before` is the id of the last one already shown."""
    statement = select(Look).where(Look.uscc == uscc).order_by(Look.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(Look.id < before)
    with db.read() as session:
        return [_view(row) for row in session.scalars(statement)]


def _checked(purpose: str, reason: str) -> tuple[Purpose, str]:
    chosen = PURPOSES.get(purpose)
    if chosen is None:
        raise errors.purpose_refused()
    said = reason.strip()
    if len(said) > MAX_REASON_CHARS or (chosen.needs_reason and not said):
        raise errors.reason_missing()
    return chosen, said


def _view(row: Look) -> LookView:
    return LookView(
        id=row.id,
        at=row.at,
        viewer=row.viewer,
        role=Role(row.role),
        department=row.department,
        purpose=PURPOSES[row.purpose].name,
        reason=row.reason,
        seen=row.seen,
    )
