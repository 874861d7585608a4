"""Overload: four times the capacity, open loop, against a served hub with one worker and with two.

Capacity is what a closed loop of 16 askers gets; calm is an open loop at a tenth of it. Where there are two processors
the hub has one of them and the sender the other: sharing, the sender would take from the hub what it measures. A figure
of a machine that does other work besides says nothing; the sender tells how late it was itself.
"""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from bench.city import City
from bench.http import HUB_PORT, codes, path_of
from bench.measure import Figure
from tests.support.crowds import scan
from tests.support.flooding import Met, closed_loop, open_loop

SECONDS = 20  # the first tenth of a second, before an overload is told from a burst, is no hundredth of it
REST_SECONDS = 2  # between two floods
START_SECONDS = 60


def figures(city: City) -> Iterator[Figure]:
    host = f"127.0.0.1:{HUB_PORT}"
    text = codes(city)[0]
    page = f"GET {path_of(text)} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    for workers in (1, 2):
        with served(city, workers) as process, apart(process):
            for keeps in (True, False):
                yield from _figures(process, page, what=_what("page", workers, keeps=keeps), keeps=keeps)
            yield from _figures(
                process, scan(host, text), what=_what("scan", workers, keeps=True), keeps=True
            )


def _what(asked: str, workers: int, *, keeps: bool) -> str:
    return f"{asked}, {workers} worker{'s'[: workers - 1]}, {'kept' if keeps else 'new'} connections"


def _figures(process: psutil.Process, asked: bytes, *, what: str, keeps: bool) -> Iterator[Figure]:
    time.sleep(REST_SECONDS)
    capacity = len(closed_loop(HUB_PORT, asked, askers=16, seconds=5, keeps=keeps).seconds) / 5
    spent = _seconds_of(process)
    calm = open_loop(HUB_PORT, asked, rate=capacity / 10, seconds=SECONDS, keeps=keeps)
    served = (_seconds_of(process) - spent) / calm.sent
    spent = _seconds_of(process)
    flood = open_loop(HUB_PORT, asked, rate=4 * capacity, seconds=SECONDS, keeps=keeps)
    spent = _seconds_of(process) - spent
    good = len(flood.seconds)
    refused = (spent - good * served) / max(flood.sent - good, 1)
    yield Figure("overload", f"accepted p99 / calm, {what}", flood.p99 / calm.p99, "≤ 2", note=_note(flood))
    yield Figure("overload", f"goodput / capacity, {what}", good / SECONDS / capacity, "≥ 0.65")
    yield Figure("overload", f"processor time, refused / served, {what}", refused / served, "")


def _note(met: Met) -> str:
    told = [f"{count} × {status or 'no answer'}" for status, count in sorted(met.statuses.items())]
    return ", ".join([*told, f"sender late by {met.late * 1000:.0f} ms at most"])


def _seconds_of(process: psutil.Process) -> float:
    spent = [each.cpu_times() for each in process.children() if each.name().startswith("hub-web")]
    return sum(each.user + each.system for each in spent)


@contextmanager
def served(city: City, workers: int) -> Iterator[psutil.Process]:
    """Serve a hub with so many workers on the benchmarks' port, until the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hub.cli", "serve", "--port", str(HUB_PORT), "--workers", str(workers)],
        env=os.environ | city.environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait()
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextmanager
def apart(process: psutil.Process) -> Iterator[None]:
    """Keep the hub on the first processor and this process, with its senders, on the others, where there are others."""
    mine = os.sched_getaffinity(0)
    hubs, others = {min(mine)}, mine - {min(mine)} or mine
    for each in (process, *process.children(recursive=True)):
        for thread in each.threads():
            os.sched_setaffinity(thread.id, hubs)
    os.sched_setaffinity(0, others)
    try:
        yield
    finally:
        os.sched_setaffinity(0, mine)


def _wait() -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{HUB_PORT}/readyz", timeout=1)
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("bench: the hub does not answer")
