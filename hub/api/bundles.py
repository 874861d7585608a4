"""The offline bundle: what a verifier needs where there is no network, and what an officer takes along."""

import re
from http import HTTPStatus

from flask import Response, request
from flask_smorest import Blueprint

from hub.access.district_looks import members_of, record_carried, require_carrying
from hub.api.body import SMALL, json_answer, read_json, text_answer
from hub.api.operations import BINARY, FORM_TOKEN, IDEMPOTENCY_KEY, answers, as_json, operation, takes_json
from hub.kernel.actor import Role
from hub.kernel.errors import NotFoundError
from hub.kernel.instants import instant
from hub.licenses.offline import district
from hub.trust.bundles.builder import County
from hub.web.context import clearance, now, reference, require_actor, services, today
from hub.web.guards import cacheable, public, roles
from hub.web.headers import keep_for_ever
from hub.web.idempotency import idempotent
from hub.web.limits import Rate
from schemas.bundle import (
    COUNTY,
    BundleQuerySchema,
    BundleSchema,
    CarryingRequestSchema,
    CarryingResourceSchema,
)

blueprint = Blueprint("bundles", __name__, url_prefix="/api/v1", description="离线包 · Offline bundles.")

BYTES = "application/octet-stream"
SHARD_SECONDS = 86_400  # replaced when found: a digest never means anything else
_DIGEST = re.compile(r"[0-9a-f]{64}")

_QUERY, _REQUEST = BundleQuerySchema(), CarryingRequestSchema()
_PARAMETERS = [
    {
        "in": "query",
        "name": "region",
        "schema": {"type": "string", "pattern": f"^{COUNTY}$"},
        "description": "Officers and officials, under a carrying: the division code of a county (GB/T 2260).",
    },
]


@operation(
    blueprint,
    "GET",
    "/bundle",
    operationId="bundle",
    summary="离线包 · The offline bundle",
    description=(
        "Keys, status lists, the index of the table of plates and the log's checkpoint, signed, believed for 24 "
        "hours: verifies codes, credentials and receipts with no network. The table itself is in shards, named by "
        "their SHA-256: up to four come in `shards`, more are fetched as needed. With `region`, officers and officials also get that "
        "county's enterprises, premises and licenses, for half an hour after `POST /api/v1/carryings`; otherwise "
        "403 CARRY_NEEDED."
    ),
    parameters=_PARAMETERS,
    responses=answers(
        "The signed bundle with its root key.",
        as_json(BundleSchema),
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
    return text_answer(_of_district(wanted["region"]))


@operation(
    blueprint,
    "GET",
    "/bundle/shards/<digest>",
    operationId="bundleShard",
    summary="离线包码牌索引分片 · A shard of the bundle's table of plates",
    description=(
        "The bytes whose SHA-256, in hex, a bundle names; 52 KiB, the same for ever, kept for two days after the last "
        "bundle that names them. They tell nothing to who does not hold the text of a plate."
    ),
    responses=answers("The shard.", {BYTES: BINARY}, HTTPStatus.NOT_FOUND),
)
@cacheable(SHARD_SECONDS)
@public(rate=Rate.API)
def shard(digest: str) -> Response:
    if not _DIGEST.fullmatch(digest):
        raise NotFoundError
    content = services().bundles.shard(bytes.fromhex(digest))
    keep_for_ever()
    response = Response(content, content_type=BYTES)
    response.set_etag(digest)
    return response.make_conditional(request)  # type: ignore[return-value]  # werkzeug's base class


def _of_district(region: str) -> str:
    """Raises: LoginRequiredError, NotAllowedError, CarryNeededError."""
    known = services()
    carrying = require_carrying(actor=require_actor(), region=region, now=now(), db=known.db)

    def contents() -> County:
        members = members_of(carrying)
        with known.db.read() as session:
            found = district(
                session,
                region,
                members=members,
                on=today(),
                reference=reference(),
                clearance=clearance(),
            )
        return County(found, members)

    return known.bundles.district(carrying.id, contents, region=region, until=carrying.until, now=now())


@operation(
    blueprint,
    "POST",
    "/carryings",
    operationId="carry",
    summary="登记携带 · Put on record that a county's records are taken along",
    description=(
        "For officers and officials: says which county and why, and opens its bundle for half an hour. Every "
        "enterprise in it reads who took its records along and until when."
    ),
    security=[{"session": []}],
    parameters=[IDEMPOTENCY_KEY, FORM_TOKEN],
    requestBody=takes_json(CarryingRequestSchema),
    responses=answers(
        "The carrying that now stands.",
        as_json(CarryingResourceSchema),
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
def carry() -> Response:
    wanted = _REQUEST.load(read_json(SMALL))
    made = record_carried(by=require_actor(), now=now(), db=services().db, **wanted)
    answer = json_answer(
        {
            "id": str(made.id),
            "region": made.region,
            "enterprises": made.enterprises,
            "at": instant(made.at),
            "expires_at": instant(made.expires_at),
            "until": instant(made.until),
        }
    )
    answer.status_code = HTTPStatus.CREATED
    return answer
