"""Shapes of a verification: what is asked, and the verdict."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf

from schemas.base import StrictSchema
from schemas.problem import BothLanguagesSchema

MAX_BATCH = 1_000  # an answer of some 1.5 MB; more is another request

OUTCOMES = ("valid", "attention", "refused", "unknown")
KINDS = ("plate", "dynamic", "credential", "receipt")
THINGS = ("code", "credential", "receipt")  # what can be verified; one of them in each request
MAX_PARTY_CHARS = 300  # an address of a verifier, or a nonce of 1 500 bits
ALGORITHMS = ("ES256", "SM2")
COLOURS = ("blue", "yellow", "red", "grey")


def _algorithms() -> fields.List[str]:
    return fields.List(
        fields.String(validate=OneOf(ALGORITHMS)),
        validate=Length(min=1, max=len(ALGORITHMS)),
        metadata={
            "description": "What you require of the signature; a code signed with another algorithm is refused "
            "with CODE_ALGORITHM_NOT_ACCEPTED. Absent: what the hub requires."
        },
    )


class VerificationItemSchema(StrictSchema):
    """Exactly one thing to verify; a credential perhaps with the audience and nonce that its holder signed for."""

    code = fields.String(
        metadata={"description": "The scanned text, as it is: an address with /c/ in it, or what follows."}
    )
    credential = fields.String(
        metadata={"description": "A license credential or a presentation of one: `<token>~<disclosure>~…~`."}
    )
    receipt = fields.String(
        metadata={"description": "A receipt of an entry of the public log: a `receipt+jwt`."}
    )
    audience = fields.String(
        validate=Length(min=1, max=MAX_PARTY_CHARS),
        metadata={"description": "With a presentation: your own name, as you gave it to the holder."},
    )
    nonce = fields.String(
        validate=Length(min=1, max=MAX_PARTY_CHARS),
        metadata={"description": "With a presentation: the nonce that you gave to the holder."},
    )

    @validates_schema
    def _one_thing(self, data: Mapping[str, Any], **_more: Any) -> None:
        things = [name for name in THINGS if name in data]
        if len(things) != 1:
            raise ValidationError(f"Exactly one of {', '.join(THINGS)}.")
        # Half of them would verify a presentation that was perhaps made for somebody else, or shown before.
        if ("audience" in data) != ("nonce" in data):
            raise ValidationError("An audience goes with a nonce.", "nonce")
        if "audience" in data and things != ["credential"]:
            raise ValidationError("Only with a credential.", "audience")


class VerificationRequestSchema(VerificationItemSchema):
    algorithms = _algorithms()


class VerificationBatchSchema(StrictSchema):
    items = fields.List(
        fields.Nested(VerificationItemSchema), required=True, validate=Length(min=1, max=MAX_BATCH)
    )
    algorithms = _algorithms()


class VerdictEnterpriseSchema(StrictSchema):
    uscc = fields.String(required=True)
    name = fields.String(required=True)
    status = fields.String(required=True, metadata={"description": "登记状态, for example 存续."})
    colour = fields.String(required=True, validate=OneOf(COLOURS))


class VerdictPremisesSchema(StrictSchema):
    id = fields.UUID(required=True)
    address = fields.String(
        required=True, metadata={"description": "Without the house number where somebody lives there."}
    )


class VerdictLicenseSchema(StrictSchema):
    type = fields.String(required=True)
    number = fields.String(required=True)
    valid_to = fields.Date(required=True, allow_none=True, metadata={"description": "null: no end."})
    colour = fields.String(required=True, validate=OneOf(COLOURS))
    reason = fields.String(required=True)


class VerdictCredentialSchema(StrictSchema):
    """What a believed credential says, as far as its holder disclosed it."""

    id = fields.String(required=True)
    vct = fields.String(required=True)
    issued_at = fields.AwareDateTime(required=True, format="iso")
    expires_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    source = fields.Dict(required=True, allow_none=True)
    disclosed = fields.Dict(required=True)
    presented = fields.Dict(
        required=True, allow_none=True, metadata={"description": "null: the holder did not sign."}
    )


class VerdictEntrySchema(StrictSchema):
    """What a receipt proves: an entry, where it is in which log, and what it is about where the receipt opens it."""

    log = fields.String(required=True)
    index = fields.Integer(required=True, strict=True)
    size = fields.Integer(required=True, strict=True, metadata={"description": "Of the log it is proven in."})
    kind = fields.String(required=True)
    at = fields.AwareDateTime(
        required=True, format="iso", metadata={"description": "When the act was put on record."}
    )
    happened_at = fields.AwareDateTime(
        format="iso", metadata={"description": "When it was done, of an act that came late to the record."}
    )
    subject = fields.String(required=True, allow_none=True)


class VerdictSchema(StrictSchema):
    verdict = fields.String(required=True, validate=OneOf(OUTCOMES))
    genuine = fields.Boolean(required=True)
    kind = fields.String(required=True, allow_none=True, validate=OneOf(KINDS))
    reasons = fields.List(fields.String(), required=True)
    message = fields.Nested(BothLanguagesSchema, required=True)
    checked_at = fields.AwareDateTime(required=True, format="iso")
    status_as_of = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    enterprise = fields.Nested(
        VerdictEnterpriseSchema,
        metadata={"description": "Absent when the code is refused or cannot be checked."},
    )
    credential = fields.Nested(VerdictCredentialSchema, metadata={"description": "Of a believed credential."})
    entry = fields.Nested(VerdictEntrySchema, metadata={"description": "Of a believed receipt."})
    premises = fields.Nested(VerdictPremisesSchema, allow_none=True)
    licenses = fields.List(fields.Nested(VerdictLicenseSchema))


class VerdictBatchSchema(StrictSchema):
    items = fields.List(
        fields.Nested(VerdictSchema), required=True, metadata={"description": "In the order asked."}
    )
