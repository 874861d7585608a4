"""Issue the plate of a place of business."""

from http import HTTPStatus
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from hub.api.body import SMALL, json_answer, read_json
from hub.api.operations import FORM_TOKEN, IDEMPOTENCY_KEY, answers, as_json, operation, takes_json
from hub.codes.plates.maker import PlateOffice
from hub.codes.plates.proposals import ask_issue
from hub.codes.plates.queries import PlateView
from hub.codes.plates.service import issue_plate
from hub.kernel.actor import Role
from hub.kernel.instants import instant
from hub.web import idempotency
from hub.web.context import now, require_actor, services
from hub.web.guards import roles
from hub.web.idempotency import idempotent
from keys import Algorithm
from schemas.plates import PlateRequestSchema, PlateResourceSchema, PlateWaitingSchema

blueprint = Blueprint("plate-issue", __name__, url_prefix="/api/v1/plates", description="制码 · Plates made.")

_REQUEST = PlateRequestSchema()
_WAITS = {
    "202": {
        "description": "An official asked: a second one decides.",
        "content": as_json(PlateWaitingSchema),
        "headers": {"Location": {"schema": {"type": "string"}, "description": "Where it is decided."}},
    }
}


@operation(
    blueprint,
    "POST",
    "",
    operationId="issuePlate",
    summary="制码 · Issue the plate of a place of business",
    description=(
        "For those who manage the place. An official asks with a reason and gets 202: a second official of the "
        "department decides, and the plate is made then. Asked for by several at once, all "
        "get the same plate. While the signer is away the answer is 503: the request is on record and the plate will "
        "be made by itself; the same Idempotency-Key then gets it."
    ),
    security=[{"session": []}],
    parameters=[IDEMPOTENCY_KEY, FORM_TOKEN],
    requestBody=takes_json(PlateRequestSchema),
    responses=_WAITS
    | answers(
        "The plate.",
        as_json(PlateResourceSchema),
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        success=HTTPStatus.CREATED,
    ),
)
@roles(Role.OWNER, Role.MANAGER, Role.OFFICIAL)
@idempotent
def issue() -> Response:
    wanted, actor, known = _REQUEST.load(read_json(SMALL)), require_actor(), services()
    press = PlateOffice(known.issuer, known.settings.base_url)
    algorithm = Algorithm(wanted["algorithm"]) if "algorithm" in wanted else None
    if not actor.is_enterprise:
        asked = ask_issue(
            wanted["premises_id"],
            reason=wanted["reason"],
            algorithm=algorithm,
            press=press,
            by=actor,
            now=now(),
            db=known.db,
        )
        return _waits(asked)
    made = issue_plate(
        wanted["premises_id"],
        press=press,
        by=actor,
        now=now(),
        db=known.db,
        token=idempotency.token(),
        algorithm=algorithm,
    )
    response = json_answer(_resource(made))
    response.status_code = HTTPStatus.CREATED
    return response


def _waits(proposal: UUID) -> Response:
    """202: asked for; a second official of the department decides."""
    response = json_answer({"proposal": str(proposal), "state": "open"})
    response.status_code = HTTPStatus.ACCEPTED
    response.headers["Location"] = f"/government/proposals/{proposal}"
    return response


def _resource(plate: PlateView) -> dict[str, object]:
    return {
        "plate_id": plate.plate_id,
        "uscc": plate.uscc,
        "premises_id": str(plate.premises_id),
        "serial": plate.serial,
        "state": plate.state.value,
        "text": plate.text,
        "made_at": instant(plate.made_at or plate.created_at),
    }
