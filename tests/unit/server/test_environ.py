"""What an application is given of a request (PEP 3333), and what its answer becomes on the wire."""

import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from io import BytesIO
from typing import Any

import pytest

from hub.server import bounds, refusals
from hub.server.bounds import NoCosts
from hub.server.wsgi import Headers, HttpRequest, HttpResponse, ServedApplication


def request(method: str = "GET", target: str = "/", **others: Any) -> HttpRequest:
    given: dict[str, Any] = {
        "version": "HTTP/1.1",
        "headers": [("host", "hub.example")],
        "body": None,
        "length": 0,
        "address": "192.0.2.1",
        "keeps_alive": True,
    }
    return HttpRequest(method, target, **(given | others))


class Recording:
    """An application that keeps what it was given and answers what it was made for."""

    def __init__(
        self, status: str = "200 OK", headers: Headers | None = None, parts: Iterable[bytes] = ()
    ) -> None:
        self.environ: dict[str, Any] = {}
        self.read = b""
        self.is_closed = False
        self._status, self._headers, self._parts = status, headers or [], tuple(parts)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> "Recording":
        self.environ = environ
        self.read = environ["wsgi.input"].read()
        start_response(self._status, self._headers)
        return self

    def __iter__(self) -> Any:
        return iter(self._parts)

    def close(self) -> None:
        self.is_closed = True


def answered(application: Any, asked: HttpRequest) -> HttpResponse:
    return ServedApplication(application, host="hub.example", port=8443, multiprocess=True).answer(asked)


def environ(asked: HttpRequest) -> dict[str, Any]:
    application = Recording()
    answered(application, asked)
    return application.environ


def test_the_environment_names_server_request_and_caller() -> None:
    given = environ(request("POST", "/a/b?c=d&e", version="HTTP/1.0"))

    assert {name: given[name] for name in given if name.isupper()} == {
        "SCRIPT_NAME": "",
        "SERVER_NAME": "hub.example",
        "SERVER_PORT": "8443",
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/a/b",
        "QUERY_STRING": "c=d&e",
        "REQUEST_URI": "/a/b?c=d&e",
        "RAW_URI": "/a/b?c=d&e",
        "SERVER_PROTOCOL": "HTTP/1.0",
        "REMOTE_ADDR": "192.0.2.1",
        "HTTP_HOST": "hub.example",
    }
    assert (given["wsgi.multithread"], given["wsgi.multiprocess"], given["wsgi.run_once"]) == (
        True,
        True,
        False,
    )
    assert (given["wsgi.version"], given["wsgi.url_scheme"], given["wsgi.input_terminated"]) == (
        (1, 0),
        "http",
        True,
    )


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("/%E4%B8%80", "/\xe4\xb8\x80", ""),
        ("/a%2Fb", "/a/b", ""),
        ("/a+b", "/a+b", ""),
        ("/a?b=%20?c", "/a", "b=%20?c"),
        ("/a%3Fb?c", "/a?b", "c"),
        ("/a?", "/a", ""),
    ],
)
def test_the_path_is_unquoted_once_and_the_query_stays_as_it_was(target: str, path: str, query: str) -> None:
    given = environ(request(target=target))

    assert (given["PATH_INFO"], given["QUERY_STRING"], given["RAW_URI"]) == (path, query, target)


@pytest.mark.parametrize(
    ("headers", "key", "value"),
    [
        ([("x-one", "a")], "HTTP_X_ONE", "a"),
        ([("x-one", "a"), ("x-one", "b")], "HTTP_X_ONE", "a,b"),
        ([("cookie", "a=1"), ("cookie", "b=2")], "HTTP_COOKIE", "a=1; b=2"),
        (
            [("x-forwarded-for", "192.0.2.8"), ("x-forwarded-for", "192.0.2.9")],
            "HTTP_X_FORWARDED_FOR",
            "192.0.2.8,192.0.2.9",
        ),
        ([("content-type", "text/plain")], "CONTENT_TYPE", "text/plain"),
    ],
)
def test_headers_that_come_twice_are_one_in_their_order(headers: Headers, key: str, value: str) -> None:
    assert environ(request(headers=headers))[key] == value


def test_no_header_becomes_one_of_the_servers_own_names() -> None:
    given = environ(request(headers=[("remote-addr", "203.0.113.1"), ("script-name", "/x")]))

    assert given["REMOTE_ADDR"] == "192.0.2.1"
    assert given["SCRIPT_NAME"] == ""


def test_the_length_is_that_of_the_body_whatever_the_header_said() -> None:
    body = BytesIO(b"hello")
    application = Recording()
    answered(application, request("POST", headers=[("transfer-encoding", "chunked")], body=body, length=5))

    assert application.environ["CONTENT_LENGTH"] == "5"
    assert application.read == b"hello"
    assert body.closed


def test_a_request_leaves_nothing_in_the_environment_of_the_next() -> None:
    application = Recording()
    served = ServedApplication(application, host="x", port=80, multiprocess=False)
    served.answer(request(headers=[("x-one", "a")]))
    served.answer(request())

    assert "HTTP_X_ONE" not in application.environ


def lines(answer: HttpResponse) -> list[str]:
    return answer.head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        ("200 OK", [], ["HTTP/1.1 200 OK", "Content-Length: 5"]),
        ("200 OK", [("X", "a"), ("X", "b")], ["HTTP/1.1 200 OK", "X: a", "X: b", "Content-Length: 5"]),
        ("200 OK", [("content-length", "5")], ["HTTP/1.1 200 OK", "content-length: 5"]),
        ("404 Not Found", [], ["HTTP/1.1 404 Not Found", "Content-Length: 5"]),
        ("204 No Content", [], ["HTTP/1.1 204 No Content"]),
        ("304 Not Modified", [], ["HTTP/1.1 304 Not Modified"]),
    ],
)
def test_a_head_names_the_length_once_unless_there_is_no_body(
    status: str, headers: Headers, expected: list[str]
) -> None:
    assert lines(answered(Recording(status, headers, [b"he", b"llo"]), request())) == expected


def test_an_answer_closes_the_connection_exactly_when_the_request_does() -> None:
    for keeps_alive in (True, False):
        answer = answered(Recording(), request(keeps_alive=keeps_alive))
        assert answer.closes is not keeps_alive
        assert ("Connection: close" in lines(answer)) is not keeps_alive


def test_an_answer_to_head_has_the_length_and_no_body() -> None:
    answer = answered(Recording(parts=[b"hello"]), request("HEAD"))

    assert (answer.body, answer.file) == (b"", None)
    assert "Content-Length: 5" in lines(answer)


def test_a_piece_stays_in_memory_and_a_byte_more_waits_in_a_file() -> None:
    short = answered(Recording(parts=[b"a" * bounds.PIECE]), request())
    long = answered(Recording(parts=[b"a" * bounds.PIECE, b"b"]), request())

    assert (len(short.body), short.file) == (bounds.PIECE, None)
    assert long.body == b""
    assert long.file is not None
    assert long.file.read(1 << 20) == b"a" * bounds.PIECE + b"b"
    long.file.close()


def test_what_an_application_writes_comes_before_what_it_returns() -> None:
    def writing(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        write = start_response("200 OK", [])
        write(b"a")
        write(b"b")
        return [b"c", b"d"]

    assert answered(writing, request()).body == b"abcd"


def test_the_answer_is_closed_when_it_was_collected() -> None:
    application = Recording(parts=[b"a"])
    answered(application, request())

    assert application.is_closed


def test_an_application_that_states_no_costs_has_small_bodies_and_nothing_heavy() -> None:
    costs = ServedApplication(Recording(), host="x", port=80, multiprocess=False).costs

    assert isinstance(costs, NoCosts)
    assert costs.body_limit("POST", "/") == bounds.SMALL_BODY
    assert not costs.is_heavy("POST", "/")


REASONS = {
    400: "BAD_REQUEST",
    408: "REQUEST_TIMEOUT",
    413: "REQUEST_ENTITY_TOO_LARGE",
    431: "REQUEST_HEADER_FIELDS_TOO_LARGE",
    500: "INTERNAL_SERVER_ERROR",
    503: "OVERLOADED",
}


@pytest.mark.parametrize("closes", [True, False])
@pytest.mark.parametrize(("status", "reason"), REASONS.items())
def test_a_refusal_is_a_whole_problem_with_its_reason(status: int, reason: str, *, closes: bool) -> None:
    head, _, body = refusals.answer(HTTPStatus(status), closes=closes).partition(b"\r\n\r\n")
    first, *headers = head.decode().split("\r\n")
    named = dict(line.split(": ", 1) for line in headers)
    document = json.loads(body)

    assert first == f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"
    assert int(named.pop("Content-Length")) == len(body)
    assert named.pop("Retry-After", None) == ("1" if status == 503 else None)
    assert named.pop("Connection", None) == ("close" if closes else None)
    assert named == {
        "Content-Type": "application/problem+json",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    assert (document["type"], document["status"], document["reason"]) == ("about:blank", status, reason)
    assert document["title"] == document["message"]["en"]
    assert document["message"]["zh"]


def test_a_refusal_of_head_has_the_same_head_and_no_body() -> None:
    whole = refusals.answer(HTTPStatus.SERVICE_UNAVAILABLE, closes=False)
    bare = refusals.answer(HTTPStatus.SERVICE_UNAVAILABLE, closes=False, to_head=True)

    assert bare.endswith(b"\r\n\r\n")
    assert whole.startswith(bare)
    assert len(whole) > len(bare)
