"""Departments' data: what was loaded, what was refused and why, to take away for the department."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import Response, render_template
from flask_babel import gettext as _

from hub.ends.government.blueprint import PAGE, READERS, blueprint
from hub.ends.government.context import cursor
from hub.ends.government.doers import doer_of
from hub.feeds import changes, pages
from hub.feeds.batches import APPROVED, DONE, FAILED, HELD, LOADING
from hub.feeds.queries import RefusalView
from hub.feeds.reasons import reason_name
from hub.kernel.actor import Role
from hub.kernel.exports import Cell
from hub.kernel.messages import Message
from hub.licenses.colours.rules import Colour
from hub.web import downloads
from hub.web.context import language, require_actor, services
from hub.web.guards import roles
from hub.web.limits import Rate
from hub.web.navigation import pager

REFUSED = "refused"  # one that is held, and that a person has decided against
BATCH_STATES: Mapping[str, Message] = {
    LOADING: Message("导入中", "Loading"),
    DONE: Message("已完成", "Done"),
    FAILED: Message("未完成", "Failed"),
    HELD: Message("待确认", "Waits for a decision"),
    REFUSED: Message("已驳回，不入库", "Refused, not loaded"),
    APPROVED: Message("已同意，待导入", "Approved, to be loaded"),
}
BATCH_COLOURS: Mapping[str, Colour] = {
    LOADING: Colour.YELLOW,
    DONE: Colour.BLUE,
    FAILED: Colour.RED,
    HELD: Colour.YELLOW,
    REFUSED: Colour.GREY,
    APPROVED: Colour.YELLOW,
}


@dataclass(frozen=True, slots=True)
class BatchText:
    """The state of a batch as its page says it (a key of `BATCH_STATES`)."""

    state: str

    @property
    def name(self) -> Message:
        return BATCH_STATES[self.state]

    @property
    def colour(self) -> Colour:
        return BATCH_COLOURS[self.state]

    @property
    def is_held(self) -> bool:
        return self.state == HELD

    @property
    def is_refused(self) -> bool:
        return self.state == REFUSED

    @property
    def is_approved(self) -> bool:
        return self.state == APPROVED

    @property
    def is_done(self) -> bool:
        return self.state == DONE

    @property
    def is_counted(self) -> bool:
        """Whether rows of it were stored or refused: none are before a person has decided."""
        return self.state not in {HELD, REFUSED, APPROVED}


@blueprint.get("/sources")
@roles(*READERS)
def sources() -> str:
    before = cursor("before")
    page = pages.batches(by=require_actor(), before=before or None, limit=PAGE, db=services().db)
    return render_template(
        "government/sources.html",
        rows=[(one, BatchText(REFUSED if one.id in page.turned_down else one.state)) for one in page.rows],
        pager=pager("government.sources", is_first=not before, older=page.older, at="before"),
    )


@blueprint.get("/sources/<uuid:batch_id>")
@roles(*READERS)
def batch(batch_id: UUID) -> str:
    after = cursor("after")
    found = pages.batch(batch_id, by=require_actor(), after=after or None, limit=PAGE, db=services().db)
    return render_template(
        "government/batch.html",
        batch=found.batch,
        shown=BatchText(REFUSED if found.is_turned_down else found.batch.state),
        changes=changes,
        loaded_by=doer_of(found.batch.by, {}),
        refusals=found.refusals,
        pager=pager("government.batch", is_first=not after, older=found.more, at="after", batch_id=batch_id),
        reason_name=reason_name,
    )


@blueprint.get("/sources/<uuid:batch_id>/refused.<any(csv, xlsx):form>")
@roles(Role.OFFICIAL, rate=Rate.EXPORT)
def refused(batch_id: UUID, form: str) -> Response:
    """Send every refused row of a batch, to be handed back to the department."""
    found = pages.refusals_to_hand_back(batch_id, by=require_actor(), db=services().db)
    headers = (_("Sheet"), _("Line"), _("Column"), _("Value"), _("Code"), _("Reason"))
    rows = _rows(found, in_english=language() == "en")
    return downloads.table(form, f"refused-{batch_id}", headers, rows)


def _rows(refusals: Iterable[RefusalView], *, in_english: bool) -> Iterator[tuple[Cell, ...]]:
    for row in refusals:
        sentence = row.message.en if in_english else row.message.zh
        yield (row.sheet, row.line, row.column, row.value, row.reason, sentence)
