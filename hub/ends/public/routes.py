"""The public end: what anyone sees who scans a code, with no login, no JavaScript and no look-up by guessing."""

from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from hub.codes.queries import group_plate_id
from hub.codes.rules import Kind, Outcome, Viewer
from hub.codes.verdicts import Verdict
from hub.credit.queries import public_penalties
from hub.ends.public.own_view import own_view
from hub.ends.public.words import PUBLIC_REASONS
from hub.kernel.errors import NotFoundError
from hub.licenses.colours.rules import FACES, Colour
from hub.registry.rules import Overlay
from hub.supervision.rules import MAX_CONTACT_CHARS, MAX_REPORT_CHARS, REPORT_KINDS
from hub.supervision.service import file_report
from hub.web import current, forms
from hub.web.current import now, services, today
from hub.web.guards import public
from schemas.reports import ReportForm

blueprint = Blueprint("public", __name__, template_folder="templates")

MOST_LICENSES = 8  # with the style sheet still below 10 KB; `?all=1` shows the rest
MOST_PENALTIES = 3
ICONS = {
    Colour.BLUE: "circle-check",
    Colour.YELLOW: "triangle-alert",
    Colour.RED: "octagon-alert",
    Colour.GREY: "circle-minus",
}
_SAID = {  # a colour's reason that names the overlay already
    "BL_ABNORMAL": Overlay.ABNORMAL,
    "BL_SERIOUS": Overlay.SERIOUS,
    "BL_DEREGISTERING": Overlay.DEREGISTERING,
    "BL_REPORT_DUE": Overlay.REPORT_MISSING,
}
_GRAVITY = (Colour.RED, Colour.YELLOW, Colour.BLUE, Colour.GREY)
_STATUS = {Outcome.VALID: 200, Outcome.ATTENTION: 200, Outcome.REFUSED: 404, Outcome.UNKNOWN: 503}


@blueprint.get("/c/")
@public
def help_page() -> str:
    return render_template("public/help.html")


@blueprint.get("/c/<code>")
@public
def code_page(code: str) -> Response:
    """The scanned code. Every code that is not genuine gets one and the same page."""
    actor = current.actor()
    elsewhere = own_view(code, actor) if actor is not None else None
    if elsewhere is not None:
        return redirect(elsewhere, 303)  # type: ignore[return-value]  # werkzeug's base class
    verdict = services().verification.verify(code, now=now(), by=Viewer.PUBLIC)
    return make_response(_page(verdict, code), _STATUS[verdict.outcome])


@blueprint.post("/c/<code>/report")
@public
def report(code: str) -> Response:
    """与现场不符请举报: only about a plate that is genuine at this moment."""
    data = ReportForm().load(forms.submitted())
    verdict = services().verification.verify(code, now=now(), by=Viewer.PUBLIC)
    if verdict.enterprise is None or verdict.plate_id is None:
        raise NotFoundError
    receipt = file_report(
        uscc=verdict.enterprise.uscc,
        plate_id=verdict.plate_id,
        premises_id=None if verdict.premises is None else verdict.premises.id,
        **data,
        now=now(),
        db=services().db,
    )
    return redirect(url_for("public.thanks_page", receipt=receipt), 303)  # type: ignore[return-value]  # werkzeug's base class


@blueprint.get("/c/thanks/<uuid:receipt>")
@public
def thanks_page(receipt: UUID) -> str:
    return render_template("public/thanks.html", receipt=receipt)


def _page(verdict: Verdict, code: str) -> str:
    match verdict.outcome:
        case Outcome.REFUSED:
            return render_template("public/refused.html")
        case Outcome.UNKNOWN:
            return render_template("public/unknown.html")
        case Outcome.VALID | Outcome.ATTENTION:
            return _genuine(verdict, code)


def _genuine(verdict: Verdict, code: str) -> str:
    enterprise = verdict.enterprise
    if enterprise is None:
        raise AssertionError("a genuine code names its enterprise")
    with services().db.read() as session:
        penalties = public_penalties(session, enterprise.uscc, on=today())
    licenses = sorted(verdict.licenses, key=lambda one: _GRAVITY.index(one.colour))
    shown = licenses if request.args.get("all") == "1" else licenses[:MOST_LICENSES]
    is_plate = verdict.kind is Kind.PLATE
    flags = [overlay for overlay in enterprise.overlays if _SAID.get(enterprise.reason) is not overlay]
    return render_template(
        "public/code.html",
        code=code,
        verdict=verdict,
        enterprise=enterprise,
        is_plate=is_plate,
        plate_id=group_plate_id(verdict.plate_id or ""),
        shown=shown,
        flags=flags,
        icons=_icons([enterprise.colour, *(one.colour for one in shown)], flags, is_plate=is_plate),
        penalties=penalties,
        most_penalties=MOST_PENALTIES,
        reasons=PUBLIC_REASONS,
        faces=FACES,
        kinds=REPORT_KINDS,
        host=services().settings.host,
        max_text=MAX_REPORT_CHARS,
        max_contact=MAX_CONTACT_CHARS,
    )


def _icons(colours: list[Colour], flags: list[Overlay], *, is_plate: bool) -> list[str]:
    """The drawings this page points at, each once."""
    wanted = {ICONS[colour] for colour in colours} | ({ICONS[Colour.YELLOW]} if flags else set())
    return sorted(wanted | ({"flag"} if is_plate else set()))
