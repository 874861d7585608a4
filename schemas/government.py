"""Shapes of what an official's pages send."""

from marshmallow import Schema, fields, validate

MAX_AREA_CHARS = 60
MAX_REASON_CHARS = 24
MAX_TEXT_CHARS = 2_000  # the wire's bound; the rules are stricter and say so in words


class AreaChoiceSchema(Schema):
    """A commercial area."""

    area = fields.String(required=True, validate=validate.Length(min=1, max=MAX_AREA_CHARS))


class PlateEndingSchema(Schema):
    """Why a plate is taken out of use for good."""

    reason = fields.String(required=True, validate=validate.Length(min=1, max=MAX_REASON_CHARS))


class ActReasonSchema(Schema):
    """Why an act is asked for that a second person decides."""

    words = fields.String(load_default="", validate=validate.Length(max=MAX_TEXT_CHARS))


class ExceptionAskedSchema(Schema):
    """A credit code that is to be taken though it fails its check, why, and what proves it."""

    code = fields.String(load_default="", validate=validate.Length(max=MAX_TEXT_CHARS))
    reason = fields.String(load_default="", validate=validate.Length(max=MAX_TEXT_CHARS))
    source = fields.String(load_default="", validate=validate.Length(max=MAX_TEXT_CHARS))


class ExceptionEndAskedSchema(Schema):
    """Why a credit code is to be taken no more."""

    reason = fields.String(load_default="", validate=validate.Length(max=MAX_TEXT_CHARS))


class ReportAnswerSchema(Schema):
    """How a report is taken on or closed; words are needed to close it."""

    action = fields.String(required=True, validate=validate.Length(max=MAX_REASON_CHARS))
    answer = fields.String(load_default="", validate=validate.Length(max=MAX_TEXT_CHARS))


class ProposalDecisionSchema(Schema):
    """How a second person decides; words are needed to refuse."""

    decision = fields.String(required=True, validate=validate.Length(max=MAX_REASON_CHARS))
    words = fields.String(load_default="", validate=validate.Length(max=MAX_TEXT_CHARS))
