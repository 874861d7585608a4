"""What the public log holds about the enterprise: every entry, its proof, and what it commits to."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from uuid import UUID

from flask import Response, render_template, request, stream_with_context

from hub.access.checks import require
from hub.access.matrix import Category
from hub.access.rules import Action
from hub.ends.enterprise.blueprint import KEEPERS, blueprint
from hub.ends.enterprise.context import own_uscc
from hub.kernel.errors import NotFoundError
from hub.steward.act_names import act_name
from hub.trust.log import queries
from hub.trust.log.queries import Entry
from hub.trust.receipts import ReceiptReader, make_receipt
from hub.web import downloads
from hub.web.context import clearance, now, require_actor, services
from hub.web.guards import roles
from hub.web.limits import Rate
from hub.web.navigation import pager

PAGE = 30


@blueprint.get("/log")
@roles(*KEEPERS)
def log_page() -> str:
    page = queries.entries_about(services().db, _own(), request.args.get("cursor"), limit=PAGE)
    return render_template(
        "enterprise/log.html",
        page=page,
        pager=pager("enterprise.log_page", is_first="cursor" not in request.args, older=page.next_cursor),
        act_name=act_name,
    )


@blueprint.get("/log/receipts/<uuid:event_id>")
@roles(*KEEPERS)
def log_receipt(event_id: UUID) -> Response:
    """The receipt of one entry, with what the entry commits to."""
    text = _receipt(event_id, _own()) + "\n"
    return downloads.download(text, name=f"receipt-{event_id}.txt", mimetype="text/plain")


@blueprint.get("/log/export")
@roles(*KEEPERS, rate=Rate.EXPORT)
def log_export() -> Response:
    """All entries, newest first, one JSON object a line, each with its receipt."""
    lines = stream_with_context(_lines(_own()))
    return downloads.download(lines, name="public-log.jsonl", mimetype="application/jsonl")


def _own() -> str:
    uscc = own_uscc()
    require(require_actor(), Action.SEE_LOOKS, uscc)
    if not clearance().tells(Category.USE_LOG):
        raise NotFoundError
    return uscc


def _receipt(event_id: UUID, uscc: str) -> str:
    known = services()
    return make_receipt(
        event_id,
        issuer=known.issuer,
        base_url=known.settings.base_url,
        now=now(),
        db=known.db,
        opened_for=ReceiptReader(uscc),
    )


def _lines(uscc: str) -> Iterator[str]:
    cursor: str | None = None
    while True:
        page = queries.entries_about(services().db, uscc, cursor, limit=queries.MAX_PAGE)
        for entry in page.rows:
            yield json.dumps(_written(entry, uscc), ensure_ascii=False, separators=(",", ":")) + "\n"
        cursor = page.next_cursor
        if cursor is None:
            return


def _written(entry: Entry, uscc: str) -> dict[str, object]:
    salt = None if entry.salt is None else urlsafe_b64encode(entry.salt).rstrip(b"=").decode("ascii")
    late = {} if entry.happened_at is None else {"happened_at": entry.happened_at.isoformat()}
    return {
        "id": str(entry.id),
        "kind": entry.kind,
        "at": entry.at.isoformat(),
        **late,
        "subject": entry.subject,
        "position": entry.position,
        "opening": entry.opening,
        "salt": salt,
        "receipt": None if entry.position is None else _receipt(entry.id, uscc),
    }
