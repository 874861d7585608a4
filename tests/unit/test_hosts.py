"""Under which names and ports the hub answers."""

from collections.abc import Iterable
from typing import Any

import pytest

from hub.web.hosts import Hosts


def is_answered(base_url: str, host: str, *, port: str = "8000") -> bool:
    said: list[str] = []

    def app(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b""]

    Hosts(app, base_url)(
        {"HTTP_HOST": host, "SERVER_PORT": port}, lambda status, _headers: said.append(status)
    )
    return said == ["200 OK"]


@pytest.mark.parametrize("host", ["hub.example", "HUB.example", "hub.example:443"])
def test_the_public_name_is_answered(host: str) -> None:
    assert is_answered("https://hub.example", host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "hub.example:",
        "hub.example:80",
        "hub.example:8000",
        "hub.example:99999",
        "hub.example:0443",
        "hub.example:443:443",
        "hub.example:４４３",
        "hub.example:-443",
        "hub.example:443@evil.example",
        "hub.example,evil.example",
        "127.0.0.1",
        "localhost:8000",
    ],
)
def test_no_other_name_or_port_is_answered(host: str) -> None:
    assert not is_answered("https://hub.example", host)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "localhost", "localhost:8123"])
def test_on_loopback_the_port_that_is_listened_on_will_do(host: str) -> None:
    assert is_answered("http://127.0.0.1:8000", host, port="8123")


@pytest.mark.parametrize("host", ["127.0.0.1:99999", "127.0.0.1:1", "localhost:"])
def test_on_loopback_no_other_port_will(host: str) -> None:
    assert not is_answered("http://127.0.0.1:8000", host, port="8123")
