"""A kind of proposal for tests, two officials who are not each other, and what was done."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from hub import two_person_acts
from hub.access.proposals.rules import Decision, ProposalView
from hub.access.proposals.service import TwoPersonAct, decide, propose
from hub.access.rules import Action
from hub.codes.plates.maker import PlateOffice
from hub.config import Settings
from hub.credentials.maker import CredentialOffice
from hub.kernel.actor import Actor, Doer, Role
from hub.kernel.database import Database
from hub.kernel.messages import Message
from hub.trust.keys.issuer import Issuer, open_ring
from hub.trust.record import events
from tests.support.reference import TABLES
from tests.support.remits import serve_on_record

JUST_NOW = datetime.max.replace(tzinfo=UTC)  # whenever "now" is, a passkey was used a moment ago
DEPARTMENT = "示范市市场监督管理局"


def official(name: str, *, department: str = DEPARTMENT, role: Role = Role.OFFICIAL) -> Actor:
    return Actor(uuid4(), name, role, department=department, passkey=f"key of {name}", proved_at=JUST_NOW)


@dataclass
class Deed:
    """A kind whose effect is an act on record, counted where it is done."""

    done: list[str] = field(default_factory=list)
    kind: TwoPersonAct = field(init=False)

    def __post_init__(self) -> None:
        self.kind = TwoPersonAct(
            code="test.deed",
            name=Message("测试事项", "Deed of a test"),
            decides=Action.DECIDE_PROPOSAL,
            effect=self._do,
            lines=lambda view: [(Message("对象", "What"), view.subject)],
        )

    def _do(self, session: Session, proposal: ProposalView, by: Actor, now: datetime) -> None:
        subject = proposal.subject
        events.record(session, kind="test.done", uscc="", subject=subject, by=by, data={}, now=now)
        self.done.append(subject)

    def ask(
        self, *, by: Doer | str, now: datetime, db: Database, subject: str = "1", reason: str = "为测试"
    ) -> UUID:
        with db.write() as session:
            return propose(session, self.kind, subject=subject, data={"n": 1}, reason=reason, by=by, now=now)


def approve(
    proposal_id: UUID | str, *, by: Actor, settings: Settings, now: datetime, db: Database
) -> ProposalView:
    """A second person agrees: the act is done with the keys of these settings."""
    serve_on_record(by, db=db, now=now)
    issuer = Issuer(open_ring(settings))
    kinds = two_person_acts.kinds(
        PlateOffice(issuer, settings.base_url), CredentialOffice.of(issuer, settings, tables=TABLES)
    )
    return decide(
        UUID(str(proposal_id)), decision=Decision.APPROVE, words="", kinds=kinds, by=by, now=now, db=db
    )
