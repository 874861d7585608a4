"""The issue pipeline: intent recorded and logged, checked, signed, stored and logged, handed out."""

from hub.trust.issuing.errors import IssueDelayedError, IssueRefusedError, TokenReusedError
from hub.trust.issuing.resuming import complete_open, restore_worklist, resume
from hub.trust.issuing.rules import Intent, IntentState, Made, Resumed
from hub.trust.issuing.service import FREE, Maker, Terms, intend, issue

__all__ = [
    "FREE",
    "Intent",
    "IntentState",
    "IssueDelayedError",
    "IssueRefusedError",
    "Made",
    "Maker",
    "Resumed",
    "Terms",
    "TokenReusedError",
    "complete_open",
    "intend",
    "issue",
    "restore_worklist",
    "resume",
]
