"""Reports from the public."""

from datetime import datetime
from uuid import UUID

from hub.kernel.database import Database
from hub.kernel.ids import new_id
from hub.supervision.models import PublicReport
from hub.supervision.rules import ReportState, read_report


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
) -> UUID:
    """Keep what a passer-by reports about a genuine plate; the id is the receipt number.

    Raises: InvalidInputError.
    """
    report = read_report(kind=kind, text=text, contact=contact)
    with db.write() as session:
        row = PublicReport(
            uscc=uscc,
            id=new_id(now),
            plate_id=plate_id,
            premises_id=premises_id,
            kind=report.kind,
            text=report.text,
            contact=report.contact,
            state=ReportState.RECEIVED,
            answer=None,
            created_at=now,
            handled_at=None,
            handled_by=None,
        )
        session.add(row)
        return row.id
