"""Static trust resources: what a verifier needs to check signatures by itself."""

from flask import Response, request
from flask_smorest import Blueprint

from hub.api.body import json_answer
from hub.api.operations import answers, as_json, operation
from hub.web.context import now, services
from hub.web.guards import cacheable, public
from keys import CACHE_SECONDS
from schemas.keys import KeySetSchema

KEYS_SECONDS = CACHE_SECONDS  # a compromised key must be gone from caches within minutes
HISTORY_SECONDS = 60  # whoever asks for the history asks about compromise
HISTORY_TYPE = "application/key-history+jwt"

blueprint = Blueprint("trust", __name__, description="公钥 · Public keys.")


@operation(
    blueprint,
    "GET",
    "/.well-known/jwks.json",
    operationId="keySet",
    summary="公钥集 · The key set",
    description="Keys that sign or have signed, with state and window; retired and compromised ones are not there.",
    responses=answers("The key set.", as_json(KeySetSchema)),
)
@cacheable(KEYS_SECONDS)
@public
def key_set() -> Response:
    response = json_answer(services().issuer.key_set.jwks())
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]  # werkzeug's base class


@operation(
    blueprint,
    "GET",
    "/.well-known/key-history",
    operationId="keyHistory",
    summary="密钥沿革 · The history of the keys",
    description=(
        "A token (`typ` key-history+jwt, signed by the bundle key) with every key the hub ever had, retired and "
        "compromised ones with their instants and reasons, and what was done with them, oldest first. What a "
        "compromised key signed is to be refused, unless a receipt of the public log is older than `revoked_at`."
    ),
    responses=answers("The signed history.", {HISTORY_TYPE: {"schema": {"type": "string"}}}),
)
@cacheable(HISTORY_SECONDS)
@public
def key_history() -> Response:
    response = Response(services().key_history.token(now()), mimetype=HISTORY_TYPE)
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]  # werkzeug's base class
