"""Acts become leaves with their transaction, and one history whoever sequences them."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from hub.config import Settings
from hub.kernel.database import Database
from hub.trust.keys.issuer import Issuer
from hub.trust.log import queries
from hub.trust.log.audit import AuditReason
from hub.trust.log.heads import head_of
from hub.trust.log.sequencer import is_anything_waiting, is_due, sequence, sequence_all
from hub.trust.record import events
from hub.trust.record.errors import LogDamagedError
from hub.trust.record.leaf import Act
from hub.trust.record.models import Event, LeafBatch, LogCheckpoint, LogHead
from keys import Purpose, PurposeSigner, SignerAwayError
from signing.log import leaf_hash, open_checkpoint, root_of, unpack_entries
from tests.support.plates import NOW, issuer_of
from tests.support.tampering import audited, behind_its_back

USCC = "91330802MA2TEXT162"
ORIGIN = "127.0.0.1:8000/log"
WRITERS, ACTS_EACH = 4, 12


class SignerAway(Issuer):
    """An issuer whose device was taken away."""

    def signer(self, purpose: Purpose) -> PurposeSigner:
        raise SignerAwayError(str(purpose))


@pytest.fixture
def issuer(settings: Settings) -> Issuer:
    return issuer_of(settings)


def note(session: Session, number: int, *, uscc: str = USCC) -> Act:
    return events.record(
        session, kind="test.done", uscc=uscc, subject=str(number), by="tests", data={"count": number}, now=NOW
    )


def note_in(db: Database, *numbers: int) -> list[Act]:
    with db.write() as session:
        return [note(session, number) for number in numbers]


def count(db: Database, what: type) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(what)) or 0


def extend(db: Database, issuer: Issuer, **more: int) -> int:
    return sequence(db, issuer=issuer, origin=ORIGIN, now=NOW, **more)


def test_leaves_show_a_commitment_and_nothing_of_the_act(any_db: Database, issuer: Issuer) -> None:
    note_in(any_db, 41)
    extend(any_db, issuer)

    packed = queries.entries(any_db, 0, 1)

    assert packed is not None
    (leaf,) = unpack_entries(packed)
    assert b'"commitment"' in leaf
    assert USCC.encode() not in leaf
    assert b"41" not in leaf.partition(b'"commitment"')[0].replace(b"2026-11-21", b"")


def test_tiles_and_entries_are_those_of_the_signed_log_alone(any_db: Database, issuer: Issuer) -> None:
    note_in(any_db, *range(260))
    extend(any_db, issuer)
    note_in(any_db, 260)  # waits

    tile = queries.tile(any_db, 0, 0, 256)
    entries = queries.entries(any_db, 0, 256)

    assert tile is not None
    assert entries is not None
    assert b"".join(leaf_hash(entry) for entry in unpack_entries(entries)) == tile
    assert queries.tile(any_db, 1, 0, 1) == root_of([tile[at : at + 32] for at in range(0, len(tile), 32)])
    assert queries.tile(any_db, 0, 1, 4) is not None
    assert queries.tile(any_db, 0, 1, 5) is None
    assert queries.entries(any_db, 1, 5) is None


def test_a_rollback_takes_acts_along_and_a_savepoint_only_its_own(any_db: Database) -> None:
    with any_db.write() as session:
        note(session, 1)
        session.rollback()
    assert count(any_db, Event) == count(any_db, LeafBatch) == 0

    with any_db.write() as session:
        note(session, 1)
        with session.begin_nested() as inner:
            note(session, 2)
            inner.rollback()
        with session.begin_nested():
            note(session, 3)
    with any_db.read() as session:
        assert sorted(session.scalars(select(Event.subject))) == ["1", "3"]
        assert session.scalars(select(LeafBatch.count)).all() == [2]


def test_two_workers_and_many_writers_make_one_history(any_db: Database, issuer: Issuer) -> None:
    stop = threading.Event()

    def write(writer: int) -> None:
        for number in range(ACTS_EACH):
            any_db.run(lambda session: note(session, writer * 100 + number))  # noqa: B023  # run at once

    def work() -> None:
        while not stop.is_set() or is_anything_waiting(any_db):
            extend(any_db, issuer, limit=5)

    with ThreadPoolExecutor(WRITERS + 2) as pool:
        workers = [pool.submit(work) for _ in range(2)]
        for writer in [pool.submit(write, number) for number in range(WRITERS)]:
            writer.result()
        stop.set()
        for worker in workers:
            worker.result()

    report = audited(any_db, issuer)
    assert report.findings == ()
    assert report.size == WRITERS * ACTS_EACH
    with any_db.read() as session:
        firsts = session.execute(select(LeafBatch.first, LeafBatch.count).order_by(LeafBatch.first)).all()
    assert [first for first, _ in firsts] == list(range(WRITERS * ACTS_EACH))


def test_without_the_signer_nothing_is_sequenced_and_all_of_it_later(
    any_db: Database, issuer: Issuer
) -> None:
    note_in(any_db, 1, 2)

    with pytest.raises(SignerAwayError):
        extend(any_db, SignerAway(issuer.key_ring))

    assert count(any_db, LogHead) == count(any_db, LogCheckpoint) == 0
    assert is_anything_waiting(any_db)
    assert extend(any_db, issuer) == 2
    assert audited(any_db, issuer).is_clean


def test_a_batch_larger_than_the_limit_is_taken_whole(any_db: Database, issuer: Issuer) -> None:
    note_in(any_db, 1, 2, 3)
    note_in(any_db, 4)

    assert extend(any_db, issuer, limit=2) == 3
    assert extend(any_db, issuer, limit=2) == 4
    assert extend(any_db, issuer, limit=2) == 4


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trust_log_tile SET hashes = (SELECT root FROM trust_log_head) WHERE level = 0",
        "UPDATE trust_log_head SET size = 1",
        "UPDATE trust_log_head SET checkpoint = replace(checkpoint, ':8000/', ':8001/')",
        "DELETE FROM trust_log_head",
        "DELETE FROM trust_log_tile",
    ],
    ids=["tile", "size", "checkpoint", "no-head", "no-tiles"],
)
def test_what_is_not_the_signed_log_is_never_extended(
    any_db: Database, issuer: Issuer, statement: str
) -> None:
    note_in(any_db, *range(5))
    extend(any_db, issuer)
    behind_its_back(any_db, statement)
    note_in(any_db, 6)

    with pytest.raises(LogDamagedError):
        extend(any_db, issuer)
    assert count(any_db, LogCheckpoint) == 1


def test_a_head_that_was_set_back_gives_no_position_out_twice(any_db: Database, issuer: Issuer) -> None:
    note_in(any_db, 1)
    extend(any_db, issuer)
    with any_db.read() as session:
        before = session.execute(
            select(LogHead.size, LogHead.root, LogHead.frontier, LogHead.checkpoint)
        ).one()
    note_in(any_db, 2)
    extend(any_db, issuer)
    with any_db.write() as session:
        session.execute(update(LogHead).values(**before._asdict()))
        session.execute(delete(LogCheckpoint).where(LogCheckpoint.size == 2))
    note_in(any_db, 3)

    with pytest.raises(LogDamagedError):
        extend(any_db, issuer)


def test_the_log_goes_on_under_a_new_name(any_db: Database, issuer: Issuer) -> None:
    note_in(any_db, 1)
    extend(any_db, issuer)

    sequence(any_db, issuer=issuer, origin="hub.example/log", now=NOW)

    with any_db.read() as session:
        head = head_of(session)
        assert head is not None
        assert open_checkpoint(head.checkpoint, keys=issuer.key_set, origin="hub.example/log").size == 1
    assert audited(any_db, issuer).is_clean


def test_there_is_something_to_do_when_acts_wait_or_the_log_has_another_name(
    any_db: Database, issuer: Issuer
) -> None:
    asked = [is_due(any_db, origin=ORIGIN)]
    note_in(any_db, 1)
    asked.append(is_due(any_db, origin=ORIGIN))
    extend(any_db, issuer)
    asked += [is_due(any_db, origin=ORIGIN), is_due(any_db, origin="hub.example/log")]

    assert asked == [False, True, False, True]


@pytest.mark.parametrize(
    "apart", [timedelta(minutes=10), timedelta(seconds=10), timedelta(microseconds=10)], ids=str
)
def test_old_checkpoints_are_thinned_out_to_one_an_hour(
    db: Database, issuer: Issuer, apart: timedelta
) -> None:
    for after in (apart * 0, apart, apart * 2, timedelta(minutes=70), timedelta(hours=26)):
        note_in(db, 1)
        sequence_all(db, issuer=issuer, origin=ORIGIN, now=NOW + after)

    with db.read() as session:
        assert session.scalars(select(LogCheckpoint.size).order_by(LogCheckpoint.size)).all() == [3, 4, 5]


def test_what_waits_for_long_is_told(any_db: Database, issuer: Issuer) -> None:
    note_in(any_db, 1)

    now = audited(any_db, issuer, now=NOW + timedelta(seconds=30))
    later = audited(any_db, issuer, now=NOW + timedelta(minutes=2))

    assert now.is_clean
    assert [(found.reason, found.key, found.detail) for found in later.findings] == [
        (AuditReason.BATCH_WAITING, "1", NOW.isoformat())
    ]


def test_the_entries_about_an_enterprise_come_page_by_page(any_db: Database, issuer: Issuer) -> None:
    note_in(any_db, 1, 2, 3)
    extend(any_db, issuer)
    note_in(any_db, 4)
    with any_db.write() as session:
        note(session, 9, uscc="91330802MA2TEXT263")

    first = queries.entries_about(any_db, USCC, limit=3)
    second = queries.entries_about(any_db, USCC, first.next_cursor, limit=3)

    assert [(row.subject, row.position) for row in first.rows] == [("4", None), ("3", 2), ("2", 1)]
    assert [(row.subject, row.position) for row in second.rows] == [("1", 0)]
    assert second.next_cursor is None
    assert first.rows[0].opening is not None
    assert first.rows[0].opening["uscc"] == USCC


def test_a_transaction_that_is_run_again_records_its_act_once(postgres_db: Database) -> None:
    """Two transactions touch one row; PostgreSQL runs the second again."""
    note_in(postgres_db, 0)
    barrier = threading.Barrier(2)
    tries: list[int] = []

    def work(number: int) -> Callable[[Session], None]:
        def inside(session: Session) -> None:
            batch = session.get_one(LeafBatch, 1)
            tries.append(number)
            if len(tries) <= 2:
                barrier.wait(timeout=10)
            batch.at = NOW + timedelta(seconds=number)
            session.flush()
            note(session, number)

        return inside

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(postgres_db.run, work(number)) for number in (1, 2)]:
            done.result()

    assert len(tries) == 3
    assert count(postgres_db, Event) == 3
