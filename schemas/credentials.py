"""Shapes of license credentials and of the wallets that they are bound to."""

from marshmallow import fields
from marshmallow.validate import Length, OneOf, Regexp

from schemas.base import StrictSchema
from schemas.problem import BothLanguagesSchema

ALGORITHMS = ("ES256", "SM2")
SUBJECT = r"[0-9A-Za-z-]{1,36}\Z"  # a license's id, or a USCC; whether there is one is for the hub to say
THUMBPRINT = r"[A-Za-z0-9_-]{43}\Z"
MAX_PROOF_CHARS = 4_096  # a header with a key, three claims and a signature are some 500
MAX_LABEL_CHARS = 60


class CredentialPathSchema(StrictSchema):
    subject = fields.String(required=True, validate=Regexp(SUBJECT))


class CredentialQuerySchema(StrictSchema):
    holder = fields.String(validate=Regexp(THUMBPRINT))
    alg = fields.String(validate=OneOf(ALGORITHMS))


class CredentialResourceSchema(StrictSchema):
    credential = fields.String(required=True, metadata={"description": "`<token>~<disclosure>~…~`"})
    id = fields.UUID(required=True)
    vct = fields.URL(required=True)
    holder = fields.String(required=True, allow_none=True, metadata={"description": "Thumbprint (RFC 7638)."})
    algorithm = fields.String(required=True)
    issued_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)


class OwnLicenseSchema(StrictSchema):
    id = fields.String(required=True)
    type = fields.Nested(BothLanguagesSchema, required=True)
    vct = fields.URL(required=True, allow_none=True)
    number = fields.String(required=True)
    credential = fields.String(required=True, metadata={"description": "Where its credential is fetched."})


class OwnLicenseListSchema(StrictSchema):
    items = fields.List(fields.Nested(OwnLicenseSchema), required=True)


class ChallengeSchema(StrictSchema):
    audience = fields.String(required=True)
    nonce = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)


class HolderKeyRequestSchema(StrictSchema):
    proof = fields.String(
        required=True,
        validate=Length(min=1, max=MAX_PROOF_CHARS),
        metadata={"description": "A key proof: `typ` openid4vci-proof+jwt, the public key in the header."},
    )
    label = fields.String(load_default="", validate=Length(max=MAX_LABEL_CHARS))


class HolderKeyPathSchema(StrictSchema):
    thumbprint = fields.String(required=True, validate=Regexp(THUMBPRINT))


class HolderKeyResourceSchema(StrictSchema):
    thumbprint = fields.String(required=True)
    algorithm = fields.String(required=True)
    jwk = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    label = fields.String(required=True)
    added_at = fields.AwareDateTime(required=True)


class HolderKeyListSchema(StrictSchema):
    items = fields.List(fields.Nested(HolderKeyResourceSchema), required=True)


class JwtVcIssuerSchema(StrictSchema):
    issuer = fields.URL(required=True)
    jwks = fields.Dict(required=True)


class TypeMetadataSchema(StrictSchema):
    vct = fields.URL(required=True)
    name = fields.String(required=True)
    description = fields.String(required=True)
    display = fields.List(fields.Dict(), required=True)
    claims = fields.List(fields.Dict(), required=True)
