"""The issue pipeline: intent recorded and logged, checked, signed, stored and logged, handed out."""

from hub.trust.issuing.errors import IssueDelayedError, IssueRefusedError, TokenReusedError
from hub.trust.issuing.queries import open_for
from hub.trust.issuing.resumption import complete_open, restore_worklist, resume
from hub.trust.issuing.rules import Intent, IntentState, Issued, IssueFacts, ResumptionResult
from hub.trust.issuing.service import intend, issue
from hub.trust.issuing.terms import FREE, IssueTerms, Maker

__all__ = [
    "FREE",
    "Intent",
    "IntentState",
    "IssueDelayedError",
    "IssueFacts",
    "IssueRefusedError",
    "IssueTerms",
    "Issued",
    "Maker",
    "ResumptionResult",
    "TokenReusedError",
    "complete_open",
    "intend",
    "issue",
    "open_for",
    "restore_worklist",
    "resume",
]
