"""More than the public view: opened by a purpose on record, for half an hour."""

from flask import Response, redirect, render_template, url_for

from hub.access.looks import PURPOSES, record_look, standing_look
from hub.ends.enforcement.blueprint import blueprint
from hub.kernel.actor import Role
from hub.steward.dossier import dossier, name_of
from hub.web import forms
from hub.web.context import clearance, now, reference, require_actor, services, today
from hub.web.guards import roles
from schemas.enforcement import LookPurposeSchema

SEEN = "企业详情(执法端)"


@blueprint.get("/enterprises/<uscc>")
@roles(Role.OFFICER)
def enterprise(uscc: str) -> str:
    look = standing_look(actor=require_actor(), uscc=uscc, now=now(), db=services().db)
    if look is None:
        name = name_of(uscc, clearance=clearance(), db=services().db)
        return render_template("enforcement/purpose.html", uscc=uscc, name=name, purposes=PURPOSES)
    found = dossier(look, clearance=clearance(), on=today(), reference=reference(), db=services().db)
    return render_template("enforcement/enterprise.html", dossier=found, space=found.space)


@blueprint.post("/enterprises/<uscc>/look")
@roles(Role.OFFICER)
def look(uscc: str) -> Response:
    """Put the look on record; only then the page opens, and the enterprise sees who looked and why."""
    data = LookPurposeSchema().load(forms.submitted())
    name_of(uscc, clearance=clearance(), db=services().db)
    record_look(actor=require_actor(), uscc=uscc, **data, seen=SEEN, now=now(), db=services().db)
    return redirect(url_for("enforcement.enterprise", uscc=uscc), 303)  # type: ignore[return-value]  # werkzeug's base class
