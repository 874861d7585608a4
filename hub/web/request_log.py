"""One structured line per request: enough to find a fault, nothing about a person, a code or a query."""

import logging
import secrets
import sys
import time

from flask import Flask, Response, g, request
from pythonjsonlogger.json import JsonFormatter

from hub.web.current import services

_ID_BYTES = 8
_log = logging.getLogger("hub.requests")


def configure() -> None:
    """Send the hub's log as JSON lines to standard error; doing it again changes nothing."""
    root = logging.getLogger("hub")
    if any(isinstance(handler.formatter, JsonFormatter) for handler in root.handlers):
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s", json_ensure_ascii=False)
    )
    root.addHandler(handler)
    root.setLevel(logging.INFO)


def install(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_id = secrets.token_hex(_ID_BYTES)
    g.started = time.perf_counter()


def _end(response: Response) -> Response:
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    rule = request.url_rule.rule if request.url_rule is not None else "(none)"
    services().metrics.answered(
        rule=rule, method=request.method, status=response.status_code, seconds=seconds
    )
    response.headers["X-Request-ID"] = g.get("request_id", "none")
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
