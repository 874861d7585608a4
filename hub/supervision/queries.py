"""Reports from the public as officials see them: frozen values, newest first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import Session

from hub.kernel import counts
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.kernel.paging import NewestPage, newest_page, page_size
from hub.registry.models import Enterprise, Premises
from hub.supervision.models import REPORTS, PublicReport
from hub.supervision.rules import ReportKind, ReportState

OPEN = (ReportState.RECEIVED, ReportState.HANDLING)


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report with the place it is about; the name and address are None when the place is gone."""

    id: UUID
    uscc: str
    enterprise_name: str | None
    plate_id: str
    premises_name: str | None
    address: str | None
    kind: ReportKind
    text: str
    contact: str | None
    state: ReportState
    answer: str | None
    created_at: datetime
    handled_at: datetime | None
    handled_by: str | None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


def reports_page(
    session: Session, *, state: ReportState | None = None, before: UUID | None = None, limit: int = 50
) -> NewestPage[ReportView]:
    """Return a page of reports, newest first; `before` is the `older` of the page before. One statement."""
    statement = _listing()
    if state is not None:
        statement = statement.where(PublicReport.state == state)
    return newest_page(session, statement, PublicReport.id, _view, before=before, limit=limit)


def report_of(session: Session, uscc: str, report_id: UUID) -> ReportView:
    """Return one report, in one statement. Raises: NotFoundError."""
    statement = _listing().where(PublicReport.uscc == uscc, PublicReport.id == report_id)
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFoundError
    return _view(row)


def report_exists(uscc: str, report_id: UUID, *, db: Database) -> bool:
    """Return whether there is such a report. One statement, by its key."""
    statement = select(PublicReport.id).where(PublicReport.uscc == uscc, PublicReport.id == report_id)
    with db.read() as session:
        return session.scalar(statement) is not None


def reports_about(session: Session, uscc: str, *, limit: int = 20) -> tuple[ReportView, ...]:
    """Return the latest reports about one enterprise, newest first. One statement."""
    statement = _listing().where(PublicReport.uscc == uscc).order_by(PublicReport.id.desc())
    return tuple(_view(row) for row in session.execute(statement.limit(page_size(limit))))


def state_counts(session: Session) -> Mapping[ReportState, int]:
    """Return how many reports there are in each state, states without one included. One statement, from kept counts."""
    found = counts.counts(session, REPORTS)
    return {state: found.get(state, 0) for state in ReportState}


def _reports_counted(session: Session) -> Iterator[tuple[str, int]]:
    statement = select(PublicReport.state, func.count()).group_by(PublicReport.state)
    for state, count in session.execute(statement):
        yield str(state), count


COUNTINGS: Mapping[str, counts.Counting] = {REPORTS: _reports_counted}


def open_count(counts: Mapping[ReportState, int], states: Iterable[ReportState] = OPEN) -> int:
    """Count the reports that wait for a person."""
    return sum(counts[state] for state in states)


_COLUMNS = tuple(
    name
    for name in ReportView.__dataclass_fields__
    if name not in {"enterprise_name", "premises_name", "address"}
)


def _listing() -> Select[*tuple[Any, ...]]:
    at = and_(Premises.uscc == PublicReport.uscc, Premises.id == PublicReport.premises_id)
    return (
        select(
            *(getattr(PublicReport, name) for name in _COLUMNS),
            Enterprise.name.label("enterprise_name"),
            Premises.name.label("premises_name"),
            Premises.address.label("address"),
        )
        .select_from(PublicReport)
        .join(Enterprise, Enterprise.uscc == PublicReport.uscc, isouter=True)
        .join(Premises, at, isouter=True)
    )


def _view(row: Row[Any]) -> ReportView:
    columns = dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's public mapping of a row
    typed = {"kind": ReportKind(columns["kind"]), "state": ReportState(columns["state"])}
    return ReportView(**{**columns, **typed})
