"""What a caller meets while the server has far more to do than it can: it says so at once, and keeps to HTTP."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.support.flooding import flooded
from tests.support.processes import until
from tests.support.servers import free_port
from tests.support.sleepers import EXPORT

GET = b"GET /some/page HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{}"
RATE = 200  # a second: twenty times what the two threads of `tests.support.sleepers` answer
TRIES = 200  # an answer of 200 is possible: whoever comes when a thread is free gets in


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server under a flood."""
    number = free_port()
    command = [sys.executable, "-m", "hub.server", "--port", str(number), "tests.support.sleepers:app"]
    with subprocess.Popen(command) as server:
        try:
            until(lambda: _listens(number))
            with flooded(number, GET, rate=RATE):
                yield number
        finally:
            server.terminate()


@pytest.fixture
def ask(port: int) -> Iterator[Callable[[bytes], bytes]]:
    """Send bytes on one connection until they are refused; what came back to them, body and all."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as one:

        def until_refused(sent: bytes) -> bytes:
            for _ in range(TRIES):
                one.sendall(sent)
                said = _answer(one, has_body=not sent.startswith(b"HEAD"))
                if said.startswith(b"HTTP/1.1 503 "):
                    return said
                assert said.startswith(b"HTTP/1.1 200 ")
            raise AssertionError("never refused")

        yield until_refused


def test_a_refused_caller_may_ask_again_on_the_same_connection(ask: Callable[[bytes], bytes]) -> None:
    said = ask(GET)

    assert b"\r\nRetry-After: 1\r\n" in said
    assert b'"reason": "OVERLOADED"' in said
    assert ask(GET) == said


def test_whatever_is_refused_before_or_after_it_is_parsed_gets_the_same_answer(
    ask: Callable[[bytes], bytes],
) -> None:
    assert ask(POST) == ask(GET) == ask(GET.replace(b"Host", b"host"))


def test_a_refused_head_has_no_body(ask: Callable[[bytes], bytes]) -> None:
    assert ask(GET.replace(b"GET", b"HEAD")) == ask(GET).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


@pytest.mark.parametrize("path", [b"/healthz", b"/readyz", EXPORT.encode()])
def test_what_waits_elsewhere_is_answered(port: int, ask: Callable[[bytes], bytes], path: bytes) -> None:
    request = GET.replace(b"/some/page", path)
    ask(GET)
    with socket.create_connection(("127.0.0.1", port), timeout=60) as one:
        for _ in range(5):
            one.sendall(request)
            assert _answer(one).endswith(b"GET " + path)


def test_requests_sent_ahead_are_each_answered(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as one:
        one.sendall(GET * 3)
        said = [_answer(one)[9:12] for _ in range(3)]

    assert set(said) <= {b"200", b"503"}


def test_who_wants_the_connection_to_end_sees_it_end(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as one:
        one.sendall(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        said = b""
        while part := one.recv(65536):
            said += part

    assert b"\r\nConnection: close\r\n" in said


def _answer(one: socket.socket, *, has_body: bool = True) -> bytes:
    """One answer, to its last byte and no further."""
    said = b""
    while not said.endswith(b"\r\n\r\n"):
        said += _some(one, 1)
    length = int(said.lower().partition(b"content-length: ")[2].partition(b"\r")[0]) if has_body else 0
    while length:
        part = _some(one, length)
        said, length = said + part, length - len(part)
    return said


def _some(one: socket.socket, count: int) -> bytes:
    part = one.recv(count)
    assert part, "the connection ended"
    return part


def _listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
