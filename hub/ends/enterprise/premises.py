"""Places of business and their plates: download, ask for, report lost, replace."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import Response, redirect, render_template, url_for

from hub.codes.codable import CodeNotPossibleError, is_codable
from hub.codes.plates import pages, service
from hub.codes.printing import PlateFace, pdf, plate_face, png, svg
from hub.codes.rules import PLATE_STATE_NAMES, PlateAction, PlateEnd, PlateState
from hub.ends.enterprise.blueprint import EVERYONE, KEEPERS, blueprint
from hub.ends.enterprise.context import own_space, own_uscc, press
from hub.kernel.messages import Message
from hub.steward.queries import plates_in_use
from hub.web import downloads, idempotency, notices
from hub.web.context import clearance, now, require_actor, services
from hub.web.guards import roles
from hub.web.limits import Rate

MADE = Message("码牌已制成，可以下载张贴。", "The plate is made; download it and put it up.")
LOST = Message(
    "已挂失，扫描该码牌将提示不在使用中。",
    "Reported lost: whoever scans this plate is told it is not in use.",
)
FOUND = Message(
    "挂失已撤销，请重新确认张贴。", "The loss report is withdrawn; confirm that it hangs in its place."
)
PLACED = Message("已确认张贴。", "Confirmed as put up.")
REPLACED = Message("已补换新码牌，旧码牌作废。", "A new plate is made; the old one is void.")

_FORMS: Mapping[str, tuple[str, Callable[[PlateFace], bytes]]] = {
    "pdf": ("application/pdf", pdf),
    "png": ("image/png", png),
    "svg": ("image/svg+xml", lambda face: svg(face).encode()),
}
_STEPS = {
    "lost": (PlateAction.REPORT_LOST, LOST),
    "found": (PlateAction.FIND, FOUND),
    "placed": (PlateAction.PLACE, PLACED),
}


@blueprint.get("/premises")
@roles(*EVERYONE)
def premises_page() -> str:
    space = own_space()
    plates = pages.own_plates(own_uscc(), by=require_actor(), db=services().db)
    return render_template(
        "enterprise/premises.html",
        space=space,
        standing=plates_in_use(space.premises, plates.rows),
        ended=[row.plate for row in plates.rows if row.plate.state is PlateState.VOID],
        state_names=PLATE_STATE_NAMES,
        forms=tuple(_FORMS),
        impossible=None if is_codable(own_uscc()) else CodeNotPossibleError().message,
        may_manage=plates.may_manage,
    )


@blueprint.post("/premises/<uuid:premises_id>/plate")
@roles(*KEEPERS)
def issue_plate(premises_id: UUID) -> Response:
    service.issue_plate(
        premises_id,
        press=press(),
        by=require_actor(),
        now=now(),
        db=services().db,
        token=idempotency.form_token(),
    )
    return _back(MADE)


@blueprint.post("/plates/<plate_id>/<any(lost, found, placed):step>")
@roles(*KEEPERS)
def step_plate(plate_id: str, step: str) -> Response:
    action, said = _STEPS[step]
    service.change_plate(plate_id, action=action, by=require_actor(), now=now(), db=services().db)
    return _back(said)


@blueprint.post("/plates/<plate_id>/replace")
@roles(*KEEPERS)
def replace_plate(plate_id: str) -> Response:
    service.reissue_plate(
        plate_id,
        reason=PlateEnd.SUPERSEDED,
        press=press(),
        by=require_actor(),
        now=now(),
        db=services().db,
        token=idempotency.form_token(),
    )
    return _back(REPLACED)


@blueprint.get("/plates/<plate_id>.<any(svg, png, pdf):form>")
@roles(*KEEPERS, rate=Rate.EXPORT)
def plate_file(plate_id: str, form: str) -> Response:
    """Send the plate as a file to print. Raises: NotFoundError for a plate that is not the actor's or not in use."""
    row = pages.own_plate_to_print(
        plate_id, own_uscc(), by=require_actor(), clearance=clearance(), db=services().db
    )
    kind, drawn = _FORMS[form]
    settings = services().settings
    face = plate_face(row, base_url=settings.base_url, demo=settings.demo)
    return downloads.download(drawn(face), name=f"plate-{plate_id}.{form}", mimetype=kind)


def _back(said: Message) -> Response:
    notices.say(said)
    return redirect(url_for("enterprise.premises_page"), 303)  # type: ignore[return-value]  # werkzeug's base class
