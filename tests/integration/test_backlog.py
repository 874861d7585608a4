"""How long work waits for the worker, where operators look."""

from datetime import datetime, timedelta

from hub.cli.doctor import CHECKS, DoctorFinding, FindingLevel
from hub.cli.doctor import _worker as check_worker
from hub.config import Settings
from hub.config import now as clock
from hub.kernel.database import Database
from hub.kernel.ids import new_id
from hub.trust.backlog import oldest, oldest_if_known
from hub.trust.record.database import open_database
from hub.trust.record.models import LeafBatch
from hub.trust.statuses.models import StatusChange
from hub.web.metrics import Metrics

NOW = clock()


def wait(db: Database, *, seconds: int, now: datetime = NOW) -> None:
    since = now - timedelta(seconds=seconds)
    with db.write() as session:
        session.add_all(
            (
                LeafBatch(at=since - timedelta(hours=1), first=0, count=1, leaves=b""),
                LeafBatch(at=since, first=None, count=1, leaves=b""),
                LeafBatch(at=since + timedelta(seconds=1), first=None, count=1, leaves=b""),
                StatusChange(list=1, id=new_id(since + timedelta(seconds=1))),
                StatusChange(list=2, id=new_id(since)),
            )
        )


def found(settings: Settings) -> list[DoctorFinding]:
    assert check_worker in CHECKS
    return list(check_worker(settings))


def test_nothing_waits_in_a_fresh_hub(any_db: Database, settings: Settings) -> None:
    assert dict(oldest(any_db, now=NOW)) == {"log": 0, "statuses": 0}
    assert {finding.level for finding in found(settings)} == {FindingLevel.OK}


def test_the_oldest_that_waits_counts_and_not_what_is_done(any_db: Database) -> None:
    wait(any_db, seconds=90)

    waits = oldest(any_db, now=NOW)

    assert waits["log"] == 90
    assert 90 <= waits["statuses"] < 90.01  # a UUIDv7 counts milliseconds


def test_doctor_says_that_the_worker_does_not_run(db: Database, settings: Settings) -> None:
    wait(db, seconds=61)

    assert [(each.level, each.what) for each in found(settings)] == [
        (FindingLevel.FIX, "waiting: log"),
        (FindingLevel.FIX, "waiting: statuses"),
    ]
    assert all("the worker does not run" in each.text for each in found(settings))


def test_what_waits_for_seconds_is_no_finding(db: Database, settings: Settings) -> None:
    wait(db, seconds=0, now=clock())

    assert {each.level for each in found(settings)} == {FindingLevel.OK}


def test_the_metrics_tell_both_and_go_without_while_the_database_is_away(db: Database) -> None:
    wait(db, seconds=90)
    metrics = Metrics()

    metrics.oldest(oldest_if_known(db, now=NOW))
    assert b'hub_oldest_waiting_seconds{work="log"} 90.0' in metrics.text()

    away = open_database("postgresql+psycopg://hub@127.0.0.1:1/none")
    metrics.oldest(oldest_if_known(away, now=NOW))
    assert b"hub_oldest_waiting_seconds{" not in metrics.text()
