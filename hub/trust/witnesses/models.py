"""What the hub remembers as a witness, and what its own witnesses have last cosigned."""

from datetime import datetime

from sqlalchemy import JSON, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.kernel.database import Base, Moment
from hub.trust.record.models import Number


class WitnessedLog(Base):
    """A log that this hub witnesses: whose signatures it takes, and the largest tree it has cosigned (0: none yet).

    `note` is that checkpoint with the log's signatures and our cosignature: proof for a log that has forgotten it.
    """

    __tablename__ = "trust_witnessed_log"

    origin: Mapped[str] = mapped_column(String(255), primary_key=True)
    vkeys: Mapped[list[str]] = mapped_column(JSON)
    size: Mapped[int] = mapped_column(Number)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


class WitnessCosignature(Base):
    """The newest checkpoint of our own log that a witness has cosigned; `note` carries its line and no other's."""

    __tablename__ = "trust_cosigned"

    witness: Mapped[str] = mapped_column(String(255), primary_key=True)
    url: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(Number)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
