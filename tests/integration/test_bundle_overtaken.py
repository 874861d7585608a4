"""A bundle's version is moved by whoever read the newest contents; who is overtaken each time says so."""

import pytest

from hub.codes.plates import service
from hub.codes.rules import PlateEnd
from hub.config import Settings
from hub.kernel.database import Database, Note
from hub.trust.bundles.builder import BundleBusyError
from tests.integration.test_bundles import made
from tests.support.plates import NOW, OPERATOR, add_plate


class Overtaken(Database):
    """A database in which another process always moves the counter of bundles first."""

    def run(self, work: object, *, note: Note | None = None) -> object:  # type: ignore[override]  # as there
        if note is Note.BUNDLE_VERSION:
            return False
        return super().run(work, note=note)  # type: ignore[arg-type]  # as there


def test_a_bundle_that_is_overtaken_each_time_is_to_be_asked_for_again(
    db: Database, settings: Settings
) -> None:
    plate = add_plate(db, settings)
    before = made(db, settings)
    service.end_plate(plate.plate_id, reason=PlateEnd.DAMAGED, by=OPERATOR, now=NOW, db=db)
    overtaken = Overtaken(settings.database_url, record=db.record)

    with pytest.raises(BundleBusyError):
        made(overtaken, settings)
    overtaken.close()
    assert made(db, settings).version > before.version
