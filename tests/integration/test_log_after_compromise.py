"""A log key is lost: what it signed before stays the log's history, and nothing that it signs afterwards is believed."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from hub.config import Settings
from hub.kernel.database import Database
from hub.trust.keys.issuer import Issuer, ring_folder
from hub.trust.log.audit import AuditReason
from hub.trust.log.sequencer import sequence
from hub.trust.record import events
from hub.trust.record.errors import LogDamagedError
from hub.trust.record.models import LogCheckpoint, LogHead
from keys import Algorithm, Purpose
from signing.log import Checkpoint, sign_checkpoint
from tests.support.plates import NOW, issuer_of
from tests.support.tampering import audited

ORIGIN = "127.0.0.1:8000/log"
LOST_AT = NOW + timedelta(minutes=5)
AFTER = LOST_AT + timedelta(minutes=1)


@pytest.fixture
def thief(settings: Settings) -> Issuer:
    """The ring as it was: whoever copied the key can still sign with it."""
    return issuer_of(settings)


@pytest.fixture
def log(any_db: Database, thief: Issuer) -> Database:
    for minute in (0, 1):
        extend(any_db, thief, NOW + timedelta(minutes=minute))
    return any_db


def extend(db: Database, issuer: Issuer, now: datetime) -> int:
    def note(session: Session) -> None:
        events.record(session, kind="test.done", uscc="", subject="1", by="tests", data={}, now=now)

    db.run(note)
    return sequence(db, issuer=issuer, origin=ORIGIN, now=now)


def lose_log_key(settings: Settings, at: datetime = LOST_AT) -> Issuer:
    folder = ring_folder(settings)
    (kid,) = (info.kid for info in folder.read().infos if info.purpose is Purpose.LOG)
    folder.compromise(kid, reason="stolen", now=at)
    folder.generate(Purpose.LOG, Algorithm.EDDSA, now=at, at_once=True)
    return issuer_of(settings)


def put_head(db: Database, checkpoint: str, **more: object) -> None:
    with db.write() as session:
        session.execute(update(LogHead).values(checkpoint=checkpoint, **more))


def test_a_head_from_before_the_loss_is_continued_by_the_new_key(log: Database, settings: Settings) -> None:
    issuer = lose_log_key(settings)

    assert extend(log, issuer, AFTER) == 3
    assert audited(log, issuer, now=AFTER).findings == ()


def test_what_was_signed_before_everybody_knew_of_the_loss_is_continued(
    log: Database, thief: Issuer, settings: Settings
) -> None:
    """A key's instants have whole seconds, and a worker looks at the ring every half second."""
    extend(log, thief, LOST_AT + timedelta(seconds=1.4))
    issuer = lose_log_key(settings, LOST_AT + timedelta(seconds=0.9))

    assert extend(log, issuer, AFTER) == 4
    assert audited(log, issuer, now=AFTER).findings == ()


def test_a_head_that_nobody_signed_is_not_continued_after_a_loss(log: Database, settings: Settings) -> None:
    issuer = lose_log_key(settings)
    with log.read() as session:
        head = session.get_one(LogHead, 1)
        forged = Checkpoint(ORIGIN, head.size, head.root)
    note = sign_checkpoint(forged, issuer.signer(Purpose.LOG))
    put_head(log, note.replace(f"\u2014 {ORIGIN} ", f"\u2014 {ORIGIN} AAAA"))

    with pytest.raises(LogDamagedError):
        extend(log, issuer, AFTER)


def test_a_wrong_signature_by_the_lost_key_is_not_continued(log: Database, settings: Settings) -> None:
    issuer = lose_log_key(settings)
    with log.read() as session:
        older, newer = (session.get_one(LogCheckpoint, size).note for size in (1, 2))
    put_head(log, newer.rpartition("\n\n")[0] + "\n\n" + older.rpartition("\n\n")[2])

    with pytest.raises(LogDamagedError):
        extend(log, issuer, AFTER)


def test_a_head_that_the_lost_key_signed_after_the_loss_is_not_continued(
    log: Database, thief: Issuer, settings: Settings
) -> None:
    extend(log, thief, AFTER)
    issuer = lose_log_key(settings)

    with pytest.raises(LogDamagedError):
        extend(log, issuer, AFTER)


def test_checkpoints_by_the_lost_key_are_told_from_the_loss_on(
    log: Database, thief: Issuer, settings: Settings
) -> None:
    extend(log, thief, AFTER)
    issuer = lose_log_key(settings)

    found = audited(log, issuer, now=AFTER).findings

    forged = [(each.table, each.key) for each in found if each.reason is AuditReason.CHECKPOINT_FORGED]
    assert forged == [("trust_log_checkpoint", "3"), ("trust_log_head", "1")]


def test_a_checkpoint_of_another_history_by_the_lost_key_differs(
    log: Database, thief: Issuer, settings: Settings
) -> None:
    forged = sign_checkpoint(Checkpoint(ORIGIN, 1, b"\x01" * 32), thief.signer(Purpose.LOG))
    with log.write() as session:
        session.execute(update(LogCheckpoint).where(LogCheckpoint.size == 1).values(note=forged))
    issuer = lose_log_key(settings)

    (found,) = audited(log, issuer, now=AFTER).findings

    assert (found.reason, found.key) == (AuditReason.CHECKPOINT_DIFFERS, "1")


def test_a_waiting_key_that_was_lost_never_signed_anything(log: Database, settings: Settings) -> None:
    folder = ring_folder(settings)
    book = folder.generate(Purpose.LOG, Algorithm.EDDSA, now=NOW)
    waiting = book.infos[-1]
    folder.rotate(Purpose.LOG, Algorithm.EDDSA, now=NOW + timedelta(days=60))
    stolen = issuer_of(settings).signer(Purpose.LOG)
    assert stolen.kid == waiting.kid
    with log.read() as session:
        head = session.get_one(LogHead, 1)
        early = Checkpoint(ORIGIN, head.size, head.root)
    put_head(log, sign_checkpoint(early, stolen))
    folder.compromise(waiting.kid, reason="stolen", now=NOW + timedelta(days=61))
    folder.generate(Purpose.LOG, Algorithm.EDDSA, now=NOW + timedelta(days=61), at_once=True)

    with pytest.raises(LogDamagedError):  # dated before that key's start
        extend(log, issuer_of(settings), NOW + timedelta(days=61))
