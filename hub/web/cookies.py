"""The session cookie: host-bound, unreadable for scripts, renewed at every login."""

from flask import Response

from hub.access.rules import SESSION_LIFE
from hub.access.sessions import Opened
from hub.config import Settings
from hub.web.current import cookie_name


def give(response: Response, opened: Opened, settings: Settings) -> Response:
    """Set the cookie of a session just opened."""
    response.set_cookie(
        cookie_name(settings),
        opened.token,
        max_age=int(SESSION_LIFE.total_seconds()),
        secure=settings.is_https,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def take_back(response: Response, settings: Settings) -> Response:
    """Delete it, with the attributes it was set with."""
    response.delete_cookie(
        cookie_name(settings), secure=settings.is_https, httponly=True, samesite="Lax", path="/"
    )
    return response
