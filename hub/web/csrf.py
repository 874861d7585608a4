"""Only our own pages may act in a browser's name: same origin, and a token the other site cannot know."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from flask import request
from markupsafe import Markup

from hub.config import Settings
from hub.kernel.errors import NotAllowedError
from hub.web.context import login, now, services

FIELD = "_csrf"
HEADER = "X-CSRF-Token"
DIGEST_BYTES = 32
_MASKED = re.compile(r"[0-9a-f]{128}\Z")
FORM_SECONDS = 2 * 60 * 60  # an anonymous form left open over lunch still works
CLOCK_SECONDS = 60  # workers on several machines
DEFAULT_PORTS = {"http": 80, "https": 443}

Origin = tuple[str, str, int]


class CrossSiteError(NotAllowedError):
    reason = "CROSS_SITE"
    zh = "该请求来自其他网站，已拒绝。"
    en = "This request came from another site and was refused."


class FormTokenError(NotAllowedError):
    reason = "FORM_TOKEN"
    zh = "页面已过期，请返回并刷新后重试。"
    en = "This page is too old. Go back, reload it and try again."


def token() -> str:
    """Return the token for forms on this page: bound to the session, or for anonymous visitors to the time."""
    present = login()
    if present is not None:
        return _masked(_sign("session", present.session_id))
    return _form_token(str(int(now().timestamp())), services().settings.secret_key)


def anonymous_field(settings: Settings, *, now: datetime) -> Markup:
    """Return what `field` gives to a visitor without a session, outside a request."""
    return _field(_form_token(str(int(now.timestamp())), settings.secret_key))


def _masked(digest: str) -> str:
    """The digest under a mask of chance that goes before it: no two pages repeat a secret for compression to give away."""
    mask = secrets.token_bytes(len(digest) // 2)
    return mask.hex() + _xor(mask, bytes.fromhex(digest)).hex()


def _unmasked(given: str) -> str:
    """The digest that a masked token stands for; "" for what is none."""
    if not _MASKED.match(given):
        return ""
    whole = bytes.fromhex(given)
    return _xor(whole[:DIGEST_BYTES], whole[DIGEST_BYTES:]).hex()


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


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
    if present is not None and _equal(_unmasked(given), _sign("session", present.session_id)):
        return
    if (present is None or for_anyone) and _is_fresh_form(given):
        return
    raise FormTokenError


def refuse_foreign_navigation() -> None:
    """Refuse what a page of another site made this browser ask for (Fetch Metadata, `Sec-Fetch-Site`).

    Browsers say so on https and loopback. Raises: CrossSiteError.
    """
    if is_from_elsewhere():
        raise CrossSiteError


def is_from_elsewhere() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    return site is not None and site not in {"same-origin", "none"}


def _check_origin() -> None:
    origin = request.headers.get("Origin")
    if origin is None:
        refuse_foreign_navigation()
        return
    base_url = services().settings.base_url
    scheme = urlsplit(base_url).scheme
    asked = _origin_of(origin)
    if asked is None or asked not in {_origin_of(base_url), _origin_of(f"{scheme}://{request.host}")}:
        raise CrossSiteError


def _origin_of(text: str) -> Origin | None:
    """Scheme, host and port (RFC 6454 §4) in one spelling; None for what is no origin.

    The browser names the port of the public address; a proxy may have dropped it from `Host`.
    """
    try:
        parts = urlsplit(text)
        port = parts.port or DEFAULT_PORTS[parts.scheme]
    except (KeyError, ValueError):
        return None
    is_bare = not (parts.path or parts.query or parts.fragment or "@" in parts.netloc)
    return (parts.scheme, parts.hostname, port) if parts.hostname and is_bare else None


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
