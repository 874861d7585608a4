"""Plates that were seen where their shops are not."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from hub.kernel.database import Database
from hub.supervision.clones.geography import Position
from hub.supervision.clones.models import PlateSuspicion
from hub.supervision.clones.rules import SightingSource
from hub.supervision.clones.service import Asker, SeenPlate, note_sighting

FAR_AWAY = Position(29.6, 119.6, 20)  # another county
OFFICERS = 4  # each counts twice as much as a passer-by


def suspect(uscc: str, plate_id: str, premises_id: UUID, *, now: datetime, db: Database) -> UUID:
    """Several officers see the plate far away; the suspicion that follows."""
    for number in range(OFFICERS):
        asker = Asker(f"officer {number}", "s" * 32, SightingSource.OFFICER)
        note_sighting(SeenPlate(uscc, plate_id, premises_id), FAR_AWAY, asker=asker, now=now, db=db)
    with db.read() as session:
        found = select(PlateSuspicion.id).where(
            PlateSuspicion.uscc == uscc, PlateSuspicion.plate_id == plate_id
        )
        return session.scalars(found).first() or UUID(int=0)
