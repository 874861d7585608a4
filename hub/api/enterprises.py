"""An enterprise and its licenses as resources: for its own people, or officers and officials whose look stands."""

from http import HTTPStatus

from flask import Response
from flask_smorest import Blueprint

from hub.access.matrix import Category
from hub.api.body import json_answer
from hub.api.operations import answers, as_json, operation
from hub.api.resources import ENTERPRISE, LICENSE, enterprise_resource, license_resource
from hub.kernel.actor import Role
from hub.licenses import pages
from hub.web.context import clearance, now, reference, require_actor, services, today
from hub.web.guards import roles
from schemas.enterprise import USCC, EnterpriseResourceSchema, LicenseListSchema, UsccPathSchema

__all__ = ["IN_PATH", "PROBLEMS", "UNDER_A_LOOK", "USCC_PATH", "WHO", "blueprint"]

blueprint = Blueprint(
    "enterprises", __name__, url_prefix="/api/v1/enterprises", description="企业 · Enterprises and licenses."
)

USCC_PATH = UsccPathSchema()
WHO = (Role.OWNER, Role.MANAGER, Role.AGENT, Role.OFFICER, Role.OFFICIAL)
PROBLEMS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
_USCC_PATTERN = "^" + USCC.removesuffix(r"\Z") + "$"  # as JSON Schema writes it
UNDER_A_LOOK = (
    "For officers and officials under a look that stands (`POST /api/v1/looks`); otherwise 403 LOOK_NEEDED."
)
IN_PATH = [
    {"in": "path", "name": "uscc", "required": True, "schema": {"type": "string", "pattern": _USCC_PATTERN}}
]


@operation(
    blueprint,
    "GET",
    "/<uscc>",
    operationId="enterprise",
    summary="企业照面 · The face of the business license",
    security=[{"session": []}],
    description=UNDER_A_LOOK,
    parameters=IN_PATH,
    responses=answers("The enterprise today.", as_json(EnterpriseResourceSchema), *PROBLEMS),
)
@roles(*WHO)
def enterprise(uscc: str) -> Response:
    USCC_PATH.load({"uscc": uscc})
    found = pages.enterprise_for(uscc, by=require_actor(), now=now(), db=services().db)
    return json_answer(clearance().told(enterprise_resource(found, on=today()), ENTERPRISE))


@operation(
    blueprint,
    "GET",
    "/<uscc>/licenses",
    operationId="licenses",
    summary="证照清单 · Licenses with their colours",
    security=[{"session": []}],
    description=UNDER_A_LOOK,
    parameters=IN_PATH,
    responses=answers("The licenses today.", as_json(LicenseListSchema), *PROBLEMS),
)
@roles(*WHO)
def licenses(uscc: str) -> Response:
    USCC_PATH.load({"uscc": uscc})
    found = pages.licenses_for(
        uscc, by=require_actor(), on=today(), reference=reference(), now=now(), db=services().db
    )
    told = clearance()
    items = (
        [told.told(license_resource(each), LICENSE) for each in found] if told.tells(Category.PERMITS) else []
    )
    return json_answer({"items": items})
