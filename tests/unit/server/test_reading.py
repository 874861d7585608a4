"""Requests out of bytes: whatever the pieces they arrive in, and never more than one caller may hold."""

from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.server import bounds
from hub.server.reading import Reader, RefusedError
from hub.server.wsgi import HttpRequest

GET = b"GET /c/abc?zh=1 HTTP/1.1\r\nHost: hub.example\r\n"
POST = b"POST /api HTTP/1.1\r\nHost: hub.example\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"


@dataclass
class Listening:
    """What a connection is shown of its requests."""

    address: str = "192.0.2.1"
    begun: int = 0
    heads: list[tuple[str, str, int | None, bool]] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    requests: list[HttpRequest] = field(default_factory=list)
    limit: int = 1 << 30

    def head_begins(self) -> None:
        self.begun += 1

    def head_ends(self, method: str, target: str, length: int | None, *, expects: bool) -> None:
        self.heads.append((method, target, length, expects))

    def grow(self, size: int) -> None:
        self.sizes.append(size)
        if size > self.limit:
            raise RefusedError(413)

    def request_ends(self, request: HttpRequest) -> None:
        self.requests.append(request)


def read(*pieces: bytes) -> Listening:
    listening = Listening()
    reader = Reader(listening)
    for piece in pieces:
        reader.feed(piece)
    return listening


def only(*pieces: bytes) -> HttpRequest:
    (request,) = read(*pieces).requests
    return request


def content(request: HttpRequest) -> bytes:
    return b"" if request.body is None else request.body.read()


def refusal(*pieces: bytes) -> int:
    with pytest.raises(RefusedError) as caught:
        read(*pieces)
    return caught.value.status


def test_a_request_has_what_its_line_and_headers_say() -> None:
    request = only(GET + b"X-One: a\r\nX-One: b\r\n\r\n")

    assert (request.method, request.target, request.path, request.version) == (
        "GET",
        "/c/abc?zh=1",
        "/c/abc",
        "HTTP/1.1",
    )
    assert request.headers == [("host", "hub.example"), ("x-one", "a"), ("x-one", "b")]
    assert (request.body, request.length, request.address) == (None, 0, "192.0.2.1")
    assert not request.is_large


WHOLE = (
    POST
    + b"Content-Length: 5\r\nX-Name: caf\xe9\r\n\r\nhello"
    + GET
    + b"\r\n"
    + CHUNKED
    + b"3\r\nabc\r\n0\r\n\r\n"
)


@given(cuts=st.lists(st.integers(0, len(WHOLE)), max_size=12))
def test_the_pieces_in_which_requests_arrive_make_no_difference(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(WHOLE)]
    found = read(*(WHOLE[begin:end] for begin, end in pairwise(edges) if begin < end))

    assert [(each.method, each.target, content(each), each.length) for each in found.requests] == [
        ("POST", "/api", b"hello", 5),
        ("GET", "/c/abc?zh=1", b"", 0),
        ("POST", "/api", b"abc", 3),
    ]
    assert found.begun == 3
    assert found.requests[0].headers[-1] == ("x-name", "caf\xe9")


def test_nothing_of_a_request_passes_to_the_next_one_of_the_connection() -> None:
    found = read(POST + b"Content-Length: 2\r\nX-One: a\r\nExpect: 100-continue\r\n\r\n{}" + GET + b"\r\n")

    assert found.heads == [("POST", "/api", 2, True), ("GET", "/c/abc?zh=1", None, False)]
    assert found.requests[1].headers == [("host", "hub.example")]
    assert found.requests[1].body is None


@pytest.mark.parametrize(
    ("header", "expects"),
    [
        (b"Expect: 100-continue", True),
        (b"Expect: 100-Continue", True),
        (b"Expect: x", False),
        (b"X: y", False),
    ],
)
def test_only_the_one_expectation_of_http_is_seen(header: bytes, *, expects: bool) -> None:
    assert read(GET + header + b"\r\n\r\n").heads[0][3] is expects


@pytest.mark.parametrize(
    ("text", "goes_on"),
    [
        (GET + b"\r\n", True),
        (GET + b"Connection: keep-alive\r\n\r\n", True),
        (GET + b"Connection: close\r\n\r\n", False),
        (GET.replace(b"1.1", b"1.0") + b"\r\n", False),
        (GET.replace(b"1.1", b"1.0") + b"Connection: keep-alive\r\n\r\n", False),
        (GET + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", False),
    ],
    ids=("plain", "asked to go on", "asked to close", "1.0", "1.0 that asks to go on", "upgrade"),
)
def test_a_connection_goes_on_after_http_1_1_alone(text: bytes, *, goes_on: bool) -> None:
    assert only(text).keeps_alive is goes_on


def test_a_header_with_an_underscore_is_dropped_since_wsgi_would_mistake_it_for_another() -> None:
    request = only(GET + b"X_Forwarded_For: 203.0.113.1\r\nX-Forwarded-For: 192.0.2.9\r\n\r\n")

    assert request.headers == [("host", "hub.example"), ("x-forwarded-for", "192.0.2.9")]


def test_a_header_after_a_body_in_chunks_is_none_of_the_request() -> None:
    request = only(CHUNKED + b"2\r\n{}\r\n0\r\nX-Actor: somebody\r\n\r\n")

    assert [name for name, _ in request.headers] == ["host", "transfer-encoding"]
    assert content(request) == b"{}"


@pytest.mark.parametrize(
    ("target", "origin_form", "host"),
    [
        (b"/a?b=c", "/a?b=c", "hub.example"),
        (b"http://other.example/a?b=c", "/a?b=c", "other.example"),
        (b"https://other.example:8443/a", "/a", "other.example:8443"),
        (b"http://other.example", "/", "other.example"),
        (b"http://other.example?b=c", "/?b=c", "other.example"),
    ],
)
def test_the_host_of_a_whole_address_is_the_one_that_counts(
    target: bytes, origin_form: str, host: str
) -> None:
    request = only(b"GET " + target + b" HTTP/1.1\r\nHost: hub.example\r\nX-One: a\r\n\r\n")

    assert request.target == origin_form
    assert [value for name, value in request.headers if name == "host"] == [host]
    assert ("x-one", "a") in request.headers


def test_options_of_the_whole_server_is_a_request() -> None:
    assert only(b"OPTIONS * HTTP/1.1\r\nHost: hub.example\r\n\r\n").target == "*"


@pytest.mark.parametrize(
    "text",
    [
        b"GET ftp://other.example/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http:/// HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://[/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT other.example:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01",
        POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        POST + b"Content-Length: -1\r\n\r\n",
        POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        GET + b" folded: a\r\n\r\n",
        GET + b"X-One : a\r\n\r\n",
        GET + b"X-One: a\0b\r\n\r\n",
    ],
    ids=(
        "another scheme",
        "no host",
        "half a host",
        "a tunnel",
        "no request",
        "TLS",
        "two lengths",
        "less than nothing",
        "a length and chunks",
        "no size of a chunk",
        "a folded header",
        "a space before the colon",
        "a NUL",
    ),
)
def test_what_has_no_reading_or_two_is_malformed(text: bytes) -> None:
    assert refusal(text) == 400


def test_a_target_may_have_so_many_bytes_and_not_one_more() -> None:
    longest = b"/" + b"a" * (bounds.MAX_TARGET_BYTES - 1)

    assert len(only(b"GET " + longest + b" HTTP/1.1\r\n\r\n").target) == bounds.MAX_TARGET_BYTES
    assert refusal(b"GET " + longest + b"a HTTP/1.1\r\n\r\n") == 431
    assert refusal(b"GET " + longest, b"a") == 431


def test_there_may_be_so_many_headers_and_not_one_more() -> None:
    lines = b"X-One: a\r\n" * bounds.MAX_HEADERS

    assert len(only(b"GET / HTTP/1.1\r\n" + lines + b"\r\n").headers) == bounds.MAX_HEADERS
    assert refusal(b"GET / HTTP/1.1\r\n" + lines + b"X-One: a\r\n\r\n") == 431


def test_headers_that_are_dropped_and_trailers_count_among_the_bytes() -> None:
    wide = b"X_One: " + b"a" * 8_000 + b"\r\n"

    assert only(GET + wide * 2 + b"\r\n")
    assert refusal(GET + wide * 3 + b"\r\n") == 431
    trailers = wide.replace(b"X_", b"X-") * 3
    assert refusal(CHUNKED + b"2\r\n{}\r\n0\r\n" + trailers + b"\r\n") == 431


def test_names_and_values_of_headers_count_and_what_stands_between_does_not() -> None:
    name = b"X" * 100
    exact = bounds.MAX_HEAD_BYTES - len(name)

    assert only(b"GET / HTTP/1.1\r\n" + name + b": " + b"a" * exact + b"\r\n\r\n")
    assert refusal(b"GET / HTTP/1.1\r\n" + name + b": " + b"a" * (exact + 1) + b"\r\n\r\n") == 431


def test_a_head_that_never_ends_is_refused_by_what_arrived_of_it() -> None:
    piece = b"a" * 1024
    pieces = [b"GET / HTTP/1.1\r\nX-One: ", *([piece] * (bounds.MAX_HEAD_BYTES // 1024))]

    assert read(*pieces[:-1]).requests == []
    assert refusal(*pieces) == 431


def test_a_head_that_ended_makes_room_for_the_next_one() -> None:
    wide = b"X-One: " + b"a" * (bounds.MAX_HEAD_BYTES - 200) + b"\r\n"
    halves = [GET, wide + b"\r\n"] * 4

    assert len(read(*halves).requests) == 4


def test_a_small_body_stays_in_memory_and_a_byte_more_goes_to_a_file() -> None:
    for size, is_large in ((bounds.SMALL_BODY, False), (bounds.SMALL_BODY + 1, True)):
        request = only(POST + b"Content-Length: %d\r\n\r\n" % size, b"a" * (size - 1), b"b")
        assert request.is_large is is_large
        assert request.length == size
        assert request.body is not None
        assert hasattr(request.body, "getbuffer") is not is_large
        assert content(request) == b"a" * (size - 1) + b"b"
        request.body.close()


def test_a_body_is_counted_while_it_arrives_and_refused_when_it_is_too_large() -> None:
    listening = Listening(limit=4)
    reader = Reader(listening)
    reader.feed(CHUNKED + b"3\r\nabc\r\n")
    with pytest.raises(RefusedError) as caught:
        reader.feed(b"2\r\nde\r\n")

    assert caught.value.status == 413
    assert listening.sizes == [3, 5]
    assert listening.requests == []


def test_a_body_that_was_not_read_to_its_end_leaves_no_file() -> None:
    reader = Reader(Listening())
    reader.feed(POST + b"Content-Length: 200000\r\n\r\n" + b"a" * 100_000)
    file = reader._file
    assert file is not None
    reader.close()
    reader.close()

    assert file.closed
