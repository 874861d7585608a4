"""What every shape shares: unknown members are refused, and so is everything that is not of the type named."""

from marshmallow import RAISE, Schema


# A member with a slip in its name is refused and not ignored: ignoring `algorithms` would lower what is required.
class StrictSchema(Schema):
    class Meta:
        """marshmallow's options."""

        unknown = RAISE
