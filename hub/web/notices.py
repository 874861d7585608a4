"""One sentence carried from a POST to the page it redirects to, in a signed cookie that is read once."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from flask import Response, g, request

from hub.kernel.messages import Message
from hub.web.context import services

COOKIE = "notice"
SECONDS = 60  # the redirect follows at once; later the sentence would only confuse

Tone = Literal["good", "info", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class AlertFace:
    """How a sentence of a tone is set apart: its icon, and the ARIA role by which a screen reader says it."""

    icon: str
    role: Literal["alert", "status"]


ALERTS: Mapping[Tone, AlertFace] = {
    "good": AlertFace("circle-check", "status"),
    "info": AlertFace("info", "status"),
    "warn": AlertFace("triangle-alert", "status"),
    "bad": AlertFace("octagon-alert", "alert"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    tone: Tone
    message: Message


def say(message: Message, *, tone: Tone = "good") -> None:
    """Show `message` on the next page."""
    g.notice_next = Notice(tone, message)


def take() -> Notice | None:
    """Return the sentence left by the request before, for base.html."""
    if "notice" in g:
        found: Notice | None = g.notice
        return found
    g.notice = _read(request.cookies.get(COOKIE, ""))
    taken: Notice | None = g.notice
    return taken


def carry(response: Response) -> Response:
    """Return the after_request hook."""
    left: Notice | None = g.get("notice_next")
    secure = services().settings.is_https
    if left is not None:
        response.set_cookie(
            COOKIE, _write(left), max_age=SECONDS, httponly=True, samesite="Lax", secure=secure
        )
    elif g.get("notice") is not None:
        response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=secure)
    return response


def _write(notice: Notice) -> str:
    text = json.dumps([notice.tone, notice.message.zh, notice.message.en])
    body = base64.urlsafe_b64encode(text.encode()).decode()
    return f"{body}.{_sign(body)}"


def _read(cookie: str) -> Notice | None:
    body, _, signature = cookie.partition(".")
    if not body or not hmac.compare_digest(signature.encode(), _sign(body).encode()):
        return None
    tone, zh, en = json.loads(base64.urlsafe_b64decode(body))
    return Notice(tone, Message(zh, en))


def _sign(body: str) -> str:
    key = services().settings.secret_key.encode()
    return hmac.new(key, f"notice|{body}".encode(), hashlib.sha256).hexdigest()
