"""The real server: a scan that was answered is counted, also when the server stops right after it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from hub import config
from hub.codes.plates import queries
from hub.config import Settings
from hub.kernel.database import Database
from tests.support.plates import add_plate

SCANS = 7
START_SECONDS = 60


@contextmanager
def served(environ: dict[str, str], port: int) -> Iterator[None]:
    command = [sys.executable, "-m", "hub.server", "--port", str(port), "wsgi:app"]
    process = subprocess.Popen(
        command, env=os.environ | environ, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        _wait(port)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _wait(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server did not start")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def test_a_server_that_stops_loses_no_scan(environ: dict[str, str], settings: Settings, db: Database) -> None:
    plate = add_plate(db, settings)
    port = free_port()
    answers = []

    with served(environ, port):
        for _ in range(SCANS):
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/api/v1/verifications",
                data=json.dumps({"code": plate.text}).encode(),
                headers={"Content-Type": "application/json"},
            )
            with urllib.request.urlopen(request) as response:  # our own loopback address
                answers.append(json.load(response)["verdict"])

    today = settings.today(config.now())
    counts = [(each.verdict, each.count) for each in queries.scans_per_day(since=today, until=today, db=db)]
    assert answers == ["valid"] * SCANS
    assert counts == [("valid", SCANS)]
