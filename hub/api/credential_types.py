"""Who issues credentials and what each type of them says: documents that a verifier fetches and keeps."""

from http import HTTPStatus

from flask import Response, request
from flask_smorest import Blueprint

from hub.api.body import json_answer
from hub.api.operations import answers, as_json, operation
from hub.credentials.types import credential_type, type_metadata
from hub.kernel.errors import NotFoundError
from hub.web.context import reference, services
from hub.web.guards import cacheable, public
from keys import Purpose
from schemas.credentials import JwtVcIssuerSchema, TypeMetadataSchema

KEYS_SECONDS = 300  # as for the key set
TYPE_SECONDS = 3_600  # a type changes only when the hub is installed anew

blueprint = Blueprint("credential-types", __name__, description="凭证类型 · Issuer and types of credentials.")


@operation(
    blueprint,
    "GET",
    "/.well-known/jwt-vc-issuer",
    operationId="jwtVcIssuer",
    summary="凭证签发者 · The issuer of credentials and its keys",
    description="As SD-JWT VC describes it: the issuer's name and the keys that sign credentials, no others.",
    responses=answers("Issuer and keys.", as_json(JwtVcIssuerSchema)),
)
@cacheable(KEYS_SECONDS)
@public
def issuer() -> Response:
    published = services().issuer.key_set.jwks()["keys"]
    keys = [key for key in published if key["purpose"] == Purpose.CREDENTIAL]  # type: ignore[attr-defined]  # a list of JWKs
    return _kept({"issuer": services().settings.base_url, "jwks": {"keys": keys}})


@operation(
    blueprint,
    "GET",
    "/vct/<string(maxlength=40):code>",
    operationId="credentialType",
    summary="凭证类型 · What a type of credential says",
    description="Type metadata (SD-JWT VC): names in Chinese and English, every claim with its path and titles.",
    parameters=[
        {"in": "path", "name": "code", "required": True, "schema": {"type": "string", "maxLength": 40}}
    ],
    responses=answers("The type.", as_json(TypeMetadataSchema), HTTPStatus.NOT_FOUND),
)
@cacheable(TYPE_SECONDS)
@public
def type_document(code: str) -> Response:
    kind = credential_type(code, reference().types)
    if kind is None:
        raise NotFoundError
    return _kept(dict(type_metadata(kind, services().settings.base_url)))


def _kept(document: object) -> Response:
    response = json_answer(document)
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]  # werkzeug's base class
