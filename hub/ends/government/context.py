"""What the pages of this end ask of the request."""

from uuid import UUID

from flask import Response, redirect, request

from hub.codes.plates.maker import PlateOffice
from hub.kernel.messages import Message
from hub.web import notices
from hub.web.context import services

MAX_ARGUMENT_CHARS = 100  # names of areas have at most 60, cursors below 80


def argument(name: str) -> str:
    """Return a text of the address, trimmed and cut; a filter selects, it never fails."""
    return " ".join(request.args.get(name, "").split())[:MAX_ARGUMENT_CHARS]


def cursor(name: str = "cursor") -> str:
    """Return where a list goes on, exactly as the page before said it."""
    return request.args.get(name, "")[:MAX_ARGUMENT_CHARS]


def identifier(name: str) -> UUID | None:
    """Return a row's id of the address; None when there is none or it is no id."""
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None


def press() -> PlateOffice:
    """Return what making plates needs."""
    return PlateOffice(services().issuer, services().settings.base_url)


def back_to(address: str, said: Message | None = None) -> Response:
    """Redirect to the page after an act, which says there that it was done."""
    if said is not None:
        notices.say(said)
    return redirect(address, 303)  # type: ignore[return-value]  # werkzeug's base class
