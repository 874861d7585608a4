"""What any verification of the hub can say."""

from enum import StrEnum


class Outcome(StrEnum):
    """The verdict. Refused: not made by the hub, or no longer in use. Unknown: the hub cannot tell now."""

    VALID = "valid"
    ATTENTION = "attention"
    REFUSED = "refused"
    UNKNOWN = "unknown"
