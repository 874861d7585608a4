from flask import render_template

from hub.codes.plates.queries import scans_by
from hub.codes.verification.visibility import SCAN
from hub.ends.enforcement.blueprint import blueprint
from hub.kernel.actor import Role
from hub.web.context import clearance, require_actor, require_login, services
from hub.web.guards import roles

RECENT = 10  # what one thumb scrolls past


@blueprint.get("/")
@roles(Role.OFFICER)
def home() -> str:
    scans = clearance().each(scans_by(require_actor().person_id, db=services().db, limit=RECENT), SCAN)
    return render_template("enforcement/home.html", scans=scans)


@blueprint.get("/certificate")
@roles(Role.OFFICER)
def certificate() -> str:
    """Show 亮证: the officer's name, number and department, for the person who is inspected."""
    return render_template("enforcement/certificate.html", certificate_no=require_login().certificate_no)
