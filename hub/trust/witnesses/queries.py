"""What witnesses have cosigned, for pages and for whoever fetches the checkpoint."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from hub.kernel.database import Database
from hub.trust.log.heads import head_of
from hub.trust.witnesses.errors import RecordDamagedError
from hub.trust.witnesses.models import WitnessCosignature
from hub.trust.witnesses.record import WitnessRecord
from signing.log import with_signatures
from signing.log.note import parse_note


@dataclass(frozen=True, slots=True)
class CosignedView:
    """The newest checkpoint that one witness has cosigned."""

    witness: str
    url: str
    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class LogView:
    """The log in figures; `note` is its newest checkpoint with the cosignatures on it, "" while it is empty."""

    size: int
    root: bytes
    at: datetime | None
    note: str
    witnesses: tuple[CosignedView, ...]


def disputed_by(home: Path) -> tuple[str, ...]:
    """Return the names of our witnesses with whom there is trouble, from the files beside the database."""
    try:
        return tuple(each.key.name for each in WitnessRecord(home).witnesses() if each.trouble)
    except RecordDamagedError:
        return ()  # the database is read-only for that, and says so


def log_view(db: Database) -> LogView:
    """Return the log as it stands. Two statements."""
    with db.read() as session:
        head = head_of(session)
        rows = session.scalars(select(WitnessCosignature).order_by(WitnessCosignature.witness)).all()
        witnesses = tuple(CosignedView(row.witness, row.url, row.size, row.at) for row in rows)
        if head is None or not head.checkpoint:
            return LogView(0, b"", None, "", witnesses)
        lines = [
            line
            for row in rows
            if row.size == head.size and row.root == head.root
            for line in parse_note(row.note).signatures
        ]
        return LogView(head.size, head.root, head.at, with_signatures(head.checkpoint, lines), witnesses)
