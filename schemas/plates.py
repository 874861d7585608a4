"""Shapes of issuing a plate: for which place of business, and the plate."""

from marshmallow import fields
from marshmallow.validate import Length, OneOf

from schemas.base import StrictSchema

ALGORITHMS = ("ES256", "SM2")
MAX_REASON_CHARS = 200
PLATE_STATES = ("待制码", "已制码", "已铺设", "停用", "挂失", "作废")


class PlateRequestSchema(StrictSchema):
    premises_id = fields.UUID(required=True, metadata={"description": "The place of business."})
    algorithm = fields.String(
        validate=OneOf(ALGORITHMS),
        metadata={
            "description": "What to sign it with; absent: the first of the hub's profile. Never replaced."
        },
    )
    reason = fields.String(
        load_default="",
        validate=Length(max=MAX_REASON_CHARS),
        metadata={"description": "Why an official makes it by hand; a second one reads it and decides."},
    )


class AlgorithmQuerySchema(StrictSchema):
    """`?algorithm=`: what a dynamic code is signed with."""

    algorithm = fields.String(validate=OneOf(ALGORITHMS))


class PlateResourceSchema(StrictSchema):
    plate_id = fields.String(required=True)
    uscc = fields.String(required=True)
    premises_id = fields.UUID(required=True)
    serial = fields.Integer(
        required=True, metadata={"description": "1 for the first plate of these premises."}
    )
    state = fields.String(required=True, validate=OneOf(PLATE_STATES))
    text = fields.String(required=True, metadata={"description": "What the QR symbol on the plate says."})
    made_at = fields.AwareDateTime(required=True, format="iso")


class PlateWaitingSchema(StrictSchema):
    """A plate that an official asked for and a second one has not decided on."""

    proposal = fields.UUID(required=True)
    state = fields.String(required=True, validate=OneOf(("open",)))
