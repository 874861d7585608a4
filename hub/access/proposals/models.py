"""The table of proposals: what one person asks for and a second one decides."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.kernel.database import Base, Moment, Uscc
from hub.kernel.personal import Personal
from hub.trust.record.bound_rows import bound

_OPEN = text("state = 'open'")


class Proposal(Base):
    """One act that waits for a second person, or waited. Rows stay: who decided what is part of the record."""

    __tablename__ = "access_proposal"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    uscc: Mapped[str | None] = mapped_column(Uscc)  # None: about no single enterprise
    subject: Mapped[str] = mapped_column(String(80))  # id of what the act would change
    data: Mapped[dict[str, Any]] = mapped_column(JSON)  # what the act needs, as it was when asked for
    reason: Mapped[str] = mapped_column(Personal("access_proposal.reason"))
    department: Mapped[str | None] = mapped_column(String(100))
    by: Mapped[str] = mapped_column(String(80))
    person_id: Mapped[UUID | None] = mapped_column(Uuid)
    passkey: Mapped[str | None] = mapped_column(String(64))  # SHA-256 of the credential's id
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(10))  # hub.access.proposals.rules.ProposalState
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_person: Mapped[UUID | None] = mapped_column(Uuid)
    decided_passkey: Mapped[str | None] = mapped_column(String(64))
    words: Mapped[str] = mapped_column(Personal("access_proposal.words"))  # of who decided

    __table_args__ = (
        Index(  # the same is asked for once at a time
            "uq_access_proposal_open",
            "kind",
            "subject",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_access_proposal_state", "state", "id"),
        CheckConstraint(  # the second lock: not even a faulty use case approves for the one who asked
            "state <> 'approved' OR (decided_person IS NOT NULL AND "
            "(person_id IS NULL OR person_id <> decided_person))",
            name="second_person",
        ),
        bound(),
    )
