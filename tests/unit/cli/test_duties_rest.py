"""A duty that follows commits rests while there are none, and misses none."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest

from hub.cli import duties
from hub.cli.duties import MORE, Duty, Worker, run_until
from hub.config import Settings, now
from hub.kernel import counts
from hub.kernel.commits import Commits
from hub.kernel.database import Database
from hub.trust.keys.issuer import Issuer
from hub.trust.record.database import open_database
from tests.support.plates import issuer_of
from tests.support.reference import TABLES

ROUNDS = 4


def commit(db: Database) -> None:
    with db.write() as session:
        counts.add(session, "test", {"key": 1})


def rounds(
    settings: Settings,
    db: Database,
    *,
    each: Callable[[int], None],
    run: Callable[[], object],
    issuer: Issuer | None = None,
) -> int:
    """How often a duty that follows commits ran in so many rounds; `each` happens in every round, after it."""
    stop, ran, passed = threading.Event(), [0], [0]

    def following(_worker: Worker, _now: datetime) -> object:
        ran[0] += 1
        return run()

    def always(_worker: Worker, _now: datetime) -> None:
        each(passed[0])
        passed[0] += 1
        if passed[0] == ROUNDS:
            stop.set()

    both = [Duty("following", 0.0, following, follows=True), Duty("always", 0.0, always)]
    run_until(stop, Worker(db, settings, issuer or issuer_of(settings), tables=TABLES), now=now, duties=both)
    return ran[0]


def test_without_a_commit_it_is_done_once(settings: Settings, db: Database) -> None:
    assert rounds(settings, db, each=lambda _: None, run=lambda: None) == 1


def test_after_every_commit_it_is_done_again(settings: Settings, db: Database) -> None:
    other = open_database(settings.database_url)  # as another process
    try:
        assert rounds(settings, db, each=lambda _: commit(other), run=lambda: None) == ROUNDS
    finally:
        other.close()


def test_one_commit_calls_it_once(settings: Settings, db: Database) -> None:
    assert rounds(settings, db, each=lambda at: commit(db) if at == 1 else None, run=lambda: None) == 2


def test_what_it_commits_itself_is_looked_at_as_well(settings: Settings, db: Database) -> None:
    assert rounds(settings, db, each=lambda _: None, run=lambda: commit(db)) == ROUNDS


def test_after_a_change_of_the_keys_it_is_done_again(settings: Settings, db: Database) -> None:
    issuer, changed = issuer_of(settings), issuer_of(settings)

    def change(at: int) -> None:
        if at == 1:
            issuer._ring = changed.key_ring  # what a look at the disk does

    assert rounds(settings, db, each=change, run=lambda: None, issuer=issuer) == 2


def test_while_it_has_more_to_do_it_does_not_rest(settings: Settings, db: Database) -> None:
    assert rounds(settings, db, each=lambda _: None, run=lambda: MORE) == ROUNDS


def test_after_a_failure_it_is_tried_again(settings: Settings, db: Database) -> None:
    def fail() -> None:
        raise OSError

    assert rounds(settings, db, each=lambda _: None, run=fail) == ROUNDS


def test_it_is_done_from_time_to_time_without_any_commit(
    settings: Settings, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duties, "REST_SECONDS", 0.0)  # what ages would be seen after ten seconds

    assert rounds(settings, db, each=lambda _: None, run=lambda: None) == ROUNDS


def test_marks_differ_after_a_commit_and_after_a_new_connection(db: Database) -> None:
    commits = Commits(db)
    try:
        before = commits.mark()
        assert before is not None
        assert commits.mark() == before
        commit(db)
        after = commits.mark()
        assert after != before
        commits.close()
        assert commits.mark() not in {before, after}
    finally:
        commits.close()
