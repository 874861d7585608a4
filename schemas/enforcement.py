"""Shapes of what an officer's and an official's pages send about codes and enterprises."""

from marshmallow import Schema, fields, validate

MAX_SCANNED_CHARS = (
    4_000  # a QR symbol holds at most 2 953 bytes; longer texts are refused by the verification
)
MAX_TYPED_CHARS = 60  # a plate number typed with blanks and hyphens
MAX_PURPOSE_CHARS = 20
MAX_REASON_CHARS = 1_000  # the wire's bound; the rule about reasons is stricter and says so in words


class ScannedTextSchema(Schema):
    """What a scanner read, as it is."""

    text = fields.String(required=True, validate=validate.Length(max=MAX_SCANNED_CHARS))


class TypedPlateSchema(Schema):
    """A plate number as somebody reads it off a plate and types it."""

    plate = fields.String(required=True, validate=validate.Length(min=1, max=MAX_TYPED_CHARS))


class LookPurposeSchema(Schema):
    """Why more than the public view is opened."""

    purpose = fields.String(load_default="", validate=validate.Length(max=MAX_PURPOSE_CHARS))
    reason = fields.String(load_default="", validate=validate.Length(max=MAX_REASON_CHARS))
