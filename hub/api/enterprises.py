"""An enterprise and its licenses as resources: for its own people, or officers and officials whose look stands."""

from http import HTTPStatus

from flask import Response
from flask_smorest import Blueprint

from hub.access.checks import require
from hub.access.looks import require_look
from hub.access.matrix import Category
from hub.access.rules import Action
from hub.api.body import json_answer
from hub.api.operations import answers, as_json, operation
from hub.api.resources import ENTERPRISE, LICENSE, enterprise_resource, license_resource
from hub.kernel.actor import Role
from hub.licenses import queries
from hub.registry import queries as registry
from hub.web.context import clearance, now, reference, require_actor, services, today
from hub.web.guards import roles
from schemas.enterprise import USCC, EnterpriseResourceSchema, LicenseListSchema, UsccPathSchema

__all__ = ["IN_PATH", "PROBLEMS", "UNDER_A_LOOK", "WHO", "blueprint", "let_in"]

blueprint = Blueprint(
    "enterprises", __name__, url_prefix="/api/v1/enterprises", description="企业 · Enterprises and licenses."
)

_PATH = UsccPathSchema()
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
    let_in(uscc)
    with services().db.read() as session:
        found = registry.enterprise(session, uscc)
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
    let_in(uscc)
    with services().db.read() as session:
        state = registry.enterprise(session, uscc).state
        found = queries.licenses(session, uscc, entity_state=state, on=today(), reference=reference())
    told = clearance()
    items = (
        [told.told(license_resource(each), LICENSE) for each in found] if told.tells(Category.PERMITS) else []
    )
    return json_answer({"items": items})


def let_in(uscc: str) -> None:
    """Its own people enter; everybody else under a look that stands.

    Raises: ValidationError, NotFoundError, NotAllowedError, LookNeededError.
    """
    _PATH.load({"uscc": uscc})
    actor = require_actor()
    if actor.is_enterprise:
        require(actor, Action.SEE_SPACE, uscc)
        return
    require_look(actor=actor, uscc=uscc, now=now(), db=services().db)
