"""Shapes of what the login and account pages send; unknown members are refused (marshmallow's default)."""

from marshmallow import Schema, fields, validate

MAX_LABEL_CHARS = 60
MAX_NEXT_CHARS = 500
_LABEL = (  # no control characters, no halves of a surrogate pair: no database keeps them all
    validate.Length(min=1, max=MAX_LABEL_CHARS),
    validate.Regexp(r"[^\x00-\x1f\x7f\ud800-\udfff]*\Z"),
)


class PasskeyAnswerSchema(Schema):
    """What the browser's credential interface returned, with a label for a new passkey."""

    credential = fields.Dict(keys=fields.String(), required=True)
    label = fields.String(load_default="Passkey", validate=_LABEL)
    next = fields.String(load_default="", validate=validate.Length(max=MAX_NEXT_CHARS))


class PasskeyLabelSchema(Schema):
    label = fields.String(required=True, validate=_LABEL)


class RoleChoiceSchema(Schema):
    appointment_id = fields.UUID(required=True)


class SessionChoiceSchema(Schema):
    """One of one's own sessions, by its stored hash."""

    session = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))
