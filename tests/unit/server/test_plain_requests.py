"""What a full server turns away without parsing it: only what it would turn away after parsing as well."""

import pytest

from hub.server.bounds import MAX_TARGET_BYTES, SMALL_BODY
from hub.server.reading import plain_request

HEAD = "GET /c/abc?zh=1 HTTP/1.1\r\nHost: hub.example\r\n"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (HEAD + "\r\n", "/c/abc"),
        (HEAD + "Accept: */*\r\nConnection: Keep-Alive\r\n\r\n", "/c/abc"),
        ("GET / HTTP/1.1\r\n\r\n", "/"),
        ("GET /%E4%B8%80 HTTP/1.1\r\nHost: hub.example\r\n\r\n", "/%E4%B8%80"),
    ],
)
def test_a_whole_get_on_a_connection_that_goes_on_is_plain(text: str, path: str) -> None:
    assert plain_request(text.encode()) == ("GET", path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        HEAD,
        HEAD + "\r\n" + HEAD + "\r\n",
        HEAD + "\r\nGET",
        HEAD + "Connection: close\r\n\r\n",
        HEAD + "connection:close\r\n\r\n",
        HEAD + "CONNECTION: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        HEAD + "Content-Length: 3\r\n\r\n",
        HEAD + "Transfer-Encoding: chunked\r\n\r\n",
        HEAD + "Expect: 100-continue\r\n\r\n",
        HEAD.replace("1.1", "1.0") + "\r\n",
        HEAD.replace("GET", "HEAD") + "\r\n",
        HEAD.replace("GET", "get") + "\r\n",
        HEAD.replace("/c/abc", "http://hub.example/c/abc") + "\r\n",
        HEAD.replace("/c/abc", "/c/a bc") + "\r\n",
        HEAD.replace("\r\n", "\n") + "\n",
        HEAD.replace("/c/abc", "/" + "c" * MAX_TARGET_BYTES) + "\r\n",
    ],
)
def test_whatever_else_arrives_is_parsed(text: str) -> None:
    assert plain_request(text.encode()) is None


POST = "POST /api/v1/verifications HTTP/1.1\r\nHost: hub.example\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("length", "body"),
    [
        ("Content-Length: 2\r\n", "{}"),
        ("content-length:2\r\n", "{}"),
        ("Content-Length: 0\r\n", ""),
        ("", ""),
        (f"Content-Length: {SMALL_BODY}\r\n", "x" * SMALL_BODY),
        ("Content-Length: 4\r\n", "\r\n\r\n"),
    ],
)
def test_a_whole_small_post_is_plain(length: str, body: str) -> None:
    assert plain_request(f"{POST}{length}\r\n{body}".encode()) == ("POST", "/api/v1/verifications")


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("Content-Length: 3\r\n", "{}"),
        ("Content-Length: 2\r\n", "{}GET / HTTP/1.1\r\n\r\n"),
        ("Content-Length: 2\r\n", ""),
        ("", "{}"),
        ("Content-Length: 2\r\nContent-Length: 2\r\n", "{}"),
        ("Content-Length : 2\r\n", "{}"),
        ("Content-Length: +2\r\n", "{}"),
        ("Content-Length: 2, 2\r\n", "{}"),
        ("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "{}"),
        ("Content-Length: 2\r\nExpect: 100-continue\r\n", "{}"),
        ("Content-Length: 2\r\nConnection: close\r\n", "{}"),
        (f"Content-Length: {SMALL_BODY + 1}\r\n", "x" * (SMALL_BODY + 1)),
    ],
)
def test_any_other_post_is_parsed(head: str, body: str) -> None:
    assert plain_request(f"{POST}{head}\r\n{body}".encode()) is None
