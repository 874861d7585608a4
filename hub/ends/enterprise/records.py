"""What was recorded about the enterprise: who looked, penalties, every change of the license face."""

from uuid import UUID

from flask import render_template, request, url_for

from hub.access.look_history import own_visits
from hub.access.rules import ROLE_NAMES
from hub.credit.rules import LEVEL_NAMES
from hub.ends.enterprise.blueprint import EVERYONE, KEEPERS, blueprint
from hub.ends.enterprise.context import own_uscc
from hub.kernel.errors import NotFoundError
from hub.licenses.pages import own_changes
from hub.steward.pages import own_credit
from hub.web.context import clearance, reference, require_actor, services, today
from hub.web.guards import roles
from hub.web.navigation import Pager


@blueprint.get("/looks")
@roles(*KEEPERS)
def looks_page() -> str:
    before = _cursor(request.args.get("before", ""))
    page = own_visits(own_uscc(), by=require_actor(), clearance=clearance(), before=before, db=services().db)
    way = Pager(None, url_for("enterprise.looks_page", before=page.older) if page.older else None)
    return render_template("enterprise/looks.html", looks=page.rows, pager=way, role_names=ROLE_NAMES)


@blueprint.get("/credit")
@roles(*EVERYONE)
def credit_page() -> str:
    found = own_credit(own_uscc(), by=require_actor(), clearance=clearance(), on=today(), db=services().db)
    return render_template(
        "enterprise/credit.html",
        enterprise=found.enterprise,
        penalties=found.penalties,
        level_names=LEVEL_NAMES,
    )


@blueprint.get("/business-license")
@roles(*EVERYONE)
def changes() -> str:
    found = own_changes(
        own_uscc(),
        by=require_actor(),
        clearance=clearance(),
        on=today(),
        reference=reference(),
        db=services().db,
    )
    return render_template("enterprise/changes.html", space=found.space, versions=found.versions)


def _cursor(text: str) -> UUID | None:
    """Raises: NotFoundError for a cursor we did not give out."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFoundError from error
