"""A witness that answers drop by drop, for ever: the round ends, and the database waits for nobody."""

import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from hub import config
from hub.kernel.outbound import OutboundRequest, Reply
from hub.trust.witnesses import client
from hub.trust.witnesses.errors import WitnessAwayError
from hub.trust.witnesses.exchange import exchange
from hub.trust.witnesses.record import Witness, WitnessRecord
from signing.log import SignatureType
from tests.support.logs import LogHub
from tests.support.strangers import Quiet, strangers


@pytest.fixture
def dripping() -> Iterator[Callable[[bytes, bytes], str]]:
    """A server that says `first`, then `drop` again and again for as long as anybody listens; its address."""

    def start(first: bytes, drop: bytes) -> str:
        class Behaviour(Quiet, BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.close_connection = True
                try:
                    self.wfile.write(first)
                    while True:
                        self.wfile.write(drop)
                        time.sleep(0.05)
                except OSError:
                    return

        return open_one(Behaviour)

    with strangers() as open_one:
        yield start


@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (b"HTTP/1.1 422 No\r\nX-Long: ", b"a"),
        (b"HTTP/1.1 422 No\r\nX-Many: a\r\n", b" b\r\n"),
        (b"", b"H"),
        (b"HTTP/1.1 422 No\r\nContent-Length: 9000\r\n\r\n", b"a"),
        (b"HTTP/1.1 422 No\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
        (b"HTTP/1.1 422 No\r\n\r\n", b"a"),
    ],
)
def test_a_witness_that_never_finishes_is_a_witness_away(
    dripping: Callable[[bytes, bytes], str], first: bytes, drop: bytes
) -> None:
    url = dripping(first, drop)
    with pytest.raises(WitnessAwayError):
        client.ask(OutboundRequest("GET", f"{url}/seen"), seconds=0.3)


def test_nothing_is_held_open_in_the_database_while_a_witness_is_waited_for(tmp_path: Path) -> None:
    hub = LogHub.make(tmp_path / "hub")
    hub.add(5)
    held: list[str] = []

    def ask(_request: OutboundRequest) -> Reply:
        held.append(hub.db.engine.pool.status())
        return Reply(409, "text/x.tlog.size", f"{len(held) % 4 + 1}\n")

    with pytest.raises(WitnessAwayError):
        exchange(
            hub.db,
            Witness("https://witness.example/w", hub.vkey(SignatureType.COSIGNATURE)),
            keys=hub.issuer.key_set,
            record=WitnessRecord(hub.settings.home),
            now=config.now(),
            ask=ask,
        )
    hub.db.close()

    assert len(held) > 1
    assert all("Current Checked out connections: 0" in each for each in held), held
