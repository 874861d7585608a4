"""Long answers that wait in files: how many, how large, and that none of them stays."""

import os
import resource
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from hub.server import bounds
from hub.server.spool import Spool, SpoolFullError
from hub.server.wsgi import HttpRequest, ServedApplication
from tests.support.long_answers import PART, PARTS, BrokenError, app
from tests.support.processes import nameless_files

MEGABYTE = 1 << 20


def asking(path: str, *, method: str = "GET", address: str = "192.0.2.1") -> HttpRequest:
    return HttpRequest(method, path, "HTTP/1.1", [("host", "x")], None, 0, address, keeps_alive=True)


def gateway(application: Any = app, **bounds_: int) -> ServedApplication:
    return ServedApplication(application, host="x", port=80, multiprocess=False, spool=Spool(**bounds_))


def test_the_number_of_files_is_bounded_and_a_closed_one_makes_room() -> None:
    spool = Spool(files=8, is_shared=True)
    held = [spool.begin("192.0.2.1") for _ in range(8)]

    assert not spool.has_room("192.0.2.2")
    with pytest.raises(SpoolFullError):
        spool.begin("192.0.2.2")
    held[0].close()
    held[0].close()
    assert spool.files == 7
    for one in [*held, spool.begin("192.0.2.2")]:
        one.close()
    assert spool.files == 0


def test_one_address_has_a_quarter_of_the_files() -> None:
    spool = Spool(files=8)
    held = [spool.begin("192.0.2.1") for _ in range(2)]

    assert not spool.has_room("192.0.2.1")
    assert spool.has_room("192.0.2.2")
    for one in held:
        one.close()
    assert spool.has_room("192.0.2.1")


def test_the_bytes_of_all_files_together_are_bounded() -> None:
    spool = Spool(size=2 * MEGABYTE)
    first, second = spool.begin("192.0.2.1"), spool.begin("192.0.2.2")
    first.write(b"x" * MEGABYTE)
    second.write(b"x" * MEGABYTE)

    with pytest.raises(SpoolFullError):
        first.write(b"x")
    second.close()
    first.write(b"x")
    assert spool.size == MEGABYTE + 1
    first.close()
    assert (spool.files, spool.size) == (0, 0)


def test_an_answer_that_finds_no_room_is_a_refusal_with_its_reason_and_leaves_nothing() -> None:
    served = gateway(size=4 * MEGABYTE)

    answer = served.answer(asking("/long"))

    assert answer.head.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nRetry-After: 30\r\n" in answer.head
    assert b'"reason": "ANSWERS_WAITING"' in answer.head
    assert "等待接收的下载过多".encode() in answer.head
    assert b"Too many downloads are waiting" in answer.head
    assert (served.spool.files, served.spool.size) == (0, 0)


def test_a_long_answer_is_read_whole_and_then_gone() -> None:
    served = gateway()
    before = nameless_files(os.getpid())
    answer = served.answer(asking("/long"))
    assert answer.file is not None
    assert nameless_files(os.getpid()) > before
    assert served.spool.size == PARTS * len(PART)

    assert b"".join(iter(lambda: answer.file.read(bounds.PIECE), b"")) == PART * PARTS  # type: ignore[union-attr]  # above
    answer.file.close()

    assert (served.spool.files, served.spool.size) == (0, 0)


@pytest.mark.parametrize(
    ("path", "method"),
    [("/breaks", "GET"), ("/long", "HEAD")],
    ids=("it fails half-way", "nobody wants the body"),
)
def test_an_answer_that_is_not_sent_leaves_no_file(path: str, method: str) -> None:
    served = gateway()
    before = nameless_files(os.getpid())
    try:
        served.answer(asking(path, method=method))
    except BrokenError as error:
        kept = error  # with its frames: nothing may depend on their end
        assert kept.__traceback__ is not None
        assert nameless_files(os.getpid()) == before

    assert nameless_files(os.getpid()) == before
    assert (served.spool.files, served.spool.size) == (0, 0)


def test_a_head_that_cannot_be_written_leaves_no_file() -> None:
    def odd(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        app(environ, lambda *_: None)
        start_response("200 OK", [("X-Name", "衢州")])
        return [PART] * PARTS

    served = gateway(odd)
    with pytest.raises(UnicodeEncodeError):
        served.answer(asking("/long"))
    assert (served.spool.files, served.spool.size) == (0, 0)


class Costly:
    """An application whose every request is an export, and which counts how often it ran."""

    def __init__(self) -> None:
        self.costs = self
        self.runs = 0

    def is_heavy(self, method: str, path: str) -> bool:  # noqa: ARG002  # the server's question
        return True

    def body_limit(self, method: str, path: str) -> int:  # noqa: ARG002  # the server's question
        return 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.runs += 1
        return app(environ, start_response)


def test_an_export_that_could_not_wait_is_refused_before_it_is_made() -> None:
    costly = Costly()
    served = gateway(costly, files=4)
    first = served.answer(asking("/long"))

    assert served.answer(asking("/long")).head.startswith(b"HTTP/1.1 503 ")
    assert costly.runs == 1
    assert first.file is not None
    first.file.close()


def test_a_disk_that_takes_no_more_is_the_same_refusal() -> None:
    served = gateway()
    before = nameless_files(os.getpid())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4 * MEGABYTE, hard))  # a longer file fails as on a full disk
    try:
        answer = served.answer(asking("/long"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert b'"reason": "ANSWERS_WAITING"' in answer.head
    assert (served.spool.files, served.spool.size, nameless_files(os.getpid())) == (0, 0, before)
