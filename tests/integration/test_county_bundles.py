"""A county's bundle: the plates of its members, in a table of its own."""

import json

from hub.access.district_looks import members_of
from hub.config import Settings
from hub.kernel.database import Database
from hub.trust.bundles.builder import County
from hub.trust.bundles.cache import BundleCache
from signing.bundle import read_bundle
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


def test_whoever_fetches_two_counties_from_any_worker_never_gets_an_older_one_of_either(
    any_db: Database, settings: Settings
) -> None:
    add_plate(any_db, settings)
    add_enterprise(any_db, uscc=OTHER_USCC, name="江山示例商贸有限公司", region="330881")
    issuer, at = press_of(settings).issuer, {"base_url": settings.base_url, "log_origin": settings.log_origin}
    workers = [BundleCache(any_db, issuer=issuer, **at) for _ in range(2)]
    carryings = [carry(any_db, region) for region in ("330802", "330881")]
    seen: dict[str, list[int]] = {}

    def fetch(number: int, worker: int) -> None:
        one = carryings[number]
        text = workers[worker].district(
            one.id,
            lambda: County(records(any_db, one), members_of(one)),
            region=one.region,
            until=one.until,
            now=NOW,
        )
        seen.setdefault(one.region, []).append(read_bundle(json.loads(text), now=NOW).version)

    fetch(0, 0)
    fetch(1, 0)
    fetch(0, 0)
    add_premises(any_db, name="新店", region="330802")
    fetch(0, 1)
    fetch(1, 1)
    fetch(0, 0)
    fetch(1, 0)
    fetch(0, 1)

    assert all(versions == sorted(versions) for versions in seen.values()), seen
    assert [len(set(seen[region])) for region in ("330802", "330881")] == [2, 1]
