"""The unit of work: lost updates, rollback, the schema both ways."""

import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from hub import schema
from hub.app import create_app
from hub.codes.models import ScanDay
from hub.config import Settings
from hub.feeds.models import Batch
from hub.kernel.database import Database, after_commit
from hub.web.guards import cookieless, public

DAY = datetime(2026, 11, 21, tzinfo=UTC).date()
THREADS, ROUNDS = 8, 20


def _increment(db: Database) -> None:
    def work(session: Session) -> None:
        session.get_one(ScanDay, (DAY, "public", "valid")).count += 1

    db.run(work)


def test_no_update_is_lost_between_concurrent_writers(any_db: Database) -> None:
    with any_db.write() as session:
        session.add(ScanDay(day=DAY, audience="public", verdict="valid", count=0))

    def writer() -> None:
        for _ in range(ROUNDS):
            _increment(any_db)

    threads = [threading.Thread(target=writer) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with any_db.read() as session:
        assert session.scalars(select(ScanDay.count)).one() == THREADS * ROUNDS


def test_a_failing_block_leaves_nothing_behind(any_db: Database) -> None:
    def fail_after_writing() -> None:
        with any_db.write() as session:
            session.add(ScanDay(day=DAY, audience="public", verdict="valid", count=1))
            session.flush()
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        fail_after_writing()

    with any_db.read() as session:
        assert session.scalars(select(ScanDay)).all() == []


def test_what_waits_for_the_commit_is_called_after_it_and_never_without_it(any_db: Database) -> None:
    seen: list[int] = []

    def count() -> None:
        with any_db.read() as reading:
            seen.append(len(reading.scalars(select(ScanDay)).all()))

    def fail() -> None:
        with any_db.write() as session:
            after_commit(session, count)
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        fail()
    with any_db.write() as session:
        after_commit(session, count)
        session.add(ScanDay(day=DAY, audience="public", verdict="valid", count=0))
        assert seen == []

    assert seen == [1]


def test_a_read_session_never_commits(any_db: Database) -> None:
    with any_db.read() as session:
        session.add(ScanDay(day=DAY, audience="public", verdict="valid", count=1))
        session.flush()

    with any_db.read() as session:
        assert session.scalars(select(ScanDay)).all() == []


def test_migrations_make_exactly_the_tables_of_the_models_and_go_back(any_db: Database) -> None:
    made = set(inspect(any_db.engine).get_table_names())
    assert set(schema.METADATA.tables) <= made

    schema.downgrade(any_db, revision="base")
    assert set(inspect(any_db.engine).get_table_names()) <= {"alembic_version"}

    schema.upgrade(any_db)
    assert schema.current(any_db) == schema.head()


def test_the_models_hold_nothing_that_the_migrations_do_not_make(any_db: Database) -> None:
    with any_db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, schema.METADATA)

    made_by_hand = {"registry_search", "ix_registry_search_terms_gin"}
    assert [each for each in differences if not _names(each) & made_by_hand] == []


def _names(difference: Any) -> set[str]:
    """The names of the tables and indexes in one entry of Alembic's comparison (SQLite's FTS5 keeps shadow tables)."""
    parts = difference if isinstance(difference, tuple) else difference[0]
    found = {getattr(part, "name", "") or "" for part in parts}
    return found | {
        "registry_search"
        for name in found
        if name.startswith("registry_search_") and name != "registry_search_terms"
    }


def test_moments_come_back_aware_and_in_utc(any_db: Database) -> None:
    stamp = datetime(2026, 11, 21, 8, 0, 0, 123456, tzinfo=UTC)
    with any_db.write() as session:
        session.add(_batch(stamp))
    with any_db.read() as session:
        stored = session.scalars(select(schema.METADATA.tables["feeds_batch"].c.started_at)).one()
    assert stored == stamp
    assert stored.tzinfo is not None


def _batch(stamp: datetime) -> Batch:

    return Batch(
        id=uuid4(),
        source="x",
        file_name="x.csv",
        sha256="0" * 64,
        state="done",
        position=0,
        accepted=0,
        duplicate=0,
        superseded=0,
        blank=0,
        refused={},
        started_at=stamp,
        finished_at=None,
        by="test",
        failure=None,
    )


def test_a_request_that_collided_on_postgresql_is_run_again(
    postgres_db: Database, settings: Settings
) -> None:
    """Two requests increment the same row after reading it; without another run one of them fails."""
    app = create_app(
        replace(settings, database_url=postgres_db.engine.url.render_as_string(hide_password=False))
    )
    barrier = threading.Barrier(2, timeout=10)
    first = threading.local()

    def collide() -> str:
        with postgres_db.write() as session:
            row = session.get_one(ScanDay, (DAY, "public", "valid"))
            if not hasattr(first, "done"):
                first.done = True
                barrier.wait()
            row.count += 1
        return "done"

    app.add_url_rule("/collide", view_func=cookieless(public(collide)), methods=["POST"])
    with postgres_db.write() as session:
        session.add(ScanDay(day=DAY, audience="public", verdict="valid", count=0))

    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(app.test_client().post("/collide").status_code))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with postgres_db.read() as session:
        assert session.get_one(ScanDay, (DAY, "public", "valid")).count == 2
    assert statuses == [200, 200]


def test_the_text_of_an_error_does_not_hold_what_was_to_be_stored(any_db: Database) -> None:
    with pytest.raises(DBAPIError) as told, any_db.read() as session:
        session.execute(text("SELECT absent FROM nowhere WHERE x = :typed"), {"typed": "CANARY-330802"})

    assert "CANARY" not in str(told.value)
