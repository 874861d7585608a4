"""A witness's unsigned word against the log: noted as trouble, never enough to stop the hub; its proof is."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from hub.trust.witnesses import read_only
from hub.trust.witnesses.errors import RecordDamagedError
from hub.trust.witnesses.record import CHECKPOINT, FOLDER, WITNESSES, WitnessRecord
from keys import Purpose
from signing.log import Checkpoint, SignatureType, sign_checkpoint
from tests.support.logs import LogHub
from tests.support.strangers import Quiet, strangers

SIZE = "text/x.tlog.size"
Start = Callable[[int, bytes, str], str]


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LogHub]:
    made = LogHub.make(tmp_path / "hub")
    made.add(5)
    yield made
    made.db.close()


@pytest.fixture
def liar() -> Iterator[Start]:
    """A witness that answers every checkpoint with the same words, and shows `shown` when asked for its proof."""

    def start(status: int, body: bytes, shown: str = "") -> str:
        class Behaviour(Quiet, BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.say(status, body, SIZE)

            def do_GET(self) -> None:
                self.say(200, shown.encode(), "text/plain")

            def say(self, code: int, content: bytes, kind: str) -> None:
                self.send_response(code)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        return open_one(Behaviour)

    with strangers() as open_one:
        yield start


def ask(hub: LogHub, url: str) -> str:
    """The reason with which an exchange ends."""
    told = hub.run("log", "witness", url, "--vkey", hub.vkey(SignatureType.COSIGNATURE))
    assert told.exception is not None
    return getattr(told.exception, "reason", repr(told.exception))


def state(hub: LogHub) -> str:
    told = read_only.standing(hub.db, WitnessRecord(hub.settings.home))
    return "" if told is None else told.en


def signed(hub: LogHub, by: LogHub, *, size: int, root: bytes = b"\1" * 32) -> str:
    return sign_checkpoint(Checkpoint(hub.origin, size, root), by.issuer.signer(Purpose.LOG))


@pytest.mark.parametrize(
    ("status", "body"), [(409, b"5\n"), (409, b"9\n"), (409, b"9223372036854775807\n"), (422, b"")]
)
def test_an_unsigned_word_is_noted_and_stops_nothing(
    hub: LogHub, liar: Start, status: int, body: bytes
) -> None:
    assert ask(hub, liar(status, body, "")) == "WITNESS_DISPUTES"

    assert state(hub) == ""
    with hub.db.write():
        pass
    (listed,) = json.loads(hub.run("log", "witness", "list", "--json").output)["witnesses"]
    assert (listed["trouble"], listed["size"]) == ("WITNESS_DISPUTES", 0)
    assert "WITNESS_DISPUTES" in hub.run("log", "witness", "list").output
    doctor = hub.run("doctor").output
    assert "WITNESS_DISPUTES" in doctor
    assert "read-only" not in doctor
    with hub.app() as app:
        page = app.test_client().get("/log/?lang=en").text
        assert "another log. It is being looked into." in page
        assert "\u6b63\u5728\u6838\u5b9e" in app.test_client().get("/log/?lang=zh").text


def test_a_size_that_no_log_has_is_no_answer(hub: LogHub, liar: Start) -> None:
    assert ask(hub, liar(409, b"9223372036854775808\n", "")) == "WITNESS_AWAY"
    assert state(hub) == ""


def test_a_checkpoint_that_another_key_signed_proves_nothing(
    hub: LogHub, liar: Start, tmp_path: Path
) -> None:
    other = LogHub.make(tmp_path / "other")
    for shown in (signed(hub, other, size=9), signed(other, hub, size=9), "9\n", "\u2014"):
        assert ask(hub, liar(409, b"9\n", shown)) == "WITNESS_DISPUTES"
        assert state(hub) == ""
    other.db.close()


@pytest.mark.parametrize(
    ("size", "reason", "said"), [(9, "LOG_BEHIND", "9"), (4, "LOG_FORKED", "not the one")]
)
def test_a_checkpoint_that_our_own_key_signed_is_proof(
    hub: LogHub, liar: Start, *, size: int, reason: str, said: str
) -> None:
    assert ask(hub, liar(422, b"", signed(hub, hub, size=size))) == reason
    assert said in state(hub)


def test_a_proof_that_the_database_agrees_with_stops_nothing(hub: LogHub, liar: Start) -> None:
    own = hub.run("log", "checkpoint").output
    assert ask(hub, liar(409, b"9\n", own)) == "WITNESS_DISPUTES"
    assert state(hub) == ""


@pytest.mark.parametrize(
    "host", ["hub.example", "192.0.2.1", "[2001:db8::1]", "localhost.example", "127.0.0.1.example"]
)
def test_a_witness_elsewhere_is_asked_over_https_alone(hub: LogHub, host: str) -> None:
    told = hub.run(
        "log", "witness", f"http://{host}/log/witness", "--vkey", hub.vkey(SignatureType.COSIGNATURE)
    )
    assert getattr(told.exception, "reason", "") == "WITNESS_ADDRESS"
    assert WitnessRecord(hub.settings.home).witnesses() == ()


def test_a_record_of_witnesses_that_cannot_be_read_is_told_and_not_taken_as_empty(hub: LogHub) -> None:
    record = WitnessRecord(hub.settings.home)
    (hub.settings.home / FOLDER).mkdir(exist_ok=True)
    (hub.settings.home / FOLDER / WITNESSES).write_text('{"witnesses": [', encoding="utf-8")
    (hub.settings.home / FOLDER / CHECKPOINT).write_text("no checkpoint", encoding="utf-8")

    for read in (record.witnesses, record.checkpoint):
        with pytest.raises(RecordDamagedError):
            read()
