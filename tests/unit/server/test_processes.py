"""The processes of a hub: there as long as the parent is, and not longer."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.server.processes import ProcessSignal
from tests.support.processes import children_of, is_there, until

PARENT = """
import os, sys, time
from pathlib import Path
from hub.server import processes
from hub.server.processes import ProcessKind, Processes

def sleep():
    with open(sys.argv[1], "a") as told:
        told.write(f"{{os.getpid()}}\\n")
    {before}
    time.sleep(600)

processes.END_SECONDS = {end}
Processes([ProcessKind("sleeper", sleep)], pause={pause}).run()
print("all gone")
"""


@contextmanager
def parent(
    told: Path, *, pause: float = 0.01, end: float = 10, before: str = "pass"
) -> Iterator["subprocess.Popen[str]"]:
    code = PARENT.format(pause=pause, end=end, before=before)
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(told)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def pids(path: Path) -> list[int]:
    return [int(line) for line in path.read_text().splitlines()] if path.exists() else []


def stopped(process: "subprocess.Popen[str]") -> str:
    process.send_signal(signal.SIGTERM)
    return process.communicate(timeout=60)[0]


def test_a_process_that_ended_is_started_again_and_none_is_left_at_the_end(tmp_path: Path) -> None:
    told = tmp_path / "pids"
    with parent(told) as process:
        for started in (1, 2):
            until(lambda started=started: len(pids(told)) == started)  # type: ignore[misc]  # bound now
            assert children_of(process.pid) == {pids(told)[-1]: "sleeper"}
            os.kill(pids(told)[-1], signal.SIGKILL)
        until(lambda: len(pids(told)) == 3)
        said = stopped(process)

    assert not any(is_there(pid) for pid in pids(told))
    assert said.count("sleeper ended (-9) and is started again") == 2
    assert said.endswith("all gone\n")


def test_while_it_waits_for_the_next_start_it_is_stopped_at_once(tmp_path: Path) -> None:
    told = tmp_path / "pids"
    with parent(told, pause=600) as process:
        until(lambda: len(pids(told)) == 1)
        os.kill(pids(told)[0], signal.SIGKILL)
        until(lambda: not children_of(process.pid))
        stopped(process)

    assert len(pids(told)) == 1


def test_a_process_that_does_not_end_is_killed(tmp_path: Path) -> None:
    told = tmp_path / "pids"
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    with parent(told, end=0.2, before=deaf) as process:
        until(lambda: len(pids(told)) == 1)
        stopped(process)

    assert not is_there(pids(told)[0])


def test_it_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    told = tmp_path / "pids"
    with parent(told) as process:
        until(lambda: len(pids(told)) == 1)
        process.kill()
        until(lambda: not is_there(pids(told)[0]))


def test_a_start_that_fails_for_want_of_processes_is_tried_again(tmp_path: Path) -> None:
    told = tmp_path / "pids"
    full = (
        "real, left = os.fork, [2]\n"
        "def fork():\n"
        "    left[0] -= 1\n"
        "    if left[0] >= 0:\n"
        "        raise BlockingIOError(11, 'Resource temporarily unavailable')\n"
        "    return real()\n"
        "os.fork = fork\n"
    )
    code = PARENT.format(pause=0.01, end=10, before="pass").replace("processes.END", f"{full}processes.END")
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(told)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    until(lambda: len(pids(told)) == 1)
    said = stopped(process)

    assert said.count("sleeper cannot be started: Resource temporarily unavailable") == 2


PREPARED = """
import os, sys, time
from hub.server.processes import ProcessKind, ProcessSignal, Preparation, Processes

def prepare(is_right):
    print("looking", flush=True)
    {before}
    is_right()
    until_marked.wait(60)
    print("welcome", flush=True)

until_marked = ProcessSignal()
prepared = Preparation(prepare)
refused = prepared.wait()
if refused:
    sys.exit(refused)
print("others start", flush=True)

def sleep():
    time.sleep({pause})
    until_marked.set()
    time.sleep(600)

Processes([ProcessKind("sleeper", sleep)], pause=0.01).run()
"""


def prepared(*, before: str = "pass", pause: float = 0.2) -> "subprocess.Popen[str]":
    code = PREPARED.format(before=before, pause=pause)
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)


def test_a_preparation_lets_the_others_start_goes_on_and_leaves_nothing_behind() -> None:
    with prepared() as process:
        assert process.stdout is not None
        said = [process.stdout.readline().strip() for _ in range(3)]
        kept = Path(f"/proc/{process.pid}/task/{process.pid}/children")  # zombies among them
        until(lambda: len(kept.read_text().split()) == 1)
        rest = stopped(process)

    assert said == ["looking", "others start", "welcome"]
    assert (process.returncode, rest) == (0, "")


def test_a_preparation_that_is_refused_starts_nobody_and_ends_with_its_code() -> None:
    with prepared(before="sys.exit(2)") as process:
        said = process.communicate(timeout=60)[0]

    assert (process.returncode, said) == (2, "looking\n")


def test_a_preparation_that_goes_on_ends_with_the_process_that_began_it() -> None:
    with prepared(pause=600) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().strip() for _ in range(2)]
        until(lambda: len(children_of(process.pid)) == 2)
        children = children_of(process.pid)
        stopped(process)
        until(lambda: not any(is_there(pid) for pid in children))

    assert said == ["looking", "others start"]


def test_a_mark_that_was_set_stays_for_everyone_who_waits_later() -> None:
    mark = ProcessSignal()
    before = mark.wait(0)
    mark.set()
    mark.set()

    assert (before, mark.wait(0), mark.wait(0)) == (False, True, True)
