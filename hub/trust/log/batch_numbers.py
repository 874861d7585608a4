"""The numbers of batches of leaves: a gap tells of a batch that was removed before it got its place in the log."""

from collections.abc import Iterator

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, aliased

from hub.trust.log.findings import AuditFinding, AuditReason
from hub.trust.record.models import LeafBatch

_GIVEN_OUT = text("SELECT seq FROM sqlite_sequence WHERE name = :name")


def missing_batches(session: Session) -> Iterator[AuditFinding]:
    """Find numbers that were given out and have no batch, on SQLite. Three statements.

    SQLite keeps the number given out last in a row of the same transaction, so that what is rolled back leaves no
    gap. PostgreSQL's sequences do leave gaps, and nothing can be said there.
    """
    if session.get_bind().dialect.name != "sqlite":
        return
    before = aliased(LeafBatch)
    after_gap = (
        select(LeafBatch.id)
        .outerjoin(before, before.id == LeafBatch.id - 1)
        .where(before.id.is_(None), LeafBatch.id > 1)
        .order_by(LeafBatch.id)
    )
    for number in session.scalars(after_gap):
        yield _missing(f"before {number}")
    given_out = session.scalar(_GIVEN_OUT, {"name": LeafBatch.__tablename__}) or 0
    last = session.scalar(select(func.max(LeafBatch.id))) or 0
    if given_out != last:
        yield _missing(f"after {last}")


def _missing(key: str) -> AuditFinding:
    return AuditFinding(AuditReason.BATCH_MISSING, LeafBatch.__tablename__, key, "number given out")
