"""Offline bundles from what is stored: on both databases, in one snapshot, of versions that never go down."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from hub.access import district_looks
from hub.access.look_history import visits
from hub.access.matrix import MATRIX, Audience
from hub.access.models import DistrictLookMember
from hub.codes.plates import service
from hub.codes.rules import PlateEnd
from hub.config import Settings
from hub.kernel.actor import Actor, Operator
from hub.kernel.database import Database
from hub.kernel.errors import InvalidInputError, ReadOnlyError
from hub.kernel.messages import Message
from hub.licenses.offline import district
from hub.registry.models import Enterprise
from hub.trust.bundles.builder import County, build
from hub.trust.bundles.cache import KEEP, BundleCache
from hub.trust.keys.issuer import LOOK_SECONDS, FollowingIssuer, ring_folder
from hub.trust.keys.management import KeyManagement
from keys import KeyRing, Purpose
from signing.bundle import Bundle, District, read_bundle
from signing.offline import OfflineState, OfflineVerifier
from signing.status import Status
from tests.conftest import PASSPHRASE
from tests.support.plates import (
    NOW,
    OFFICER,
    OPERATOR,
    OTHER_USCC,
    USCC,
    add_enterprise,
    add_license,
    add_plate,
    add_premises,
    issuer_of,
    lay_plate,
    press_of,
)
from tests.support.reference import REFERENCE
from tests.support.remits import serve

LATER = NOW + timedelta(hours=3)


def made(db: Database, settings: Settings, *, now: datetime = NOW, carried: County | None = None) -> Bundle:
    address = {"base_url": settings.base_url, "log_origin": settings.log_origin}
    document = build(db, issuer=issuer_of(settings), now=now, carried=carried, **address).document
    return read_bundle(document, now=now)


def test_a_plate_is_judged_by_the_bundle_as_it_stands(any_db: Database, settings: Settings) -> None:
    plate = add_plate(any_db, settings)
    before = OfflineVerifier(made(any_db, settings)).verify(plate.text, now=NOW)
    service.end_plate(plate.plate_id, reason=PlateEnd.DAMAGED, by=OPERATOR, now=LATER, db=any_db)
    after = OfflineVerifier(made(any_db, settings, now=LATER)).verify(plate.text, now=LATER)

    assert (before.state, before.status, before.as_of) == (OfflineState.FRESH, Status.VALID, NOW)
    assert (after.state, after.status, after.as_of) == (OfflineState.FRESH, Status.REVOKED, LATER)


def test_the_lists_say_how_things_stand_now_however_long_ago_they_changed(
    db: Database, settings: Settings
) -> None:
    plate = add_plate(db, settings)

    verdict = OfflineVerifier(made(db, settings, now=LATER)).verify(plate.text, now=LATER)

    assert verdict.as_of == LATER


def another_plate(db: Database, settings: Settings, number: int) -> None:
    place = add_premises(db, name=f"店{number}")
    lay_plate(place, press=press_of(settings), now=NOW, db=db)


def test_versions_move_with_the_contents_and_never_go_down_even_when_the_clock_does(
    any_db: Database, settings: Settings
) -> None:
    add_enterprise(any_db)

    def after(seconds: int, *, is_changed: bool) -> int:
        if is_changed:
            another_plate(any_db, settings, seconds)
        return made(any_db, settings, now=NOW + timedelta(seconds=seconds)).version

    versions = [
        after(1_000, is_changed=True),
        after(1_010, is_changed=False),
        after(1_005, is_changed=True),
        after(0, is_changed=True),
        after(1_011, is_changed=True),
    ]

    start = int(NOW.timestamp()) + 1_000
    assert versions == [start, start, start + 5, start + 6, start + 11]


def test_public_and_district_bundles_have_versions_of_their_own(any_db: Database, settings: Settings) -> None:
    add_plate(any_db, settings)
    public = made(any_db, settings).version
    for seconds in (10, 20):
        carried = County(District.of("330802", ()), select(Enterprise.uscc))
        assert made(any_db, settings, now=NOW + timedelta(seconds=seconds), carried=carried).version > 0
        assert made(any_db, settings, now=NOW + timedelta(seconds=seconds + 1)).version == public


def test_every_worker_hands_out_the_same_bundle_and_versions_only_rise(
    any_db: Database, settings: Settings
) -> None:
    """Two shelves are two workers: what one built the other hands out, whoever is asked."""
    add_enterprise(any_db)
    parts = {"base_url": settings.base_url, "log_origin": settings.log_origin}
    workers = [BundleCache(any_db, issuer=issuer_of(settings), **parts) for _ in range(2)]
    seen: list[int] = []
    for second in range(0, 200, 10):
        if second % 30 == 0:
            another_plate(any_db, settings, second)
        texts = [worker.public(now=NOW + timedelta(seconds=second)) for worker in workers]
        assert texts[0] == texts[1]
        seen += [read_bundle(json.loads(text)).version for text in texts]

    assert seen == sorted(seen)
    assert 3 <= len(set(seen)) <= 5


def test_an_old_copy_of_the_database_vouches_for_nothing(db: Database, settings: Settings) -> None:
    db.read_only = Message("数据库是旧的副本。", "The database is an old copy.")

    with pytest.raises(ReadOnlyError):
        made(db, settings)


def carry(
    db: Database, region: str, *, now: datetime = NOW, by: Actor | Operator = OFFICER
) -> district_looks.DistrictLookView:
    if isinstance(by, Actor):
        serve(by, db=db)
    return district_looks.record_carried(
        by=by, region=region, purpose="routine", reason="下乡", now=now, db=db
    )


def records(db: Database, carrying: district_looks.DistrictLookView) -> District:
    with db.read() as session:
        told = MATRIX.clearance(Audience.ENFORCEMENT)
        on, members = date(2026, 11, 21), district_looks.members_of(carrying)
        return district(session, carrying.region, members=members, on=on, clearance=told, reference=REFERENCE)


def test_a_district_holds_who_is_registered_or_works_there(any_db: Database) -> None:
    add_enterprise(any_db)
    here = add_premises(any_db)
    add_license(any_db)
    add_enterprise(any_db, uscc=OTHER_USCC, name="江山示例商贸有限公司", region="330881")
    branch = add_premises(any_db, uscc=OTHER_USCC, name="柯城分店", region="330802")

    found = records(any_db, carry(any_db, "330802"))
    away = records(any_db, carry(any_db, "330881"))
    none = records(any_db, carry(any_db, "330822"))

    assert set(found.enterprises) == {USCC, OTHER_USCC}
    assert set(away.enterprises) == {OTHER_USCC}
    assert none.enterprises == {}
    ours, theirs = found.enterprises[USCC], found.enterprises[OTHER_USCC]
    assert (ours.name, ours.status) == ("衢州示例餐饮有限公司", "存续")
    assert [place.id for place in ours.premises] == [str(here)]
    assert [place.id for place in theirs.premises] == [str(branch)]
    assert ours.licenses[0].type == "营业执照"
    assert len(ours.licenses) == 2
    assert ours.licenses[0].number == USCC
    assert {each.colour for each in ours.licenses} <= {"blue", "yellow", "red", "grey"}


def test_a_district_comes_through_the_bundle_as_it_was(db: Database, settings: Settings) -> None:
    add_enterprise(db)
    add_premises(db)
    carrying = carry(db, "330802")
    carried = records(db, carrying)

    assert (
        made(db, settings, carried=County(carried, district_looks.members_of(carrying))).district == carried
    )


@pytest.mark.parametrize("region", ["", "33", "3308", "33080", "3308020"])
def test_nobody_takes_more_than_a_county_along(db: Database, region: str) -> None:
    with pytest.raises(InvalidInputError, match="COUNTY"):
        carry(db, region)


def test_every_enterprise_taken_along_reads_by_whom_why_and_until_when(any_db: Database) -> None:
    add_enterprise(any_db)
    add_enterprise(any_db, uscc=OTHER_USCC, region="330881")
    carry(any_db, "330802")
    carry(any_db, "330802", now=LATER, by=OPERATOR)

    newest, oldest = visits(USCC, db=any_db)

    assert (oldest.viewer, oldest.region, oldest.reason) == (OFFICER.name, "330802", "下乡")
    assert (oldest.at, oldest.until) == (NOW, NOW + district_looks.CARRIED_LIFE)
    assert (newest.viewer, newest.role) == (OPERATOR.name, None)
    assert [one.id for one in visits(USCC, before=newest.id, db=any_db)] == [oldest.id]
    assert visits(OTHER_USCC, db=any_db) == []


def test_who_moves_between_counties_reads_what_was_carried_while_it_was_there(any_db: Database) -> None:
    """However often a county is carried, there is one row for each enterprise and each move."""
    add_enterprise(any_db)
    moments = [NOW + timedelta(hours=hours) for hours in range(4)]
    regions = ["330802", "330802", "330881", "330802"]  # where it is registered at each moment
    for moment, region in zip(moments, regions, strict=True):
        with any_db.write() as session:
            session.execute(update(Enterprise).values(region=region))
        carry(any_db, "330802", now=moment)

    assert [one.at for one in visits(USCC, db=any_db)] == [moments[3], moments[1], moments[0]]
    with any_db.read() as session:
        assert session.scalar(select(func.count()).select_from(DistrictLookMember)) == 2
        assert list(district_looks.differing_carryings(session)) == []


@pytest.mark.parametrize(
    "alteration",
    [
        "DELETE FROM access_carried",
        "UPDATE access_carried SET until = since",
        "UPDATE access_carried SET uscc = '91330881MA2TEXT24J'",
    ],
)
def test_a_line_taken_from_an_enterprises_record_is_found(db: Database, alteration: str) -> None:
    add_enterprise(db)
    made = carry(db, "330802", now=LATER)
    with db.engine.execution_options(hub_write=True).begin() as connection:
        connection.exec_driver_sql(alteration)

    with db.read() as session:
        assert [found.key for found in district_looks.differing_carryings(session)] == [str(made.id)]


def test_county_records_are_taken_along_a_few_times_a_day_even_at_once(any_db: Database) -> None:
    add_enterprise(any_db)
    wanted = district_looks.CARRYINGS_A_DAY * 2

    def attempt(number: int) -> bool:
        try:
            carry(any_db, "330802", now=NOW + timedelta(microseconds=number))
        except district_looks.DistrictLooksADayError:
            return False
        return True

    with ThreadPoolExecutor(wanted) as pool:
        done = list(pool.map(attempt, range(wanted)))

    assert sum(done) == district_looks.CARRYINGS_A_DAY
    assert len(visits(USCC, db=any_db)) == district_looks.CARRYINGS_A_DAY


def test_the_public_bundle_is_built_once_a_minute_and_when_a_key_changes(
    db: Database, settings: Settings
) -> None:
    folder = settings.home / "keys"
    issuer = FollowingIssuer(lambda: KeyRing.open(folder, PASSPHRASE), watched=folder / "ring.json")
    shelf = BundleCache(db, issuer=issuer, base_url=settings.base_url, log_origin=settings.log_origin)

    first = shelf.public(now=NOW)

    assert shelf.public(now=NOW + KEEP - timedelta(seconds=1)) is first
    assert shelf.public(now=NOW + KEEP) is not first
    again = shelf.public(now=NOW + KEEP)
    plates_key = next(key.kid for key in issuer.key_set if key.info.purpose is Purpose.CODE_PLATE)
    KeyManagement(db=db, ring=ring_folder(settings), by=OPERATOR).compromise(plates_key, reason="x", now=NOW)
    time.sleep(LOOK_SECONDS)  # the ring is looked at twice a second
    assert shelf.public(now=NOW + KEEP) != again


def test_a_bundle_names_the_keys_that_were_compromised(db: Database, settings: Settings) -> None:
    plate = add_plate(db, settings)
    management = KeyManagement(db=db, ring=ring_folder(settings), by=OPERATOR)
    management.compromise(plate.kid, reason="found on a stick", now=NOW)

    bundle = made(db, settings, now=LATER)

    assert set(bundle.revoked) == {plate.kid}
    assert OfflineVerifier(bundle).verify(plate.text, now=LATER).reasons == ("CODE_KEY_UNKNOWN",)
