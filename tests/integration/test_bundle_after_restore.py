"""Bundles of a hub that was restored from a backup: its next status list takes a number far above the last."""

from hub.codes.plates.bundle_rows import differing_rows
from hub.config import Settings
from hub.kernel.database import Database
from hub.trust.statuses.indices import abandon_list
from signing.offline import OfflineState, OfflineVerifier
from signing.status import Status
from tests.integration.test_bundles import made
from tests.support.plates import NOW, add_plate, add_premises, lay_plate, press_of


def test_plates_of_before_and_after_are_judged_and_the_lists_between_take_no_room(
    any_db: Database, settings: Settings
) -> None:
    before = add_plate(any_db, settings)
    with any_db.write() as session:
        abandon_list(session, now=NOW)
    after = lay_plate(add_premises(any_db, name="二店"), press=press_of(settings), now=NOW, db=any_db)

    bundle = made(any_db, settings)
    verdicts = [OfflineVerifier(bundle).verify(plate.text, now=NOW) for plate in (before, after)]

    assert [(each.state, each.status) for each in verdicts] == [(OfflineState.FRESH, Status.VALID)] * 2
    assert len(bundle.plates.lists) == 2
    with any_db.read() as session:
        assert list(differing_rows(session)) == []
