"""Who looked at whose data: written before anything is shown, and shown to the enterprise."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access import errors
from hub.access.checks import require
from hub.access.look_numbers import LooksADayError, ask_for_more, count_look
from hub.access.models import Look
from hub.access.remits import check_look
from hub.access.rules import PURPOSES, Action, LookPurpose
from hub.kernel.actor import Actor, Role
from hub.kernel.database import Database
from hub.kernel.errors import NotAllowedError
from hub.kernel.ids import new_id
from hub.kernel.messages import Message
from hub.kernel.visible_characters import is_visible
from hub.trust.record import events

MAX_REASON_CHARS = 200  # 用证事由, as the sharing interfaces of electronic licenses limit it
MAX_SEEN_CHARS = 60
PAGE = 50
LOOKED = "enterprise.looked"  # the act of a look
LOOK_LIFE = timedelta(minutes=30)  # one visit to a shop; afterwards the purpose is asked again

__all__ = [
    "PURPOSES",
    "LookPurpose",
    "LookView",
    "OpenLook",
    "record_look",
    "require_look",
    "standing_look",
]


class LookNeededError(NotAllowedError):
    """Beyond the public view nothing is shown before a purpose is on record."""

    reason = "LOOK_NEEDED"
    zh = "请先登记查看事由（网页：选择事由；接口：POST /api/v1/looks），再查看企业详情。"
    en = (
        "Say why you are looking before you see more of this enterprise (pages: choose a purpose; "
        "programs: POST /api/v1/looks)."
    )


@dataclass(frozen=True, slots=True)
class LookView:
    """One look as the enterprise reads it.

    `role` None: the operator. `region`, `until`: taken along with a county's records, good until then.
    """

    id: UUID
    at: datetime
    viewer: str
    role: Role | None
    department: str
    purpose: Message
    reason: str
    seen: str
    region: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenLook:
    """What opens the view beyond the public one: made only from a look that is stored and still lasts."""

    uscc: str
    purpose: Message
    until: datetime


def standing_look(*, actor: Actor, uscc: str, now: datetime, db: Database) -> OpenLook | None:
    """Return the actor's open look at this enterprise, read from the record; None: ask for a purpose."""
    statement = (
        select(Look)
        .where(
            Look.uscc == uscc,
            Look.person_id == actor.person_id,
            Look.role == actor.role,
            Look.department
            == (actor.department or ""),  # another office of the same person is another reader
            Look.at > now - LOOK_LIFE,
        )
        .order_by(Look.at.desc())
        .limit(1)
    )
    with db.read() as session:
        row = session.scalar(statement)
        if row is None:
            return None
        return OpenLook(uscc, PURPOSES[row.purpose].name, row.at + LOOK_LIFE)


def require_look(*, actor: Actor, uscc: str, now: datetime, db: Database) -> OpenLook:
    """Raises: NotAllowedError for a role that may not look, LookNeededError where no look stands."""
    require(actor, Action.LOOK, uscc)
    look = standing_look(actor=actor, uscc=uscc, now=now, db=db)
    if look is None:
        raise LookNeededError
    return look


def require_entry(*, actor: Actor, uscc: str, now: datetime, db: Database) -> None:
    """Let an enterprise's own people in, and officers and officials under a look that stands.

    Raises: NotFoundError, NotAllowedError, LookNeededError.
    """
    if actor.is_enterprise:
        require(actor, Action.SEE_SPACE, uscc)
    else:
        require_look(actor=actor, uscc=uscc, now=now, db=db)


def record_look(
    *, actor: Actor, uscc: str, purpose: str, reason: str, seen: str, now: datetime, db: Database
) -> LookView:
    """Put a look beyond the public view on record, in a transaction of its own, before the data is read.

    `seen` names the view. Raises: NotAllowedError, InvalidInputError for an unknown purpose, or for none given
    in words where the purpose asks for it; NoRemitError, RemitPurposeError, RemitDistrictError; LooksADayError
    above the daily number, when a second person is asked.
    """
    require(actor, Action.LOOK, uscc)
    chosen, said = checked_purpose(purpose, reason)

    def work(session: Session) -> LookView:
        check_look(session, actor, uscc, chosen.code, now=now)
        count_look(session, actor, now=now)
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
        data = {"purpose": chosen.code, "seen": row.seen}
        events.record(
            session, kind=LOOKED, uscc=uscc, subject=str(row.id), by=actor, data=data, now=now, rows=[row]
        )
        return _view(row)

    try:
        return db.run(work)
    except LooksADayError:
        ask_for_more(actor, why=said or chosen.name.zh, now=now, db=db)
        raise


def checked_purpose(purpose: str, reason: str) -> tuple[LookPurpose, str]:
    """Return a purpose by its code, and the words that go with it. Raises: InvalidInputError."""
    chosen = PURPOSES.get(purpose)
    if chosen is None:
        raise errors.PurposeMissingError
    said = " ".join(reason.split())
    if len(said) > MAX_REASON_CHARS or (chosen.needs_reason and not said) or not is_visible(said):
        raise errors.LookReasonError
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
