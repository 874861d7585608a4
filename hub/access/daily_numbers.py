"""Daily numbers: what one person may do so often on a legal day and no oftener."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from hub.access.models import PersonDayCount
from hub.kernel.bulk import dialect_of, table_of

LEGAL_ZONE = ZoneInfo("Asia/Shanghai")  # legal days are those of Beijing time, wherever the server stands


class CountedAct(StrEnum):
    LOOK = "look"
    CARRY = "carry"


def legal_day(now: datetime) -> date:
    return now.astimezone(LEGAL_ZONE).date()


def count_one(session: Session, person_id: UUID, kind: CountedAct, *, now: datetime) -> int:
    """Count one more of today in the caller's transaction, and say how many that makes.

    Who does the same at the same moment waits for this row, or is run again: fifty at once are fifty.
    """
    inserting = dialect_of(session).insert(table_of(PersonDayCount))
    counting = inserting.values(person_id=person_id, kind=kind.value, day=legal_day(now), count=1)
    made: int = session.scalars(
        counting.on_conflict_do_update(
            index_elements=[PersonDayCount.person_id, PersonDayCount.kind, PersonDayCount.day],
            set_={"count": PersonDayCount.count + 1},
        ).returning(PersonDayCount.count)
    ).one()
    return made
