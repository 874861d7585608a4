"""The process beside the server: there as long as the server is, and not longer."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.cli import beside
from hub.cli.beside import Beside

WAIT_SECONDS = 30  # a bound for a broken start
SLEEPER = (
    "import os,sys,time; f=open(sys.argv[1],'a'); f.write(f'{os.getpid()}\\n'); f.close(); time.sleep(600)"
)


def until(seen: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not seen():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def pids(path: Path) -> list[int]:
    return [int(line) for line in path.read_text().splitlines()] if path.exists() else []


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_process_that_ended_is_started_again_and_none_is_left_at_the_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told = tmp_path / "pids"
    helper = Beside([sys.executable, "-c", SLEEPER, str(told)], pause=0.01)
    helper.start()
    try:
        for started in (1, 2):
            until(lambda started=started: len(pids(told)) == started)  # type: ignore[misc]  # bound now
            os.kill(pids(told)[-1], signal.SIGKILL)
        until(lambda: len(pids(told)) == 3)
    finally:
        helper.stop()

    assert not any(is_there(pid) for pid in pids(told))
    told_of = [record.getMessage() for record in caplog.records if record.name == "hub.cli.beside"]
    assert [message.endswith("is started again") for message in told_of] == [True, True]


def test_while_it_waits_for_the_next_start_it_is_stopped_at_once(tmp_path: Path) -> None:
    told = tmp_path / "pids"
    helper = Beside([sys.executable, "-c", SLEEPER, str(told)], pause=600)
    helper.start()
    until(lambda: len(pids(told)) == 1)
    os.kill(pids(told)[0], signal.SIGKILL)

    helper.stop()

    assert len(pids(told)) == 1


def test_a_process_that_does_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "END_SECONDS", 0.2)  # nobody waits ten seconds in a test
    told = tmp_path / "pids"
    deaf = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"
    helper = Beside([sys.executable, "-c", deaf, str(told)])
    helper.start()
    until(lambda: len(pids(told)) == 1)

    helper.stop()

    assert not is_there(pids(told)[0])


def test_a_start_that_fails_for_want_of_memory_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, real, refused = tmp_path / "pids", subprocess.Popen, [0]
    helper = Beside([sys.executable, "-c", SLEEPER, str(told)], pause=0.01)
    helper.start()
    until(lambda: len(pids(told)) == 1)

    def full(command: tuple[str, ...]) -> "subprocess.Popen[bytes]":
        refused[0] += 1
        if refused[0] < 3:
            raise OSError(12, "Cannot allocate memory")
        return real(command)

    monkeypatch.setattr("hub.cli.beside.subprocess.Popen", full)  # a machine out of memory cannot be had here
    os.kill(pids(told)[0], signal.SIGKILL)
    try:
        until(lambda: len(pids(told)) == 2)
    finally:
        helper.stop()

    assert refused[0] == 3
    assert not any(is_there(pid) for pid in pids(told))
