"""A proposal: an act that one person asks for and a second one decides.

Source: 《信息安全技术 网络安全等级保护基本要求》(GB/T 22239-2019) separates duties for privileged acts; what is asked for,
why, who asked and who decided stay on record together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from hub.kernel.actor import ACCOUNT, Actor
from hub.kernel.messages import Message

MAX_WORDS_CHARS = 200  # as the reason of a look
PROPOSAL_LIFE = timedelta(days=7)  # a week's absence; afterwards the facts must be looked at anew


class ProposalState(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Decision(StrEnum):
    APPROVE = "approve"
    REFUSE = "refuse"


STATE_NAMES: Mapping[ProposalState, Message] = {
    ProposalState.OPEN: Message("待决定", "Waiting"),
    ProposalState.APPROVED: Message("已同意", "Approved"),
    ProposalState.REFUSED: Message("已驳回", "Refused"),
    ProposalState.WITHDRAWN: Message("已撤回", "Withdrawn"),
    ProposalState.LAPSED: Message("已过期", "Lapsed"),
}
DECIDED: Mapping[Decision, ProposalState] = {
    Decision.APPROVE: ProposalState.APPROVED,
    Decision.REFUSE: ProposalState.REFUSED,
}


@dataclass(frozen=True, slots=True)
class ProposalView:
    """One proposal as it stands. `person_id` is None for one that no official made or was named for."""

    id: UUID
    kind: str
    uscc: str | None
    subject: str
    data: Mapping[str, Any]
    reason: str
    department: str | None  # whose officials decide; None: those of any department
    by: str
    person_id: UUID | None
    passkey: str | None  # `Actor.passkey` of who asked
    decided_passkey: str | None
    created_at: datetime
    expires_at: datetime
    state: ProposalState
    decided_at: datetime | None
    decided_by: str | None
    words: str

    def state_at(self, now: datetime) -> ProposalState:
        """Return the state to be shown: one that nobody decided in time has lapsed."""
        is_late = self.state is ProposalState.OPEN and now >= self.expires_at
        return ProposalState.LAPSED if is_late else self.state


def reaches(proposal: ProposalView, actor: Actor) -> bool:
    """Return whether this proposal is the business of the actor's department."""
    return proposal.department is None or proposal.department == actor.department


def is_second(proposal: ProposalView, actor: Actor) -> bool:
    """Return whether the actor is another person than the one who asked, with another passkey or account."""
    same_key = proposal.passkey is not None and proposal.passkey == actor.passkey
    return proposal.person_id != actor.person_id and not same_key


def account_of(mark: str | None) -> str | None:
    """Return the operating-system account behind `Actor.passkey`; None for what was done at the web."""
    return mark.removeprefix(ACCOUNT) if mark is not None and mark.startswith(ACCOUNT) else None
