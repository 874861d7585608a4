"""与现场不符请举报: what the public reported, taken on and closed with what was found."""

from uuid import UUID

from flask import Response, render_template, url_for
from flask_babel import gettext as _

from hub.codes.plates.queries import group_plate_id
from hub.ends.government.blueprint import PAGE, blueprint
from hub.ends.government.context import argument, back_to, identifier
from hub.kernel.actor import Role
from hub.kernel.errors import NotFoundError
from hub.kernel.messages import Message
from hub.supervision import pages
from hub.supervision.rules import MAX_ANSWER_CHARS, REPORT_STATES, ReportAction, ReportState, report_actions
from hub.supervision.service import handle_report
from hub.web import forms
from hub.web.context import clearance, now, require_actor, services
from hub.web.guards import roles
from hub.web.i18n import said
from hub.web.navigation import pager
from schemas.government import ReportAnswerSchema

DONE = {
    ReportAction.TAKE: Message("已受理。", "Taken on."),
    ReportAction.ANSWER: Message("已办结。", "Closed with an answer."),
    ReportAction.UNFOUNDED: Message("已认定不属实。", "Closed as unfounded."),
}


@blueprint.get("/reports")
@roles(Role.OFFICIAL)
def reports() -> str:
    wanted = argument("state")
    state = ReportState(wanted) if wanted in set(ReportState) else None
    counts, page = pages.reports(
        by=require_actor(),
        clearance=clearance(),
        state=state,
        before=identifier("before"),
        limit=PAGE,
        db=services().db,
    )
    way = pager(
        "government.reports",
        is_first=identifier("before") is None,
        older=page.older,
        at="before",
        state=state or "",
    )
    tabs = [(url_for("government.reports"), f"{_('All')} {sum(counts.values())}", state is None)]
    tabs += [
        (url_for("government.reports", state=one), f"{said(REPORT_STATES[one])} {count}", state is one)
        for one, count in counts.items()
    ]
    return render_template("government/reports.html", tab_items=tabs, page=page, pager=way)


@blueprint.get("/reports/<uscc>/<uuid:report_id>")
@roles(Role.OFFICIAL)
def report(uscc: str, report_id: UUID) -> str:
    found = pages.report(uscc, report_id, by=require_actor(), clearance=clearance(), db=services().db)
    return render_template(
        "government/report.html",
        report=found,
        plate_id=group_plate_id(found.plate_id),
        is_open=bool(report_actions(found.state)),
        can_take=ReportAction.TAKE in report_actions(found.state),
        max_answer=MAX_ANSWER_CHARS,
    )


@blueprint.post("/reports/<uscc>/<uuid:report_id>")
@roles(Role.OFFICIAL)
def handle(uscc: str, report_id: UUID) -> Response:
    data = ReportAnswerSchema().load(forms.submitted())
    if data["action"] not in set(ReportAction):
        raise NotFoundError
    action = ReportAction(data["action"])
    handle_report(
        uscc,
        report_id,
        action=action,
        answer=data["answer"],
        actor=require_actor(),
        now=now(),
        db=services().db,
    )
    return back_to(url_for("government.report", uscc=uscc, report_id=report_id), DONE[action])
