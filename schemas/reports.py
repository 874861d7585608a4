from marshmallow import Schema, fields, validate

MAX_KIND_CHARS = 20
MAX_TEXT_CHARS = 2_000  # the wire's bound; the rule about reports is stricter and says so in words


class ReportFormSchema(Schema):
    """与现场不符请举报: what does not match, in words if wanted, and how to reach the person if wanted."""

    kind = fields.String(required=True, validate=validate.Length(max=MAX_KIND_CHARS))
    text = fields.String(load_default="", validate=validate.Length(max=MAX_TEXT_CHARS))
    contact = fields.String(load_default="", validate=validate.Length(max=MAX_TEXT_CHARS))
