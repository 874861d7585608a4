"""Claim a request by its idempotency key, keep its answer, give it again."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from hub.kernel.bulk import insert_absent
from hub.kernel.database import Database
from hub.kernel.idempotency.models import AnswerRow
from hub.kernel.idempotency.rules import KEEP, LEASE, Claim, InProgressError, KeptAnswer, KeyReusedError
from hub.kernel.ids import new_id


def claim(db: Database, *, scope: str, key: str, request_hash: str, now: datetime) -> Claim | KeptAnswer:
    """Return the right to work on this request, or the answer that it got before.

    Of any number at once one gets the claim. Raises: KeyReusedError, InProgressError.
    """

    def work(session: Session) -> Claim | KeptAnswer:
        row = session.get(AnswerRow, (scope, key), with_for_update=True)
        if row is None or row.expires_at <= now:
            return _claimed(session, row, scope=scope, key=key, request_hash=request_hash, now=now)
        if row.request_hash != request_hash:
            raise KeyReusedError
        if row.status is not None:
            return KeptAnswer(row.status, row.headers or {}, row.body or b"")
        if row.claimed_at + LEASE > now:
            raise InProgressError
        return _claimed(session, row, scope=scope, key=key, request_hash=request_hash, now=now)

    return db.run(work)


def keep(db: Database, held: Claim, answer: KeptAnswer) -> None:
    """Keep the answer, unless another took the request over meanwhile: the first one kept stays."""

    def work(session: Session) -> None:
        row = _held(session, held)
        if row is not None:
            row.status, row.headers, row.body = answer.status, dict(answer.headers), answer.body

    db.run(work)


def release(db: Database, held: Claim) -> None:
    """Give the claim back: the request had no effect, and may be sent again."""

    def work(session: Session) -> None:
        row = _held(session, held)
        if row is not None:
            session.delete(row)

    db.run(work)


def forget_expired(db: Database, *, now: datetime) -> None:
    """Delete the answers whose day is over."""
    db.run(lambda session: session.execute(delete(AnswerRow).where(AnswerRow.expires_at <= now)))


def _claimed(
    session: Session, row: AnswerRow | None, *, scope: str, key: str, request_hash: str, now: datetime
) -> Claim:
    held = Claim(scope, key, new_id(now))
    if row is None:
        times = {"claimed_at": now, "expires_at": now + KEEP}
        insert_absent(  # somebody may claim it at this moment
            session, AnswerRow, scope=scope, key=key, claim_id=held.id, request_hash=request_hash, **times
        )
        return held
    row.claim_id, row.request_hash = held.id, request_hash
    row.claimed_at, row.expires_at = now, now + KEEP
    row.status = row.headers = row.body = None
    return held


def _held(session: Session, held: Claim) -> AnswerRow | None:
    row = session.get(AnswerRow, (held.scope, held.key), with_for_update=True)
    return row if row is not None and row.claim_id == held.id and row.status is None else None
