"""Locks on enterprises and their things, as rows: of two transactions that take the same one, one sees the other.

On PostgreSQL two transactions see the database as it was when each began (REPEATABLE READ), so that a credential could be
issued while its license is being revoked and neither would see the other. Both write the row kept here; the database then
refuses the later one, which runs again and sees what the earlier one did. Advisory locks would not do: they make the
later one wait, and leave it with its old view of the database. On SQLite one transaction writes at a time anyway.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from uuid import UUID

from sqlalchemy import Insert, Integer, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from hub.kernel.bulk import dialect_of, table_of
from hub.kernel.database import Base, Uscc

ENTERPRISE = ""  # the subject of the lock on an enterprise as a whole


class LockRow(Base):
    """One lock. `version` counts who took it; nobody reads it."""

    __tablename__ = "kernel_lock"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    subject: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)


@dataclass(frozen=True, slots=True)
class Lock:
    """What is locked: an enterprise, or one thing of it by its id."""

    uscc: str
    subject: str = ENTERPRISE

    @classmethod
    def of_license(cls, uscc: str, license_id: UUID) -> "Lock":
        return cls(uscc, str(license_id))


def hold(session: Session, locks: Iterable[Lock]) -> None:
    """Take these locks until the transaction ends. One statement.

    What this transaction reads of what they stand for is then true when it commits, or it is run again.
    """
    rows = [
        {"uscc": lock.uscc, "subject": lock.subject, "version": 1} for lock in sorted(set(locks), key=_order)
    ]
    if rows:
        session.execute(_upsert(dialect_of(session)), rows)


def _order(lock: Lock) -> tuple[str, str]:
    """Rows are locked in one order by everybody, or two would wait for each other."""
    return lock.uscc, lock.subject


@cache
def _upsert(dialect: ModuleType) -> Insert:
    """Built once: every issue runs it."""
    table = table_of(LockRow)
    statement = dialect.insert(table)
    upsert: Insert = statement.on_conflict_do_update(
        index_elements=[table.c.uscc, table.c.subject], set_={"version": table.c.version + 1}
    )
    return upsert
