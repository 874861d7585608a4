"""The dated rows of the license catalogue: a later row says something else, none is ever changed or removed."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.kernel.database import Base, Moment
from hub.trust.record.bound_rows import bound


class LicenseTypeRow(Base):
    """One kind of license from a day on. Of rows with the same code and first day the last `version` counts."""

    __tablename__ = "licenses_type"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    valid_to: Mapped[date | None]  # last day, inclusive; None: until a later row
    content: Mapped[dict[str, str]] = mapped_column(JSON)  # the other columns of hub.licenses.catalogue.rows
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[str] = mapped_column(String(80))  # hub.trust.record.events.pseudonym

    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        bound(),
    )
