"""Two hubs side by side over real sockets: each witnesses the other's log, and neither is taken in by a fork."""

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hub import config
from hub.kernel.outbound import OutboundRequest
from hub.trust.witnesses import client
from hub.trust.witnesses.cosigning import newest_note
from hub.trust.witnesses.errors import LogNotWitnessedError, WitnessAddressError, WitnessAwayError
from hub.trust.witnesses.exchange import exchange
from hub.trust.witnesses.record import Witness, WitnessRecord
from keys import Purpose
from signing.log import Checkpoint, SignatureType, open_cosigned, sign_checkpoint
from signing.log.witness import AddCheckpoint
from tests.support.logs import LogHub
from tests.support.strangers import Quiet, strangers


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[LogHub, LogHub]]:
    """Two running hubs with different logs, the second trusting the first's."""
    first, second = LogHub.make(tmp_path / "first"), LogHub.make(tmp_path / "second")
    first.add(5)
    second.add(3)
    with first.served(), second.served():
        assert (
            second.run("log", "witness", "trust", first.origin, first.vkey(SignatureType.ED25519)).exit_code
            == 0
        )
        yield first, second
    first.db.close()
    second.db.close()


def send(hub: LogHub, body: bytes, *, path: str = "/log/witness/add-checkpoint") -> tuple[int, str, bytes]:
    """A request as any log would send it."""
    connection = http.client.HTTPConnection(urlsplit(hub.settings.base_url).netloc, timeout=10)
    connection.request("POST", path, body)
    answer = connection.getresponse()
    found = answer.status, answer.headers["Content-Type"], answer.read()
    connection.close()
    return found


def checkpoint_of(hub: LogHub) -> str:
    text: str = hub.run("log", "checkpoint").output
    return text


def test_two_hubs_cosign_each_other(pair: tuple[LogHub, LogHub]) -> None:
    first, second = pair
    assert (
        first.run("log", "witness", "trust", second.origin, second.vkey(SignatureType.ED25519)).exit_code == 0
    )
    for log, witness in ((first, second), (second, first)):
        told = log.run(
            "log", "witness", witness.settings.base_url, "--vkey", witness.vkey(SignatureType.COSIGNATURE)
        )
        assert told.exit_code == 0, told.output
        log.add(4)
        again = log.run("log", "witness", "--json")
        size = json.loads(again.output)["size"]

        opened = open_cosigned(
            checkpoint_of(log),
            keys=log.issuer.key_set,
            origin=log.origin,
            witnesses=[witness.key(SignatureType.COSIGNATURE)],
        )
        assert opened.checkpoint.size == size
        assert [each.key.name for each in opened.cosigned_by] == [witness.origin]
        kept = (log.settings.home / "log" / "cosigned-checkpoint").read_text(encoding="utf-8")
        assert kept == checkpoint_of(log)
        assert (
            witness.origin
            in client.ask(OutboundRequest("GET", f"{log.settings.base_url}/log/checkpoint")).body
        )


def test_a_witnesses_key_is_pinned_at_first_sight(pair: tuple[LogHub, LogHub]) -> None:
    first, second = pair
    told = first.run("log", "witness", second.settings.base_url)

    assert told.exit_code == 0
    assert second.vkey(SignatureType.COSIGNATURE) in told.stderr
    other = first.run(
        "log", "witness", second.settings.base_url, "--vkey", first.vkey(SignatureType.COSIGNATURE)
    )
    assert other.exit_code != 0
    listed = json.loads(first.run("log", "witness", "list", "--json").output)
    assert [each["vkey"] for each in listed["witnesses"]] == [second.vkey(SignatureType.COSIGNATURE)]
    assert first.run("log", "witness", "forget", second.settings.base_url).exit_code == 0
    assert first.run("log", "witness").exit_code != 0


def test_a_fork_is_refused(tmp_path: Path) -> None:
    """The same log key, the same name, another history: as an operator would make it who rewrites his log."""
    first, second = LogHub.make(tmp_path / "first"), LogHub.make(tmp_path / "second")
    first.add(5)
    trusted = second.run("log", "witness", "trust", first.origin, first.vkey(SignatureType.ED25519))
    assert trusted.exit_code == 0
    copy = first.copy_database()
    first.add(2)
    with second.served():
        assert first.run("log", "witness", second.settings.base_url).exit_code == 0
        first.restore(copy)
        (first.settings.home / "log").rename(tmp_path / "set-aside")  # what the files beside it know
        first.add(3)

        refused = first.run("log", "witness", second.settings.base_url)

    assert getattr(refused.exception, "reason", "") == "LOG_FORKED"
    (kept,) = WitnessRecord(first.settings.home).witnesses()
    assert (kept.trouble, kept.size) == ("LOG_FORKED", 7)
    first.db.close()
    second.db.close()


def test_the_witness_answers_as_the_specification_says(pair: tuple[LogHub, LogHub]) -> None:
    first, second = pair
    note = checkpoint_of(first)
    body = AddCheckpoint(0, (), note).body().encode()
    stranger = AddCheckpoint(0, (), checkpoint_of(second)).body().encode()
    forged = Checkpoint(first.origin, 5, b"\0" * 32)
    foreign = sign_checkpoint(forged, second.issuer.signer(Purpose.LOG))
    own = sign_checkpoint(forged, first.issuer.signer(Purpose.LOG))

    assert send(second, stranger)[0] == 404
    with pytest.raises(LogNotWitnessedError):
        newest_note("no.example/log", db=second.db)
    assert send(second, b"nothing")[0] == 400
    assert send(second, b"\xff\xfe")[0] == 400
    assert send(second, b"old 9\n\n" + note.encode())[0] == 400
    assert send(second, AddCheckpoint(0, (), foreign).body().encode())[0] == 403
    assert send(second, AddCheckpoint(0, (b"\0" * 32,), note).body().encode())[0] == 400
    status, kind, answer = send(second, body)
    assert (status, kind) == (200, "text/plain; charset=utf-8")
    assert answer.decode().startswith(f"\u2014 {second.origin} ")
    assert send(second, body) == (409, "text/x.tlog.size", b"5\n")
    assert send(second, AddCheckpoint(5, (), note).body().encode())[0] == 200
    assert send(second, AddCheckpoint(5, (), own).body().encode()) == (409, "text/x.tlog.size", b"5\n")
    grown = sign_checkpoint(Checkpoint(first.origin, 9, b"\0" * 32), first.issuer.signer(Purpose.LOG))
    assert send(second, AddCheckpoint(5, (b"\0" * 32,), grown).body().encode())[0] == 422
    assert send(second, b"x" * 70_000)[0] == 413


def test_of_two_requests_at_once_one_counts(pair: tuple[LogHub, LogHub]) -> None:
    first, second = pair
    body = AddCheckpoint(0, (), checkpoint_of(first)).body().encode()
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(send(second, body)[0])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == [200] + [409] * 7


Handler = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def hostile() -> Iterator[Callable[[Handler], str]]:
    """A server of a stranger's: gives its address for what it does with a POST."""

    def start(behave: Handler) -> str:
        class Behaviour(Quiet, BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                behave(self)

            do_GET = do_POST  # noqa: N815  # the library's name

        return open_one(Behaviour)

    with strangers() as open_one:
        yield start


def answer(status: int, body: bytes = b"", kind: str = "text/plain", **headers: str) -> Handler:
    def behave(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    return behave


@pytest.mark.parametrize(
    ("behave", "reason"),
    [
        (answer(200, b"no signature"), "WITNESS_KEY"),
        (answer(200, b"\xe2\x80\x94 somebody AAAAAAAA\n"), "WITNESS_KEY"),
        (answer(200, b"x" * 20_000), "WITNESS_AWAY"),
        (answer(200, b"\xff"), "WITNESS_AWAY"),
        (answer(302, Location="http://127.0.0.1:1/"), "WITNESS_AWAY"),
        (answer(409, b"5\n"), "WITNESS_AWAY"),
        (answer(409, b"+5\n", "text/x.tlog.size"), "WITNESS_AWAY"),
        (answer(409, b"5\n", "text/x.tlog.size"), "WITNESS_DISPUTES"),
        (answer(409, b"9\n", "text/x.tlog.size"), "WITNESS_DISPUTES"),
        (answer(422), "WITNESS_DISPUTES"),
        (answer(404), "WITNESS_REFUSED"),
        (answer(403), "WITNESS_REFUSED"),
        (answer(500), "WITNESS_AWAY"),
    ],
)
def test_whatever_a_witness_answers_has_its_reason(
    tmp_path: Path, hostile: Callable[[Handler], str], behave: Handler, reason: str
) -> None:
    hub = LogHub.make(tmp_path / "hub")
    hub.add(5)
    record = WitnessRecord(hub.settings.home)
    witness = Witness(hostile(behave), hub.vkey(SignatureType.COSIGNATURE))
    with pytest.raises(Exception) as refused:  # noqa: PT011  # its reason is asked for below
        exchange(hub.db, witness, keys=hub.issuer.key_set, record=record, now=config.now())
    assert getattr(refused.value, "reason", None) == reason
    hub.db.close()


def test_a_witness_shows_the_newest_checkpoint_it_has_cosigned(pair: tuple[LogHub, LogHub]) -> None:
    first, second = pair
    seen = OutboundRequest("GET", f"{second.prefix}/seen", query=(("origin", first.origin),))
    assert client.ask(seen).status == 404, "nothing was cosigned yet"
    assert first.run("log", "witness", second.settings.base_url).exit_code == 0

    opened = open_cosigned(
        client.ask(seen).body,
        keys=first.issuer.key_set,
        origin=first.origin,
        witnesses=[second.key(SignatureType.COSIGNATURE)],
    )

    assert opened.checkpoint.size == 5
    assert [each.key.name for each in opened.cosigned_by] == [second.origin]
    for origin in ("", "nobody.example/log", "x" * 300):
        assert client.ask(OutboundRequest("GET", seen.url, query=(("origin", origin),))).status == 404
    again = ("trust", first.origin, first.vkey(SignatureType.ED25519), "--start-over")
    assert second.run("log", "witness", *again).exit_code == 0
    assert client.ask(seen).status == 404


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hub.example",
        "ftp://hub.example",
        "file:///etc/passwd",
        "http://",
        "https://user@hub.example",
        "https://user:secret@hub.example",
        "https://hub.example?x=1",
        "http://hub.example/log/witness",
        "https://hub.example/#x",
        "https://hub.example:x",
        "https://hub.example:70000",
        "http://[::1",
        "https://hub.example/a b",
        "https://hub.example/\r\nX: y",
        "http://\u4e2d.example",
        "https://hub.example/" + "a" * 200,
    ],
)
def test_an_address_that_no_witness_has_is_refused(url: str) -> None:
    with pytest.raises(WitnessAddressError):
        client.address_of(url)


def test_nobody_at_the_address_is_a_witness_away() -> None:
    with pytest.raises(WitnessAwayError):
        client.ask(OutboundRequest("GET", "http://127.0.0.1:1/key"))


def test_a_bare_address_is_where_hubs_witness() -> None:
    assert client.address_of("https://hub.example/") == "https://hub.example/log/witness"
    assert client.address_of("https://witness.example/w1/") == "https://witness.example/w1"
