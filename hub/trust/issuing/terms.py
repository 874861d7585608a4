"""What issuing is told: how a kind of thing is made, whose it is, and on which terms."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from hub.trust.issuing.rules import Intent, Issued, IssueFacts

T = TypeVar("T")
Finder = Callable[[Session], IssueFacts]


class Maker(Protocol[T]):
    """How one kind of thing is made. Both methods run inside the transaction that holds the intent's lock."""

    @property
    def kind(self) -> str:
        """At most 20 characters; the same for every instance."""

    def make(self, session: Session, intent: Intent, *, now: datetime) -> Issued[T]:
        """Load, check the facts again, sign last, store, record the event.

        A HubError closes the intent as refused, with its reason; a KeysError or UnavailableError leaves it open.
        """

    def load(self, session: Session, intent: Intent) -> T:
        """Return what a done intent (`intent.result`) made, for a request that joined it or came again."""


@dataclass(frozen=True, slots=True)
class IssueTerms:
    """What a caller adds. `allow` runs for every request and refuses who may not ask; `check` runs before a new intent
    is recorded and refuses what the facts forbid already. `token` (at most 64 characters, its caller's alone) marks
    the request: come again, it gets what it got.
    """

    allow: Callable[[Session], object] | None = None
    check: Callable[[Session], object] | None = None
    token: str | None = None


FREE = IssueTerms()
