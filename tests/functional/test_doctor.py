"""`hub doctor`: what it fails on, and what it proves of a hub behind a proxy."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from werkzeug.serving import make_server

from hub import config
from hub.cli.context import HubContext
from hub.cli.doctor import doctor
from hub.cli.doctor_findings import FindingLevel
from hub.cli.doctor_outside import look
from hub.config import Settings
from hub.kernel.database import Database
from hub.trust.keys.issuer import ring_folder
from tests.support.logs import LogHub
from tests.support.servers import free_port
from tests.support.strangers import Quiet

GOOD = "kW8vT2pQz5xN7mRb4hJc9dLf3sGy6aEu"


def run(settings: Settings, *options: str) -> Result:
    context = HubContext()
    context.settings = settings  # type: ignore[misc]  # a cached property takes it
    return CliRunner().invoke(doctor, list(options), obj=context)


def fixes(settings: Settings, *options: str) -> dict[str, str]:
    """What must be fixed, and the sentence for it."""
    told = run(settings, "--json", *options)
    found = {each["what"]: each for each in json.loads(told.stdout) if each["level"] == "fix"}
    assert told.exit_code == (1 if found else 0)
    return {what: f"{each['text']} {each['zh']}" for what, each in found.items()}


@pytest.fixture
def sound(settings: Settings, db: Database) -> Settings:
    """A hub with good secrets."""
    assert db.read_only is None
    return replace(settings, secret_key=GOOD, backup_passphrase=None)


def test_a_sound_hub_has_nothing_to_fix(sound: Settings) -> None:
    assert fixes(sound) == {}


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"secret_key": "a" * 32}, "secret HUB_SECRET_KEY"),
        ({"secret_key": "not-a-secret-" * 4}, "secret HUB_SECRET_KEY"),
        ({"secret_key": "0123456789abcdefghijklmnopqrstuvwxyz"}, "secret HUB_SECRET_KEY"),
        ({"keys_passphrase": "1"}, "secret HUB_KEYS_PASSPHRASE"),
        ({"keys_passphrase": "passwordpassword"}, "secret HUB_KEYS_PASSPHRASE"),
        ({"metrics_token": "a"}, "secret HUB_METRICS_TOKEN"),
        ({"metrics_token": "abababababababababab"}, "secret HUB_METRICS_TOKEN"),
        ({"backup_passphrase": "12345678901234567890"}, "secret HUB_BACKUP_PASSPHRASE"),
        ({"base_url": "https://hub.example"}, "proxies"),
        ({"metrics_token": GOOD}, "same secret twice"),
        ({"backup_passphrase": GOOD}, "same secret twice"),
        ({"database_url": "postgresql+psycopg://hub:hub@db.example/hub"}, "secret HUB_DATABASE_URL"),
        ({"redis_url": "redis://:redis@cache.example/0"}, "secret HUB_REDIS_URL"),
    ],
)
def test_what_can_be_guessed_or_is_open_must_be_fixed_in_both_languages(
    sound: Settings, changes: dict[str, str], what: str
) -> None:
    found = fixes(replace(sound, **changes))  # type: ignore[arg-type]  # settings by name

    assert what in found
    assert any("一" <= character <= "鿿" for character in found[what])


def test_demonstration_keys_in_a_real_hub_must_be_fixed(sound: Settings) -> None:
    ring_folder(sound).mark_demonstration()

    assert "demonstration data" in fixes(sound)


@contextmanager
def proxy(upstream: str, *, adds: str, port: int = 0, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """A small reverse proxy. `adds`: "append" the asker's address as it should, "pass" what came, or "nothing"."""
    host, behind = upstream.removeprefix("http://").split(":")

    class Forward(Quiet, BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: value for name, value in self.headers.items() if name != "Connection"}
            headers["Host"] = f"{host}:{behind}"  # the hub's public address, as this proxy's would be
            given = self.headers.get("X-Forwarded-For")
            if adds == "append":
                headers["X-Forwarded-For"] = f"{given}, 198.51.100.9" if given else "198.51.100.9"
                headers["X-Forwarded-Proto"] = "https"
            elif adds == "nothing":
                headers.pop("X-Forwarded-For", None)
            connection = HTTPConnection(host, int(behind), timeout=20)
            connection.request(self.command, self.path, body=body or None, headers=headers)
            answer = connection.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in {"connection", "content-length", "date", "server"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            connection.close()

        do_POST = do_GET  # noqa: N815  # the names are the standard library's

    server = ThreadingHTTPServer(("127.0.0.1", port), Forward)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LogHub]:
    made = LogHub.make(tmp_path / "hub")
    yield made
    made.db.close()


def told(hub: LogHub, url: str) -> dict[str, FindingLevel]:
    return {finding.what: finding.level for finding in look(url, hub.settings)}


def test_a_hub_asked_directly_on_its_own_machine_is_well(hub: LogHub) -> None:
    with hub.served():
        found = told(hub, hub.settings.base_url)

    assert found["reachable"] is FindingLevel.OK
    assert found["own address"] is FindingLevel.OK
    assert found["forwarding"] is FindingLevel.OK
    assert found["clock outside"] is FindingLevel.OK
    assert found["metrics"] is FindingLevel.NOTE
    assert FindingLevel.FIX not in found.values()


def test_a_proxy_that_is_counted_and_adds_the_askers_address_is_well(hub: LogHub) -> None:
    counted = LogHub(replace(hub.settings, proxies=1), hub.db)
    with counted.served(), proxy(hub.settings.base_url, adds="append") as url:
        found = told(counted, url)

    assert found["forwarding"] is FindingLevel.OK
    assert found["metrics"] is FindingLevel.OK
    assert found["bodies"] is FindingLevel.OK


def test_a_proxy_that_passes_on_what_the_asker_says_is_named(hub: LogHub) -> None:
    counted = LogHub(replace(hub.settings, proxies=1), hub.db)
    with counted.served(), proxy(hub.settings.base_url, adds="pass") as url:
        found = list(look(url, counted.settings))

    (forged,) = [each for each in found if each.what == "forwarding"]
    assert forged.level is FindingLevel.FIX
    assert "伪造" in forged.zh


@pytest.mark.parametrize("count", [2, 3, 9])
def test_more_proxies_than_there_are_is_named(hub: LogHub, count: int) -> None:
    counted = LogHub(replace(hub.settings, proxies=count), hub.db)
    with counted.served(), proxy(hub.settings.base_url, adds="append") as url:
        assert told(counted, url)["forwarding"] is FindingLevel.FIX


def test_an_address_at_which_nobody_answers_ends_the_asking(hub: LogHub) -> None:
    assert told(hub, "http://127.0.0.1:1") == {"reachable": FindingLevel.FIX}
    assert told(hub, "ftp://hub.example") == {"address": FindingLevel.FIX}
    assert told(hub, "http://127.0.0.1:x") == {"address": FindingLevel.FIX}


def certificate(folder: Path, *, days: int) -> tuple[Path, Path]:
    """A certificate for localhost that is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = config.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days, hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    paths = folder / "tls.pem", folder / "tls.key"
    paths[0].write_bytes(made.public_bytes(Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return paths


def over_tls(hub: LogHub, folder: Path, *, proxies: int, days: int) -> dict[str, dict[str, str]]:
    """What doctor finds at the address of a proxy that makes https, the hub behind it."""
    pem, key = certificate(folder, days=days)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    port = free_port()
    secure = LogHub(replace(hub.settings, base_url=f"https://localhost:{port}", proxies=proxies), hub.db)
    with secure.app() as app:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with proxy(f"http://127.0.0.1:{server.server_port}", adds="append", port=port, context=context):
            inner = HubContext()
            inner.settings = secure.settings  # type: ignore[misc]  # a cached property takes it
            runner = CliRunner(env={"SSL_CERT_FILE": str(pem)})
            done = runner.invoke(doctor, ["--url", secure.settings.base_url, "--json"], obj=inner)
        server.shutdown()
        server.server_close()
    return {each["what"]: each for each in json.loads(done.stdout)}


def test_https_behind_a_proxy_is_proven_from_outside(hub: LogHub, tmp_path: Path) -> None:
    found = over_tls(hub, tmp_path, proxies=1, days=90)

    for what in ("reachable", "own address", "certificate", "TLS", "old TLS", "HSTS", "cookies", "metrics",
                 "forwarding", "asker's address", "bodies", "clock outside"):  # fmt: skip
        assert found[what]["level"] == "ok", found[what]
    assert "scheme" not in found


def test_an_uncounted_proxy_and_a_certificate_about_to_end_are_named(hub: LogHub, tmp_path: Path) -> None:
    found = over_tls(hub, tmp_path, proxies=0, days=3)

    for what in ("proxies", "certificate", "scheme"):
        assert found[what]["level"] == "fix", found[what]
        assert found[what]["zh"]


def test_every_sentence_of_a_finding_is_said_in_both_languages(sound: Settings) -> None:
    """What stands alone is a value that both languages write alike: an address, a number, a name."""
    bad = replace(sound, keys_passphrase="wrong", base_url="http://hub.example", demo=True)
    away = replace(sound, database_url="postgresql+psycopg://127.0.0.1:1/none")
    told = [each for one in (sound, bad, away) for each in json.loads(run(one, "--json").stdout)]

    assert len(told) > 60
    alone = [each for each in told if not each["zh"] and not each["what"].startswith("HUB_")]
    assert [each for each in alone if each["text"] != "TLS"] == []
    assert [each for each in told if not each["zh"] and " " in each["text"]] == []
