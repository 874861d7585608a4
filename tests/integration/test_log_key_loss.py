"""The whole key folder is lost: the log goes on under a new key, on record, and only from a head that its tiles bear out."""

import shutil
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from hub.config import Settings
from hub.kernel.actor import Operator
from hub.kernel.database import Database
from hub.trust.keys.issuer import Issuer, ring_folder
from hub.trust.log.key_loss import SIGNED_ANEW, sign_anew
from hub.trust.log.sequencer import sequence
from hub.trust.record import events
from hub.trust.record.errors import LogDamagedError
from hub.trust.record.models import Event, LogCheckpoint, LogHead, LogTile
from keys import KeyRing
from signing.log import open_checkpoint
from signing.log.errors import NoteUnsignedError
from signing.log.note import note_keys
from tests.conftest import CHEAP, PASSPHRASE
from tests.support.plates import NOW, issuer_of
from tests.support.tampering import audited

ORIGIN = "127.0.0.1:8000/log"
LATER = NOW + timedelta(minutes=5)
BY = Operator("tests")


@pytest.fixture
def before(settings: Settings) -> Issuer:
    return issuer_of(settings)


@pytest.fixture
def log(any_db: Database, before: Issuer) -> Database:
    """Three acts, each with a checkpoint by the key that will be lost."""
    for minute in range(3):
        extend(any_db, before, minute)
    return any_db


@pytest.fixture
def after(log: Database, settings: Settings) -> Issuer:  # noqa: ARG001  # lost after the log was signed
    """A ring of new keys alone."""
    folder = ring_folder(settings).path
    shutil.rmtree(folder)
    KeyRing.create(folder, PASSPHRASE, now=LATER, cost=CHEAP)
    return issuer_of(settings)


def extend(db: Database, issuer: Issuer, minute: int) -> int:
    now = NOW + timedelta(minutes=minute)
    with db.write() as session:
        events.record(session, kind="test.done", uscc="", subject="1", by="tests", data={}, now=now)
    return sequence(db, issuer=issuer, origin=ORIGIN, now=now)


def go_on(db: Database, issuer: Issuer) -> bool:
    return sign_anew(db, issuer=issuer, origin=ORIGIN, by=BY, now=LATER)


def kept(db: Database) -> list[tuple[int, bytes, str]]:
    with db.read() as session:
        rows = session.scalars(select(LogCheckpoint).order_by(LogCheckpoint.size))
        return [(row.size, row.root, row.note) for row in rows]


def head(db: Database) -> tuple[int, bytes, str]:
    with db.read() as session:
        row = session.get_one(LogHead, 1)
        return row.size, row.root, row.checkpoint


def acts(db: Database) -> list[Event]:
    with db.read() as session:
        found = list(session.scalars(select(Event).where(Event.kind == SIGNED_ANEW)))
        session.expunge_all()
        return found


def test_the_head_is_signed_by_the_new_key_and_the_act_names_what_was_dropped(
    log: Database, after: Issuer
) -> None:
    size, root, lost = head(log)

    assert go_on(log, after) is True

    (act,) = acts(log)
    assert (act.subject, act.uscc, act.at) == (ORIGIN, "", LATER)
    assert act.data == {"size": 3, "root": root.hex(), "dropped": 3}
    note = head(log)[2]
    assert note != lost
    assert kept(log) == [(size, root, note)] == [head(log)]
    signed = open_checkpoint(note, keys=note_keys(after.key_set, name=ORIGIN), origin=ORIGIN)
    assert (signed.size, signed.root) == (size, root)


def test_a_log_that_was_signed_anew_goes_on_and_has_no_findings(log: Database, after: Issuer) -> None:
    with pytest.raises(LogDamagedError):
        extend(log, after, 6)
    go_on(log, after)

    assert extend(log, after, 7) == 6  # the act, the one that was refused its place, and this one
    assert audited(log, after, now=LATER + timedelta(minutes=5)).findings == ()


def test_a_head_that_a_key_of_the_ring_signed_is_left_as_it_is(log: Database, before: Issuer) -> None:
    standing, checkpoints = head(log), kept(log)

    assert go_on(log, before) is False

    assert (head(log), kept(log), acts(log)) == (standing, checkpoints, [])


def test_it_is_done_once(log: Database, after: Issuer) -> None:
    assert [go_on(log, after), go_on(log, after)] == [True, False]
    assert len(acts(log)) == 1


def test_a_log_that_never_began_has_no_head_to_sign(any_db: Database, before: Issuer) -> None:
    assert go_on(any_db, before) is False
    assert acts(any_db) == []


def test_a_head_that_its_tiles_do_not_bear_out_is_not_signed_anew(log: Database, after: Issuer) -> None:
    with log.write() as session:
        session.execute(update(LogTile).values(hashes=bytes(96)))
    standing, checkpoints = head(log), kept(log)

    with pytest.raises(LogDamagedError):
        go_on(log, after)

    assert (head(log), kept(log), acts(log)) == (standing, checkpoints, [])


def test_a_head_that_was_set_back_is_not_signed_anew(log: Database, after: Issuer) -> None:
    size, root, note = kept(log)[1]
    with log.write() as session:
        session.execute(update(LogHead).values(size=size, root=root, checkpoint=note))

    with pytest.raises(LogDamagedError):
        go_on(log, after)

    assert acts(log) == []
    assert len(kept(log)) == 3


def test_what_the_lost_key_signed_is_not_believed_before_the_act(log: Database, after: Issuer) -> None:
    with pytest.raises(NoteUnsignedError):
        open_checkpoint(head(log)[2], keys=note_keys(after.key_set, name=ORIGIN), origin=ORIGIN)
