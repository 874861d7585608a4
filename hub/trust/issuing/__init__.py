"""The issue pipeline: intent recorded and logged, checked, signed, stored and logged, handed out."""

from hub.trust.issuing.errors import IssueDelayedError, IssueRefusedError, TokenReusedError
from hub.trust.issuing.queries import open_for
from hub.trust.issuing.resumption import complete_open, restore_worklist, resume
from hub.trust.issuing.rules import Found, Intent, IntentState, Made, Resumed
from hub.trust.issuing.service import intend, issue
from hub.trust.issuing.terms import FREE, Maker, Terms

__all__ = [
    "FREE",
    "Found",
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
    "open_for",
    "restore_worklist",
    "resume",
]
