"""Changes of keys on record: intended before, told after, mended when a run ended in between, never twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from hub.kernel.actor import Operator
from hub.kernel.database import Database
from hub.kernel.paging import MAX_PAGE
from hub.trust.keys.management import KeyManagement
from hub.trust.record.queries import EventFilter, EventView, events_page
from keys import Algorithm, KeyRing, KeyState, Purpose, RingFolder
from keys.refusals import NotVerifyOnlyError
from tests.conftest import CHEAP, NOW, PASSPHRASE

PLATE, ES256 = Purpose.CODE_PLATE, Algorithm.ES256
LEAD = timedelta(seconds=600)


@pytest.fixture
def management(any_db: Database, tmp_path: Path) -> KeyManagement:
    folder = tmp_path / "own-keys"
    ring = KeyRing.create(folder, PASSPHRASE, now=NOW, cost=CHEAP)
    made = KeyManagement(any_db, RingFolder(folder, PASSPHRASE, lead=LEAD), Operator("test"))
    assert made.reconcile(ring.book, now=NOW) == len(Purpose)
    return made


def recorded(db: Database) -> list[EventView]:
    with db.read() as session:
        rows = events_page(session, EventFilter(), limit=MAX_PAGE).rows
    return [row for row in reversed(rows) if row.kind.startswith("key.")]


def test_every_change_is_intended_before_and_told_after(management: KeyManagement) -> None:
    management.generate(PLATE, ES256, now=NOW + timedelta(seconds=1))
    management.rotate(PLATE, ES256, now=NOW + LEAD + timedelta(seconds=1))
    rows = recorded(management.db)[len(Purpose) :]

    assert [row.kind for row in rows] == ["key.intended", "key.generated", "key.intended", "key.rotated"]
    assert rows[-1].data["previous"] == "P1"
    assert set(rows[-1].data) >= {"kid", "purpose", "algorithm", "thumbprint", "state", "done_at"}
    assert {(row.uscc, row.by) for row in rows} == {("", "operator:test")}


def test_a_refusal_is_told_with_its_reason(management: KeyManagement) -> None:
    with pytest.raises(NotVerifyOnlyError):
        management.retire("P1", now=NOW + timedelta(seconds=1))

    intended, refused = recorded(management.db)[len(Purpose) :]
    assert (intended.kind, refused.kind) == ("key.intended", "key.refused")
    assert refused.data["refusal"] == "KEYS_NOT_VERIFY_ONLY"


def test_many_that_mend_at_once_record_each_act_once(management: KeyManagement) -> None:
    book = management.ring.compromise("D1", reason="lost", now=NOW)  # and the run ended here

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: management.reconcile(book, now=NOW + LEAD), range(8)))

    assert sorted(counts) == [0] * 7 + [1]
    assert sum(row.kind == "key.compromised" for row in recorded(management.db)) == 1


def test_an_act_found_later_says_when_it_was_done_and_when_it_was_put_on_record(
    management: KeyManagement,
) -> None:
    done, found = NOW + timedelta(hours=1), NOW + timedelta(days=2)
    book = management.ring.compromise("D1", reason="lost", now=done)  # and the run ended here

    management.reconcile(book, now=found)

    lost = recorded(management.db)[-1]
    assert (lost.kind, lost.happened_at, lost.at) == ("key.compromised", done, found)
    assert {row.happened_at for row in recorded(management.db)[:-1]} == {None}


def test_a_new_ring_with_the_names_of_a_lost_one_is_recorded_as_what_it_is(
    management: KeyManagement, tmp_path: Path
) -> None:
    other = KeyRing.create(tmp_path / "second", PASSPHRASE, now=NOW, cost=CHEAP)
    again = KeyManagement(management.db, RingFolder(tmp_path / "second", PASSPHRASE), Operator("test"))

    assert again.reconcile(other.book, now=NOW) == len(Purpose)


def test_a_successor_is_the_waiting_key_where_there_is_one(management: KeyManagement) -> None:
    management.generate(PLATE, ES256, now=NOW)
    lost = management.compromise("P1", reason="stolen", now=NOW)
    started = management.start_successor(lost, now=NOW)
    second = management.compromise("P2", reason="stolen too", now=NOW)
    third = management.start_successor(second, now=NOW)

    assert (started.kid, started.state) == ("P2", KeyState.ACTIVE)
    assert (third.kid, third.state) == ("P3", KeyState.ACTIVE)
