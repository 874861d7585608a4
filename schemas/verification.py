"""Shapes of a verification: what is asked, and the verdict."""

from marshmallow import fields
from marshmallow.validate import Length, OneOf

from schemas.base import Strict
from schemas.problem import BothLanguages

MAX_BATCH = 1_000  # an answer of some 1.5 MB; more is another request

OUTCOMES = ("valid", "attention", "refused", "unknown")
KINDS = ("plate", "dynamic")
COLOURS = ("blue", "yellow", "red", "grey")


class VerificationRequest(Strict):
    code = fields.String(
        required=True,
        metadata={"description": "The scanned text, as it is: an address with /c/ in it, or what follows."},
    )


class VerificationBatch(Strict):
    items = fields.List(
        fields.Nested(VerificationRequest), required=True, validate=Length(min=1, max=MAX_BATCH)
    )


class VerdictEnterprise(Strict):
    uscc = fields.String(required=True)
    name = fields.String(required=True)
    status = fields.String(required=True, metadata={"description": "登记状态, for example 存续."})
    colour = fields.String(required=True, validate=OneOf(COLOURS))


class VerdictPremises(Strict):
    id = fields.UUID(required=True)
    address = fields.String(
        required=True, metadata={"description": "Without the house number where somebody lives there."}
    )


class VerdictLicense(Strict):
    type = fields.String(required=True)
    number = fields.String(required=True)
    valid_to = fields.Date(required=True, allow_none=True, metadata={"description": "null: no end."})
    colour = fields.String(required=True, validate=OneOf(COLOURS))
    reason = fields.String(required=True)


class Verdict(Strict):
    verdict = fields.String(required=True, validate=OneOf(OUTCOMES))
    genuine = fields.Boolean(required=True)
    kind = fields.String(required=True, allow_none=True, validate=OneOf(KINDS))
    reasons = fields.List(fields.String(), required=True)
    message = fields.Nested(BothLanguages, required=True)
    checked_at = fields.AwareDateTime(required=True, format="iso")
    status_as_of = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    enterprise = fields.Nested(
        VerdictEnterprise, metadata={"description": "Absent when the code is refused or cannot be checked."}
    )
    premises = fields.Nested(VerdictPremises, allow_none=True)
    licenses = fields.List(fields.Nested(VerdictLicense))


class VerdictBatch(Strict):
    items = fields.List(
        fields.Nested(Verdict), required=True, metadata={"description": "In the order asked."}
    )
