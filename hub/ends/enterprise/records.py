"""What was recorded about the enterprise: who looked, penalties, every change of the license face."""

from uuid import UUID

from flask import render_template, request, url_for

from hub.access.checks import require
from hub.access.look_history import visits
from hub.access.looks import PAGE
from hub.access.matrix import Category
from hub.access.rules import ROLE_NAMES, Action
from hub.credit import queries as credit
from hub.credit.rules import LEVEL_NAMES
from hub.ends.enterprise.blueprint import EVERYONE, KEEPERS, blueprint
from hub.ends.enterprise.context import own_space, own_uscc
from hub.kernel.errors import NotFoundError
from hub.licenses.visibility import told_enterprise
from hub.registry import queries as registry
from hub.web.context import clearance, require_actor, services, today
from hub.web.guards import roles
from hub.web.navigation import Pager


@blueprint.get("/looks")
@roles(*KEEPERS)
def looks_page() -> str:
    uscc = own_uscc()
    require(require_actor(), Action.SEE_LOOKS, uscc)
    before = _cursor(request.args.get("before", ""))
    told = clearance().tells(Category.USE_LOG)
    found = visits(uscc, limit=PAGE + 1, before=before, db=services().db) if told else []
    older = found[PAGE - 1].id if len(found) > PAGE else None
    way = Pager(None, url_for("enterprise.looks_page", before=older) if older else None)
    return render_template("enterprise/looks.html", looks=found[:PAGE], pager=way, role_names=ROLE_NAMES)


@blueprint.get("/credit")
@roles(*EVERYONE)
def credit_page() -> str:
    uscc = own_uscc()
    require(require_actor(), Action.SEE_SPACE, uscc)
    with services().db.read() as session:
        enterprise = told_enterprise(registry.enterprise(session, uscc), clearance())
        told = clearance().tells(Category.PENALTIES)
        penalties = credit.penalties(session, uscc, on=today()) if told else ()
    return render_template(
        "enterprise/credit.html", enterprise=enterprise, penalties=penalties, level_names=LEVEL_NAMES
    )


@blueprint.get("/business-license")
@roles(*EVERYONE)
def changes() -> str:
    space = own_space()
    with services().db.read() as session:
        told = clearance().tells(Category.CHANGES)
        versions = registry.versions(session, space.enterprise.uscc) if told else ()
    return render_template("enterprise/changes.html", space=space, versions=versions)


def _cursor(text: str) -> UUID | None:
    """Raises: NotFoundError for a cursor we did not give out."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFoundError from error
