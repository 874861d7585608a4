"""The city at this moment, gathered for the first page of the government end."""

from dataclasses import dataclass
from datetime import date, timedelta

from hub.access.checks import require
from hub.access.rules import Action
from hub.codes.plates.queries import AreaCoverage, ScanDayCount, coverage_by_area, scans_per_day
from hub.kernel.actor import Actor
from hub.kernel.database import Database
from hub.licenses.overview import CityCounts, TypeCounts, city_counts, counts_by_type
from hub.licenses.reference.rules import Reference
from hub.registry.rules import EntityState
from hub.registry.scope.review import unmatched_count
from hub.supervision.queries import open_count, state_counts

SCAN_DAYS = 30  # what the chart of scans shows


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What only a person can settle; refused rows of departments' files are counted by the feeds themselves."""

    reports: int
    unmatched: int
    unconfirmed: int


@dataclass(frozen=True, slots=True)
class CityNow:
    """`days` has one entry per day, audience and verdict with scans, over the last `SCAN_DAYS` days."""

    on: date
    counts: CityCounts
    types: tuple[TypeCounts, ...]
    coverage: tuple[AreaCoverage, ...]
    days: tuple[ScanDayCount, ...]
    waiting: OpenWork

    @property
    def since(self) -> date:
        return self.on - timedelta(days=SCAN_DAYS - 1)

    @property
    def placed(self) -> int:
        return sum(area.placed for area in self.coverage)

    @property
    def premises(self) -> int:
        """Places of business in commercial areas, where plates are laid first."""
        return sum(area.premises for area in self.coverage)

    def scans_on(self, day: date) -> int:
        return sum(one.count for one in self.days if one.day == day)


def city_now(*, actor: Actor, on: date, reference: Reference, db: Database) -> CityNow:
    """Return the city at this moment, in six statements, whatever the size of the city. Raises: NotAllowedError."""
    require(actor, Action.SEE_FIGURES)
    with db.read() as session:
        counts = city_counts(session)
        types = counts_by_type(session, reference=reference)
        waiting = OpenWork(
            reports=open_count(state_counts(session)),
            unmatched=unmatched_count(session),
            unconfirmed=counts.whole.states[EntityState.UNCONFIRMED],
        )
    since = on - timedelta(days=SCAN_DAYS - 1)
    return CityNow(
        on=on,
        counts=counts,
        types=types,
        coverage=coverage_by_area(db=db),
        days=scans_per_day(since=since, until=on, db=db),
        waiting=waiting,
    )
