"""What every shape shares: unknown members are refused, and so is everything that is not of the type named."""

from marshmallow import RAISE, Schema


class StrictSchema(Schema):
    class Meta:
        """marshmallow's options."""

        unknown = RAISE
