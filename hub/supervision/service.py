"""Reports from the public: filed by anyone before a genuine plate, handled by officials."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from hub.access.checks import require
from hub.access.rules import Action
from hub.kernel import counts
from hub.kernel.actor import Actor
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.kernel.ids import new_id
from hub.supervision.clones.service import Asker, SeenPlate, note_report
from hub.supervision.models import REPORTS, PublicReport
from hub.supervision.rules import (
    ReportAction,
    ReportKind,
    ReportState,
    next_report_state,
    read_answer,
    read_report,
)
from hub.trust.record import events

SAYS_COPY = frozenset({ReportKind.ADDRESS, ReportKind.PLATE})  # what someone before a copy would choose
MAX_BY_CHARS = 80  # the column's width


def file_report(  # noqa: PLR0913  # one form, one row
    *,
    uscc: str,
    plate_id: str,
    premises_id: UUID | None,
    kind: str,
    text: str,
    contact: str,
    now: datetime,
    db: Database,
    asker: Asker | None = None,
) -> UUID:
    """Keep what a passer-by reports about a genuine plate; the id is the receipt number.

    "Not this place" counts towards a suspicion of a copy, once for each `asker` (`hub.supervision.clones`).

    Raises: InvalidInputError.
    """
    report = read_report(kind=kind, text=text, contact=contact)
    row = PublicReport(
        uscc=uscc,
        id=new_id(now),
        plate_id=plate_id,
        premises_id=premises_id,
        kind=report.kind,
        text=report.text,
        contact=report.contact,
        state=ReportState.RECEIVED,
        created_at=now,
    )
    with db.write() as session:
        session.add(row)
        counts.add(session, REPORTS, {row.state: 1})
        if asker is not None and premises_id is not None and report.kind in SAYS_COPY:
            note_report(session, SeenPlate(uscc, plate_id, premises_id), asker=asker, now=now)
        data = {"kind": row.kind, "plate": plate_id}
        events.record(
            session, kind="report.filed", uscc=uscc, subject=str(row.id), by="public", data=data, now=now
        )
        return row.id


def handle_report(
    uscc: str,
    report_id: UUID,
    *,
    action: ReportAction,
    answer: str,
    actor: Actor,
    now: datetime,
    db: Database,
) -> ReportState:
    """Take a report on, or close it with what was found; the words stay in the row, the act goes on record.

    Raises: NotFoundError, NotAllowedError, InvalidInputError, ReportStepError.
    """
    require(actor, Action.HANDLE_REPORTS, uscc)
    said = read_answer(action, answer)

    def work(session: Session) -> ReportState:
        row = session.get(PublicReport, (uscc, report_id))
        if row is None:
            raise NotFoundError
        before = ReportState(row.state)
        after = next_report_state(before, action)
        row.state, row.handled_at = after, now
        counts.add(session, REPORTS, {before.value: -1, after.value: 1})
        row.handled_by = f"{actor.department or ''} {actor.name}".strip()[:MAX_BY_CHARS]
        row.answer = said if said is not None else row.answer
        events.record(
            session,
            kind=f"report.{action}",
            uscc=uscc,
            subject=str(report_id),
            by=actor,
            data={"from": before.value, "to": after.value},
            now=now,
        )
        return after

    return db.run(work)
