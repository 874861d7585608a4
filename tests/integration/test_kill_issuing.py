"""`kill -9` while plates are issued, a hundred times on each database: nothing that was handed out is lost or doubled.

`make drills` plays the hundred; `make test` plays ten, and ten more until one fell between an intent and its plate.
"""

from datetime import timedelta
from pathlib import Path

from hub.config import Settings
from hub.kernel.database import Database
from hub.trust.issuing import resume
from tests.support.feeds import Feeds
from tests.support.issued import audited, findings
from tests.support.issuing import Watch, open_subjects
from tests.support.killing import BEGAN, Round, play
from tests.support.loading import load_all
from tests.support.plates import NOW
from tests.support.rounds import Rounds

ROUNDS = 100  # fewer prove little: a kill must fall into every gap between two statements
SEED = 20_261_121
MOST = 3  # times as many rounds as planned, until a kill fell where it should
SHOPS = 60
LATER = NOW + timedelta(days=2)


def hub_with_places(db: Database, environ: dict[str, str], folder: Path) -> dict[str, str]:
    """A small city, loaded as departments' files are: whatever is in the database is on record."""
    load_all(db, Feeds(enterprises=SHOPS, seed=7).write(folder))
    return {**environ, "HUB_DATABASE_URL": db.engine.url.render_as_string(hide_password=False)}


def handed_out(rounds: list[Round]) -> list[str]:
    return [pair for each in rounds for line in each.handed_out if line != BEGAN for pair in line.split()]


def test_kills_while_issuing_lose_double_and_hide_nothing(
    any_db: Database, environ: dict[str, str], settings: Settings, tmp_path: Path, rounds: Rounds
) -> None:
    environ = hub_with_places(any_db, environ, tmp_path)

    count = rounds(ROUNDS)
    played: list[Round] = []
    for number in range(MOST * ROUNDS // count):  # where a kill falls also depends on how fast the machine is
        played += play(environ, "issue", rounds=count, seed=SEED + number)
        left = open_subjects(any_db)
        if left:
            break

    assert not any(each.finished for each in played), [each for each in played if each.finished][:3]
    given = handed_out(played)
    assert len(given) > count, "the kills came too early to prove anything"
    assert len(given) == len(set(given)), "one plate was handed out twice"
    assert left, "no kill fell between the intent and the plate: the drill proves nothing"
    watch = Watch(settings)
    resumed = resume(any_db, watch.makers, now=LATER)
    assert (resumed.done + resumed.refused, resumed.waiting) == (len(left), 0)
    assert findings(any_db, given) == []
    assert resume(any_db, watch.makers, now=LATER).done == 0
    assert audited(any_db, settings, now=LATER) == []


def test_an_issue_that_hands_out_before_the_commit_is_found_by_the_same_drill(
    any_db: Database, environ: dict[str, str], settings: Settings, tmp_path: Path
) -> None:
    environ = hub_with_places(any_db, environ, tmp_path)

    rounds = play(environ, "issue-hastily", rounds=20, seed=SEED)

    resume(any_db, Watch(settings).makers, now=LATER)
    lost = [finding for finding in findings(any_db, handed_out(rounds)) if finding.startswith("lost")]
    assert lost, "the control was not caught: the drill proves nothing"


def test_a_round_is_what_its_seed_says(environ: dict[str, str], db: Database, tmp_path: Path) -> None:
    """A drill that found something can be played again: the moments of death are drawn by the seed alone."""
    environ = hub_with_places(db, environ, tmp_path)

    first, again = (play(environ, "issue", rounds=4, seed=SEED) for _ in range(2))

    assert [(each.after_seconds, each.after_things) for each in first] == [
        (each.after_seconds, each.after_things) for each in again
    ]
