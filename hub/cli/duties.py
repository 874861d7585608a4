"""What the background worker does, and how often: one row per duty, run one after another in one process."""

import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from hub.access import retention
from hub.cli import log_files, recount
from hub.codes.plates.maker import PlateMaker, PlateOffice
from hub.codes.plates.rollout import AreaMaker
from hub.codes.verification import scans
from hub.config import Settings
from hub.credentials import wallets
from hub.credentials.maker import CredentialMaker, CredentialOffice
from hub.feeds import waiting_batches
from hub.feeds.service import load_approved_files
from hub.kernel import counts
from hub.kernel.actor import Operator
from hub.kernel.commits import Commits, Mark
from hub.kernel.database import Database
from hub.kernel.errors import HubError, ReadOnlyError, UnavailableError
from hub.kernel.idempotency import service as answered
from hub.kernel.sandbox import Sandbox
from hub.licenses import rereading, summaries
from hub.licenses.reference.rules import ReferenceTables
from hub.supervision.clones import service as clones
from hub.trust.bundles import table
from hub.trust.issuing import Maker, restore_worklist, resume
from hub.trust.keys.issuer import Issuer, ring_folder
from hub.trust.keys.management import KeyManagement
from hub.trust.log import sequencer
from hub.trust.statuses import publication
from hub.trust.witnesses.rounds import Rounds
from keys import KeysError, KeySet
from signing import SigningError

TICK_SECONDS = 0.1  # between two looks at least, so late may a duty be
TOGETHER_SECONDS = (
    0.2  # what is due so soon is done at the same waking: wakings are most of what idling costs
)
REST_SECONDS = 10.0  # a duty that follows commits is done so often without any: tokens of lists age
STALE_CHUNK = 2_000  # enterprises brought up to date in one transaction

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Worker:
    """What every duty is given."""

    db: Database
    settings: Settings
    issuer: Issuer
    tables: ReferenceTables
    sandbox: Sandbox = field(default_factory=Sandbox)  # where other people's files are parsed


@dataclass(frozen=True, slots=True)
class Duty:
    """`every`: seconds between two runs; `run` does what is due at `now`.

    `follows`: it has nothing to do unless something was committed or the keys changed since it went well.
    After REST_SECONDS it is done all the same.
    What takes long is done in pieces: `run` answers `MORE` and is called again once the others had their turn.
    """

    name: str
    every: float
    run: Callable[[Worker, datetime], object]
    follows: bool = False


MORE = object()
_ROUNDS = Rounds()


def refresh_colours(worker: Worker, now: datetime) -> object:
    """Colours that changed since yesterday."""
    today = worker.settings.today(now)
    reference = worker.tables.on(today)
    done = summaries.refresh_stale(worker.db, on=today, reference=reference, limit=STALE_CHUNK)
    return MORE if done else None


def fold_counts(worker: Worker, now: datetime) -> None:  # noqa: ARG001  # as every duty
    """Changes of what is counted enter the kept counts."""
    counts.fold(worker.db)


def check_counts(worker: Worker, now: datetime) -> None:  # noqa: ARG001  # as every duty
    """Kept counts are held against what they count, and set right."""
    wrong = recount.repair(worker.db)
    if wrong:
        _log.error("counts: %d were wrong and have been counted anew", wrong)


def read_scopes(worker: Worker, now: datetime) -> object:
    """Business scopes that an earlier version of the hub has read, and what was counted by other rows of the catalogue."""
    today = worker.settings.today(now)
    return MORE if rereading.go_on(worker.db, on=today, reference=worker.tables.on(today)) else None


def load_approved(worker: Worker, now: datetime) -> None:
    """Batches that waited for a person and were approved, from the copies that were kept of their files."""
    settings = worker.settings
    keep = settings.home / waiting_batches.FOLDER
    today = settings.today(now)
    load_approved_files(
        worker.db,
        keep=keep,
        by=Operator("worker"),
        now=now,
        today=today,
        reference=worker.tables.on(today),
        zone=settings.timezone,
        sandbox=worker.sandbox,
    )


def extend_log(worker: Worker, now: datetime) -> object:
    """Leaves that wait enter the public log, under a newly signed checkpoint."""
    if not sequencer.is_due(worker.db, origin=worker.settings.log_origin):
        return None
    sequencer.sequence(worker.db, issuer=worker.issuer, origin=worker.settings.log_origin, now=now)
    return MORE if sequencer.is_anything_waiting(worker.db) else None


def publish_statuses(worker: Worker, now: datetime) -> None:
    """Status lists that changed, or whose token ages."""
    publication.publish(worker.db, issuer=worker.issuer, base_url=worker.settings.base_url, now=now)


def write_table(worker: Worker, now: datetime) -> object:
    """Plates that were made enter the table that offline bundles point to."""
    return MORE if table.take_in(worker.db, now=now) else None


def forget(worker: Worker, now: datetime) -> None:
    """Expired public scans, sightings of plates, sessions and challenges, and answers kept for a day."""
    scans.forget_expired(worker.db, now=now)
    retention.forget_expired(worker.db, now=now)
    answered.forget_expired(worker.db, now=now)
    wallets.forget_expired(worker.db, now=now)
    clones.forget_expired(worker.db, now=now)


def move_log_aside(worker: Worker, now: datetime) -> None:  # noqa: ARG001  # every duty is called alike
    """The file of request lines, where there is one, before it grows without bound."""
    if worker.settings.request_log is not None:
        log_files.move_aside(worker.settings.request_log)


def makers(worker: Worker) -> tuple[Maker[Any], ...]:
    """Return a maker for every kind of thing that the hub issues."""
    press = PlateOffice(worker.issuer, worker.settings.base_url)
    office = CredentialOffice.of(worker.issuer, worker.settings, worker.tables)
    return PlateMaker(press), AreaMaker(press), CredentialMaker(office)


def finish_issuing(worker: Worker, now: datetime) -> None:
    """What was undertaken before a crash, or while the signer was away."""
    resume(worker.db, makers(worker), now=now)


def find_lost_intents(worker: Worker, now: datetime) -> None:
    """What was undertaken and stands on no worklist: the duty above completes it."""
    restore_worklist(worker.db, now=now)


def ask_witnesses(worker: Worker, now: datetime) -> None:
    """Cosignatures for the newest checkpoint, from every witness of the log."""
    _ROUNDS.start(worker.db, keys=worker.issuer.key_set, home=worker.settings.home, now=now)


def record_key_acts(worker: Worker, now: datetime) -> None:
    """Changes of keys that a run ended too early to put on record; nothing while the key device is away."""
    ring = worker.issuer.key_ring
    if ring.is_checked:
        KeyManagement(worker.db, ring_folder(worker.settings), Operator("worker")).reconcile(
            ring.book, now=now
        )


DUTIES: tuple[Duty, ...] = (
    Duty("log", 0.5, extend_log, follows=True),  # an entry is to be provable within a second
    Duty("colours", 60.0, refresh_colours),  # colours change at midnight; a minute late is soon enough
    Duty("scopes", 60.0, read_scopes),  # nothing but after an upgrade or an edited catalogue
    Duty("approved batches", 5.0, load_approved),  # somebody has just pressed the button
    Duty("forgetting", 60.0, forget),
    Duty("key acts", 600.0, record_key_acts),  # at the start, and after what nobody at a command line saw
    Duty(
        "statuses", 1.0, publish_statuses, follows=True
    ),  # a change is to be public within five seconds, caches included
    Duty("table of plates", 30.0, write_table),  # the public bundle is built once a minute
    Duty(
        "counts", 2.0, fold_counts, follows=True
    ),  # readers add what waits, and some hundred rows cost them nothing
    Duty("count check", 86_400.0, check_counts),  # reads whole tables: at the start, and once a day
    Duty("witnesses", 60.0, ask_witnesses),  # what a minute adds is what a restored backup could hide
    Duty("lost intents", 600.0, find_lost_intents),  # reads every intent; none is lost but by a hand
    Duty("request log", 60.0, move_log_aside),
    Duty("issuing", 10.0, finish_issuing),  # nothing waits but after a crash or without the signer
)


def run_all(worker: Worker, *, now: Callable[[], datetime], duties: Iterable[Duty] = DUTIES) -> None:
    """Every duty once, in order and to its end; what one of them raises is raised."""
    for duty in duties:
        while duty.run(worker, now()) is MORE:
            pass


def run_until(
    stop: threading.Event,
    worker: Worker,
    *,
    now: Callable[[], datetime],
    duties: Iterable[Duty] = DUTIES,
) -> None:
    """Run each duty when it is due until `stop`; one that fails is told in the log and tried again, the others go on."""
    due = dict.fromkeys(duties, 0.0)
    troubles: dict[Duty, str] = {}
    with closing(Commits(worker.db)) as commits:
        rest = _Rest(commits, worker.issuer)
        while not stop.wait(max(TICK_SECONDS, min(due.values(), default=0.0) - time.monotonic())):
            rest.look()
            for duty, moment in due.items():
                if time.monotonic() < moment - TOGETHER_SECONDS:
                    continue
                is_unfinished = not rest.holds(duty) and _attempt(duty, worker, now(), troubles) is MORE
                rest.note(duty, went_well=not (is_unfinished or troubles.get(duty)))
                due[duty] = time.monotonic() + (0 if is_unfinished else duty.every)


class _Rest:
    """Which duties may rest: those that follow commits, after they went well, until a commit or a change of the keys."""

    def __init__(self, commits: Commits, issuer: Issuer) -> None:
        self._commits = commits
        self._issuer = issuer
        self._mark: tuple[Mark, KeySet] | None = None
        self._done: dict[Duty, tuple[tuple[Mark, KeySet] | None, float]] = {}

    def look(self) -> None:
        """Before the duties: what is committed from now on, by one of them or by others, is seen at the next look."""
        mark = self._commits.mark()
        try:
            self._mark = None if mark is None else (mark, self._issuer.key_set)
        except KeysError:  # told by the duties that need them
            self._mark = None

    def holds(self, duty: Duty) -> bool:
        mark, until = self._done.get(duty, (None, 0.0))
        return mark is not None and mark == self._mark and time.monotonic() < until

    def note(self, duty: Duty, *, went_well: bool) -> None:
        """How it went; where it rested, nothing changes."""
        if not duty.follows or self.holds(duty):
            return
        self._done[duty] = (self._mark if went_well else None, time.monotonic() + REST_SECONDS)


def _attempt(duty: Duty, worker: Worker, now: datetime, troubles: dict[Duty, str]) -> object:
    """Run a duty once. What it raises is told when it begins, changes and ends, not at every tick."""
    answer, trouble, level = None, "", logging.WARNING
    try:
        answer = duty.run(worker, now)
    except (DBAPIError, PoolTimeoutError, ReadOnlyError) as error:
        trouble = f"waits for the database: {type(error).__name__}"
    except KeysError as error:
        trouble = f"waits for the keys: {type(error).__name__}"
    except UnavailableError as error:
        trouble = f"waits: {error.reason}"
    except OSError as error:
        trouble = f"cannot use a file: {error.strerror}"
    except (HubError, SigningError) as error:
        trouble, level = f"cannot be done: {type(error).__name__}", logging.ERROR
    except Exception as error:  # noqa: BLE001  # last line of defence: one duty's mistake must not end the others
        trouble, level = f"failed: {type(error).__name__}{_place(error)}", logging.ERROR
    if trouble != troubles.get(duty, ""):
        _log.log(level if trouble else logging.WARNING, "%s %s", duty.name, trouble or "goes on")
    troubles[duty] = trouble
    return answer


def _place(error: Exception) -> str:
    """Where it was raised; not its text, which may hold what was read from the database."""
    frames = traceback.extract_tb(error.__traceback__)
    return f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
