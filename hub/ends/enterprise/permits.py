"""应办 / 已办 / 未办 with their reasons, and the declarations 不涉及."""

from uuid import UUID

from flask import Response, redirect, render_template, request, url_for

from hub.ends.enterprise.blueprint import EVERYONE, KEEPERS, blueprint
from hub.ends.enterprise.context import own_space, own_uscc
from hub.kernel.messages import Message
from hub.licenses import pages, service
from hub.licenses.errors import MAX_REASON_CHARS, MIN_REASON_CHARS
from hub.licenses.service import WaiverDeclaration
from hub.web import forms, notices
from hub.web.context import now, reference, require_actor, services, today
from hub.web.guards import roles
from schemas.waivers import WaiverFormSchema

DECLARED = Message(
    "已声明不涉及，监管部门可以看到该声明。", "Declared as not applying. Regulators can see the declaration."
)
WITHDRAWN = Message("声明已撤回。", "The declaration is withdrawn.")


@blueprint.get("/permits")
@roles(*EVERYONE)
def permits_page() -> str:
    space = own_space()
    may_declare = pages.may_declare(own_uscc(), by=require_actor())
    return render_template("enterprise/permits.html", space=space, may_declare=may_declare)


@blueprint.get("/permits/<type_code>/waive")
@roles(*KEEPERS)
def waive_page(type_code: str) -> str:
    row = pages.duty_to_waive(own_space(), type_code, request.args.get("premises", ""), by=require_actor())
    return render_template("enterprise/waive.html", row=row, least=MIN_REASON_CHARS, most=MAX_REASON_CHARS)


@blueprint.post("/permits/<type_code>/waive")
@roles(*KEEPERS)
def waive(type_code: str) -> Response:
    data = WaiverFormSchema().load(forms.submitted())
    service.declare_waiver(
        WaiverDeclaration(type_code, data["premises_id"], data["reason"]),
        uscc=own_uscc(),
        actor=require_actor(),
        now=now(),
        today=today(),
        reference=reference(),
        db=services().db,
    )
    notices.say(DECLARED)
    return redirect(url_for("enterprise.permits_page"), 303)  # type: ignore[return-value]  # werkzeug's base class


@blueprint.post("/waivers/<uuid:waiver_id>/revoke")
@roles(*KEEPERS)
def revoke(waiver_id: UUID) -> Response:
    service.revoke_waiver(
        waiver_id,
        uscc=own_uscc(),
        actor=require_actor(),
        now=now(),
        today=today(),
        reference=reference(),
        db=services().db,
    )
    notices.say(WITHDRAWN)
    return redirect(url_for("enterprise.permits_page"), 303)  # type: ignore[return-value]  # werkzeug's base class
