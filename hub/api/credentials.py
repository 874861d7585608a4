"""Credentials of licenses, for those who keep the licenses."""

from http import HTTPStatus

from flask import Response, request
from flask_smorest import Blueprint

from hub.access.matrix import Category
from hub.api.body import json_answer
from hub.api.operations import FORM_TOKEN, answers, as_json, operation
from hub.credentials.maker import CredentialOffice
from hub.credentials.queries import CredentialView
from hub.credentials.service import CredentialRequest, take_credential
from hub.credentials.types import BUSINESS_LICENSE, BUSINESS_LICENSE_NAME, credential_type, vct_of
from hub.kernel.actor import Role
from hub.kernel.errors import NotFoundError
from hub.kernel.instants import instant
from hub.licenses import pages
from hub.web.context import clearance, now, reference, require_actor, services, today
from hub.web.guards import roles
from hub.web.limits import Rate
from schemas.credentials import (
    ALGORITHMS,
    CredentialPathSchema,
    CredentialQuerySchema,
    CredentialResourceSchema,
    OwnLicenseListSchema,
)

SD_JWT = "application/dc+sd-jwt"

blueprint = Blueprint(
    "credentials", __name__, url_prefix="/api/v1/licenses", description="电子凭证 · License credentials."
)

_PATH, _QUERY = CredentialPathSchema(), CredentialQuerySchema()
_KEEPERS = (Role.OWNER, Role.MANAGER)


@operation(
    blueprint,
    "GET",
    "",
    operationId="ownLicenses",
    summary="本企业的证照 · The licenses that the caller keeps",
    description="The business license first, then every license, each with the address of its credential.",
    security=[{"session": []}],
    responses=answers(
        "The licenses.", as_json(OwnLicenseListSchema), HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND
    ),
)
@roles(*_KEEPERS)
def own_licenses() -> Response:
    uscc = require_actor().uscc
    if uscc is None:
        raise NotFoundError
    found = pages.own_licenses(uscc, by=require_actor(), on=today(), reference=reference(), db=services().db)
    business = _item(uscc, BUSINESS_LICENSE, BUSINESS_LICENSE_NAME.zh, BUSINESS_LICENSE_NAME.en, uscc)
    items = [_item(str(one.id), one.type_code, one.title.zh, one.title.en, one.number) for one in found]
    return json_answer({"items": [business, *(items if clearance().tells(Category.PERMITS) else ())]})


@operation(
    blueprint,
    "POST",  # it may issue, and what is issued is on record in the asker's name
    "/<string(maxlength=36):subject>/credential",
    operationId="licenseCredential",
    summary="领取电子凭证 · The credential of a license",
    description=(
        "An SD-JWT VC (RFC 9901, `typ` dc+sd-jwt) of one license, or of the business license under its USCC. While "
        "nothing changed the same one is given again. As `application/dc+sd-jwt` when that is what is accepted, else "
        "as JSON. The business license needs a registered wallet's key; a permit is bound to one if there is one."
    ),
    security=[{"session": []}],
    parameters=[
        FORM_TOKEN,
        {"in": "path", "name": "subject", "required": True, "schema": {"type": "string", "maxLength": 36}},
        {
            "in": "query",
            "name": "holder",
            "schema": {"type": "string"},
            "description": "Thumbprint (RFC 7638) of the wallet's key; absent: the one registered last.",
        },
        {"in": "query", "name": "alg", "schema": {"type": "string", "enum": list(ALGORITHMS)}},
    ],
    responses=answers(
        "The credential.",
        {**as_json(CredentialResourceSchema), SD_JWT: {"schema": {"type": "string"}}},
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
)
@roles(*_KEEPERS, rate=Rate.EXPORT)
def credential(subject: str) -> Response:
    _PATH.load({"subject": subject})
    wanted = _QUERY.load(request.args.to_dict())
    made = take_credential(
        CredentialRequest(subject, wanted.get("holder"), wanted.get("alg")),
        office=CredentialOffice.of(services().issuer, services().settings, services().tables),
        by=require_actor(),
        now=now(),
        db=services().db,
    )
    if request.accept_mimetypes.best_match(("application/json", SD_JWT)) == SD_JWT:
        return Response(made.text, mimetype=SD_JWT)
    return json_answer(_resource(made))


def _item(subject: str, code: str, zh: str, en: str, number: str) -> dict[str, object]:
    base = services().settings.base_url
    kind = credential_type(code, reference().types)
    return {
        "id": subject,
        "type": {"zh": zh, "en": en},
        "vct": None if kind is None else vct_of(code, base),
        "number": number,
        "credential": f"{base}/api/v1/licenses/{subject}/credential",
    }


def _resource(made: CredentialView) -> dict[str, object]:
    return {
        "credential": made.text,
        "id": str(made.id),
        "vct": vct_of(made.type_code, services().settings.base_url),
        "holder": made.holder or None,
        "algorithm": made.algorithm,
        "issued_at": instant(made.issued_at),
        "expires_at": instant(made.expires_at),
    }
