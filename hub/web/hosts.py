"""The hub answers under its own names only: links, passkeys and form checks all rest on the host."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from hub.config import LOOPBACK

_REFUSAL = "请使用官方网址访问。Please use the official address.\n".encode()
_DEFAULT_PORTS = {"http": "80", "https": "443"}


class Hosts:
    """WSGI middleware. Flask's TRUSTED_HOSTS does the same three times a request, by patterns.

    A port is the public address's own, or none (a proxy may drop it); on loopback also the one that is listened on.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]], base_url: str) -> None:
        parts = urlsplit(base_url)
        name = parts.hostname or ""
        self._app = app
        self._is_loopback = name in LOOPBACK
        self._names = LOOPBACK - {"::1"} if self._is_loopback else frozenset({name})
        self._ports = frozenset({"", str(parts.port or _DEFAULT_PORTS[parts.scheme])})

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        name, colon, port = environ.get("HTTP_HOST", "").partition(":")
        if name.lower() in self._names and self._is_own_port(colon, port, environ):
            return self._app(environ, start_response)
        start_response(
            "400 Bad Request",
            [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(_REFUSAL)))],
        )
        return [_REFUSAL]

    def _is_own_port(self, colon: str, port: str, environ: dict[str, Any]) -> bool:
        if bool(colon) != bool(port):
            return False  # "host:" has a port that cannot be read
        return port in self._ports or (self._is_loopback and port == environ.get("SERVER_PORT"))
