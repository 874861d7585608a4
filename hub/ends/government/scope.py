"""Items of business scopes that the catalogue does not know: reviewed in their place, taken away as a table."""

from collections.abc import Iterator
from dataclasses import replace

from flask import Response, render_template
from flask_babel import gettext as _

from hub.access.checks import reading, require
from hub.access.matrix import Category
from hub.access.rules import Action
from hub.ends.government.blueprint import PAGE, blueprint
from hub.ends.government.context import argument, cursor
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.kernel.exports import Cell
from hub.licenses.visibility import UNMATCHED
from hub.registry.scope.items import ScopeCatalogue
from hub.registry.scope.review import MAX_PAGE, commonest_unmatched, unmatched_count, unmatched_page
from hub.web import downloads
from hub.web.context import clearance, reference, require_actor, services
from hub.web.guards import roles
from hub.web.limits import Rate
from hub.web.navigation import pager


@blueprint.get("/scope")
@roles(Role.OFFICIAL)
def scope() -> str:
    words = argument("q")
    guessed = argument("kind") == "guessed"
    with reading(Action.EDIT_CATALOGUE, by=require_actor(), db=services().db) as session:
        total = unmatched_count(session)
        commonest = commonest_unmatched(session) if clearance().tells(Category.BUSINESS_LICENSE) else ()
        page = unmatched_page(
            session, reference().items, words=words, cursor=cursor(), limit=PAGE, guessed=guessed
        )
    page = replace(page, rows=clearance().each(page.rows, UNMATCHED))
    return render_template(
        "government/scope.html",
        total=total,
        commonest=commonest,
        page=page,
        words=words,
        guessed=guessed,
        pager=pager(
            "government.scope",
            is_first=not cursor(),
            older=page.next_cursor,
            q=words,
            kind="guessed" if guessed else None,
        ),
    )


@blueprint.get("/scope/unmatched.<any(csv, xlsx):form>")
@roles(Role.OFFICIAL, rate=Rate.EXPORT)
def unmatched(form: str) -> Response:
    require(require_actor(), Action.EXPORT)
    headers = (_("Credit code"), _("Enterprise"), _("Item"), _("Part of the scope"), _("Before"), _("After"))
    categories = (None, *(Category.BUSINESS_LICENSE,) * 5)
    told, rows = clearance().columns(categories, headers, _rows(services().db, reference().items))
    return downloads.table(form, "unmatched-scope", told, rows)


def _rows(db: Database, items: ScopeCatalogue) -> Iterator[tuple[Cell, ...]]:
    cursor: str | None = None
    while True:
        with db.read() as session:
            page = unmatched_page(session, items, cursor=cursor, limit=MAX_PAGE)
        for row in page.rows:
            yield (row.uscc, row.enterprise_name, row.text, row.section, row.before, row.after)
        cursor = page.next_cursor
        if cursor is None:
            return
