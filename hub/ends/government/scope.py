"""Items of business scopes that the catalogue does not know: reviewed in their place, taken away as a table."""

from collections.abc import Iterable, Iterator

from flask import Response, render_template
from flask_babel import gettext as _

from hub.access.matrix import Category
from hub.ends.government.blueprint import PAGE, blueprint
from hub.ends.government.context import argument, cursor
from hub.kernel.actor import Role
from hub.kernel.exports import Cell
from hub.licenses import pages
from hub.registry.scope.review import UnmatchedLine
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
    found = pages.scope_review(
        by=require_actor(),
        clearance=clearance(),
        wanted=pages.UnmatchedFilter(words, guessed),
        items=reference().items,
        cursor=cursor(),
        limit=PAGE,
        db=services().db,
    )
    return render_template(
        "government/scope.html",
        total=found.total,
        commonest=found.commonest,
        page=found.page,
        words=words,
        guessed=guessed,
        pager=pager(
            "government.scope",
            is_first=not cursor(),
            older=found.page.next_cursor,
            q=words,
            kind="guessed" if guessed else None,
        ),
    )


@blueprint.get("/scope/unmatched.<any(csv, xlsx):form>")
@roles(Role.OFFICIAL, rate=Rate.EXPORT)
def unmatched(form: str) -> Response:
    lines = pages.unmatched_to_take_away(items=reference().items, by=require_actor(), db=services().db)
    headers = (_("Credit code"), _("Enterprise"), _("Item"), _("Part of the scope"), _("Before"), _("After"))
    categories = (None, *(Category.BUSINESS_LICENSE,) * 5)
    told, rows = clearance().columns(categories, headers, _rows(lines))
    return downloads.table(form, "unmatched-scope", told, rows)


def _rows(lines: Iterable[UnmatchedLine]) -> Iterator[tuple[Cell, ...]]:
    for row in lines:
        yield (row.uscc, row.enterprise_name, row.text, row.section, row.before, row.after)
