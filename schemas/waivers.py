from marshmallow import Schema, fields, validate

MAX_REASON_CHARS = 1_000  # the wire's bound; the rule about reasons is stricter and says so in words


class WaiverFormSchema(Schema):
    """不涉及: a reason, and the premises it is about (left out: the whole enterprise), confirmed as true."""

    premises_id = fields.UUID(load_default=None)
    confirmed = fields.String(required=True, validate=validate.Equal("yes"))
    reason = fields.String(required=True, validate=validate.Length(max=MAX_REASON_CHARS))
