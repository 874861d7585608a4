"""我的码: the dynamic code, full screen, made anew by the server before the old one expires."""

from dataclasses import dataclass

from flask import render_template, request
from markupsafe import Markup

from hub.codes.codable import CodeNotPossibleError, is_codable
from hub.codes.dynamic import new_dynamic
from hub.ends.enterprise.blueprint import EVERYONE, blueprint
from hub.ends.enterprise.context import own_uscc, press
from hub.licenses.visibility import told_enterprise
from hub.registry import queries as registry
from hub.web.context import clearance, now, require_actor, services
from hub.web.guards import roles
from keys import Algorithm
from schemas.plates import AlgorithmQuerySchema
from signing.qr import dynamic_symbol, svg_text

_QUERY = AlgorithmQuerySchema()
MARGIN_SECONDS = 5  # a code renewed this long before its end can still be scanned when it is replaced


@dataclass(frozen=True, slots=True)
class CodeScreen:
    """What the screen shows: the drawing, seconds until it expires, seconds until the next one is fetched.

    `algorithm` is the one asked for by `?algorithm=`, and asked for again by the next; None: the hub's own.
    """

    drawing: Markup
    seconds: int
    renew_in: int
    algorithm: str | None


@blueprint.get("/code")
@roles(*EVERYONE)
def code_page() -> str:
    with services().db.read() as session:
        enterprise = told_enterprise(registry.enterprise(session, own_uscc()), clearance())
    return render_template(
        "enterprise/code.html",
        enterprise=enterprise,
        screen=_screen(),
        impossible=CodeNotPossibleError().message,
    )


@blueprint.get("/code/current")
@roles(*EVERYONE)
def code_fragment() -> str:
    return render_template("enterprise/_code.html", screen=_screen())


def _screen() -> CodeScreen | None:
    """None where no code can carry the credit code."""
    if not is_codable(own_uscc()):
        return None
    seconds = services().settings.dynamic_seconds
    asked = {name: value for name, value in request.args.items() if name in _QUERY.fields}
    named = _QUERY.load(asked).get("algorithm")
    shown = new_dynamic(
        own_uscc(),
        press=press(),
        seconds=seconds,
        by=require_actor(),
        now=now(),
        algorithm=None if named is None else Algorithm(named),
    )
    drawing = svg_text(dynamic_symbol(shown.text))
    lifetime = int((shown.expires_at - now()).total_seconds())
    return CodeScreen(Markup(drawing), lifetime, max(lifetime - MARGIN_SECONDS, 1), named)  # noqa: S704  # drawn by ourselves from base32
