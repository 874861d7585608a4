"""One structured line per request: enough to find a fault, nothing about a person, a code or a query."""

import logging
import secrets
import sys
import time
from http import HTTPStatus
from logging.handlers import WatchedFileHandler
from pathlib import Path

from flask import Flask, Response, g, request
from pythonjsonlogger.json import JsonFormatter

from hub.web.context import services
from hub.web.guards import RouteGuard
from hub.web.limits import Rate

ID_BYTES = 8  # drawn, not counted: two of them must not tell how many requests came in between
SLOW_SECONDS = 0.25  # a scan takes a millisecond; one that takes this long is worth a line
_log = logging.getLogger("hub.requests")


def configure(requests: Path | None) -> None:
    """Send the hub's log as JSON lines to standard error; doing it again changes nothing.

    `requests`: the file for the lines of requests, so that what matters is not scrolled away; None: standard error too.
    """
    root = logging.getLogger("hub")
    if any(isinstance(handler.formatter, JsonFormatter) for handler in root.handlers):
        return
    root.addHandler(_json_lines(logging.StreamHandler(sys.stderr)))
    root.setLevel(logging.INFO)
    if requests is not None:
        _log.addHandler(
            _json_lines(WatchedFileHandler(requests, encoding="utf-8"))
        )  # the worker moves it when it is long
        _log.propagate = False


def _json_lines(handler: logging.Handler) -> logging.Handler:
    handler.setFormatter(
        JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s", json_ensure_ascii=False)
    )
    return handler


def next_id() -> str:
    """Return the name of a request, told in its log line and to the caller."""
    return secrets.token_hex(ID_BYTES)


def install(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_id = next_id()
    g.started = time.perf_counter()


def _end(response: Response) -> Response:
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    rule = request.url_rule.rule if request.url_rule is not None else "(none)"
    services().metrics.answered(
        rule=rule, method=request.method, status=response.status_code, seconds=seconds
    )
    response.headers["X-Request-ID"] = g.get("request_id", "none")
    if not _is_told(response.status_code, seconds):
        return response
    _log.info(
        "request",
        extra={
            "request_id": g.get("request_id"),
            "method": request.method,
            "rule": rule,
            "status": response.status_code,
            "ms": round(seconds * 1000, 1),
            "problem": g.get("problem"),
        },
    )
    return response


def _is_told(status: int, seconds: float) -> bool:
    """Every request but a scan that went well and fast: those are by far the most, and the metrics count them."""
    guard: RouteGuard | None = g.get("guard")
    is_scan = guard is not None and guard.rate is Rate.VERIFICATION
    return not is_scan or status >= HTTPStatus.BAD_REQUEST or seconds >= SLOW_SECONDS
