"""Connections that stay open between the hottest reads see what was committed last, and end with the database."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import bindparam, literal_column, select, text
from sqlalchemy.pool import QueuePool

from hub.kernel.database import Database
from hub.kernel.prepared_statements import KEPT, PreparedReads, PreparedStatement


@pytest.fixture
def table(any_db: Database) -> Database:
    with any_db.engine.execution_options(hub_write=True).begin() as connection:
        connection.execute(text("CREATE TABLE told (name TEXT PRIMARY KEY, said TEXT)"))
        connection.execute(text("INSERT INTO told VALUES ('a', '0'), ('b', '0')"))
    return any_db


def said(db: Database) -> PreparedStatement:
    statement = (
        select(literal_column("said"))
        .select_from(text("told"))
        .where(literal_column("name") == bindparam("name"))
    )
    return PreparedStatement(statement, db)


def say(db: Database, value: int) -> None:
    with db.engine.execution_options(hub_write=True).begin() as connection:
        connection.execute(text("UPDATE told SET said = :value"), {"value": str(value)})


def test_every_read_sees_what_was_committed_before_it(table: Database) -> None:
    reads, statement, seen = PreparedReads(table), said(table), []
    for value in range(1, 4):
        say(table, value)
        seen += [reads.first(statement, {"name": name}) for name in ("a", "b", "nobody")]

    assert seen == [("1",), ("1",), None, ("2",), ("2",), None, ("3",), ("3",), None]


def test_threads_that_read_at_once_read_what_they_asked_for(table: Database) -> None:
    reads, statement = PreparedReads(table), said(table)
    wrong: list[object] = []
    say(table, 7)

    def ask() -> None:
        wrong.extend(
            each for each in (reads.first(statement, {"name": "a"}) for _ in range(200)) if each != ("7",)
        )

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert not wrong


def test_nothing_is_held_open_once_the_database_is_closed(db: Database) -> None:
    reads, statement = PreparedReads(db), PreparedStatement(select(literal_column("1")), db)
    held = Path("/proc/self/fd")

    def is_open() -> bool:
        return any(
            str(each.readlink()).startswith(str(db.engine.url.database))
            for each in held.iterdir()
            if each.exists()
        )

    reads.first(statement, {})
    before = is_open()
    db.close()

    assert (before, is_open()) == (True, False)


def test_a_read_that_fails_leaves_no_broken_connection_behind(table: Database) -> None:
    reads, wrong = (
        PreparedReads(table),
        PreparedStatement(select(literal_column("1")).select_from(text("nowhere")), table),
    )
    errors = table.engine.dialect.loaded_dbapi.Error
    for _ in range(3):
        with pytest.raises(errors):
            reads.first(wrong, {})

    assert reads.first(said(table), {"name": "a"}) == ("0",)


def test_however_many_read_the_pool_keeps_its_connections_for_others(table: Database) -> None:
    """Each verifier has reads of its own; a command that judges many codes has made dozens of them."""
    statement = said(table)

    assert {PreparedReads(table).first(statement, {"name": "a"}) for _ in range(50)} == {("0",)}

    assert isinstance(table.engine.pool, QueuePool)
    assert table.engine.pool.checkedout() <= KEPT


def test_threads_that_are_gone_leave_no_connections_with_nobody(table: Database) -> None:
    statement, everybody = said(table), threading.Barrier(8)
    reads = PreparedReads(table)

    def ask() -> None:
        everybody.wait()
        for _ in range(20):
            reads.first(statement, {"name": "a"})

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert isinstance(table.engine.pool, QueuePool)
    assert table.engine.pool.checkedout() == len(table.kept) < len(threads)
