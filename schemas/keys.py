"""The published key set (RFC 7517 section 5) with the windows of each key."""

from marshmallow import INCLUDE, Schema, fields


class PublicKeySchema(Schema):
    """Members of the key type (`crv`, `x`, `y`) come with it."""

    class Meta:
        """marshmallow's options."""

        # RFC 7517 section 4: members that are not understood are let pass.
        unknown = INCLUDE

    kid = fields.String(required=True)
    kty = fields.String(required=True)
    alg = fields.String(required=True)
    purpose = fields.String(required=True)
    state = fields.String(required=True)


class KeySetSchema(Schema):
    keys = fields.List(fields.Nested(PublicKeySchema), required=True)
