"""不涉及: what an enterprise itself declares about the permits its scope seems to call for."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access.checks import require
from hub.access.rules import Action
from hub.kernel.actor import Actor
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.kernel.ids import new_id
from hub.licenses.errors import (
    MAX_REASON_CHARS,
    MIN_REASON_CHARS,
    AlreadyWaivedError,
    WaiverReasonError,
    WaiverRevokedError,
)
from hub.licenses.models import Waiver
from hub.licenses.reference.rules import Reference
from hub.licenses.summaries import refresh
from hub.registry.models import Premises
from hub.registry.rules import name_problem
from hub.trust.record import events


@dataclass(frozen=True, slots=True)
class WaiverDeclaration:
    """Which permit does not apply, where (None: nowhere in the enterprise), and why."""

    type_code: str
    premises_id: UUID | None
    reason: str


def declare_waiver(
    declaration: WaiverDeclaration,
    *,
    uscc: str,
    actor: Actor,
    now: datetime,
    today: date,
    reference: Reference,
    db: Database,
) -> UUID:
    """Declare that a permit does not apply; it leaves 应办 until revoked, and regulators see the declaration.

    `today`: the legal day on which the enterprise is counted afresh; `reference`: what is in force on it.

    Raises: NotFoundError, NotAllowedError, UnknownLicenseTypeError, InvalidInputError, AlreadyWaivedError.
    """
    require(actor, Action.DECLARE_FACTS, uscc)
    kind = reference.types.by_code(declaration.type_code)
    reason = _reason(declaration.reason)

    def work(session: Session) -> UUID:
        _check_premises(session, uscc, declaration.premises_id)
        if _standing(session, uscc, declaration) is not None:
            raise AlreadyWaivedError
        waiver = Waiver(
            uscc=uscc,
            id=new_id(now),
            type_code=kind.code,
            premises_id=declaration.premises_id,
            reason=reason,
            declared_at=now,
            declared_by=actor.name,
        )
        session.add(waiver)
        _record(session, waiver, kind="waiver.declared", actor=actor, now=now)
        refresh(session, [uscc], on=today, reference=reference)
        return waiver.id

    return db.run(work)


def revoke_waiver(
    waiver_id: UUID,
    *,
    uscc: str,
    actor: Actor,
    now: datetime,
    today: date,
    reference: Reference,
    db: Database,
) -> None:
    """Take a declaration back; the permit is 应办 again from this moment.

    Raises: NotFoundError, NotAllowedError, WaiverRevokedError.
    """
    require(actor, Action.DECLARE_FACTS, uscc)

    def work(session: Session) -> None:
        waiver = session.get(Waiver, (uscc, waiver_id))
        if waiver is None:
            raise NotFoundError
        if waiver.revoked_at is not None:
            raise WaiverRevokedError
        waiver.revoked_at = now
        _record(session, waiver, kind="waiver.revoked", actor=actor, now=now)
        refresh(session, [uscc], on=today, reference=reference)

    db.run(work)


def _reason(text: str) -> str:
    plain = " ".join(text.split())
    if not MIN_REASON_CHARS <= len(plain) <= MAX_REASON_CHARS or name_problem(plain) is not None:
        raise WaiverReasonError
    return plain


def _check_premises(session: Session, uscc: str, premises_id: UUID | None) -> None:
    if premises_id is not None and session.get(Premises, (uscc, premises_id)) is None:
        raise NotFoundError


def _standing(session: Session, uscc: str, declaration: WaiverDeclaration) -> Waiver | None:
    place = Waiver.premises_id
    return session.scalars(
        select(Waiver).where(
            Waiver.uscc == uscc,
            Waiver.type_code == declaration.type_code,
            place.is_(None) if declaration.premises_id is None else place == declaration.premises_id,
            Waiver.revoked_at.is_(None),
        )
    ).first()


def _record(session: Session, waiver: Waiver, *, kind: str, actor: Actor, now: datetime) -> None:
    """The free text stays in the row alone: log leaves are kept for ever and hold nothing personal."""
    place = str(waiver.premises_id) if waiver.premises_id else None
    events.record(
        session,
        kind=kind,
        uscc=waiver.uscc,
        subject=str(waiver.id),
        by=actor,
        data={"type": waiver.type_code, "premises": place},
        now=now,
    )
