"""A pytest plugin: run the tests of a room once with each planted fault, in a process of its own.

The tests are collected once; a fault costs a fork and the tests that call the changed function, two quick ones of each file first, until
one fails. The process that forks has run no test but one that makes the empty database, and remembered answers are cleared.
"""

import contextlib
import functools
import gc
import json
import os
import resource
import shutil
import signal
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from asleep import CALLED, NOTES, called_elsewhere, wake

PATIENCE_SECONDS = (
    10  # of computing, above five times what the tests take by themselves: a busy machine is no fault
)
LONGEST_SECONDS = 600.0
MEMORY_BYTES = 6 << 30
OURS = ("hub", "signing", "keys", "schemas")


@dataclass
class Seen:
    """What the tests said in this process."""

    failed: str = ""
    error: str = ""


SEEN = Seen()
MADE: dict[str, set[str]] = {}
REMEMBERING: list[Any] = []  # what `functools.cache` makes


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--measure", help="write here which test calls which functions")
    parser.addoption("--try", help="a file with the faults to try")
    parser.addoption("--answers", help="add one line for each fault here")
    parser.addoption("--part", help="K/N: this process does every Nth, from the Kth")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed and not SEEN.failed:
        SEEN.failed = report.nodeid
        crash = getattr(report.longrepr, "reprcrash", None)
        SEEN.error = (crash.message if crash else str(report.longrepr)).partition("\n")[0][:200]


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
    """Note what was called to make what several tests share; it is made anew for each fault."""
    before = set(CALLED)
    CALLED.clear()
    made = yield
    if fixturedef.scope != "function":
        MADE[fixturedef.argname] = set(CALLED)
    CALLED.update(before)
    return made


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    if session.testsfailed:
        raise session.Interrupted("the planted sources cannot be collected")
    which, of = map(int, session.config.getoption("part").split("/"))
    target = session.config.getoption("measure")
    if target:
        _measure(session, which, of, Path(target))
    else:
        faults = json.loads(Path(session.config.getoption("try")).read_text(encoding="utf-8"))
        _try_all(session, faults[which::of], Path(session.config.getoption("answers")))
    return True


def _measure(session: pytest.Session, which: int, of: int, target: Path) -> None:
    at_import = sorted(CALLED)
    files = sorted({item.path for item in session.items})
    notes = target.with_suffix(".notes")
    shutil.rmtree(notes, ignore_errors=True)
    notes.mkdir()
    os.environ[NOTES] = str(notes)  # noqa: TID251 - for the processes that tests start
    tests = {}
    for item, following in _pairs([each for each in session.items if files.index(each.path) % of == which]):
        CALLED.clear()
        SEEN.failed, begun = "", _computed()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        shared = [MADE[name] for name in getattr(item, "fixturenames", ()) if name in MADE]
        called = sorted(CALLED.union(called_elsewhere(notes), *shared))
        tests[item.nodeid] = {
            "called": called,
            "seconds": _computed() - begun,
            "passed": not SEEN.failed,
        }
    target.write_text(json.dumps({"at_import": at_import, "tests": tests}), encoding="utf-8")


def _computed() -> float:
    """Seconds of computing of this process and of those that it started and that have ended."""
    return sum(os.times()[:4])


def _try_all(session: pytest.Session, faults: list[dict], answers: Path) -> None:
    items = {item.nodeid: item for item in session.items}
    first = next(
        (item for item in session.items if "sqlite_template" in getattr(item, "fixturenames", ())), None
    )
    if first is not None:
        first.config.hook.pytest_runtest_protocol(item=first, nextitem=session)
    REMEMBERING.extend(each for each in gc.get_objects() if _is_ours(each))
    gc.freeze()
    for fault in faults[:1]:  # no answer counts unless the tests pass, in the same way, with nothing awake
        asleep = _try(
            {**fault, "name": "nothing"},
            [items[test] for test in fault["tests"]],
            answers.with_suffix(f".{os.getpid()}"),
        )
        if asleep["outcome"] != "survived":
            pytest.exit(f"the tests fail with all faults asleep: {asleep}", returncode=3)
    for fault in faults:
        answer = _try(fault, [items[test] for test in fault["tests"]], answers.with_suffix(f".{os.getpid()}"))
        with answers.open("a", encoding="utf-8") as file:
            file.write(
                json.dumps({"fault": fault["key"], "tests": fault["digest"], **answer}, ensure_ascii=False)
                + "\n"
            )


def _is_ours(each: object) -> bool:
    remembers = isinstance(each, functools._lru_cache_wrapper)  # noqa: SLF001
    return remembers and (each.__module__ or "").startswith(OURS)


def _try(fault: dict, items: list[pytest.Item], said: Path) -> dict[str, str]:
    said.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        os.setsid()
        seconds = PATIENCE_SECONDS + 5 * int(fault["seconds"] + 1)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        wake(fault["name"])
        try:
            said.write_text(json.dumps(_run(items)), encoding="utf-8")
        finally:
            os._exit(0)
    end = _wait(child)
    if said.exists():
        return json.loads(said.read_text(encoding="utf-8"))
    hung = end in {signal.SIGKILL, signal.SIGXCPU}
    return {"outcome": "hung" if hung else "crashed", "by": "", "error": f"ended by signal {end}"}


def _run(items: list[pytest.Item]) -> dict[str, str]:
    for each in REMEMBERING:
        each.cache_clear()
    SEEN.failed = ""
    for item, following in _pairs(items):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if SEEN.failed:
            return {"outcome": "caught", "by": SEEN.failed, "error": SEEN.error}
    return {"outcome": "survived", "by": "", "error": ""}


def _pairs(items: list[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    yield from pairwise([*items, None])


def _wait(child: int) -> int:
    """Wait for the end of a process, but not for ever, and end what it started.

    Returns:
        The signal that ended it, 0 if none did.
    """
    until = monotonic() + LONGEST_SECONDS
    ended, status = os.waitpid(child, os.WNOHANG)
    while not ended and monotonic() < until:
        sleep(0.02)
        ended, status = os.waitpid(child, os.WNOHANG)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    if not ended:
        _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
