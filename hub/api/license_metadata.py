"""The metadata of licenses by GB/T 36903, for those who may read the licenses."""

from flask import Response
from flask_smorest import Blueprint

from hub.access.matrix import Category, Fields, declared
from hub.api.body import json_answer
from hub.api.enterprises import IN_PATH, PROBLEMS, UNDER_A_LOOK, USCC_PATH, WHO
from hub.api.operations import answers, as_json, operation
from hub.kernel.errors import NotFoundError
from hub.licenses.metadata import pages
from hub.licenses.metadata.rules import STANDARD, STANDARD_CODES, LicenseMetadata, to_36903
from hub.web.context import clearance, now, reference, require_actor, services
from hub.web.guards import roles
from schemas.metadata import LicenseElementsListSchema, LicenseElementsSchema, MetadataPathSchema

blueprint = Blueprint(
    "license_metadata",
    __name__,
    url_prefix="/api/v1/enterprises",
    description="证照元数据 · License metadata (GB/T 36903).",
)

_PATH = MetadataPathSchema()
_ABOUT = " ".join(sorted(STANDARD_CODES - {"ZT"}))
_BUSINESS = declared(BUSINESS_LICENSE=_ABOUT, LICENSE_COLOUR="ZT")
_PERMIT = declared(PERMITS=_ABOUT, PERMIT_COLOUR="ZT")
_SUBJECT = {"in": "path", "name": "subject", "required": True, "schema": {"type": "string", "maxLength": 36}}


@operation(
    blueprint,
    "GET",
    "/<uscc>/licenses/metadata",
    operationId="licensesMetadata",
    summary="证照元数据清单 · The metadata of all licenses",
    security=[{"session": []}],
    description=f"The business license first, then every license, under the element codes of {STANDARD}. {UNDER_A_LOOK}",
    parameters=IN_PATH,
    responses=answers("The metadata today.", as_json(LicenseElementsListSchema), *PROBLEMS),
)
@roles(*WHO)
def all_of_one(uscc: str) -> Response:
    USCC_PATH.load({"uscc": uscc})
    held = pages.enterprise_metadata_for(
        uscc, by=require_actor(), reference=reference(), now=now(), db=services().db
    )
    return json_answer(
        {"standard": STANDARD, "items": [*_business(held.business), *_permits(*held.licenses)]}
    )


@operation(
    blueprint,
    "GET",
    "/<uscc>/licenses/<string(maxlength=36):subject>/metadata",
    operationId="licenseMetadata",
    summary="证照元数据 · The metadata of a license",
    security=[{"session": []}],
    description=f"Of one license, or of the business license under its USCC. {UNDER_A_LOOK}",
    parameters=[*IN_PATH, _SUBJECT],
    responses=answers("The metadata today.", as_json(LicenseElementsSchema), *PROBLEMS),
)
@roles(*WHO)
def one(uscc: str, subject: str) -> Response:
    _PATH.load({"uscc": uscc, "subject": subject})
    told = _of(uscc, subject)
    if not told:
        raise NotFoundError
    return json_answer(told[0])


def _of(uscc: str, subject: str) -> list[dict[str, object]]:
    asker, held, moment, db = require_actor(), reference(), now(), services().db
    if subject == uscc:
        return _business(
            pages.enterprise_metadata_for(uscc, by=asker, reference=held, now=moment, db=db).business
        )
    return _permits(pages.license_metadata_for(uscc, subject, by=asker, reference=held, now=moment, db=db))


def _business(record: LicenseMetadata) -> list[dict[str, object]]:
    return [_told(record, _BUSINESS)] if clearance().tells(Category.BUSINESS_LICENSE) else []


def _permits(*records: LicenseMetadata) -> list[dict[str, object]]:
    return [_told(record, _PERMIT) for record in records] if clearance().tells(Category.PERMITS) else []


def _told(record: LicenseMetadata, fields: Fields) -> dict[str, object]:
    """The elements that the reader is told; the others are absent, as elements without a value are."""
    told = clearance().told(to_36903(record), fields)
    return {code: value for code, value in told.items() if value is not None}
