"""The table of credit codes that are taken though they fail their check: dated rows, none is ever removed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.kernel.database import Base, Moment
from hub.trust.record.bound_rows import bound

_STANDS = text("ended_at IS NULL")


class UsccException(Base):
    """One code, why it is taken and what proves it, from when to when, and who asked and decided."""

    __tablename__ = "registry_uscc_exception"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(18))  # not `uscc`: the list is the city's, not the enterprise's
    check_holds: Mapped[bool] = mapped_column(Boolean)  # of the 18th character: codes for scanning demand it
    reason: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(200))
    asked_by: Mapped[str] = mapped_column(String(80))
    decided_by: Mapped[str] = mapped_column(String(80))
    added_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    end_reason: Mapped[str | None] = mapped_column(String(200))
    end_asked_by: Mapped[str | None] = mapped_column(String(80))
    end_decided_by: Mapped[str | None] = mapped_column(String(80))

    __table_args__ = (
        Index(  # a code stands once on the list
            "uq_registry_uscc_exception_code",
            "code",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        CheckConstraint("asked_by <> decided_by", name="second_person"),
        CheckConstraint("end_asked_by IS NULL OR end_asked_by <> end_decided_by", name="second_end"),
        bound(),
    )
