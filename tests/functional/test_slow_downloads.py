"""Long answers to callers who do not read, over real sockets: bounded, refused beyond, and gone with the caller."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.support.long_answers import PART, PARTS
from tests.support.processes import nameless_files, until

FILES = 8  # and so two for one address
ASK = b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n"
SHORT = b"GET /short HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
LAST = ASK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


@pytest.fixture
def served() -> Iterator[tuple[int, int]]:
    """The process and port of a server whose spool is small."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "hub.server", "tests.support.long_answers:app"]
    with subprocess.Popen([*command, "--port", str(port), "--spool-files", str(FILES)]) as process:
        try:
            until(lambda: is_open(port))
            yield process.pid, port
        finally:
            process.terminate()


def is_open(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def waiting(pid: int) -> int:
    """How many answers wait in files, as the system counts them: such files have no name."""
    return len(nameless_files(pid))


def connect(port: int, address: str) -> socket.socket:
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    one.settimeout(60)
    one.bind((address, 0))
    one.connect(("127.0.0.1", port))
    return one


def whole(port: int, request: bytes, address: str = "127.0.0.1") -> tuple[bytes, bytes]:
    with connect(port, address) as one:
        one.sendall(request)
        got = b"".join(iter(lambda: one.recv(1 << 20), b""))
    head, _, body = got.partition(b"\r\n\r\n")
    return head, body


def test_readers_who_do_not_read_fill_the_spool_and_leave_nothing_when_they_go(
    served: tuple[int, int],
) -> None:
    pid, port = served
    with ExitStack() as readers:
        for number in range(FILES):
            one = readers.enter_context(connect(port, f"127.0.1.{number + 1}"))
            one.sendall(ASK)
            until(lambda count=number + 1: waiting(pid) == count)  # type: ignore[misc]  # the number as it is now

        head, body = whole(port, LAST)
        assert head.startswith(b"HTTP/1.1 503 ")
        assert b"Retry-After: 30" in head
        assert json.loads(body)["reason"] == "ANSWERS_WAITING"
        assert whole(port, SHORT)[1] == b"short"
        assert waiting(pid) == FILES

    until(lambda: waiting(pid) == 0)
    assert whole(port, LAST)[1] == PART * PARTS
    until(lambda: waiting(pid) == 0)


def test_one_address_cannot_take_all_files(served: tuple[int, int]) -> None:
    pid, port = served
    with ExitStack() as readers:
        for number in range(FILES // 4):
            readers.enter_context(connect(port, "127.0.1.1")).sendall(ASK)
            until(lambda count=number + 1: waiting(pid) == count)  # type: ignore[misc]  # the number as it is now

        assert whole(port, LAST, "127.0.1.1")[0].startswith(b"HTTP/1.1 503 ")
        assert whole(port, LAST, "127.0.1.2")[1] == PART * PARTS
    until(lambda: waiting(pid) == 0)


def test_an_answer_that_breaks_half_way_leaves_no_file(served: tuple[int, int]) -> None:
    pid, port = served
    for _ in range(3):
        assert whole(port, LAST.replace(b"/long", b"/breaks"))[0].startswith(b"HTTP/1.1 500 ")
    assert waiting(pid) == 0
