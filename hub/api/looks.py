"""A look beyond the public view, put on record before anything is read: what opens it is a request of its own."""

from http import HTTPStatus

from flask import Response
from flask_smorest import Blueprint

from hub.access.looks import LOOK_LIFE, record_look
from hub.api.body import SMALL, json_answer, read_json
from hub.api.operations import FORM_TOKEN, IDEMPOTENCY_KEY, answers, as_json, operation, takes_json
from hub.kernel.actor import Role
from hub.kernel.instants import instant
from hub.steward.dossier import name_of
from hub.web.context import clearance, now, require_actor, services
from hub.web.guards import roles
from hub.web.idempotency import idempotent
from schemas.enterprise import LookRequestSchema, LookResourceSchema

blueprint = Blueprint("looks", __name__, url_prefix="/api/v1/looks", description="查看 · Looks on record.")

SEEN = "接口 API"
_REQUEST = LookRequestSchema()


@operation(
    blueprint,
    "POST",
    "",
    operationId="look",
    summary="登记查看 · Put a look at an enterprise on record",
    description=(
        "For officers and officials: says why, and opens `GET /api/v1/enterprises/{uscc}` and what is under it for "
        "half an hour. The enterprise reads who looked and why."
    ),
    security=[{"session": []}],
    parameters=[IDEMPOTENCY_KEY, FORM_TOKEN],
    requestBody=takes_json(LookRequestSchema),
    responses=answers(
        "The look that now stands.",
        as_json(LookResourceSchema),
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
@roles(Role.OFFICER, Role.OFFICIAL)
@idempotent
def look() -> Response:
    wanted = _REQUEST.load(read_json(SMALL))
    name_of(wanted["uscc"], clearance=clearance(), db=services().db)
    made = record_look(actor=require_actor(), seen=SEEN, now=now(), db=services().db, **wanted)
    answer = json_answer(
        {
            "id": str(made.id),
            "uscc": wanted["uscc"],
            "purpose": wanted["purpose"],
            "reason": made.reason,
            "at": instant(made.at),
            "expires_at": instant(made.at + LOOK_LIFE),
        }
    )
    answer.status_code = HTTPStatus.CREATED
    return answer
