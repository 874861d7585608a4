"""Static trust resources: what a verifier needs to check signatures by itself."""

from flask import Response, request
from flask_smorest import Blueprint

from hub.api.body import json_answer
from hub.api.operations import answers, as_json, operation
from hub.web.current import services
from hub.web.guards import cacheable, public
from schemas.keys import KeySet

KEYS_SECONDS = 300  # a compromised key must be gone from caches within minutes

blueprint = Blueprint("trust", __name__, description="公钥 · Public keys.")


@operation(
    blueprint,
    "GET",
    "/.well-known/jwks.json",
    operationId="keySet",
    summary="公钥集 · The key set",
    description="Keys that sign or have signed, with state and window; retired and compromised ones are not there.",
    responses=answers("The key set.", as_json(KeySet)),
)
@cacheable(KEYS_SECONDS)
@public
def key_set() -> Response:
    response = json_answer(services().issuer.key_set.jwks())
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]  # werkzeug's base class
