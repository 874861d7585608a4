"""The public end: what anyone sees who scans a code, with no login, no JavaScript and no look-up by guessing."""

from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for

from hub.codes.rules import Viewer
from hub.codes.verification.verdicts import CodeVerdict
from hub.ends.public import log, position
from hub.ends.public.blueprint import blueprint
from hub.ends.public.fast_path import VERDICT
from hub.ends.public.own_view import own_view
from hub.ends.public.page import PageViewer, genuine_page
from hub.kernel.errors import NotFoundError
from hub.kernel.outcomes import Outcome
from hub.supervision.queries import report_exists
from hub.supervision.service import file_report
from hub.web import context, csrf, forms
from hub.web.context import now, services
from hub.web.guards import public
from hub.web.limits import Rate
from schemas.reports import ReportFormSchema

__all__ = ["blueprint", "log", "position"]  # the log and the position add their routes to it

_STATUS = {Outcome.VALID: 200, Outcome.ATTENTION: 200, Outcome.REFUSED: 404, Outcome.UNKNOWN: 503}


@blueprint.get("/c/")
@public
def help_page() -> str:
    return render_template("public/help.html")


@blueprint.get("/c/<code>")
@public(rate=Rate.VERIFICATION)
def code_page(code: str) -> Response:
    """Show the scanned code. Every code that is not genuine gets one and the same page."""
    actor = context.actor()
    elsewhere = own_view(code, actor) if actor is not None else None
    if elsewhere is not None:
        return redirect(elsewhere, 303)  # type: ignore[return-value]  # werkzeug's base class
    verdict = request.environ.get(VERDICT)  # the fast path in front asked, and could not draw the page
    if verdict is None:
        verdict = services().verification.verify(code, now=now(), by=Viewer.PUBLIC)
    return make_response(_page(verdict, code), _STATUS[verdict.outcome])


@blueprint.post("/c/<code>/report")
@public
def report(code: str) -> Response:
    """File a report (与现场不符请举报): only about a plate that is genuine at this moment."""
    data = ReportFormSchema().load(forms.submitted())
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
        asker=position.asker_here(),
    )
    return redirect(url_for("public.thanks_page", uscc=verdict.enterprise.uscc, receipt=receipt), 303)  # type: ignore[return-value]  # werkzeug's base class


@blueprint.get("/c/thanks/<uscc>/<uuid:receipt>")
@public
def thanks_page(uscc: str, receipt: UUID) -> str:
    """Show the receipt of a report that there is: nobody is shown a receipt for one that never came."""
    if not report_exists(uscc, receipt, db=services().db):
        raise NotFoundError
    return render_template("public/thanks.html", receipt=receipt)


def _page(verdict: CodeVerdict, code: str) -> str | bytes:
    match verdict.outcome:
        case Outcome.REFUSED:
            return render_template("public/refused.html")
        case Outcome.UNKNOWN:
            return render_template("public/unknown.html")
        case Outcome.VALID | Outcome.ATTENTION:
            everything = request.args.get("all") == "1"
            return genuine_page(verdict, code, PageViewer.here(), form=csrf.field(), everything=everything)
