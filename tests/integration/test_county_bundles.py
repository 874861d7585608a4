"""A county's bundle: the plates of its members, in a table of its own."""

from hub.access.carrying import members_of
from hub.config import Settings
from hub.kernel.database import Database
from hub.trust.bundles.building import County
from signing.offline import OfflineState, OfflineVerifier
from tests.integration.test_bundles import carry, made, records
from tests.support.plates import (
    NOW,
    OTHER_USCC,
    add_enterprise,
    add_plate,
    add_premises,
    lay_plate,
    press_of,
)


def test_a_countys_bundle_decides_the_plates_of_its_members_by_itself_and_no_others(
    any_db: Database, settings: Settings
) -> None:
    here = add_plate(any_db, settings)
    add_enterprise(any_db, uscc=OTHER_USCC, name="江山示例商贸有限公司", region="330881")
    away = add_premises(any_db, uscc=OTHER_USCC, name="江山店", region="330881")
    there = lay_plate(away, press=press_of(settings), now=NOW, db=any_db)
    carrying = carry(any_db, "330802")

    bundle = made(any_db, settings, carried=County(records(any_db, carrying), members_of(carrying)))

    verifier = OfflineVerifier(bundle)
    assert bundle.plates.shards == 0
    assert verifier.verify(here.text, now=NOW).state is OfflineState.FRESH
    assert verifier.verify(there.text, now=NOW).reasons == ("OFFLINE_STATUS_UNKNOWN",)
