"""The offline bundle: what a verifier needs where there is no network, and what an officer takes along."""

from http import HTTPStatus

from flask import Response, request
from flask_smorest import Blueprint

from hub.access.carrying import record_carried
from hub.api.body import json_answer, text_answer
from hub.api.operations import answers, as_json, operation
from hub.licenses.carrying import district, require_region
from hub.trust.bundles.building import build
from hub.web.current import now, require_actor, services, today
from hub.web.guards import public
from hub.web.limits import Rate
from schemas.bundle import Bundle, BundleQuery
from schemas.enterprise import PURPOSES

blueprint = Blueprint("bundles", __name__, url_prefix="/api/v1", description="离线包 · Offline bundles.")

_QUERY = BundleQuery()
_PARAMETERS = [
    {
        "in": "query",
        "name": "region",
        "schema": {"type": "string", "pattern": "^[0-9]{2}([0-9]{2}){0,2}$"},
        "description": "Officers and officials: the first 2, 4 or 6 digits of a division code (GB/T 2260).",
    },
    {
        "in": "query",
        "name": "purpose",
        "schema": {"type": "string", "enum": list(PURPOSES)},
        "description": "With a region: why.",
    },
    {"in": "query", "name": "reason", "schema": {"type": "string", "maxLength": 200}},
]


@operation(
    blueprint,
    "GET",
    "/bundle",
    operationId="bundle",
    summary="离线包 · The offline bundle",
    description=(
        "Keys, status lists, the table of plates and the log's checkpoint, signed, believed for 24 hours: verifies "
        "codes, credentials and receipts with no network. With `region`, officers and officials also get that "
        "region's enterprises, premises and licenses; that they took them is on record first."
    ),
    parameters=_PARAMETERS,
    responses=answers(
        "The signed bundle with its root key.",
        as_json(Bundle),
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
)
@public(rate=Rate.API)
def bundle() -> Response:
    wanted = _QUERY.load(request.args.to_dict())
    if not wanted["region"]:
        return text_answer(services().bundles.public(now=now()))
    return json_answer(_with_district(**wanted))


def _with_district(region: str, purpose: str, reason: str) -> dict[str, object]:
    """Raises: LoginRequiredError, NotAllowedError, InvalidInputError."""
    actor = require_actor()
    record_carried(
        actor=actor,
        region=require_region(region),
        purpose=purpose,
        reason=reason,
        now=now(),
        db=services().db,
    )
    with services().db.read() as session:
        carried = district(session, region, on=today())
    return build(
        services().db,
        issuer=services().issuer,
        base_url=services().settings.base_url,
        log_origin=services().settings.log_origin,
        now=now(),
        district=carried,
    )
