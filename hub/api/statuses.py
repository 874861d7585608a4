"""Status lists as published: static resources that a verifier fetches, keeps and checks by itself."""

from http import HTTPStatus

from flask import Response, request
from flask_smorest import Blueprint

from hub.api.operations import answers, operation
from hub.kernel.errors import NotFoundError
from hub.trust.statuses import publication
from hub.trust.statuses.rules import path_of
from hub.web.context import now, services
from hub.web.guards import cacheable, public

CACHE_SECONDS = 3  # with the second until it is published, a change is public within five
CONTENT_TYPE = "application/statuslist+jwt"

blueprint = Blueprint("statuses", __name__, description="状态列表 · Status lists.")


@operation(
    blueprint,
    "GET",
    "/status/<int(min=1, max=999999999):number>",
    operationId="statusList",
    summary="状态列表 · A status list",
    description=(
        "A Token Status List (`typ` statuslist+jwt): two bits for each plate and credential, 0 in force, 1 revoked, "
        "2 suspended, 3 changed: ask the hub. Believed for 24 hours, to be fetched again after `ttl` seconds; the "
        "answer has an `ETag`, so that an unchanged list costs nothing. A change is in it within five seconds."
    ),
    responses=answers(
        "The signed list.", {CONTENT_TYPE: {"schema": {"type": "string"}}}, HTTPStatus.NOT_FOUND
    ),
)
@cacheable(CACHE_SECONDS)
@public
def status_list(number: int) -> Response:
    if request.path != path_of(number):  # one address for each list
        raise NotFoundError
    found = publication.published(services().db, number, now=now())
    response = Response(found.token, mimetype=CONTENT_TYPE)
    response.set_etag(found.etag)
    return response.make_conditional(request)  # type: ignore[return-value]  # werkzeug's base class
