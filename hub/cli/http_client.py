"""One question to a hub at an address, as anybody asks it."""

import http.client
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from hub.config import LOOPBACK

TIMEOUT_SECONDS = 10.0
MAX_ANSWER_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class HubAddress:
    """The address that is asked."""

    scheme: str
    host: str
    port: int

    @property
    def is_https(self) -> bool:
        return self.scheme == "https"

    @property
    def is_loopback(self) -> bool:
        return self.host in LOOPBACK

    def connection(self, *, timeout: float = TIMEOUT_SECONDS) -> http.client.HTTPConnection:
        if self.is_https:
            return http.client.HTTPSConnection(self.host, self.port, timeout=timeout)
        return http.client.HTTPConnection(self.host, self.port, timeout=timeout)


@dataclass(frozen=True, slots=True)
class HubAnswer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: list[str] = field(default_factory=list)


def ask(
    place: HubAddress,
    path: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> HubAnswer:
    with closing(place.connection()) as connection:
        connection.request(method, path, body=body, headers=dict(headers or {}))
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        cookies = answer.headers.get_all("Set-Cookie") or []
        return HubAnswer(answer.status, told, answer.read(MAX_ANSWER_BYTES), cookies)


def place_of(url: str) -> HubAddress | None:
    """Return the address, None when it is none of http or https."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    return HubAddress(parts.scheme, parts.hostname, port)
