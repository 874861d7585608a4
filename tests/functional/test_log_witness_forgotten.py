"""The record of witnesses while several change it: one that is forgotten stays so, and none is lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from hub import config
from hub.kernel.outbound import OutboundRequest
from hub.trust.witnesses import client
from hub.trust.witnesses.record import Witness, WitnessRecord
from hub.trust.witnesses.rounds import ask_all
from signing.log import SignatureType
from tests.support.logs import LogHub
from tests.support.strangers import Quiet, strangers
from tests.support.threads import at_once

MANY = 8


@contextmanager
def before(hub: LogHub, happens: Callable[[], object]) -> Iterator[str]:
    """A way to a hub's witness on which something happens first; its address."""

    class Way(Quiet, BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            happens()
            reply = client.ask(OutboundRequest("POST", f"{hub.prefix}/add-checkpoint", body))
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.type)
            self.end_headers()
            self.wfile.write(reply.body.encode())

    with strangers() as start:
        yield start(Way)


def test_a_witness_forgotten_while_it_is_asked_is_not_put_back(tmp_path: Path) -> None:
    log, witness = LogHub.make(tmp_path / "log"), LogHub.make(tmp_path / "witness")
    log.add(5)
    witness.run("log", "witness", "trust", log.origin, log.vkey(SignatureType.ED25519))
    record = WitnessRecord(log.settings.home)

    def forget() -> None:
        record.remove(url)

    with witness.served(), before(witness, forget) as url:
        record.put(Witness(url, witness.vkey(SignatureType.COSIGNATURE)))
        told = ask_all(log.db, keys=log.issuer.key_set, home=log.settings.home, now=config.now())

    assert [each.problem for each in told] == [None]
    assert record.witnesses() == ()
    log.db.close()
    witness.db.close()


def test_of_witnesses_put_on_record_at_once_none_is_lost(tmp_path: Path) -> None:
    hub = LogHub.make(tmp_path / "hub")
    vkey = hub.vkey(SignatureType.COSIGNATURE)

    def put(number: int) -> bool:
        WitnessRecord(hub.settings.home).put(Witness(f"http://127.0.0.1:{number + 1}/w", vkey))
        return True

    assert at_once(MANY, put) == [True] * MANY
    assert len(WitnessRecord(hub.settings.home).witnesses()) == MANY
    hub.db.close()
