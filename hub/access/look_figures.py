"""How often each person looked: figures for the auditor, counted from the record of acts and so from the public log.

Each look is an act of its own, and a county taken along is one act that names how many enterprises were in it. Whoever has
the entries of the log with their openings counts the same (docs/profiles/log.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.access.daily_numbers import LEGAL_ZONE
from hub.access.district_looks import CARRIED
from hub.access.looks import LOOKED
from hub.trust.record.models import Event


@dataclass(frozen=True, slots=True)
class LookFigure:
    """One person in one role: `by` is the pseudonym on record. `carried`: enterprises in the counties taken along.

    `purposes`: the day's looks by the code of their purpose.
    """

    by: str
    today: int
    month: int
    carried: int
    purposes: Mapping[str, int]


def look_figures(session: Session, *, day: date) -> tuple[LookFigure, ...]:
    """Everybody who looked, or took a county along, in the month up to a legal day; the busiest first. Three statements."""
    month = _counts(session, since=day.replace(day=1), until=day)
    today = _counts(session, since=day, until=day)
    carried = _carried(session, since=day.replace(day=1), until=day)
    found = [
        LookFigure(
            by,
            sum(today.get(by, {}).values()),
            sum(month.get(by, {}).values()),
            carried.get(by, 0),
            today.get(by, {}),
        )
        for by in month.keys() | carried.keys()
    ]
    return tuple(sorted(found, key=lambda one: (-one.today, -one.month, -one.carried, one.by)))


def _counts(session: Session, *, since: date, until: date) -> Mapping[str, Mapping[str, int]]:
    """Looks by person and purpose."""
    purpose = Event.data["purpose"].as_string()
    statement = (
        select(Event.by, purpose, func.count())
        .where(Event.kind == LOOKED, Event.at >= _midnight(since), Event.at < _midnight(until, days=1))
        .group_by(Event.by, purpose)
        .order_by(Event.by, purpose)
    )
    found: dict[str, dict[str, int]] = {}
    for by, code, count in session.execute(statement):
        found.setdefault(by, {})[code] = count
    return found


def _carried(session: Session, *, since: date, until: date) -> Mapping[str, int]:
    statement = select(Event.by, Event.data).where(
        Event.kind == CARRIED, Event.at >= _midnight(since), Event.at < _midnight(until, days=1)
    )
    found: dict[str, int] = {}
    for by, data in session.execute(statement):
        found[by] = found.get(by, 0) + int(data.get("enterprises", 0))
    return found


def _midnight(day: date, *, days: int = 0) -> datetime:
    return datetime.combine(day + timedelta(days=days), time(), tzinfo=LEGAL_ZONE)
