"""The hub answers under its own names only: links, passkeys and form checks all rest on the host."""

import re
from collections.abc import Callable, Iterable
from typing import Any

_REFUSAL = "请使用官方网址访问。Please use the official address.\n".encode()
_PORT = re.compile(r"(:[0-9]{1,5})?\Z")  # with anything else there is no host to build a redirect from


class Hosts:
    """WSGI middleware. Flask's TRUSTED_HOSTS does the same three times a request, by patterns."""

    def __init__(self, app: Callable[..., Iterable[bytes]], names: Iterable[str]) -> None:
        self._app = app
        self._names = frozenset(names)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        given = environ.get("HTTP_HOST", "")
        name = given.partition(":")[0]
        if name.lower() in self._names and _PORT.match(given, len(name)):
            return self._app(environ, start_response)
        start_response(
            "400 Bad Request",
            [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(_REFUSAL)))],
        )
        return [_REFUSAL]
