"""The nginx example, run by nginx: TLS, the port kept, the asker's real address, slow senders held off."""

import http.client
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hub.web.limits import PER_MINUTE, Rate
from tests.support.servers import START_SECONDS, Server, free_port, running_hub

EXAMPLE = Path(__file__).parents[2] / "packaging/nginx/hub.conf"
SLOW_SENDERS = 12  # more than the threads of a worker, fewer than the example's connections for an address


@dataclass(frozen=True)
class Answer:
    """What a browser got."""

    status: int
    location: str
    body: bytes


@dataclass(frozen=True)
class Front:
    """nginx with the example in it, and the hub behind."""

    hub: Server
    port: int
    certificate: Path

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        trust = ssl.create_default_context(cafile=str(self.certificate))
        connection = http.client.HTTPSConnection("localhost", self.port, timeout=20, context=trust)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, sent)
            given = connection.getresponse()
            return Answer(given.status, given.getheader("Location", ""), given.read())
        finally:
            connection.close()

    def tunnel(self) -> ssl.SSLSocket:
        trust = ssl.create_default_context(cafile=str(self.certificate))
        return trust.wrap_socket(
            socket.create_connection(("localhost", self.port), 20), server_hostname="localhost"
        )


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("front")
    certificate, key = folder / "hub.pem", folder / "hub.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    plain, secure = free_port(), free_port()
    own = {"HUB_BASE_URL": f"https://localhost:{secure}", "HUB_PROXIES": "1", "HUB_RATE_FACTOR": "1"}
    with running_hub(folder / "home", enterprises=20, extra=own) as hub:
        inner = hub.port
        text = EXAMPLE.read_text(encoding="utf-8")
        for old, new in (
            ("listen 80;", f"listen 127.0.0.1:{plain};"),
            ("listen 443 ssl", f"listen 127.0.0.1:{secure} ssl"),
            ("127.0.0.1:8000", f"127.0.0.1:{inner}"),
            ("server_name hub.example", "server_name localhost"),
            ("/etc/ssl/hub.example.pem", str(certificate)),
            ("/etc/ssl/private/hub.example.key", str(key)),
        ):
            assert old in text
            text = text.replace(old, new)
        yield from _served(folder, text, Front(hub, secure, certificate))


def _served(folder: Path, text: str, front: Front) -> Iterator[Front]:
    (folder / "hub.conf").write_text(text, encoding="utf-8")
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; user root; events {{}}"
        f"http {{ access_log off; {temporary} include {folder}/hub.conf; }}",
        encoding="utf-8",
    )
    command = ["/usr/sbin/nginx", "-p", str(folder), "-c", str(whole)]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    process = subprocess.Popen(command)
    try:
        _wait(front.port)
        yield front
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("nginx does not listen")


def test_a_page_comes_over_tls_and_redirects_keep_the_port(front: Front) -> None:
    page = front.ask("GET", "/")
    login = front.ask("GET", "/enterprise/", Accept="text/html")

    assert page.status == 200
    assert login.status == 303
    assert login.location.startswith(("/", f"https://localhost:{front.port}/"))


def test_a_form_of_our_own_page_is_not_taken_for_another_sites(front: Front) -> None:
    ours = front.ask("POST", "/access/login", b"", Origin=f"https://localhost:{front.port}")
    foreign = front.ask("POST", "/access/login", b"", Origin="https://evil.example")

    assert b"CROSS_SITE" not in ours.body
    assert foreign.status == 403


def test_an_address_that_the_asker_claims_is_not_believed(front: Front) -> None:
    answers = [
        front.ask("POST", "/access/login/options", b"{}", X_Forwarded_For=f"203.0.113.{number}").status
        for number in range(PER_MINUTE[Rate.LOGIN] + 5)
    ]
    assert answers[-1] == 429


def test_the_figures_are_closed_to_the_outside(front: Front) -> None:
    assert front.ask("GET", "/metrics").status == 404
    assert front.ask("GET", "/metrics", X_Forwarded_For="127.0.0.1").status == 404


def test_slow_senders_hold_nobody_up(front: Front) -> None:
    """Each sends the head of a request and one byte of its body, and then waits."""
    head = f"POST /api/v1/verifications HTTP/1.1\r\nHost: localhost:{front.port}\r\nContent-Type: application/json\r\n"
    slow = [front.tunnel() for _ in range(SLOW_SENDERS)]
    try:
        for each in slow:
            each.sendall(f"{head}Content-Length: 1000\r\n\r\n{{".encode())
        assert front.ask("GET", "/healthz").status == 200
        assert front.ask("GET", "/").status == 200
    finally:
        for each in slow:
            each.close()
