"""Keys rotate under a stream of verifications: nobody is refused falsely, and a retired key is believed no more."""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pytest
from sqlalchemy import select

from hub import config
from hub.codes.models import Plate
from hub.codes.rules import PlateState
from tests.support.plates import OTHER_USCC, add_enterprise, add_premises, lay_plate
from tests.support.servers import PASSPHRASE, Server, running_hub

PER_SECOND, THREADS = 200, 8
LEAD_SECONDS = 2
PATIENCE = 60.0  # a bound for what never happens, not a measure
BEFORE_AND_AFTER = 400  # answers to wait for at each stage
PLATES = 40


@dataclass
class Stream:
    """An open loop: one verification every 5 ms, whether or not the one before was answered (up to 8 at once)."""

    server: Server
    texts: list[str]
    answers: list[tuple[str, int, str]] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._threads = [threading.Thread(target=self._send, args=(number,)) for number in range(THREADS)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, count: int) -> None:
        target, deadline = len(self.answers) + count, time.monotonic() + PATIENCE
        while len(self.answers) < target and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(self.answers) >= target

    def _send(self, number: int) -> None:
        connection = http.client.HTTPConnection(self.server.settings.host, timeout=30)
        due = time.monotonic() + number / PER_SECOND
        turn = number
        while not self._stop.is_set():
            self._stop.wait(max(0.0, due - time.monotonic()))
            text = self.texts[turn % len(self.texts)]
            self.answers.append((text, *ask(connection, text)))
            due += THREADS / PER_SECOND
            turn += THREADS + 1
        connection.close()


def ask(connection: http.client.HTTPConnection, text: str) -> tuple[int, str]:
    body = json.dumps({"code": text})
    connection.request("POST", "/api/v1/verifications", body, {"Content-Type": "application/json"})
    with connection.getresponse() as response:
        return response.status, json.load(response).get("verdict", "")


def hub(server: Server, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    environ = {
        "HUB_HOME": str(server.settings.home),
        "HUB_DEMO": "1",
        "HUB_BASE_URL": server.url,
        "HUB_KEYS_PASSPHRASE": PASSPHRASE,
        "HUB_KEY_LEAD_SECONDS": str(LEAD_SECONDS),
    }
    return subprocess.run(
        [sys.executable, "-m", "hub.cli", *arguments],
        env=kept | environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with running_hub(tmp_path / "var", enterprises=300) as running:
        yield running


def test_rotation_under_two_hundred_verifications_a_second_refuses_nobody_falsely(server: Server) -> None:
    old = old_plates(server)
    right = verdicts(server, old)
    assert "refused" not in right.values()

    with Stream(server, list(old)) as stream:
        stream.wait_for(BEFORE_AND_AFTER)
        made = hub(server, "keys", "generate", "code-plate")
        assert made.returncode == 0, made.stderr
        rotate(server)
        fresh = new_plate(server)
        right |= verdicts(server, [fresh])
        stream.texts.extend([fresh] * PLATES)  # every other one from now on
        stream.wait_for(BEFORE_AND_AFTER)

    assert "/c/P2." in fresh
    assert right[fresh] == "valid"
    assert {(status, verdict == right[text]) for text, status, verdict in stream.answers} == {(200, True)}
    assert any(text == fresh for text, _, _ in stream.answers)
    retire_and_see(server, old, fresh)


def retire_and_see(server: Server, old: list[str], fresh: str) -> None:
    refused = hub(server, "keys", "retire", "P1", "--yes")
    assert refused.returncode == 2
    assert "for ever" in refused.stderr
    retired = hub(server, "keys", "retire", "P1", "--yes", "--force", "all plates were replaced")
    assert retired.returncode == 0, retired.stderr

    deadline = time.monotonic() + PATIENCE
    while verdicts(server, old[:1]) != {old[0]: "refused"} and time.monotonic() < deadline:
        time.sleep(0.05)
    assert set(verdicts(server, old).values()) == {"refused"}
    assert verdicts(server, [fresh]) == {fresh: "valid"}


def rotate(server: Server) -> None:
    """As soon as the new key may take over; before that the command says from when on it may."""
    deadline = time.monotonic() + PATIENCE
    while (done := hub(server, "keys", "rotate", "code-plate")).returncode != 0:
        assert "may sign from" in done.stderr
        assert time.monotonic() < deadline


def old_plates(server: Server) -> list[str]:
    with server.db.read() as session:
        texts = session.scalars(
            select(Plate.text).where(Plate.state == PlateState.PLACED.value).limit(PLATES)
        ).all()
    assert len(texts) == PLATES
    return [server.url + text[text.index("/c/") :] for text in texts]


def new_plate(server: Server) -> str:
    add_enterprise(server.db, uscc=OTHER_USCC)
    premises = add_premises(server.db, uscc=OTHER_USCC)
    made = lay_plate(premises, press=server.press(), now=config.now(), db=server.db)
    return str(made.text)


def verdicts(server: Server, texts: list[str]) -> dict[str, str]:
    connection = http.client.HTTPConnection(server.settings.host, timeout=30)
    found = {text: ask(connection, text)[1] for text in texts}
    connection.close()
    return found
