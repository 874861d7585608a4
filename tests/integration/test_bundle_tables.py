"""The table of plates: every plate of any city is in it, its shards are made anew only where they changed."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import delete, select, text

from hub.codes.plates import bundle_rows, service, statuses
from hub.codes.rules import PlateEnd
from hub.config import Settings
from hub.kernel.bulk import batches, insert_rows, table_of
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.registry.models import Enterprise
from hub.trust.bundles import table
from hub.trust.bundles.builder import MAX_STATUS_CHARS, BuiltBundle, build
from hub.trust.bundles.cache import BundleCache
from hub.trust.bundles.members import listed_rows
from hub.trust.bundles.models import PlateRow, PlateRowIndex, PlateShard
from hub.trust.statuses.models import StatusEntry
from hub.trust.statuses.rules import SubjectKind
from signing.bundle import Bundle, plate_mask, plate_row, read_bundle
from signing.bundle.plates import MAX_SHARD_BYTES, ROW_BYTES
from signing.offline import OfflineVerifier
from signing.status import Status
from tests.support.beside import beside
from tests.support.plates import NOW, OPERATOR, add_plate, issuer_of

LATER = NOW + timedelta(hours=3)
FORMER_CAP = 400_000  # plates that a bundle of the former profile named


def made(
    db: Database, settings: Settings, *, now: datetime = NOW, status_chars: int = MAX_STATUS_CHARS
) -> BuiltBundle:
    parts = {"base_url": settings.base_url, "log_origin": settings.log_origin}
    return build(db, issuer=issuer_of(settings), now=now, status_chars=status_chars, **parts)


def read(
    db: Database, settings: Settings, *, now: datetime = NOW, status_chars: int = MAX_STATUS_CHARS
) -> Bundle:
    document = made(db, settings, now=now, status_chars=status_chars).document
    return read_bundle(document, now=now, shards=lambda name: table.read_shard(db, bytes.fromhex(name)))


def secret_of(number: int) -> bytes:
    """The half of a signature that a plate of a city without enterprises has."""
    return sha256(b"r%d" % number).digest()


def row_of(number: int) -> bytes:
    return plate_row(plate_mask(f"P{number:09}", secret_of(number)), position=0, index=number)


STRANGERS = """
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)
    INSERT INTO trust_plate_row (uscc, plate_id, content, taken)
    SELECT printf('92%016d', i), printf('X%09d', i), randomblob(13), 0 FROM n
"""  # plates of which nobody has the text


def lay(db: Database, numbers: Iterable[int]) -> None:
    """Rows of plates, without all else that there is of them."""
    with beside(db) as session:
        for chunk in batches(numbers, 50_000):
            rows_ = [
                {
                    "uscc": f"9133{number:014}",
                    "plate_id": f"P{number:09}",
                    "content": row_of(number),
                    "taken": 0,
                }
                for number in chunk
            ]
            insert_rows(session, table_of(PlateRow), rows_)


def shards(db: Database) -> list[bytes]:
    with db.read() as session:
        index = session.get_one(PlateRowIndex, 1)
        kept = [index.digests[at : at + 32] for at in range(0, len(index.digests), 32)]
    return [table.read_shard(db, digest) for digest in kept]


def rows_in(contents: Iterable[bytes]) -> set[bytes]:
    return {content[at : at + ROW_BYTES] for content in contents for at in range(0, len(content), ROW_BYTES)}


def test_a_city_beyond_the_former_cap_has_every_plate_in_its_table(db: Database, settings: Settings) -> None:
    add_plate(db, settings)  # so that there is a list
    city = range(200)
    lay(db, city)
    with beside(db) as session:
        session.execute(text(STRANGERS), {"count": FORMER_CAP + 10_000})
    table.take_in_all(db, now=NOW)

    contents = shards(db)
    bundle = read(db, settings)

    with db.read() as session:
        assert set(session.scalars(select(PlateRow.content))) <= rows_in(contents)
    assert (len(contents), {len(content) for content in contents}) == (128, {4_096 * ROW_BYTES})
    assert max(map(len, contents)) <= MAX_SHARD_BYTES
    assert len(json.dumps(made(db, settings).document)) < 100_000
    for number in city:
        known = bundle.plate_status(f"P{number:09}", secret_of(number))
        assert known is not None
        assert known[0] is Status.VALID


def test_a_plate_enters_one_shard_and_all_others_stay(any_db: Database) -> None:
    lay(any_db, range(9_000))
    table.take_in_all(any_db, now=NOW)
    before = shards(any_db)
    lay(any_db, [9_000])

    assert table.take_in(any_db, now=LATER) is False

    after = shards(any_db)
    changed = [number for number, content in enumerate(before) if content != after[number]]
    assert (len(before), len(after), len(changed)) == (4, 4, 1)
    assert row_of(9_000) in rows_in([after[changed[0]]])


def test_the_number_of_rows_does_not_tell_how_many_plates_there_are(db: Database, settings: Settings) -> None:
    add_plate(db, settings)
    few = shards_after(db, settings)
    lay(db, range(3_000))
    many = shards_after(db, settings)

    assert [len(each) for each in few] == [len(each) for each in many] == [4_096 * ROW_BYTES]


def shards_after(db: Database, settings: Settings) -> list[bytes]:
    made(db, settings)
    return shards(db)


def test_what_an_older_bundle_names_is_handed_out_for_two_days(any_db: Database, settings: Settings) -> None:
    lay(any_db, range(100))
    table.take_in_all(any_db, now=NOW)
    (before,) = shards(any_db)
    name = sha256(before).digest()
    lay(any_db, range(100, 8_000))  # as many as need more shards
    table.take_in_all(any_db, now=LATER)
    shelf = BundleCache(
        any_db, issuer=issuer_of(settings), base_url=settings.base_url, log_origin=settings.log_origin
    )

    assert shelf.shard(name) == before
    assert len(shards(any_db)) == 4
    lay(any_db, [8_000])
    table.take_in(any_db, now=LATER + timedelta(days=2, seconds=1))
    with pytest.raises(NotFoundError):
        table.read_shard(any_db, name)
    with any_db.read() as session:
        kept = session.scalars(select(PlateShard.digest).where(PlateShard.replaced_at.is_(None))).all()
    assert set(kept) == {sha256(content).digest() for content in shards(any_db)}


def test_a_shard_whose_rows_were_changed_is_not_handed_out(db: Database, settings: Settings) -> None:
    lay(db, range(10))
    table.take_in_all(db, now=NOW)
    name = sha256(shards(db)[0]).digest()
    with beside(db) as session:
        session.execute(delete(PlateRow).where(PlateRow.plate_id == "P000000003"))
    shelf = BundleCache(
        db, issuer=issuer_of(settings), base_url=settings.base_url, log_origin=settings.log_origin
    )

    with pytest.raises(NotFoundError):
        shelf.shard(name)


def test_a_version_rises_with_the_table_and_stays_without_news(db: Database, settings: Settings) -> None:
    add_plate(db, settings)
    first, second = made(db, settings), made(db, settings, now=NOW + timedelta(seconds=9))
    lay(db, range(3))
    third = made(db, settings, now=NOW + timedelta(seconds=10))

    assert (first.version, second.version) == (first.version, first.version)
    assert third.version > first.version


def test_more_rows_than_one_transaction_takes_come_in_by_and_by(db: Database) -> None:
    lay(db, range(30))

    turns = 1
    while table.take_in(db, now=NOW, at_once=7):  # twenty thousand are slow, and no different
        turns += 1

    assert turns == 5
    assert {row_of(number) for number in range(30)} <= rows_in(shards(db))


def test_lists_beyond_what_a_bundle_holds_are_left_out_and_nothing_is_refused(
    db: Database, settings: Settings
) -> None:
    plate = add_plate(db, settings)

    bundle = read(db, settings, status_chars=100)  # five million are many gigabytes of entries
    verdict = OfflineVerifier(bundle).verify(plate.text, now=NOW)

    assert verdict.reasons == ("OFFLINE_STATUS_UNKNOWN",)


def test_plates_of_a_database_older_than_the_table_get_their_rows(
    any_db: Database, settings: Settings
) -> None:
    plate = add_plate(any_db, settings)
    with beside(any_db) as session:
        session.execute(delete(PlateRow))

    statuses.complete(any_db, by=OPERATOR, now=NOW)
    again = bundle_rows.complete(any_db)

    service.end_plate(plate.plate_id, reason=PlateEnd.LOST, by=OPERATOR, now=NOW, db=any_db)
    verdict = OfflineVerifier(read(any_db, settings)).verify(plate.text, now=NOW)
    assert (again, verdict.status) == (0, Status.REVOKED)


@pytest.mark.parametrize(
    "alteration",
    [
        "DELETE FROM trust_plate_row",
        "UPDATE trust_plate_row SET content = x'00'",
        "UPDATE trust_plate_row SET plate_id = '000000001K'",
    ],
)
def test_a_row_that_is_not_its_plates_is_found(db: Database, settings: Settings, alteration: str) -> None:
    add_plate(db, settings)
    with db.read() as session:
        assert list(bundle_rows.differing_rows(session)) == []
    with beside(db) as session:
        session.execute(text(alteration))

    with db.read() as session:
        assert list(bundle_rows.differing_rows(session)) != []


def entries(db: Database, count: int, *, value: Status, at: datetime, first: int) -> list[bytes]:
    """Plates on a list, as many as wanted, without their enterprises."""
    numbers = range(first, first + count)
    plain = {"list": 1, "parent": None, "license": 0, "content": 0, "enterprise": 0, "changed_at": at}
    lay(db, numbers)
    with beside(db) as session:
        session.add_all(
            StatusEntry(
                uscc=f"9133{number:014}",
                kind=SubjectKind.PLATE.value,
                subject=f"P{number:09}",
                idx=number,
                own=int(value),
                value=int(value),
                **plain,
            )
            for number in numbers
        )
    return [row_of(number) for number in numbers]


def test_a_countys_table_that_is_full_has_first_what_matters_most(any_db: Database) -> None:
    long_void = entries(any_db, 4, value=Status.REVOKED, at=LATER - timedelta(days=8), first=0)
    valid = entries(any_db, 5, value=Status.VALID, at=NOW, first=100)
    void = entries(any_db, 2, value=Status.REVOKED, at=LATER - timedelta(days=6), first=200)
    suspended = entries(any_db, 2, value=Status.SUSPENDED, at=LATER - timedelta(days=80), first=300)
    everybody = select(StatusEntry.uscc)

    def listed(limit: int, members: object = everybody) -> Iterator[bytes]:
        with any_db.read() as session:
            yield from listed_rows(session, members=members, limit=limit, now=LATER)  # type: ignore[arg-type]  # a select

    assert list(listed(100)) == [*void, *suspended, *valid, *long_void]
    assert list(listed(6)) == [*void, *suspended, *valid[:2]]
    assert list(listed(3)) == [*void, suspended[0]]
    assert list(listed(100, select(Enterprise.uscc))) == []
