"""Only our own pages may act in a browser's name: same origin, and a token the other site cannot know."""

import hashlib
import hmac
from functools import lru_cache
from urllib.parse import urlsplit

from flask import request
from markupsafe import Markup

from hub.kernel.errors import NotAllowedError
from hub.kernel.messages import Message
from hub.web.current import login, now, services

FIELD = "_csrf"
HEADER = "X-CSRF-Token"
FORM_SECONDS = 2 * 60 * 60  # an anonymous form left open over lunch still works
CLOCK_SECONDS = 60  # workers on several machines


class CrossSiteError(NotAllowedError):
    reason = "CROSS_SITE"
    message = Message("该请求来自其他网站，已拒绝。", "This request came from another site and was refused.")


class FormTokenError(NotAllowedError):
    reason = "FORM_TOKEN"
    message = Message(
        "页面已过期，请返回并刷新后重试。", "This page is too old. Go back, reload it and try again."
    )


def token() -> str:
    """The token for forms on this page: bound to the session, or for anonymous visitors to the time."""
    present = login()
    if present is not None:
        return _sign("session", present.session_id)
    return _form_token(str(int(now().timestamp())), services().settings.secret_key)


@lru_cache(maxsize=2)
def _form_token(moment: str, secret: str) -> str:
    """One for all anonymous forms drawn within a second."""
    return f"{moment}.{_signed(secret, 'form', moment)}"


def field() -> Markup:
    """`{{ csrf_field() }}` inside every POST form."""
    return _field(token())


@lru_cache(maxsize=64)
def _field(value: str) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, value)


def check(*, for_anyone: bool) -> None:
    """Refuse an unsafe request that does not come from a page of ours.

    `for_anyone`: the route is open to everyone, so the token of an anonymous form will do.
    Raises: CrossSiteError, FormTokenError.
    """
    _check_origin()
    given = request.headers.get(HEADER) or request.form.get(FIELD, "")
    present = login()
    if present is not None and _equal(given, _sign("session", present.session_id)):
        return
    if (present is None or for_anyone) and _is_fresh_form(given):
        return
    raise FormTokenError


def _check_origin() -> None:
    origin = request.headers.get("Origin")
    if origin is not None:
        scheme = urlsplit(services().settings.base_url).scheme
        if origin != f"{scheme}://{request.host}":
            raise CrossSiteError
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        raise CrossSiteError


def _is_fresh_form(given: str) -> bool:
    moment, _, signature = given.partition(".")
    if not moment.isdecimal() or not moment.isascii() or not _equal(signature, _sign("form", moment)):
        return False
    age = now().timestamp() - int(moment)
    return -CLOCK_SECONDS <= age <= FORM_SECONDS


def _sign(purpose: str, text: str) -> str:
    return _signed(services().settings.secret_key, purpose, text)


def _signed(secret: str, purpose: str, text: str) -> str:
    return hmac.new(secret.encode(), f"csrf|{purpose}|{text}".encode(), hashlib.sha256).hexdigest()


def _equal(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
