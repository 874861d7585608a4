"""Departments' data: what was loaded, what was refused and why, to take away for the department."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from flask import Response, render_template
from flask_babel import gettext as _

from hub.access.checks import reading, require
from hub.access.rules import Action
from hub.ends.government import exports
from hub.ends.government.acts import DOER_NAMES
from hub.ends.government.blueprint import PAGE, READERS, blueprint
from hub.ends.government.current import cursor
from hub.feeds import changes, queries, waiting_batches
from hub.feeds.batches import HELD
from hub.feeds.reasons import REASONS
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.kernel.exports import Cell
from hub.kernel.messages import Message
from hub.web.current import language, require_actor, services
from hub.web.guards import roles
from hub.web.limits import Rate

BATCH_STATES: Mapping[str, Message] = {
    "loading": Message("导入中", "Loading"),
    "done": Message("已完成", "Done"),
    "failed": Message("未完成", "Failed"),
    "held": Message("待确认", "Waits for a decision"),
    "refused": Message("已驳回，不入库", "Refused, not loaded"),
    "approved": Message("已同意，待导入", "Approved, to be loaded"),
}


@blueprint.get("/sources")
@roles(*READERS)
def sources() -> str:
    before = cursor("before")
    with reading(Action.SEE_SOURCES, by=require_actor(), db=services().db) as session:
        page = queries.batches(session, before=before or None, limit=PAGE + 1)
        refused = waiting_batches.refused(session, [one.id for one in page if one.state == HELD])
    older = page[PAGE - 1].cursor if len(page) > PAGE else None
    return render_template(
        "government/sources.html",
        batches=page[:PAGE],
        shown={one.id: "refused" if one.id in refused else one.state for one in page},
        older=older,
        is_first=not before,
        states=BATCH_STATES,
    )


@blueprint.get("/sources/<uuid:batch_id>")
@roles(*READERS)
def batch(batch_id: UUID) -> str:
    after = cursor("after")
    with reading(Action.SEE_SOURCES, by=require_actor(), db=services().db) as session:
        found = queries.batch(session, batch_id)
        is_refused = found.state == HELD and bool(waiting_batches.refused(session, [batch_id]))
        page = queries.refusals(session, batch_id, after=after or None, limit=PAGE + 1)
    more = page[PAGE - 1].cursor if len(page) > PAGE else None
    return render_template(
        "government/batch.html",
        batch=found,
        shown="refused" if is_refused else found.state,
        changes=changes,
        doer_names=DOER_NAMES,
        refusals=page[:PAGE],
        more=more,
        is_first=not after,
        states=BATCH_STATES,
        reasons=REASONS,
    )


@blueprint.get("/sources/<uuid:batch_id>/refused.<any(csv, xlsx):form>")
@roles(Role.OFFICIAL, rate=Rate.EXPORT)
def refused(batch_id: UUID, form: str) -> Response:
    """Every refused row of a batch, to be handed back to the department."""
    require(require_actor(), Action.EXPORT)
    with reading(Action.SEE_SOURCES, by=require_actor(), db=services().db) as session:
        queries.batch(session, batch_id)
    headers = (_("Sheet"), _("Line"), _("Column"), _("Value"), _("Code"), _("Reason"))
    rows = _rows(services().db, batch_id, in_english=language() == "en")
    return exports.table(form, f"refused-{batch_id}", headers, rows)


def _rows(db: Database, batch_id: UUID, *, in_english: bool) -> Iterator[tuple[Cell, ...]]:
    with db.read() as session:
        for row in queries.all_refusals(session, batch_id):
            sentence = row.message.en if in_english else row.message.zh
            yield (row.sheet, row.line, row.column, row.value, row.reason, sentence)
