"""The fast path of the page behind a plate: what a phone gets that scans one for the first time.

As `hub.api.fast_path` does for programs (docs/adr/0011-a-fast-lane-for-verifications.md): the plain case is answered without
the framework around it, which costs more than what it is wrapped around. Plain is a GET of `/c/CODE` without a query and
without a cookie, below the rate, for a genuine code whose page has been drawn before. Everything else goes on to the
application, with the verdict where there is one, so that a scan is counted once.
"""

import re
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from hub import config
from hub.codes.rules import Viewer
from hub.codes.verification.verdicts import CodeVerdict
from hub.ends.public.page import NotDrawnError, PageViewer, genuine_page
from hub.kernel.database import safe_method
from hub.web.askers import asker
from hub.web.compression import MIN_BYTES, shrunk, takes_gzip
from hub.web.context import Services, preferred
from hub.web.csrf import anonymous_field
from hub.web.guards import COUNTED
from hub.web.learnt_headers import Application, LearntHeaders, learn
from hub.web.limits import Rate, TooManyRequestsError

RULE = "/c/<code>"
VERDICT = "hub.verdict"  # in the environment of a request: what the fast path found the code to be worth
_PATH = re.compile(r"/c/([A-Za-z0-9_.~-]+)\Z")


class PageFastPath:
    """WSGI middleware directly around the application."""

    def __init__(
        self, app: Application, services: Services, *, faults: tuple[type[Exception], ...] = ()
    ) -> None:
        """`faults`: what the application answers in words of its own (a database or key ring that is away)."""
        self._app = app
        self._faults = faults
        self._services = services
        self._learnt: dict[bool, LearntHeaders] = {}  # by whether the answer is compressed

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        code = _code(environ)
        if code is None:
            return self._app(environ, start_response)
        packs = takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        learnt = self._learnt.get(packs)
        if learnt is None:
            return learn(self._app, environ, start_response, lambda told: self._keep(told, packs=packs))
        started = time.perf_counter()
        try:
            with safe_method("GET"):
                page = self._page(code, environ)
        except self._faults:
            page = None
        if page is None:
            return self._app(environ, start_response)
        self._services.metrics.answered(
            rule=RULE, method="GET", status=200, seconds=time.perf_counter() - started
        )
        body = shrunk(page) if packs else page
        return learnt.answer(body, environ, start_response)

    def _keep(self, learnt: LearntHeaders, *, packs: bool) -> None:
        names = {name.lower() for name, _ in learnt.headers}
        if "set-cookie" not in names and ("content-encoding" in names) is packs:
            self._learnt[packs] = learnt

    def _page(self, code: str, environ: dict[str, Any]) -> bytes | None:
        """The page, or None when the application is to answer: it then finds what was counted and found out."""
        try:
            self._services.limiter.count(Rate.VERIFICATION, asker(environ.get("REMOTE_ADDR") or ""))
        except TooManyRequestsError:
            return None
        environ[COUNTED] = True
        now = config.now()
        verdict = self._services.verification.verify(code, now=now, by=Viewer.PUBLIC)
        environ[VERDICT] = verdict
        return self._drawn(verdict, code, environ, now) if verdict.genuine else None

    def _drawn(self, verdict: CodeVerdict, code: str, environ: dict[str, Any], now: datetime) -> bytes | None:
        settings = self._services.settings
        tongue = preferred(environ.get("HTTP_ACCEPT_LANGUAGE", ""), default=settings.locale)
        form = anonymous_field(settings, now=now)
        try:
            page = genuine_page(
                verdict, code, PageViewer(self._services, tongue, now), form=form, everything=False
            )
        except NotDrawnError:
            return None
        return page if len(page) >= MIN_BYTES else None


def _code(environ: dict[str, Any]) -> str | None:
    """The code in the plain case."""
    if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING") or "HTTP_COOKIE" in environ:
        return None
    found = _PATH.match(environ["PATH_INFO"])
    return found[1] if found else None
