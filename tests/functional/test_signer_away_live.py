"""The key device is taken away from a serving hub: nothing can be issued, everything verifies, nothing asked is lost."""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import pytest

from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.trust.record.database import open_database
from tests.support.issuing import acts, open_subjects, standing_ids
from tests.support.plates import USCC, add_enterprise, add_premises
from tests.support.servers import ROOT, START_SECONDS, Server, free_port
from tests.support.softhsm import PIN, SoftToken, soft_token

PATIENCE = 60.0  # a bound for what never happens, not a measure
PLACES = 6


@dataclass(frozen=True)
class Answer:
    status: int
    document: Mapping[str, object]
    retry_after: str | None
    text: str


@dataclass(frozen=True)
class Owner:
    """A logged-in owner over the socket."""

    server: Server
    session: str
    csrf: str = ""

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {"Accept": "text/html"})

    def issue(self, premises_id: UUID) -> Answer:
        headers = {"Idempotency-Key": str(premises_id), "X-CSRF-Token": self.csrf, "Origin": self.server.url}
        return self._ask("POST", "/api/v1/plates", {"premises_id": str(premises_id)}, headers)

    def verify(self, text: str) -> str:
        answer = self._ask("POST", "/api/v1/verifications", {"code": text}, {})
        assert answer.status == 200
        return str(answer.document["verdict"])

    def _ask(self, method: str, path: str, body: object, headers: Mapping[str, str]) -> Answer:
        sent = {"Accept": "application/json", "Content-Type": "application/json"}
        sent |= {"Cookie": f"{self.server.cookie}={self.session}", **headers}
        with closing(http.client.HTTPConnection(self.server.settings.host, timeout=30)) as connection:
            connection.request(method, path, None if body is None else json.dumps(body), sent)
            response = connection.getresponse()
            text = response.read().decode()
        is_json = "json" in (response.getheader("Content-Type") or "")
        document = json.loads(text) if is_json else {}
        return Answer(response.status, document, response.getheader("Retry-After"), text)


@pytest.fixture
def token(tmp_path: Path) -> SoftToken:
    return soft_token(tmp_path / "token")


@pytest.fixture
def server(token: SoftToken, tmp_path: Path) -> Iterator[Server]:
    """`hub init` and `hub serve`, worker and all, with every key in the token."""
    port = free_port()
    environ = {
        "HUB_HOME": str(tmp_path / "var"),
        "HUB_BASE_URL": f"http://127.0.0.1:{port}",
        "HUB_KEYS": token.uri,
        "HUB_KEYS_PASSPHRASE": PIN,
        "HUB_SECRET_KEY": "not-a-secret-" * 4,
        **token.environ,
    }
    log = tmp_path / "server.log"
    with log.open("wb") as output:
        _hub(environ, "init", output=output).wait()
        settings = Settings.from_env(environ)
        db = open_database(settings.database_url)
        serving = _hub(environ, "serve", "--port", str(port), output=output)
        with _stopped(serving):
            served = Server(settings, db, USCC, log, port)
            _wait(lambda: _is_ready(served), serving, log)
            yield served
    db.close()


def _hub(environ: Mapping[str, str], *arguments: str, output: BinaryIO) -> "subprocess.Popen[bytes]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    return subprocess.Popen(
        [sys.executable, "-m", "hub.cli", *arguments],
        cwd=ROOT,
        env={**kept, **environ},
        stdout=output,
        stderr=subprocess.STDOUT,
    )


@contextmanager
def _stopped(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _is_ready(server: Server) -> bool:
    try:
        with closing(http.client.HTTPConnection(server.settings.host, timeout=5)) as connection:
            connection.request("GET", "/readyz")
            with connection.getresponse() as response:
                return response.status == HTTPStatus.OK
    except OSError:
        return False


def _wait(is_there: Callable[[], bool], process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if is_there():
            return
        time.sleep(0.05)
    raise RuntimeError(f"the hub did not start:\n{log.read_text(errors='replace')[-4000:]}")


@pytest.fixture
def owner(server: Server) -> Owner:
    add_enterprise(server.db)
    entered = Owner(server, server.session(Role.OWNER))
    found = re.search(r'<meta name="csrf" content="([^"]+)"', entered.get("/enterprise/premises").text)
    assert found is not None
    return Owner(server, entered.session, found[1])


def _issued_by_itself(db: Database) -> None:
    deadline = time.monotonic() + PATIENCE
    while open_subjects(db) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert open_subjects(db) == []


def test_without_the_device_issue_waits_verification_goes_on_and_its_return_issues_all_once(
    owner: Owner, token: SoftToken
) -> None:
    db = owner.server.db
    first, *places = [add_premises(db, name=f"店{number}") for number in range(PLACES)]
    plate = owner.issue(first)
    assert plate.status == 201, plate.text
    text = str(plate.document["text"])

    token.take_away()
    refused = [owner.issue(premises_id) for premises_id in places for _ in range(2)]

    assert {(answer.status, answer.document["reason"]) for answer in refused} == {(503, "ISSUE_DELAYED")}
    assert all(answer.retry_after for answer in refused)
    assert open_subjects(db) == sorted(map(str, places))
    assert owner.verify(text) == "valid"
    assert len(standing_ids(db)) == 1

    token.bring_back()
    _issued_by_itself(db)

    assert len(standing_ids(db)) == PLACES
    assert acts(db).count("plate.made") == PLACES
    assert acts(db).count("issue.intended") == PLACES
    again = [owner.issue(premises_id) for premises_id in places]
    assert {answer.status for answer in again} == {201}
    assert {owner.verify(str(answer.document["text"])) for answer in again} == {"valid"}
    assert len(standing_ids(db)) == PLACES
