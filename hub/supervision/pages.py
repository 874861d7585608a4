"""What is read of reports and of suspected copies, asked of whoever reads it."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from hub.access.checks import reading
from hub.access.matrix import AudienceColumn, Category
from hub.access.rules import Action
from hub.kernel.actor import Actor
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.kernel.paging import NewestPage
from hub.supervision.clones.queries import SuspicionView, suspicion_of, suspicions_page
from hub.supervision.clones.rules import SuspicionState
from hub.supervision.queries import ReportView, report_of, reports_page, state_counts
from hub.supervision.rules import ReportState
from hub.supervision.visibility import REPORT, SUSPICION


def reports(
    *,
    by: Actor,
    clearance: AudienceColumn,
    state: ReportState | None,
    before: UUID | None,
    limit: int,
    db: Database,
) -> tuple[Mapping[ReportState, int], NewestPage[ReportView]]:
    """Return how many reports are in each state, and a page of those in one (None: in any). Raises: NotAllowedError."""
    with reading(Action.HANDLE_REPORTS, by=by, db=db) as session:
        counts = state_counts(session)
        page = reports_page(session, state=state, before=before, limit=limit)
    told = clearance.shows(Category.COMPLAINTS)
    return counts, replace(page, rows=clearance.each(page.rows, REPORT) if told else ())


def report(uscc: str, report_id: UUID, *, by: Actor, clearance: AudienceColumn, db: Database) -> ReportView:
    """Return one report. Raises: NotAllowedError, NotFoundError, also where reports are not told to whoever asks."""
    if not clearance.shows(Category.COMPLAINTS):
        raise NotFoundError
    with reading(Action.HANDLE_REPORTS, by=by, db=db) as session:
        return clearance.kept(report_of(session, uscc, report_id), REPORT)


def suspicions(
    *,
    by: Actor,
    clearance: AudienceColumn,
    state: SuspicionState | None,
    before: UUID | None,
    limit: int,
    db: Database,
) -> NewestPage[SuspicionView]:
    """Return a page of suspected copies in one state (None: in any). Raises: NotAllowedError."""
    with reading(Action.HANDLE_REPORTS, by=by, db=db) as session:
        page = suspicions_page(session, state=state, before=before, limit=limit)
    return replace(page, rows=clearance.each(page.rows, SUSPICION))


def suspicion(
    uscc: str, suspicion_id: UUID, *, by: Actor, clearance: AudienceColumn, db: Database
) -> SuspicionView:
    """Return one suspected copy. Raises: NotAllowedError, NotFoundError."""
    with reading(Action.HANDLE_REPORTS, by=by, db=db) as session:
        return clearance.kept(suspicion_of(session, uscc, suspicion_id), SUSPICION)
