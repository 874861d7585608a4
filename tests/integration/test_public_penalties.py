"""What the public sees of penalties: only inside the window, the same on both databases."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from hub.credit.models import Penalty
from hub.credit.queries import PublicPenalties
from hub.credit.rules import PenaltyLevel
from hub.kernel.database import Database

USCC = "91330802MA2TEXT162"


def add(db: Database, number: int, *, level: str, decided_on: date, fine: Decimal | None) -> None:
    with db.write() as session:
        session.add(
            Penalty(
                uscc=USCC,
                id=UUID(int=number),
                decision_no=f"决定{number}",
                act="超范围经营",
                kind="罚款",
                fine_yuan=fine,
                level=level,
                decided_on=decided_on,
                authority="示范市市场监督管理局",
                source="penalties",
                received_at=datetime.fromisoformat("2026-11-21T08:00:00+00:00"),
                content_hash="0" * 64,
            )
        )


@pytest.mark.parametrize(
    ("on", "count"), [(date(2026, 11, 21), 1), (date(2027, 5, 30), 1), (date(2027, 5, 31), 0)]
)
def test_an_ordinary_penalty_is_public_until_its_window_ends(any_db: Database, on: date, count: int) -> None:
    add(any_db, 1, level="一般", decided_on=date(2026, 5, 31), fine=Decimal(1000))

    shown = PublicPenalties(any_db).of(USCC, on=on)

    assert [(each.fine_yuan, each.level) for each in shown] == [
        (Decimal("1000.00"), PenaltyLevel.ORDINARY)
    ] * count


def test_a_minor_penalty_is_not_published_and_a_missing_fine_stays_missing(
    any_db: Database, today: date
) -> None:
    add(any_db, 1, level="轻微", decided_on=today, fine=Decimal(5))
    add(any_db, 2, level="严重", decided_on=date(2026, 10, 1), fine=None)

    assert [(each.level, each.fine_yuan) for each in PublicPenalties(any_db).of(USCC, on=today)] == [
        (PenaltyLevel.SERIOUS, None)
    ]
