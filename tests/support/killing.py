"""`kill -9`, again and again: a stage that is loaded once, forks a worker for each round and kills it.

A worker does its act on the database of the environment and writes a line to a pipe for each thing that it hands out.
A round ends at a moment drawn by the seed: some milliseconds after the worker said that it begins, or right after it handed
out its n-th thing. The stage (`tests.support.killed_acts`) prints one JSON object for each round.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import partial
from select import select

from hub.config import Settings
from hub.kernel.database import Database
from hub.trust.record import guard
from hub.trust.record.database import open_database

LONGEST_ROUND = 20.0  # seconds; a worker that hands nothing out any more has finished or hangs
LINE = b"\n"
BEGAN = "began"  # an act says so once it has what it needs: how long that takes is the machine's affair

Tell = Callable[[str], None]
Act = Callable[[Database, Settings, random.Random, tuple[str, ...], Tell], None]
Found = dict[str, int]


def nothing(_db: Database) -> Found:
    """For acts whose end is looked at once, after all rounds."""
    return {}


@dataclass(frozen=True, slots=True)
class Drill:
    """An act, the latest moment of its worker's death in seconds, and what is looked at after every death."""

    act: Act
    longest: float
    look: Callable[[Database], Found] = nothing


@dataclass(frozen=True, slots=True)
class Round:
    """What one worker handed out before it died, when it was to die, whether it had finished by itself, what was found
    right afterwards.
    """

    number: int
    handed_out: tuple[str, ...]
    after_seconds: float | None
    after_things: int | None
    finished: bool
    found: Found


def stage(drill: Drill, rounds: int, seed: int, arguments: tuple[str, ...]) -> None:
    """Play all rounds."""
    settings = Settings.from_env()
    db = open_database(settings.database_url)
    guard.install(db)  # as the application and the command line do
    chance = random.Random(seed)
    for number in range(rounds):
        db.engine.dispose()  # no connection is open when the worker is made; what is compiled stays
        by_time = number % 2 == 0
        seconds = chance.random() * drill.longest if by_time else None
        things = None if by_time else chance.randint(1, 4)
        inner = random.Random(chance.random())
        played = _round(partial(drill.act, db, settings, inner, arguments), seconds, things)
        print(
            json.dumps(asdict(Round(number, played[0], seconds, things, played[1], drill.look(db)))),
            flush=True,
        )
    db.close()


def _round(
    work: Callable[[Tell], None], seconds: float | None, things: int | None
) -> tuple[tuple[str, ...], bool]:
    reading, writing = os.pipe()
    worker = os.fork()
    if worker == 0:
        _live(work, reading, writing)
    os.close(writing)
    text = _read_until(reading, seconds, things)
    os.kill(worker, signal.SIGKILL)
    while piece := os.read(reading, 65_536):
        text += piece
    os.close(reading)
    _, status = os.waitpid(worker, 0)
    lines = text.split(LINE)[:-1]  # a line that was cut short was not handed out
    return tuple(line.decode() for line in lines), os.WIFEXITED(status)


def _live(work: Callable[[Tell], None], reading: int, writing: int) -> None:
    """The worker's whole life; it never returns to the stage's code."""
    os.close(reading)
    code = 1
    try:
        work(lambda line: _say(writing, line))
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)


def _say(writing: int, line: str) -> None:
    os.write(writing, f"{line}\n".encode())


def _read_until(reading: int, seconds: float | None, things: int | None) -> bytes:
    """Read what is handed out until the moment of death, or until the worker has finished."""
    text = b""
    deadline = time.monotonic() + LONGEST_ROUND
    while (left := deadline - time.monotonic()) > 0:
        if not select([reading], [], [], left)[0]:
            break
        piece = os.read(reading, 65_536)
        if not piece:
            break
        if not text and seconds is not None:  # the clock runs from the moment that the worker began
            deadline = time.monotonic() + seconds
        text += piece
        if things is not None and text.count(LINE) - 1 >= things:
            break
    return text


def play(
    environ: dict[str, str], name: str, *, rounds: int, seed: int, arguments: Iterable[str] = ()
) -> list[Round]:
    """Run a stage in a process of its own: what every round was, in order."""
    stage_run = subprocess.run(
        [sys.executable, "-m", "tests.support.killed_acts", name, str(rounds), str(seed), *arguments],
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    lines = [json.loads(line) for line in stage_run.stdout.splitlines()]
    return [Round(**{**line, "handed_out": tuple(line["handed_out"])}) for line in lines]
