from flask import render_template

from hub.ends.enterprise.blueprint import EVERYONE, blueprint
from hub.ends.enterprise.context import goal_url, own_uscc
from hub.steward.queries import enterprise_overview
from hub.web.context import clearance, reference, require_actor, services, today
from hub.web.guards import roles


@blueprint.get("/")
@roles(*EVERYONE)
def home() -> str:
    found = enterprise_overview(
        own_uscc(),
        actor=require_actor(),
        clearance=clearance(),
        on=today(),
        reference=reference(),
        db=services().db,
    )
    return render_template("enterprise/home.html", overview=found, space=found.space, goal_url=goal_url)
