"""Security headers and cookies on every answer, ours and not a library's, so that they can be read here."""

from functools import lru_cache

from flask import Response, g, request

from hub.web.current import services
from hub.web.guards import Guard

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


def allow_form_action(origin: str) -> None:
    """Let a form of this answer end at `origin` after redirects (an OpenID client whose address was checked)."""
    g.form_action = origin


def seal(response: Response) -> Response:
    """The after_request hook."""
    guard: Guard | None = g.get("guard")
    for name, value in _FIXED.items():
        response.headers.setdefault(name, value)
    scans = guard is not None and guard.scans
    response.headers["Content-Security-Policy"] = _policy(g.get("form_action"), scans=scans)
    camera = "(self)" if scans else "()"
    response.headers["Permissions-Policy"] = f"camera={camera}, {_FEATURES}"
    if services().settings.is_https:
        response.headers["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}; includeSubDomains"
    if request.method == "POST" and response.status_code == 302:  # noqa: PLR2004  # a redirect after POST is a GET
        response.status_code = 303
    if not (request.endpoint or "").endswith("static"):
        _set_cache(response, guard)
    return response


def _set_cache(response: Response, guard: Guard | None) -> None:
    if guard is not None and guard.cache_seconds and response.status_code in {200, 304}:
        response.headers["Cache-Control"] = f"public, max-age={guard.cache_seconds}"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    else:
        response.headers["Cache-Control"] = "no-store"


@lru_cache(maxsize=64)
def _policy(extra: str | None, *, scans: bool) -> str:
    rows = dict(_POLICY)
    if scans:
        rows["script-src"] += " 'wasm-unsafe-eval'"
        rows["media-src"] = "'self' blob:"
    if extra is not None:
        rows["form-action"] += f" {extra}"
    return "; ".join(f"{name} {value}" for name, value in rows.items())
