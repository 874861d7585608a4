"""An act that comes late says when it was done and when it was put on record, and nobody can change either unseen."""

import json
from datetime import datetime, timedelta

import pytest

from hub import schema
from hub.config import Settings
from hub.kernel.database import Database
from hub.trust.keys.issuer import Issuer
from hub.trust.log import queries
from hub.trust.log.sequencer import sequence
from hub.trust.receipts import acts_about
from hub.trust.record import events
from hub.trust.record.queries import EventFilter, events_page
from signing.log import unpack_entries
from tests.support.plates import NOW, issuer_of
from tests.support.tampering import audited, behind_its_back

USCC = "91330802MA2TEXT162"
ORIGIN = "127.0.0.1:8000/log"
YESTERDAY = NOW - timedelta(days=1)
WRITTEN = "2026-11-20T08:00:00.000000Z"


@pytest.fixture
def issuer(settings: Settings) -> Issuer:
    return issuer_of(settings)


def note(db: Database, subject: str, happened_at: datetime | None, *, kind: str = "test.done") -> None:
    uscc = "" if kind.startswith("key.") else USCC
    with db.write() as session:
        events.record(
            session,
            kind=kind,
            uscc=uscc,
            subject=subject,
            by="tests",
            data={"n": 1},
            now=NOW,
            happened_at=happened_at,
        )


def entries(db: Database, issuer: Issuer) -> list[dict[str, object]]:
    sequence(db, issuer=issuer, origin=ORIGIN, now=NOW)
    size = 2
    return [json.loads(entry) for entry in unpack_entries(queries.entries(db, 0, size))]


@pytest.mark.parametrize("kind", ["test.done", "key.compromised"])
def test_only_the_entry_of_a_late_act_has_a_second_moment(
    any_db: Database, issuer: Issuer, kind: str
) -> None:
    """So the bytes of every entry that is in a log already stay what they are."""
    note(any_db, "late", YESTERDAY, kind=kind)
    note(any_db, "at-once", None, kind=kind)

    late, at_once = entries(any_db, issuer)

    assert (late["happened_at"], late["at"]) == (WRITTEN, at_once["at"])
    assert "happened_at" not in at_once


@pytest.mark.parametrize(
    "happened_at", [None, NOW, NOW - timedelta(milliseconds=999), NOW + timedelta(days=1)]
)
def test_what_differs_by_less_than_a_second_or_lies_ahead_did_not_come_late(
    any_db: Database, happened_at: datetime | None
) -> None:
    note(any_db, "act", happened_at)

    assert acts_about("act", db=any_db)[0].happened_at is None


def test_both_moments_are_told_of_a_late_act_alone_and_of_many(any_db: Database, issuer: Issuer) -> None:
    note(any_db, "act", YESTERDAY)
    draft = events.Draft("test.done", USCC, "many", {"n": 2})
    with any_db.write() as session:
        events.record_many(session, [draft], by="tests", now=NOW, happened_at=YESTERDAY)
    sequence(any_db, issuer=issuer, origin=ORIGIN, now=NOW)

    with any_db.read() as session:
        rows = events_page(session, EventFilter(uscc=USCC)).rows
    told = [*rows, *acts_about("act", db=any_db), *queries.entries_about(any_db, USCC).rows]

    assert len(told) == 5
    assert {(each.happened_at, each.at) for each in told} == {(YESTERDAY, NOW)}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trust_event SET happened_at = NULL WHERE subject = 'late'",
        "UPDATE trust_event SET happened_at = '2026-11-19 08:00:00.000000' WHERE subject = 'late'",
        "UPDATE trust_event SET happened_at = '2026-11-20 08:00:00.000000' WHERE subject = 'at-once'",
    ],
)
def test_whoever_changes_when_an_act_was_done_is_found(
    any_db: Database, issuer: Issuer, statement: str
) -> None:
    note(any_db, "late", YESTERDAY)
    note(any_db, "at-once", None)
    sequence(any_db, issuer=issuer, origin=ORIGIN, now=NOW)
    assert audited(any_db, issuer).findings == ()

    behind_its_back(any_db, statement)

    assert [each.reason.value for each in audited(any_db, issuer).findings] == ["EVENT_EDITED"]


def test_the_column_goes_and_comes_while_no_act_came_late_and_stays_for_one_that_did(
    any_db: Database, issuer: Issuer
) -> None:
    note(any_db, "at-once", None)
    sequence(any_db, issuer=issuer, origin=ORIGIN, now=NOW)
    schema.downgrade(any_db, revision="0017")
    schema.upgrade(any_db)
    assert audited(any_db, issuer).findings == ()

    note(any_db, "late", YESTERDAY)

    with pytest.raises(RuntimeError, match="came late"):
        schema.downgrade(any_db, revision="0017")
    assert acts_about("late", db=any_db)[0].happened_at == YESTERDAY
