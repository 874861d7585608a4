"""An enterprise and its licenses as resources: its own people, or officers and officials with a purpose on record."""

from http import HTTPStatus

from flask import Response, request
from flask_smorest import Blueprint

from hub.access import looks
from hub.access.checks import require
from hub.access.rules import Action
from hub.api.body import json_answer
from hub.api.operations import answers, as_json, operation
from hub.api.resources import enterprise_resource, license_resource
from hub.kernel.actor import Role
from hub.licenses import queries
from hub.registry import queries as registry
from hub.web.current import now, require_actor, services, today
from hub.web.guards import roles
from schemas.enterprise import PURPOSES, USCC, EnterpriseResource, LicenseList, LookQuery, UsccPath

blueprint = Blueprint(
    "enterprises", __name__, url_prefix="/api/v1/enterprises", description="企业 · Enterprises and licenses."
)

_LOOK, _PATH = LookQuery(), UsccPath()
_WHO = (Role.OWNER, Role.MANAGER, Role.AGENT, Role.OFFICER, Role.OFFICIAL)
_PROBLEMS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
_USCC_PATTERN = "^" + USCC.removesuffix(r"\Z") + "$"  # as JSON Schema writes it
_QUERY = [
    {
        "in": "query",
        "name": "purpose",
        "schema": {"type": "string", "enum": list(PURPOSES)},
        "description": "Officers and officials: why.",
    },
    {"in": "query", "name": "reason", "schema": {"type": "string", "maxLength": 200}},
]
_IN_PATH = [
    {"in": "path", "name": "uscc", "required": True, "schema": {"type": "string", "pattern": _USCC_PATTERN}}
]


@operation(
    blueprint,
    "GET",
    "/<uscc>",
    operationId="enterprise",
    summary="企业照面 · The face of the business license",
    security=[{"session": []}],
    parameters=[*_IN_PATH, *_QUERY],
    responses=answers("The enterprise today.", as_json(EnterpriseResource), *_PROBLEMS),
)
@roles(*_WHO)
def enterprise(uscc: str) -> Response:
    _let_in(uscc, seen="api enterprise")
    with services().db.read() as session:
        found = registry.enterprise(session, uscc)
    return json_answer(enterprise_resource(found, on=today()))


@operation(
    blueprint,
    "GET",
    "/<uscc>/licenses",
    operationId="licenses",
    summary="证照清单 · Licenses with their colours",
    security=[{"session": []}],
    parameters=[*_IN_PATH, *_QUERY],
    responses=answers("The licenses today.", as_json(LicenseList), *_PROBLEMS),
)
@roles(*_WHO)
def licenses(uscc: str) -> Response:
    _let_in(uscc, seen="api licenses")
    with services().db.read() as session:
        state = registry.enterprise(session, uscc).state
        found = queries.licenses(session, uscc, entity_state=state, on=today())
    return json_answer({"items": [license_resource(each) for each in found]})


def _let_in(uscc: str, *, seen: str) -> None:
    """Its own people enter; everybody else's look is put on record first, with its purpose.

    Raises: ValidationError, NotFoundError, NotAllowedError, InvalidInputError.
    """
    _PATH.load({"uscc": uscc})
    wanted = _LOOK.load(request.args.to_dict())
    actor = require_actor()
    if actor.is_enterprise:
        require(actor, Action.SEE_SPACE, uscc)
        return
    looks.record_look(actor=actor, uscc=uscc, seen=seen, now=now(), db=services().db, **wanted)
