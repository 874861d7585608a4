"""What the workers of the kill drills do, and one that hands out too early on purpose.

`python -m tests.support.killed_acts ACT ROUNDS SEED [ARGUMENT…]` plays the rounds of one act.
"""

import random
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.codes.plates import maker as plates_maker
from hub.codes.plates import rollout
from hub.codes.plates.maker import PlateMaker, PlateOffice
from hub.codes.plates.queries import PlateView, standing_plate
from hub.codes.rules import PlateEnd, PlateEndedError, PlateExistsError
from hub.config import Settings
from hub.feeds import service
from hub.feeds.batches import Loading
from hub.feeds.models import Batch
from hub.feeds.service import LoadRequest
from hub.kernel.database import Database
from hub.registry.models import Enterprise, Premises
from hub.trust.issuing import Intent, Issued, issue
from tests.support.killing import BEGAN, Drill, Found, Tell, stage
from tests.support.loading import BY, TODAY
from tests.support.plates import NOW, OPERATOR, issuer_of, lay_plate, replace_plate
from tests.support.reference import REFERENCE

SMALL_CHUNK = 8  # plates of one transaction of a roll-out: several chunks without hundreds of rows
MANY = 1_000_000
SMALL_PIECE = 15  # rows of one transaction of an import


def issue_plates(
    db: Database, settings: Settings, chance: random.Random, _arguments: tuple[str, ...], tell: Tell
) -> None:
    """Issue and re-issue plates of places drawn by chance, and now and then roll out what is left of the area."""
    press = _press(settings)
    moment = NOW + timedelta(days=chance.random())
    rollout.CHUNK = SMALL_CHUNK  # this process lives for one round
    plates_maker.REPLACEMENTS_A_DAY = MANY  # a drill wears out more plates than a day has
    places = _places(db, chance)
    tell(BEGAN)
    for uscc, premises_id, area in places:
        if area and chance.random() < 0.04:
            for chunk in rollout.issue_area(area, press=press, by=OPERATOR, now=moment, db=db):
                tell(" ".join(f"{plate.premises_id}={plate.plate_id}" for plate in chunk))
            continue
        made = _one(db, press, uscc, premises_id, moment)
        if made is not None:
            tell(f"{premises_id}={made.plate_id}")


def _one(
    db: Database, press: PlateOffice, uscc: str, premises_id: UUID, moment: datetime
) -> PlateView | None:
    old = standing_plate(uscc, premises_id, db=db)
    try:
        if old is None:
            return lay_plate(premises_id, press=press, now=moment, db=db)
        return replace_plate(
            old.plate_id,
            reason=PlateEnd.DAMAGED,
            press=press,
            now=moment,
            db=db,
        )
    except (PlateExistsError, PlateEndedError):
        return None  # a request that a killed worker left over was completed first


class HastyMaker(PlateMaker):
    """Hands the plate out when it is signed, before the commit that remembers it: what the drill must find."""

    def __init__(self, press: PlateOffice, tell: Tell) -> None:
        super().__init__(press)
        self._tell = tell

    def make(self, session: Session, intent: Intent, *, now: datetime) -> Issued[PlateView]:
        made = super().make(session, intent, now=now)
        self._tell(f"{intent.subject}={made.reference}")
        return made


def issue_hastily(
    db: Database, settings: Settings, chance: random.Random, _arguments: tuple[str, ...], tell: Tell
) -> None:
    """The planted fault: the same issue, but every plate is handed out before its commit."""
    maker = HastyMaker(_press(settings), tell)
    request: Mapping[str, object] = {}
    tell(BEGAN)
    for uscc, premises_id, _ in _places(db, chance):
        if standing_plate(uscc, premises_id, db=db) is None:
            issue(
                db,
                maker=maker,
                uscc=uscc,
                subject=str(premises_id),
                request=request,
                by=OPERATOR,
                now=NOW,
            )


def import_files(
    db: Database, _settings: Settings, _chance: random.Random, arguments: tuple[str, ...], tell: Tell
) -> None:
    """Load those of the files that are not loaded yet, in their order, and tell of every chunk once it is stored."""
    service.ROWS_AT_ONCE = SMALL_PIECE  # this process lives for one round
    tell(BEGAN)
    for path in map(Path, arguments):
        if is_loaded(db, path):
            continue
        request = LoadRequest(
            path, None, BY, NOW, TODAY, progress=partial(_tell_position, tell, path.name), reference=REFERENCE
        )
        service.load_file(request, db=db)
        tell(f"{path.name} done")
    service.settle(db, today=TODAY, reference=REFERENCE)


def import_hastily(
    db: Database,
    settings: Settings,
    chance: random.Random,
    arguments: tuple[str, ...],
    tell: Tell,
) -> None:
    """The planted fault: every chunk is told of before the commit that stores it."""
    honest = service._store

    def hasty(session: Session, **given: Any) -> Loading:
        moved = honest(session, **given)
        tell(f"{moved.file.name} {moved.position}")
        return moved

    service._store = hasty  # this process lives for one round
    import_files(db, settings, chance, arguments, tell)


def positions(db: Database) -> Found:
    """How many rows of each file are stored."""
    with db.read() as session:
        return {batch.file_name: batch.position for batch in session.scalars(select(Batch))}


def is_loaded(db: Database, path: Path) -> bool:
    with db.read() as session:
        done = select(Batch.id).where(Batch.file_name == path.name, Batch.state == "done")
        return session.scalar(done.limit(1)) is not None


def _tell_position(tell: Tell, name: str, rows: int, _share: float) -> None:
    tell(f"{name} {rows}")


def _press(settings: Settings) -> PlateOffice:
    return PlateOffice(issuer_of(settings), settings.base_url)


def _places(db: Database, chance: random.Random) -> list[tuple[str, UUID, str]]:
    """The places of living enterprises, in an order drawn by chance."""
    with db.read() as session:
        found = session.execute(
            select(Premises.uscc, Premises.id, Premises.area)
            .join(Enterprise, Enterprise.uscc == Premises.uscc)
            .where(Enterprise.state.not_in(rollout.ENDED))
            .order_by(Premises.uscc, Premises.address)
        )
        places = [(uscc, premises_id, area) for uscc, premises_id, area in found]
    chance.shuffle(places)
    return places


DRILLS: Mapping[str, Drill] = {
    "issue": Drill(issue_plates, 0.15),
    "issue-hastily": Drill(issue_hastily, 0.15),
    "import": Drill(import_files, 0.3, positions),
    "import-hastily": Drill(import_hastily, 0.3, positions),
}


def main() -> None:
    name, rounds, seed, *arguments = sys.argv[1:]
    stage(DRILLS[name], int(rounds), int(seed), tuple(arguments))


if __name__ == "__main__":
    main()
