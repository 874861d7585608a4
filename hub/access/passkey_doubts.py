"""Passkeys whose authenticator contradicts itself: refused, on record, and told to officials until one has looked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.access.authenticator_answers import PasskeyAssertion
from hub.access.checks import reading, require
from hub.access.errors import PasskeyRefusedError
from hub.access.models import Passkey, PasskeyDoubt, Person
from hub.access.rules import Action, Doubt, passkey_name
from hub.kernel.actor import Actor
from hub.kernel.database import Database
from hub.kernel.errors import ConflictError, NotFoundError
from hub.kernel.ids import new_id
from hub.trust.record import events

PAGE = 50


class DoubtSeenError(ConflictError):
    reason = "DOUBT_SEEN"
    zh = "已由他人处理，请刷新查看。"
    en = "Somebody has dealt with this already; reload the page."


@dataclass(frozen=True, slots=True)
class DoubtView:
    id: UUID
    person: str
    label: str
    kind: Doubt
    at: datetime
    seen_at: datetime | None


def doubt_of(passkey: Passkey, told: PasskeyAssertion) -> Doubt | None:
    """Return what a genuine signature says against itself (Web Authentication Level 3 §7.2 steps 17 and 22).

    A counter that is always zero counts nothing; whether a credential may be backed up never changes.
    """
    if (told.sign_count or passkey.sign_count) and told.sign_count <= passkey.sign_count:
        return Doubt.COUNTER
    if passkey.is_eligible is not None and passkey.is_eligible != told.is_eligible:
        return Doubt.BACKUP
    return None


def note(session: Session, passkey: Passkey, doubt: Doubt, *, now: datetime) -> None:
    """Put a doubt on record in the caller's transaction, once until an official has looked at it.

    Raises: PasskeyRefusedError when another answer was doubted at this very moment, which is then on record.
    """
    name = passkey_name(passkey.credential_id)
    told = select(PasskeyDoubt.id).where(
        PasskeyDoubt.passkey == name, PasskeyDoubt.kind == doubt, PasskeyDoubt.seen_at.is_(None)
    )
    if session.scalar(told) is not None:
        return
    row = PasskeyDoubt(
        id=new_id(now),
        passkey=name,
        person_id=passkey.person_id,
        label=passkey.label,
        kind=doubt,
        at=now,
        seen_at=None,
        seen_by=None,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise PasskeyRefusedError(doubt) from error
    _record(session, "passkey.doubted", row, by="public", now=now)


def doubts_page(*, by: Actor, db: Database) -> list[DoubtView]:
    """Return the newest doubts, those that nobody has looked at first. One statement. Raises: NotAllowedError."""
    statement = (
        select(PasskeyDoubt, Person.name)
        .join(Person, Person.id == PasskeyDoubt.person_id, isouter=True)
        .order_by(PasskeyDoubt.seen_at.is_not(None), PasskeyDoubt.id.desc())
        .limit(PAGE)
    )
    with reading(Action.MANAGE_ACCOUNTS, by=by, db=db) as session:
        return [
            DoubtView(row.id, name or "", row.label, Doubt(row.kind), row.at, row.seen_at)
            for row, name in session.execute(statement)
        ]


def unseen_count(session: Session) -> int:
    """Count the doubts that wait for an official. One statement."""
    waiting = select(func.count()).select_from(PasskeyDoubt).where(PasskeyDoubt.seen_at.is_(None))
    return session.scalar(waiting) or 0


def see(doubt_id: UUID, *, by: Actor, now: datetime, db: Database) -> None:
    """Note that an official has looked into a doubt. Raises: NotAllowedError, NotFoundError, DoubtSeenError."""
    require(by, Action.MANAGE_ACCOUNTS)

    def work(session: Session) -> None:
        row = session.scalar(select(PasskeyDoubt).where(PasskeyDoubt.id == doubt_id).with_for_update())
        if row is None:
            raise NotFoundError
        if row.seen_at is not None:
            raise DoubtSeenError
        row.seen_at, row.seen_by = now, events.pseudonym(by)
        _record(session, "passkey.doubt-seen", row, by=by, now=now)

    db.run(work)


def _record(session: Session, kind: str, row: PasskeyDoubt, *, by: Actor | str, now: datetime) -> None:
    data = {"passkey": row.passkey, "doubt": row.kind}
    events.record(session, kind=kind, uscc="", subject=str(row.id), by=by, data=data, now=now)
