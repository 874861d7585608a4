"""Security headers and cookies on every answer, ours and not a library's, so that they can be read here."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from flask import Response, g, request

from hub.web.context import services
from hub.web.guards import RouteGuard

CHOSEN = "hub.headers"  # in the environment of a request: the headers its answer leaves with
YEAR_SECONDS = 365 * 24 * 60 * 60
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_FEATURES = "geolocation=(self), microphone=(), payment=(), usb=(), publickey-credentials-get=(self)"


def keep_for_ever() -> None:
    """Under `@cacheable`: what this address answers never changes (RFC 8246)."""
    g.is_final = True


def seal(response: Response) -> Response:
    """Return the after_request hook: it says which headers `HeaderSealing` puts on this answer."""
    guard: RouteGuard | None = g.get("guard")
    scans = guard is not None and guard.scans
    caching = response.status_code in {200, 304} and guard is not None and guard.cache_seconds
    if (request.endpoint or "").endswith("static"):
        cache = None  # Flask's own, with validators
    else:
        cache = _lifetime(guard.cache_seconds) if guard is not None and caching else "no-store"
    if cache is not None:
        response.headers.pop("Cache-Control", None)
    if request.method == "POST" and response.status_code == 302:  # noqa: PLR2004  # a redirect after POST is a GET
        response.status_code = 303
    request.environ[CHOSEN] = _headers(cache, scans=scans, is_https=services().settings.is_https)
    return response


def _lifetime(seconds: int) -> str:
    return f"public, max-age={YEAR_SECONDS}, immutable" if g.get("is_final") else f"public, max-age={seconds}"


class HeaderSealing:
    """WSGI middleware: every answer, whoever made it, leaves with the headers of `seal`."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, headers + environ.get(CHOSEN, _BARE), *rest)

        return self._app(environ, start)


@lru_cache(maxsize=64)
def _headers(cache: str | None, *, scans: bool, is_https: bool) -> list[tuple[str, str]]:
    rows = dict(_FIXED)
    rows["Content-Security-Policy"] = _policy(scans=scans)
    rows["Permissions-Policy"] = f"camera={'(self)' if scans else '()'}, {_FEATURES}"
    if is_https:
        rows["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}; includeSubDomains"
    if cache is not None:
        rows["Cache-Control"] = cache
    if cache is not None and cache != "no-store":
        rows["Cross-Origin-Resource-Policy"] = "cross-origin"
        rows["Access-Control-Allow-Origin"] = (
            "*"  # public and the same for everybody: verifiers in browsers read it
        )
    return list(rows.items())


def _policy(*, scans: bool) -> str:
    rows = dict(_POLICY)
    if scans:
        rows["script-src"] += " 'wasm-unsafe-eval'"
        rows["media-src"] = "'self' blob:"
    return "; ".join(f"{name} {value}" for name, value in rows.items())


_BARE = _headers("no-store", scans=False, is_https=False)
