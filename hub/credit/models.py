from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Numeric, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.kernel.database import Base, Moment, Uscc
from hub.trust.record.bound_rows import bound


class Penalty(Base):
    """An administrative penalty as its department published it. Shown to the public only inside its window."""

    __tablename__ = "credit_penalty"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    decision_no: Mapped[str] = mapped_column(String(100))
    act: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(100))
    fine_yuan: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    level: Mapped[str] = mapped_column(String(4))  # 轻微 一般 严重 (NDRC order 36)
    decided_on: Mapped[date]
    authority: Mapped[str] = mapped_column(String(100))
    source: Mapped[str] = mapped_column(String(40))
    received_at: Mapped[datetime] = mapped_column(Moment)
    content_hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("uscc", "decision_no"), bound())
