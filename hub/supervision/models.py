from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.kernel.database import Base, Moment, Uscc
from hub.kernel.personal import Personal
from hub.trust.record.bound_rows import bound

REPORTS = "reports"  # kept counts, by state


class PublicReport(Base):
    """与现场不符请举报: what someone standing before a plate told the city."""

    __tablename__ = "supervision_public_report"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    plate_id: Mapped[str] = mapped_column(String(10))
    premises_id: Mapped[UUID | None] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(20))  # hub.supervision.rules.ReportKind
    text: Mapped[str] = mapped_column(Personal("supervision_public_report.text"))
    contact: Mapped[str | None] = mapped_column(Personal("supervision_public_report.contact"))
    state: Mapped[str] = mapped_column(String(12))  # hub.supervision.rules.ReportState
    answer: Mapped[str | None] = mapped_column(Personal("supervision_public_report.answer"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    handled_at: Mapped[datetime | None] = mapped_column(Moment)
    handled_by: Mapped[str | None] = mapped_column(Personal("supervision_public_report.handled_by"))

    __table_args__ = (
        Index("ix_supervision_public_report_id", "id"),
        Index("ix_supervision_public_report_state", "state", "id"),
        bound(),
    )
