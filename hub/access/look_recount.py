"""Looks counted again by person, legal day and purpose, three ways: acts on record, rows that enterprises read, daily counts.

The acts are what the public log binds and what the auditor's figures are counted from (`hub.access.look_figures`).
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access.daily_numbers import CountedAct, legal_day
from hub.access.district_looks import CARRIED
from hub.access.looks import LOOKED
from hub.access.models import Look, PersonDayCount
from hub.access.remits import SERVING
from hub.trust.log.findings import AuditFinding, AuditReason
from hub.trust.record.models import Event

ROWS_AT_ONCE = 2_000
_KINDS = {LOOKED: CountedAct.LOOK, CARRIED: CountedAct.CARRY}


class LookGroup(NamedTuple):
    """What looks are counted by; `by`: the role and person on record."""

    by: str
    day: date
    purpose: str


class Day(NamedTuple):
    """What a daily count is kept for."""

    person_id: str
    kind: str
    day: date


def differing_looks(session: Session) -> Iterator[AuditFinding]:
    """Return where the three counts differ. Reads every look; memory grows with persons and days."""
    looked, days = _on_record(session)
    rows = _rows(session)
    for one in sorted(looked.keys() | rows.keys()):
        if looked[one] != rows[one]:
            yield _finding(Look.__tablename__, f"{one.by} {one.day} {one.purpose}", looked[one], rows[one])
    yield from _differing_days(session, days)


def _on_record(session: Session) -> tuple[Counter[LookGroup], Counter[Day]]:
    looked: Counter[LookGroup] = Counter()
    days: Counter[Day] = Counter()
    statement = select(Event.kind, Event.by, Event.at, Event.data).where(Event.kind.in_(_KINDS))
    for kind, by, at, data in session.execute(statement.execution_options(yield_per=ROWS_AT_ONCE)):
        day, (role, _, person_id) = legal_day(at), by.partition(":")
        if role in SERVING:  # the operator at the command line has no daily number
            days[Day(person_id, _KINDS[kind], day)] += 1
        if kind == LOOKED:
            looked[LookGroup(by, day, str(data.get("purpose")))] += 1
    return looked, days


def _rows(session: Session) -> Counter[LookGroup]:
    statement = select(Look.role, Look.person_id, Look.at, Look.purpose)
    found = session.execute(statement.execution_options(yield_per=ROWS_AT_ONCE))
    return Counter(
        LookGroup(f"{role}:{person_id}", legal_day(at), purpose) for role, person_id, at, purpose in found
    )


def _differing_days(session: Session, days: Counter[Day]) -> Iterator[AuditFinding]:
    """Daily counts are kept since there are daily numbers: earlier days have none."""
    columns = (PersonDayCount.person_id, PersonDayCount.kind, PersonDayCount.day, PersonDayCount.count)
    kept = {Day(str(row[0]), row[1], row[2]): row[3] for row in session.execute(select(*columns))}
    first = min((one.day for one in kept), default=date.max)
    for one in sorted(days.keys() | kept.keys()):
        counted = kept.get(one, 0)
        if one.day >= first and days[one] != counted:
            yield _finding(
                PersonDayCount.__tablename__, f"{one.person_id} {one.day} {one.kind}", days[one], counted
            )


def _finding(table: str, key: str, on_record: int, found: int) -> AuditFinding:
    return AuditFinding(AuditReason.LOOKS_DIFFER, table, key, f"{on_record} on record, {found} found")
