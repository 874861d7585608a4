"""What any verification of the hub can say."""

from enum import StrEnum


class Outcome(StrEnum):
    """The verdict. Refused: not made by the hub, or no longer in use. Unknown: the hub cannot tell now."""

    VALID = "valid"
    ATTENTION = "attention"
    REFUSED = "refused"
    UNKNOWN = "unknown"

    @property
    def is_genuine(self) -> bool:
        """Whether it is the hub's own and in use; it may need attention all the same."""
        return self in _GENUINE

    @property
    def gravity(self) -> int:
        """Its place among the outcomes of several things: the highest decides (0: valid).

        Refused outweighs unknown: one forgery among codes of which the hub cannot tell stays a forgery.
        """
        return _GRAVITY.index(self)


_GENUINE = frozenset({Outcome.VALID, Outcome.ATTENTION})
_GRAVITY = (Outcome.VALID, Outcome.ATTENTION, Outcome.UNKNOWN, Outcome.REFUSED)
