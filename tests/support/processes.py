"""Processes looked at from outside: whether one is there, which children it has and what they are called."""

import time
from collections.abc import Callable
from pathlib import Path

WAIT_SECONDS = 60  # a bound for a broken start
STANDARD_ERROR = 2


def until(seen: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not seen():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_there(pid: int) -> bool:
    """Whether it runs; one that has ended and was not waited for does not."""
    state = Path(f"/proc/{pid}/stat")
    try:
        return state.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def children_of(pid: int) -> dict[int, str]:
    """The children of a process that run, each with its name."""
    found = {}
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            name = Path(f"/proc/{child}/comm")
            if is_there(int(child)):
                found[int(child)] = name.read_text().strip()
    return found


def nameless_files(pid: int) -> set[str]:
    """The descriptors of temporary files, beyond standard input and output, that a process holds open."""
    found = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(link.readlink())
        except FileNotFoundError:  # closed just now
            continue
        if int(link.name) > STANDARD_ERROR and target.startswith("/") and target.endswith(" (deleted)"):
            found.add(link.name)
    return found
