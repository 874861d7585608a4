"""Passkeys in doubt: what authenticators said against themselves, until an official has looked into it."""

from uuid import UUID

from flask import Response, render_template, url_for

from hub.access import passkey_doubts as access_passkey_doubts
from hub.access.rules import DOUBT_NAMES
from hub.ends.government.blueprint import blueprint
from hub.ends.government.context import back_to
from hub.kernel.actor import Role
from hub.kernel.messages import Message
from hub.web.context import now, require_actor, services
from hub.web.guards import roles

SEEN = Message("已记录处理。", "Noted as dealt with.")


@blueprint.get("/doubts")
@roles(Role.OFFICIAL)
def passkey_doubts() -> str:
    rows = access_passkey_doubts.doubts_page(by=require_actor(), db=services().db)
    return render_template("government/doubts.html", rows=rows, doubt_names=DOUBT_NAMES)


@blueprint.post("/doubts/<uuid:doubt_id>")
@roles(Role.OFFICIAL)
def see_doubt(doubt_id: UUID) -> Response:
    access_passkey_doubts.see(doubt_id, by=require_actor(), now=now(), db=services().db)
    return back_to(url_for("government.passkey_doubts"), SEEN)
