"""Shapes of an enterprise and its licenses as resources."""

from marshmallow import fields
from marshmallow.validate import Length, OneOf, Regexp

from schemas.base import StrictSchema
from schemas.problem import BothLanguagesSchema
from schemas.verification import COLOURS

PURPOSES = ("routine", "special", "complaint", "permit", "request", "emergency", "other")
# `\Z` and not `$`, which lets a line feed pass behind the last character.
USCC = r"[0-9A-HJ-NPQRTUWXY]{18}\Z"  # GB 32100: no I, O, S, V, Z
MAX_REASON_CHARS = 200


class WhySchema(StrictSchema):
    """Why an officer or official looks."""

    purpose = fields.String(required=True, validate=OneOf(PURPOSES))
    reason = fields.String(load_default="", validate=Length(max=MAX_REASON_CHARS))


class LookRequestSchema(WhySchema):
    uscc = fields.String(required=True, validate=Regexp(USCC))


class LookResourceSchema(StrictSchema):
    """A look that stands: until `expires_at` what is behind it may be read."""

    id = fields.UUID(required=True)
    uscc = fields.String(required=True)
    purpose = fields.String(required=True, validate=OneOf(PURPOSES))
    reason = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)


class UsccPathSchema(StrictSchema):
    uscc = fields.String(required=True, validate=Regexp(USCC))


class EnterpriseResourceSchema(StrictSchema):
    uscc = fields.String(required=True)
    name = fields.String(required=True)
    type = fields.String(required=True)
    person = fields.String(required=True)
    capital = fields.String(required=True, allow_none=True, metadata={"description": "10 000 yuan."})
    established_on = fields.Date(required=True, allow_none=True)
    term_to = fields.Date(required=True, allow_none=True)
    authority = fields.String(required=True)
    status = fields.String(required=True)
    address = fields.String(required=True)
    scope = fields.String(required=True)
    colour = fields.String(required=True, validate=OneOf(COLOURS))
    reason = fields.String(required=True)


class LicenseResourceSchema(StrictSchema):
    id = fields.UUID(required=True)
    type = fields.Nested(BothLanguagesSchema, required=True)
    number = fields.String(required=True)
    issuer = fields.String(required=True)
    valid_from = fields.Date(required=True, allow_none=True)
    valid_to = fields.Date(required=True, allow_none=True)
    status = fields.String(required=True)
    colour = fields.String(required=True, validate=OneOf(COLOURS))
    reason = fields.String(required=True)
    source = fields.String(required=True)
    received_at = fields.AwareDateTime(required=True)


class LicenseListSchema(StrictSchema):
    items = fields.List(fields.Nested(LicenseResourceSchema), required=True)
