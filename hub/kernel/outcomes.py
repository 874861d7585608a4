"""What any verification of the hub can say."""

from enum import StrEnum

from hub.kernel.messages import Message


class Outcome(StrEnum):
    """The verdict. Refused: not made by the hub, or no longer in use. Unknown: the hub cannot tell now."""

    VALID = "valid"
    ATTENTION = "attention"
    REFUSED = "refused"
    UNKNOWN = "unknown"


CLOCK_BEHIND = (
    "CLOCK_BEHIND"  # the reason of a verdict while the hub's clock cannot be right (hub.trust.clock)
)
CLOCK_SENTENCE = Message(
    "本系统的时钟早于其最近的记录，暂时无法核验。",
    "The hub's clock is behind its own newest record; nothing can be told for now.",
)
