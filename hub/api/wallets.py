"""Wallets' public keys: registered with a proof of possession, removed by those who keep the licenses."""

from http import HTTPStatus

from flask import Response
from flask_smorest import Blueprint

from hub.api.body import SMALL, json_answer, read_json
from hub.api.operations import FORM_TOKEN, IDEMPOTENCY_KEY, answers, as_json, operation, takes_json
from hub.credentials import wallets
from hub.credentials.queries import HolderKeyView, holder_keys
from hub.kernel.actor import Role
from hub.kernel.errors import NotFoundError
from hub.kernel.instants import instant
from hub.web.context import now, require_actor, services
from hub.web.guards import roles
from hub.web.idempotency import idempotent
from schemas.credentials import (
    ChallengeSchema,
    HolderKeyListSchema,
    HolderKeyPathSchema,
    HolderKeyRequestSchema,
    HolderKeyResourceSchema,
)

blueprint = Blueprint(
    "wallets", __name__, url_prefix="/api/v1/holder-keys", description="钱包密钥 · Wallets' public keys."
)

_KEEPERS = (Role.OWNER, Role.MANAGER)
_REQUEST, _PATH = HolderKeyRequestSchema(), HolderKeyPathSchema()
_PROBLEMS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)


@operation(
    blueprint,
    "GET",
    "",
    operationId="holderKeys",
    summary="钱包密钥清单 · The wallets in use",
    security=[{"session": []}],
    responses=answers("The keys.", as_json(HolderKeyListSchema), *_PROBLEMS),
)
@roles(*_KEEPERS)
def keys() -> Response:
    with services().db.read() as session:
        found = holder_keys(session, _own())
    return json_answer({"items": [_resource(key) for key in found]})


@operation(
    blueprint,
    "POST",
    "/challenge",
    operationId="holderKeyChallenge",
    summary="获取随机数 · A nonce for a proof of possession",
    description="Good once, for ten minutes, for the caller's enterprise.",
    security=[{"session": []}],
    parameters=[FORM_TOKEN],
    responses=answers("What to sign.", as_json(ChallengeSchema), *_PROBLEMS),
)
@roles(*_KEEPERS)
def challenge() -> Response:
    made = wallets.new_challenge(
        _own(), audience=services().settings.base_url, by=require_actor(), now=now(), db=services().db
    )
    return json_answer(
        {"audience": made.audience, "nonce": made.nonce, "expires_at": instant(made.expires_at)}
    )


@operation(
    blueprint,
    "POST",
    "",
    operationId="registerHolderKey",
    summary="登记钱包密钥 · Register a wallet's key",
    description=(
        "The proof is a compact JWS as in OpenID for Verifiable Credential Issuance: `typ` openid4vci-proof+jwt, the "
        "public key as `jwk` in the header, `aud`, `nonce` and `iat` signed with it. P-256, Ed25519 or SM2."
    ),
    security=[{"session": []}],
    parameters=[IDEMPOTENCY_KEY, FORM_TOKEN],
    requestBody=takes_json(HolderKeyRequestSchema),
    responses=answers(
        "The registered key.",
        as_json(HolderKeyResourceSchema),
        *_PROBLEMS,
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        success=HTTPStatus.CREATED,
    ),
)
@roles(*_KEEPERS)
@idempotent
def register() -> Response:
    wanted = _REQUEST.load(read_json(SMALL))
    uscc = _own()
    thumbprint = wallets.register_key(
        wanted["proof"],
        uscc=uscc,
        label=wanted["label"],
        audience=services().settings.base_url,
        by=require_actor(),
        now=now(),
        db=services().db,
    )
    with services().db.read() as session:
        key = next(each for each in holder_keys(session, uscc) if each.thumbprint == thumbprint)
    response = json_answer(_resource(key))
    response.status_code = HTTPStatus.CREATED
    return response


@operation(
    blueprint,
    "DELETE",
    "/<string(maxlength=43):thumbprint>",
    operationId="removeHolderKey",
    summary="移除钱包密钥 · Remove a wallet's key",
    description="For good; every credential bound to it is revoked with it.",
    security=[{"session": []}],
    parameters=[
        {"in": "path", "name": "thumbprint", "required": True, "schema": {"type": "string", "maxLength": 43}},
        FORM_TOKEN,
    ],
    responses=answers(
        "The wallets still in use.", as_json(HolderKeyListSchema), *_PROBLEMS, HTTPStatus.BAD_REQUEST
    ),
)
@roles(*_KEEPERS)
def remove(thumbprint: str) -> Response:
    _PATH.load({"thumbprint": thumbprint})
    wallets.remove_key(_own(), thumbprint, by=require_actor(), now=now(), db=services().db)
    return keys()


def _own() -> str:
    """Raises: NotFoundError."""
    uscc = require_actor().uscc
    if uscc is None:
        raise NotFoundError
    return uscc


def _resource(key: HolderKeyView) -> dict[str, object]:
    return {
        "thumbprint": key.thumbprint,
        "algorithm": key.algorithm,
        "jwk": dict(key.jwk),
        "label": key.label,
        "added_at": instant(key.added_at),
    }
