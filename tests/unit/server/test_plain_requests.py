"""What a full server turns away without parsing it: only what it would turn away after parsing as well."""

import pytest

from hub.server.bounds import MAX_TARGET_BYTES
from hub.server.reading import plain_path

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
    assert plain_path(text.encode()) == path


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
    assert plain_path(text.encode()) is None
