"""Suspected copies of plates: why, where about, and what a person found."""

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
from hub.supervision.clones.rules import CLOSED, SUSPICION_STATES, SuspicionState
from hub.supervision.clones.service import close_suspicion
from hub.supervision.rules import MAX_ANSWER_CHARS
from hub.web import forms
from hub.web.context import clearance, now, require_actor, services
from hub.web.guards import roles
from hub.web.i18n import said
from hub.web.navigation import pager
from schemas.government import ReportAnswerSchema

DONE = Message("已办结。", "Closed.")


@blueprint.get("/copies")
@roles(Role.OFFICIAL)
def copies() -> str:
    wanted = argument("state")
    state = SuspicionState(wanted) if wanted in set(SuspicionState) else None
    before = identifier("before")
    page = pages.suspicions(
        by=require_actor(), clearance=clearance(), state=state, before=before, limit=PAGE, db=services().db
    )
    tabs = [(url_for("government.copies"), _("All"), state is None)]
    tabs += [
        (url_for("government.copies", state=one), said(name), state is one)
        for one, name in SUSPICION_STATES.items()
    ]
    return render_template(
        "government/copies.html",
        tab_items=tabs,
        page=page,
        pager=pager(
            "government.copies", is_first=before is None, older=page.older, at="before", state=state or ""
        ),
        grouped=group_plate_id,
    )


@blueprint.get("/copies/<uscc>/<uuid:suspicion_id>")
@roles(Role.OFFICIAL)
def copy(uscc: str, suspicion_id: UUID) -> str:
    found = pages.suspicion(uscc, suspicion_id, by=require_actor(), clearance=clearance(), db=services().db)
    return render_template(
        "government/copy.html",
        suspicion=found,
        plate_id=group_plate_id(found.plate_id),
        max_answer=MAX_ANSWER_CHARS,
    )


@blueprint.post("/copies/<uscc>/<uuid:suspicion_id>")
@roles(Role.OFFICIAL)
def close_copy(uscc: str, suspicion_id: UUID) -> Response:
    data = ReportAnswerSchema().load(forms.submitted())
    if data["action"] not in set(CLOSED):
        raise NotFoundError
    close_suspicion(
        uscc,
        suspicion_id,
        found=SuspicionState(data["action"]),
        answer=data["answer"],
        actor=require_actor(),
        now=now(),
        db=services().db,
    )
    return back_to(url_for("government.copy", uscc=uscc, suspicion_id=suspicion_id), DONE)
