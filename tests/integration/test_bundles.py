"""Offline bundles from what is stored: on both databases, in one snapshot, of versions that never go down."""

from datetime import date, timedelta

import pytest

from hub.codes import service
from hub.codes.rules import PlateEnd
from hub.config import Settings
from hub.kernel.database import Database
from hub.kernel.errors import InvalidInputError, ReadOnlyError
from hub.kernel.messages import Message
from hub.licenses.carrying import district, require_region
from hub.trust.bundles.building import build
from hub.trust.bundles.shelf import KEEP, Shelf
from hub.trust.issuer import Issuer, ring_folder
from hub.trust.key_management import KeyManagement
from signing.bundle import Bundle, District, read_bundle
from signing.offline import OfflineState, OfflineVerifier
from signing.status import Status
from tests.support.plates import (
    NOW,
    OPERATOR,
    OTHER_USCC,
    USCC,
    add_enterprise,
    add_license,
    add_plate,
    add_premises,
    issuer_of,
)

LATER = NOW + timedelta(hours=3)


def made(db: Database, settings: Settings, *, now: object = NOW, carried: District | None = None) -> Bundle:
    document = build(
        db,
        issuer=issuer_of(settings),
        base_url=settings.base_url,
        log_origin=settings.log_origin,
        now=now,  # type: ignore[arg-type]  # a moment
        district=carried,
    )
    return read_bundle(document, now=now)  # type: ignore[arg-type]  # a moment


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


def test_versions_never_go_down_even_when_the_clock_does(any_db: Database, settings: Settings) -> None:
    versions = [
        made(any_db, settings, now=NOW + timedelta(seconds=seconds)).version
        for seconds in (1_000, 1_010, 1_005, 0, 1_011)
    ]

    start = int(NOW.timestamp()) + 1_000
    assert versions == [start, start + 10, start + 10, start + 10, start + 11]


def test_an_old_copy_of_the_database_vouches_for_nothing(db: Database, settings: Settings) -> None:
    db.read_only = Message("数据库是旧的副本。", "The database is an old copy.")

    with pytest.raises(ReadOnlyError):
        made(db, settings)


def test_a_district_holds_who_is_registered_or_works_there(any_db: Database) -> None:
    add_enterprise(any_db)
    here = add_premises(any_db)
    add_license(any_db)
    add_enterprise(any_db, uscc=OTHER_USCC, name="江山示例商贸有限公司", region="330881")
    branch = add_premises(any_db, uscc=OTHER_USCC, name="柯城分店", region="330802")

    with any_db.read() as session:
        found = district(session, "330802", on=date(2026, 11, 21))
        away = district(session, "330881", on=date(2026, 11, 21))
        city = district(session, "3308", on=date(2026, 11, 21))
        none = district(session, "3301", on=date(2026, 11, 21))

    assert set(found.enterprises) == set(city.enterprises) == {USCC, OTHER_USCC}
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
    with db.read() as session:
        carried = district(session, "330802", on=date(2026, 11, 21))

    assert made(db, settings, carried=carried).district == carried


@pytest.mark.parametrize("region", ["", "3", "330", "33080", "3308020", "33 802", "33080２", "%", "330802\n"])
def test_a_region_is_the_start_of_a_division_code(region: str) -> None:
    with pytest.raises(InvalidInputError):
        require_region(region)


def test_the_public_bundle_is_built_once_a_minute_and_when_a_key_changes(
    db: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer = issuer_of(settings)
    shelf = Shelf(db, issuer=issuer, base_url=settings.base_url, log_origin=settings.log_origin)

    first = shelf.public(now=NOW)

    assert shelf.public(now=NOW + KEEP - timedelta(seconds=1)) is first
    assert shelf.public(now=NOW + KEEP) is not first
    again = shelf.public(now=NOW + KEEP)
    changed = issuer_of(settings).key_set  # the same keys, read again: another set
    monkeypatch.setattr(Issuer, "key_set", property(lambda _self: changed))
    assert shelf.public(now=NOW + KEEP) is not again


def test_a_bundle_names_the_keys_that_were_compromised(db: Database, settings: Settings) -> None:
    plate = add_plate(db, settings)
    management = KeyManagement(db=db, ring=ring_folder(settings), by=OPERATOR)
    management.compromise(plate.kid, reason="found on a stick", now=NOW)

    bundle = made(db, settings, now=LATER)

    assert set(bundle.revoked) == {plate.kid}
    assert OfflineVerifier(bundle).verify(plate.text, now=LATER).reasons == ("CODE_KEY_UNKNOWN",)
