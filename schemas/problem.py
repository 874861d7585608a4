"""RFC 9457 problem details as the hub writes them."""

from marshmallow import fields

from schemas.base import StrictSchema


class BothLanguagesSchema(StrictSchema):
    zh = fields.String(required=True)
    en = fields.String(required=True)


class ProblemSchema(StrictSchema):
    type = fields.Url(
        required=True,
        require_tld=False,
        metadata={"description": "Answers with a page that explains the reason."},
    )
    title = fields.String(required=True)
    status = fields.Integer(required=True, strict=True)
    detail = fields.String(required=True)
    instance = fields.String(required=True)
    reason = fields.String(required=True, metadata={"description": "A stable code."})
    message = fields.Nested(BothLanguagesSchema, required=True)
    fields_ = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.Nested(BothLanguagesSchema)),
        data_key="fields",
        metadata={"description": "What is wrong, by the name of the input."},
    )
