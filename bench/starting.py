"""P11: how soon a started hub answers, what it holds in memory, and what it takes while nobody asks.

Everything is counted over all processes of the hub. Memory is proportional (PSS): what several share counts once.
"""

import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from bench.city import City
from bench.measure import Figure

STARTS = 7
ASK_SECONDS = 0.005
SETTLE_SECONDS = 20  # the counts are checked and the welcome is drawn
IDLE_SECONDS = 30
FAILED_SECONDS = 60


def figures(city: City) -> Iterator[Figure]:
    starts = []
    for _ in range(STARTS):
        with _hub(city, workers=1) as (process, seconds):
            starts.append((seconds, _processor_seconds(process, ended=True)))
    seconds, spent = (statistics.median(each) for each in zip(*starts, strict=True))
    note = f"processor time of all processes {spent:.1f} s"
    yield Figure("P11", "hub serve to first answer, a page", seconds, "≤ 2", unit="s", note=note)
    with _hub(city, workers=1) as (process, _):
        time.sleep(SETTLE_SECONDS)
        one = _memory(process)
        idle = _idle(process)
    yield Figure("P11", "memory of the whole hub, one worker", one, "≤ 250", unit="MiB")
    yield Figure("P11", "processor of the idle hub", idle, "≤ 0.5", unit="%")
    with _hub(city, workers=2) as (process, _):
        time.sleep(SETTLE_SECONDS)
        two = _memory(process)
    yield Figure("P11", "memory of one further worker", two - one, "≤ 150", unit="MiB")


@contextmanager
def _hub(city: City, *, workers: int) -> Iterator[tuple[psutil.Process, float]]:
    """A served hub, and the seconds until its first page."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "hub.cli", "serve", "--port", str(port), "--workers", str(workers)],
        env=os.environ | city.environ | {"HUB_BASE_URL": f"http://127.0.0.1:{port}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield psutil.Process(process.pid), _first_answer(process, port, begun)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _first_answer(process: "subprocess.Popen[bytes]", port: int, begun: float) -> float:
    while time.monotonic() - begun < FAILED_SECONDS and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=FAILED_SECONDS).read()
        except OSError:
            time.sleep(ASK_SECONDS)
        else:
            return time.monotonic() - begun
    raise SystemExit("bench: the hub does not answer")


def _everyone(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def _memory(process: psutil.Process) -> float:
    return sum(float(each.memory_full_info().pss) for each in _everyone(process)) / 2**20


def _idle(process: psutil.Process) -> float:
    """Percent of one processor."""
    before = _processor_seconds(process)
    time.sleep(IDLE_SECONDS)
    return (_processor_seconds(process) - before) / IDLE_SECONDS * 100


def _processor_seconds(process: psutil.Process, *, ended: bool = False) -> float:
    """Of all processes that are there; with `ended` also of those that are there no more."""
    spent = [each.cpu_times() for each in _everyone(process)]
    gone = spent[0].children_user + spent[0].children_system if ended else 0.0
    return sum(each.user + each.system for each in spent) + gone
