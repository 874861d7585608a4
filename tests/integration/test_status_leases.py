"""Blocks of status indices: issuers do not meet, and no two ever share an index; on both databases."""

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from hub import schema
from hub.kernel.database import MEMORY, Database
from hub.trust.log.findings import AuditFinding
from hub.trust.record.database import open_database
from hub.trust.statuses.audit import spent_counters
from hub.trust.statuses.indices import MAX_LEASE, abandon_list, next_indices, take_turn
from hub.trust.statuses.models import StatusIndex, StatusLease, StatusListRow
from signing.status import LIST_ENTRIES
from tests.support.rounds import examples
from tests.support.statuses import PLATE, act, give
from tests.support.threads import at_once

Spot = tuple[int, int]


class StopError(Exception):
    """A process dies before its commit."""


def take(session: Session, count: int, now: datetime, *, uscc: str = "") -> list[Spot]:
    """Indices as an issuer takes them: each is kept in the table that refuses a second use."""
    chance = random.Random(now.isoformat())
    spots = list(next_indices(session, count, now=now, random_bytes=chance.randbytes))
    session.add_all(StatusIndex(list=number, idx=idx, uscc=uscc) for number, idx in spots)
    return spots


def begin_again(db: Database) -> None:
    """What a new process knows: nothing."""
    db.session_info[MEMORY] = {}


def given_out(db: Database) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(StatusIndex)) or 0


def findings(db: Database) -> list[AuditFinding]:
    with db.read() as session:
        return list(spent_counters(session))


def used(db: Database) -> dict[int, int]:
    with db.read() as session:
        return {row.number: row.used for row in session.scalars(select(StatusListRow))}


def test_eight_who_issue_at_once_share_no_index_and_none_of_them_fails(
    any_db: Database, now: datetime
) -> None:
    def issuer(number: int) -> list[Spot]:
        return [
            spot
            for turn in range(40)
            for spot in any_db.run(partial(take, count=1 + (turn + number) % 3, now=now))
        ]

    results = at_once(8, issuer)

    spots = [spot for each in results if isinstance(each, list) for spot in each]
    assert [each for each in results if isinstance(each, Exception)] == []
    assert len(set(spots)) == len(spots) == given_out(any_db)
    assert findings(any_db) == []


def test_few_of_many_transactions_touch_the_row_of_the_list(any_db: Database, now: datetime) -> None:
    for _ in range(200):
        any_db.run(partial(take, count=1, now=now))

    with any_db.read() as session:
        leases = session.scalar(select(func.count()).select_from(StatusLease))
    assert leases is not None
    assert leases <= 8  # 1, 2, 4 … 128


def test_who_waits_for_another_to_lease_does_its_work_once(any_db: Database, now: datetime) -> None:
    """Two processes that begin at once: each has its own door to the database, and no block."""
    other = open_database(any_db.engine.url.render_as_string(hide_password=False))
    any_db.run(partial(take, count=1, now=now))
    tries: list[int] = []
    is_seen = threading.Event()

    def work(session: Session) -> list[Spot]:
        tries.append(1)
        is_seen.set()
        take_turn(session)
        return take(session, 1, now)

    begin_again(any_db)
    with ThreadPoolExecutor(1) as pool:
        with any_db.write() as session:
            take_turn(session)
            ours = take(session, 1, now)
            theirs = pool.submit(other.run, work)
            if not any_db.is_sqlite:  # there `work` begins when we have ended
                is_seen.wait()
                time.sleep(
                    0.2
                )  # that it waits in the database; were it too short, the test would only prove less
        found = theirs.result()
    other.close()

    assert len(tries) == 1
    assert set(ours).isdisjoint(found)
    assert findings(any_db) == []


def test_the_first_index_of_a_process_loses_none(any_db: Database, now: datetime) -> None:
    for _ in range(5):  # five runs of a command
        begin_again(any_db)
        any_db.run(partial(take, count=3, now=now))

    assert used(any_db) == {1: 15}
    assert given_out(any_db) == 15


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    turns=st.lists(
        st.tuples(st.sampled_from(("take", "die", "restart", "kill", "abandon")), st.integers(1, 40)),
        min_size=1,
        max_size=12,
    )
)
def test_whatever_happens_no_two_share_an_index(
    any_db: Database, now: datetime, turns: list[tuple[str, int]]
) -> None:
    """`die`: rolled back; `kill`: before its commit, and the process with it; `restart`: the process ends well."""
    spots: list[Spot] = []
    start = given_out(any_db)

    def dying(session: Session, count: int) -> None:
        take(session, count, now)
        raise StopError

    for what, count in turns:
        if what in {"die", "kill"}:
            with pytest.raises(StopError):
                any_db.run(partial(dying, count=count))
        if what in {"restart", "kill"}:
            begin_again(any_db)
        if what == "abandon":
            any_db.run(partial(abandon_list, now=now))
        spots += any_db.run(partial(take, count=count, now=now))

    assert len(set(spots)) == len(spots) == given_out(any_db) - start
    assert findings(any_db) == []


def test_a_copy_that_does_not_know_a_lease_gives_nothing_of_it(any_db: Database, now: datetime) -> None:
    for _ in range(6):
        any_db.run(partial(take, count=1, now=now))
    with any_db.write() as session:  # an older copy is put in the place of the database, under a running hub
        older = 3
        session.execute(delete(StatusLease).where(StatusLease.first >= older))
        session.execute(delete(StatusIndex))
        session.execute(update(StatusListRow).values(used=older))

    any_db.run(partial(take, count=1, now=now))

    with any_db.read() as session:
        assert session.scalar(select(func.max(StatusLease.first))) == older  # leased anew, not from memory


def test_a_running_hub_gives_nothing_of_a_list_that_was_abandoned(any_db: Database, now: datetime) -> None:
    for _ in range(6):
        any_db.run(partial(take, count=1, now=now))
    any_db.run(partial(abandon_list, now=now))

    ((number, _idx),) = any_db.run(partial(take, count=1, now=now))

    assert number != 1
    assert used(any_db)[1] == LIST_ENTRIES
    assert findings(any_db) == []


@pytest.mark.parametrize("behind", [1, 2, 6])
def test_a_counter_set_back_is_named_with_or_without_its_leases(
    any_db: Database, now: datetime, behind: int
) -> None:
    for _ in range(7):
        any_db.run(partial(take, count=1, now=now))
    with any_db.write() as session:
        session.execute(update(StatusListRow).values(used=StatusListRow.used - behind))
    with_leases = findings(any_db)
    back = used(any_db)[1]
    with any_db.write() as session:
        session.execute(delete(StatusLease).where(StatusLease.first + StatusLease.count > back))
        session.execute(update(StatusLease).where(StatusLease.first == 0).values(count=back))

    assert len(with_leases) == len(findings(any_db)) == 1


def test_a_block_ends_with_its_list(any_db: Database, now: datetime) -> None:
    give(any_db, PLATE, "A", now=now)
    with any_db.write() as session:
        session.execute(update(StatusListRow).values(used=LIST_ENTRIES - 2))
        session.add(
            StatusLease(list=1, first=1, count=LIST_ENTRIES - 3, id=next(_ids(session)), taken_at=now)
        )

    spots = any_db.run(partial(take, count=MAX_LEASE, now=now))

    assert [number for number, _ in spots] == [1, 1] + [2] * (MAX_LEASE - 2)
    assert findings(any_db) == []


def _ids(session: Session) -> Iterator[object]:
    yield from session.scalars(select(StatusLease.id))


def test_a_migration_leases_what_was_given_out_before(any_db: Database, now: datetime) -> None:
    with any_db.write() as session:
        act(session, "91330802MA2TEXT162", now)
    any_db.run(partial(take, count=9, now=now))

    schema.downgrade(any_db, revision="0007")
    schema.upgrade(any_db)

    assert findings(any_db) == []
    begin_again(any_db)
    any_db.run(partial(take, count=9, now=now))
    assert given_out(any_db) == 18
