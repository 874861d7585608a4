"""Penalties: the enterprise sees all of its own, the public only what is inside its window."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Text, bindparam, cast, select
from sqlalchemy.orm import Session

from hub.credit.models import Penalty
from hub.credit.rules import PenaltyFacts, PenaltyLevel, RepairWindow, is_public, repair_window
from hub.kernel.database import Database
from hub.kernel.prepared_statements import PreparedStatement, cursor

FEN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class PenaltyView:
    """`window`: from when repair may be applied for, and when publication stops (NDRC order 36)."""

    id: UUID
    decision_no: str
    act: str
    kind: str
    fine_yuan: Decimal | None
    level: PenaltyLevel
    decided_on: date
    authority: str
    source: str
    received_at: datetime
    window: RepairWindow
    is_public: bool
    can_apply: bool


@dataclass(frozen=True, slots=True)
class PublicPenalty:
    level: PenaltyLevel
    decided_on: date
    act: str
    kind: str
    fine_yuan: Decimal | None
    authority: str


def penalties(session: Session, uscc: str, *, on: date) -> tuple[PenaltyView, ...]:
    """Return every penalty of the enterprise, newest first, for its own eyes and for regulators. One statement."""
    rows = session.scalars(
        select(Penalty).where(Penalty.uscc == uscc).order_by(Penalty.decided_on.desc(), Penalty.decision_no)
    )
    return tuple(_view(row, on=on) for row in rows)


class PublicPenalties:
    """What anyone may see of an enterprise's penalties; made once per process."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._rows = PreparedStatement(
            select(
                Penalty.level,
                Penalty.decided_on,
                Penalty.act,
                Penalty.kind,
                cast(Penalty.fine_yuan, Text),  # drivers disagree about numbers
                Penalty.authority,
            )
            .where(Penalty.uscc == bindparam("uscc"))
            .order_by(Penalty.decided_on.desc(), Penalty.decision_no),
            self._db,
        )

    def of(self, uscc: str, *, on: date) -> tuple[PublicPenalty, ...]:
        """Return only what may be published on `on`, newest first. One statement."""
        every = self.every(uscc)
        return tuple(view for view in every if is_public(PenaltyFacts(view.level, view.decided_on), on))

    def every(self, uscc: str) -> tuple[PublicPenalty, ...]:
        """Return all of them, whatever their window, newest first. One statement."""
        with cursor(self._db) as opened:
            rows = self._rows.run(opened, {"uscc": uscc}).fetchall()
        return tuple(_public_view(*self._rows.typed(row)) for row in rows)


def _public_view(  # the columns of one row, in their order
    level: str, decided_on: date, act: str, kind: str, fine_yuan: str | None, authority: str
) -> PublicPenalty:
    # SQLite writes 5000 and PostgreSQL 5000.00 for one sum; a page must show the same on both.
    fine = None if fine_yuan is None else Decimal(fine_yuan).quantize(FEN)
    return PublicPenalty(PenaltyLevel(level), decided_on, act, kind, fine, authority)


def _view(row: Penalty, *, on: date) -> PenaltyView:
    level = PenaltyLevel(row.level)
    window = repair_window(level, row.decided_on)
    return PenaltyView(
        id=row.id,
        decision_no=row.decision_no,
        act=row.act,
        kind=row.kind,
        fine_yuan=row.fine_yuan,
        level=level,
        decided_on=row.decided_on,
        authority=row.authority,
        source=row.source,
        received_at=row.received_at,
        window=window,
        is_public=is_public(PenaltyFacts(level=level, decided_on=row.decided_on), on),
        can_apply=window.apply_from <= on <= window.stops_on,
    )
