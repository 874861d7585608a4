"""What is read of the log is what was put into it, wherever batches, bundles and tiles meet; on both databases."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.config import Settings
from hub.kernel.bulk import table_of
from hub.kernel.database import Database
from hub.trust.keys.issuer import Issuer
from hub.trust.log import queries
from hub.trust.log.findings import AuditReason
from hub.trust.log.sequencer import sequence
from hub.trust.record import events
from hub.trust.record.bound_rows import moment
from hub.trust.record.leaf import Act, leaf_text, unpack
from hub.trust.record.models import Event, LeafBatch, LogCheckpoint, LogHead, LogTile
from signing.log import TILE_WIDTH, leaf_hash, root_of, unpack_entries
from tests.support.plates import NOW, USCC, issuer_of
from tests.support.rounds import examples
from tests.support.tampering import LATER, audited_wholly, behind_its_back, extend

ORIGIN = "127.0.0.1:8000/log"
TOGETHER = (
    1,
    1,
    100,
    3,
    151,
    1,
    40,
    215,
    30,
    1,
)  # acts of one transaction: some lie across the ends of two tiles
SIZE = sum(TOGETHER)
WIDTHS = (1, 2, 30, 31, 100, 255, TILE_WIDTH)


@pytest.fixture
def acts(any_db: Database, settings: Settings) -> list[UUID]:
    """The acts of a log of two full tiles and a piece, in their order, sequenced in three steps."""
    made: list[UUID] = []
    for number, count in enumerate(TOGETHER):
        with any_db.write() as session:
            made += [note(session, str(number)).id for _ in range(count)]
        if number % 4 == 0:
            extend(any_db, settings, now=NOW)
    extend(any_db, settings, now=NOW)
    return made


def note(session: Session, subject: str, at: datetime = NOW) -> Act:
    return events.record(session, kind="test.done", uscc=USCC, subject=subject, by="tests", data={}, now=at)


def leaves_of(db: Database) -> list[bytes]:
    with db.read() as session:
        packed = session.scalars(select(LeafBatch.leaves).order_by(LeafBatch.id)).all()
    return [leaf for each in packed for leaf in unpack(each)]


@pytest.mark.usefixtures("acts")
def test_every_piece_of_the_log_is_what_was_put_there_and_nothing_beyond_it(any_db: Database) -> None:
    leaves = leaves_of(any_db)
    hashes = [leaf_hash(leaf) for leaf in leaves]
    tops = [root_of(hashes[at : at + TILE_WIDTH]) for at in (0, TILE_WIDTH)]
    assert len(leaves) == SIZE == queries.size(any_db)

    for number in range(4):
        for width in WIDTHS:
            within = number * TILE_WIDTH + width <= SIZE
            part = slice(number * TILE_WIDTH, number * TILE_WIDTH + width)
            entries, tile = queries.entries(any_db, number, width), queries.tile(any_db, 0, number, width)
            assert (entries is not None, tile is not None) == (within, within)
            if entries is not None:
                assert list(unpack_entries(entries)) == leaves[part]
                assert tile == b"".join(hashes[part])
    assert [queries.tile(any_db, 1, 0, width) for width in (1, 2, 3)] == [tops[0], b"".join(tops), None]


@pytest.mark.usefixtures("acts")
def test_a_tile_or_a_batch_that_is_gone_is_not_there_and_breaks_nothing(any_db: Database) -> None:
    with any_db.write() as session:
        session.execute(delete(LogTile).where(LogTile.level == 0, LogTile.number == 1))
        session.execute(delete(LeafBatch).where(LeafBatch.first == SIZE - 1))

    assert queries.tile(any_db, 0, 1, TILE_WIDTH) is None
    assert queries.tile(any_db, 0, 0, TILE_WIDTH) is not None
    assert queries.entries(any_db, 2, SIZE - 2 * TILE_WIDTH) is None
    assert queries.entries(any_db, 2, SIZE - 2 * TILE_WIDTH - 1) is not None


def test_an_act_says_where_it_stands(any_db: Database, acts: list[UUID]) -> None:
    with any_db.write() as session:
        waiting = note(session, "waits").id

    with any_db.read() as session:
        assert [queries.place_of_act(session, str(act)) for act in acts] == list(range(SIZE))
        assert queries.place_of_act(session, str(waiting)) is None
        assert queries.place_of_act(session, "no act") is None
    pages = list(pages_of(any_db))
    assert [row.id for page in pages for row in page.rows] == [waiting, *reversed(acts)]
    assert [row.position for page in pages for row in page.rows] == [None, *reversed(range(SIZE))]
    assert [len(page.rows) for page in pages] == [100] * (SIZE // 100) + [SIZE % 100 + 1]
    assert queries.entries_about(any_db, USCC, "no cursor", limit=0).rows == pages[0].rows[:1]


@pytest.mark.usefixtures("acts")
def test_an_enterprise_gets_all_it_takes_to_make_its_leaves_anew(any_db: Database) -> None:
    leaves = leaves_of(any_db)
    rows = [row for page in pages_of(any_db) for row in page.rows]

    assert len(rows) == SIZE
    for row in rows:
        assert row.salt is not None
        assert row.opening is not None
        assert row.position is not None
        made = leaf_text(at=moment(row.at), kind=row.kind, salt=row.salt, opened=row.opening)
        assert made.encode() == leaves[row.position]


def pages_of(db: Database) -> Iterator[queries.EntryPage]:
    """All pages, each as long as a page may be."""
    cursor = None
    while True:
        page = queries.entries_about(db, USCC, cursor, limit=1_000)
        yield page
        if page.next_cursor is None:
            return
        cursor = page.next_cursor


def test_what_was_opened_to_an_enterprise_is_what_the_leaf_commits_to_until_the_salt_is_gone(
    any_db: Database, acts: list[UUID]
) -> None:
    with any_db.read() as session:
        event = session.scalars(select(Event).where(Event.id == acts[0])).one()
        opened = queries.opening_of(event)
        event.salt = None
        assert queries.opening_of(event) is None

    assert opened is not None
    assert opened == json.loads(json.dumps(opened))
    assert (opened["uscc"], opened["by"], opened["subject"]) == (USCC, "tests", "0")


def test_the_first_batch_of_all_is_missed_as_any_other(db: Database, settings: Settings) -> None:
    for subject in ("first", "second"):
        with db.write() as session:
            note(session, subject, LATER)
    behind_its_back(
        db, "DELETE FROM trust_event WHERE batch_id = 1", "DELETE FROM trust_leaf_batch WHERE id = 1"
    )

    assert [(found.reason, found.key) for found in audited_wholly(db, settings).findings] == [
        (AuditReason.BATCH_MISSING, "before 2")
    ]


def test_a_new_log_has_neither_head_nor_size(any_db: Database) -> None:
    assert queries.size(any_db) == 0
    assert (queries.tile(any_db, 0, 0, 1), queries.entries(any_db, 0, 1)) == (None, None)


@trying(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pauses=st.lists(
        st.one_of(st.integers(1, 40), st.integers(41, 40 * 60)), min_size=2, max_size=14
    )  # in minutes, from one act to the next
)
def test_of_each_hour_that_is_a_day_old_one_checkpoint_stays_and_all_the_younger_ones(
    db: Database, settings: Settings, pauses: list[int]
) -> None:
    with db.write() as session:
        for model in (Event, LeafBatch, LogCheckpoint, LogHead, LogTile):
            session.execute(delete(table_of(model)))
    at, issuer = NOW, issuer_of(settings)
    made: dict[int, datetime] = {}
    for pause in pauses:
        at += timedelta(minutes=pause)
        made[note_at(db, issuer, at)] = at
        old = at.replace(minute=0) - timedelta(days=1)
        aged = [size for size, when in made.items() if when < old]
        last = {max(sizes) for _, sizes in groupby(aged, lambda size: made[size].replace(minute=0))}

        with db.read() as session:
            kept = set(session.scalars(select(LogCheckpoint.size)))

        assert kept == last | {size for size, when in made.items() if when >= old}


def note_at(db: Database, issuer: Issuer, at: datetime) -> int:
    """Put an act into the log at this moment; its size then."""
    with db.write() as session:
        note(session, "x", at)
    return sequence(db, issuer=issuer, origin=ORIGIN, now=at)
