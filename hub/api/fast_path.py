"""The fast path: a well-formed verification without the framework around it.

Scanning is nine requests in ten. The framework's part of such a request (context, routing, hooks, header objects)
costs three times what the verification itself does, so this WSGI middleware answers the plain case alone: the one
path, POST, JSON within the limit, the right host, one text member `code`, below the rate. Everything else, every
error included, goes on to the application as if the fast path were not there.

The answer is the application's own: same service, same text, and the headers that the application gave to the first
such request. `tests/functional/test_fast_path.py` compares the two.
"""

import time
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from hub import config
from hub.api.body import SMALL, strict_value
from hub.codes.rules import Viewer
from hub.web.askers import asker
from hub.web.context import Services
from hub.web.learnt_headers import Application, LearntHeaders, learn
from hub.web.limits import Rate, TooManyRequestsError
from keys import KeysError

PATH = "/api/v1/verifications"
LENGTH_DIGITS = len(str(SMALL))  # Python refuses to read numbers of thousands of digits


class VerificationFastPath:
    """WSGI middleware directly around the application."""

    def __init__(self, app: Application, services: Services) -> None:
        self._app = app
        self._services = services
        self._name = services.settings.host.partition(":")[0]
        self._learnt: LearntHeaders | None = None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "POST":
            return self._app(environ, start_response)
        learnt = self._learnt
        if learnt is None:
            return learn(self._app, environ, start_response, self._keep)
        started = time.perf_counter()
        code = self._code(environ)
        if code is None or not self._is_within_rate(environ):
            return self._app(environ, start_response)
        try:
            body = self._answer(code)
        except KeysError:  # a key ring changed and damaged since: the application says so
            return self._app(environ, start_response)
        self._services.metrics.answered(
            rule=PATH, method="POST", status=200, seconds=time.perf_counter() - started
        )
        return learnt.answer(body, environ, start_response)

    def _answer(self, code: str) -> bytes:
        verdict = self._services.verification.verify(code, now=config.now(), by=Viewer.PLATFORM)
        self._services.metrics.verdict(verdict.outcome, verdict.kind or "none")
        return verdict.as_text().encode()

    def _code(self, environ: dict[str, Any]) -> str | None:
        """The code in the plain case; otherwise None, and the body can be read again."""
        length = environ.get("CONTENT_LENGTH", "")
        name = environ.get("HTTP_HOST", "").partition(":")[0]
        if name != self._name or environ.get("CONTENT_TYPE") != "application/json":
            return None
        if not (length.isascii() and length.isdecimal() and len(length) <= LENGTH_DIGITS):
            return None
        if int(length) > SMALL:
            return None
        data: bytes = environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = BytesIO(data)
        try:
            value = strict_value(data)
        except ValueError:
            return None
        if not isinstance(value, dict) or value.keys() != {"code"}:
            return None
        code = value["code"]
        return code if isinstance(code, str) else None

    def _is_within_rate(self, environ: dict[str, Any]) -> bool:
        """Over it, the application counts once more and refuses in its own words."""
        try:
            self._services.limiter.count(Rate.VERIFICATION, asker(environ.get("REMOTE_ADDR") or ""))
        except TooManyRequestsError:
            return False
        return True

    def _keep(self, learnt: LearntHeaders) -> None:
        self._learnt = learnt
