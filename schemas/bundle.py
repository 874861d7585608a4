"""The offline bundle as it is asked for and answered."""

from marshmallow import fields
from marshmallow.validate import Regexp

from schemas.base import StrictSchema
from schemas.enterprise import WhySchema
from schemas.keys import PublicKeySchema

COUNTY = "[0-9]{6}"  # GB/T 2260: a county, city district or county-level city


class BundleQuerySchema(StrictSchema):
    """`region` "": the public bundle."""

    region = fields.String(load_default="", validate=Regexp(rf"(?:{COUNTY})?\Z"))


class CarryingRequestSchema(WhySchema):
    """Which county's records are taken along, and why."""

    region = fields.String(required=True, validate=Regexp(rf"{COUNTY}\Z"))


class CarryingResourceSchema(StrictSchema):
    """What stands on record: fetch the bundle before `expires_at`; it is good until `until`."""

    id = fields.UUID(required=True)
    region = fields.String(required=True)
    enterprises = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)
    until = fields.AwareDateTime(required=True)


class BundleSchema(StrictSchema):
    bundle = fields.String(required=True, metadata={"description": "A token, `typ` bundle+jwt."})
    root = fields.Nested(
        PublicKeySchema,
        required=True,
        metadata={"description": "The key that signed it: pin its thumbprint."},
    )
    shards = fields.List(
        fields.String(),
        metadata={
            "description": "The shards of the table of plates in base64url, in order; absent where there are more than four."
        },
    )
