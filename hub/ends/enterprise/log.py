"""What the public log holds about the enterprise: every entry, its proof, and what it commits to."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from uuid import UUID

from flask import Response, render_template, request, stream_with_context

from hub.ends.enterprise.blueprint import KEEPERS, blueprint
from hub.ends.enterprise.context import own_uscc
from hub.steward.act_names import act_name
from hub.steward.pages import OwnRecord, ReceiptOffice, own_record
from hub.trust.log.queries import Entry
from hub.web import downloads
from hub.web.context import clearance, now, require_actor, services
from hub.web.guards import roles
from hub.web.limits import Rate
from hub.web.navigation import pager

PAGE = 30


@blueprint.get("/log")
@roles(*KEEPERS)
def log_page() -> str:
    page = _own().page(request.args.get("cursor"), limit=PAGE)
    return render_template(
        "enterprise/log.html",
        page=page,
        pager=pager("enterprise.log_page", is_first="cursor" not in request.args, older=page.next_cursor),
        act_name=act_name,
    )


@blueprint.get("/log/receipts/<uuid:event_id>")
@roles(*KEEPERS)
def log_receipt(event_id: UUID) -> Response:
    """Send the receipt of one entry, with what the entry commits to."""
    text = _receipt(event_id, _own()) + "\n"
    return downloads.download(text, name=f"receipt-{event_id}.txt", mimetype="text/plain")


@blueprint.get("/log/export")
@roles(*KEEPERS, rate=Rate.EXPORT)
def log_export() -> Response:
    """Send all entries, newest first, one JSON object a line, each with its receipt."""
    lines = stream_with_context(_lines(_own()))
    return downloads.download(lines, name="public-log.jsonl", mimetype="application/jsonl")


def _own() -> OwnRecord:
    return own_record(own_uscc(), by=require_actor(), clearance=clearance(), db=services().db)


def _receipt(event_id: UUID, own: OwnRecord) -> str:
    known = services()
    office = ReceiptOffice(known.issuer, known.settings.base_url)
    return own.receipt(event_id, office=office, now=now())


def _lines(own: OwnRecord) -> Iterator[str]:
    for entry in own.entries():
        yield json.dumps(_written(entry, own), ensure_ascii=False, separators=(",", ":")) + "\n"


def _written(entry: Entry, own: OwnRecord) -> dict[str, object]:
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
        "receipt": None if entry.position is None else _receipt(entry.id, own),
    }
