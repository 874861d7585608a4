"""What waits for a second person: who asks for what and why, approved or refused here."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import Response, render_template, url_for
from flask_babel import gettext as _

from hub import two_person_acts
from hub.access.looks import PURPOSES
from hub.access.proposals.queries import proposal_of, proposals_page
from hub.access.proposals.rules import (
    MAX_WORDS_CHARS,
    STATE_NAMES,
    Decision,
    ProposalState,
    ProposalView,
    account_of,
)
from hub.access.proposals.service import TwoPersonAct, decide, may_decide, withdraw
from hub.credentials.maker import CredentialOffice
from hub.ends.government.blueprint import PAGE, READERS, blueprint
from hub.ends.government.context import argument, back_to, identifier, press
from hub.ends.government.doers import DoerName, doer_of, people_of
from hub.feeds import waiting_batches
from hub.feeds.waiting_batches import BATCH
from hub.kernel.actor import Role
from hub.kernel.errors import NotFoundError
from hub.kernel.messages import Message
from hub.web import forms
from hub.web.context import now, require_actor, services
from hub.web.guards import roles
from hub.web.i18n import said
from hub.web.navigation import pager
from schemas.government import ProposalDecisionSchema

OWN_REASONS = {  # those that nobody wrote: kept in Chinese, said in both languages
    said.zh: said
    for said in (
        two_person_acts.UNSAID,
        waiting_batches.REASON,
        *(purpose.name for purpose in PURPOSES.values()),
    )
}
WITHDRAWN = Message("已撤回。", "Withdrawn.")


@dataclass(frozen=True, slots=True)
class ProposalText:
    """A proposal as its page and the list say it, in the language of the request.

    `lines`: what the second person reads, label and text. `account`, `decided_account`: that of the operating system
    behind whoever asked or decided at the command line; None for what was done at the web.
    """

    row: ProposalView
    state: ProposalState
    name: str
    lines: tuple[tuple[str, str], ...]
    reason: str
    asked_by: DoerName
    account: str | None
    decided_by: str | None
    decided_account: str | None

    @property
    def about(self) -> str:
        """What it is about, in one line."""
        return self.lines[0][1] if self.lines else self.row.subject

    @property
    def is_open(self) -> bool:
        return self.state is ProposalState.OPEN


def kinds() -> dict[str, TwoPersonAct]:
    known = services()
    return two_person_acts.kinds(press(), CredentialOffice.of(known.issuer, known.settings, known.tables))


@blueprint.get("/proposals")
@roles(*READERS)
def proposals() -> str:
    is_open = argument("state") != "settled"
    before = identifier("before")
    page = proposals_page(
        by=require_actor(), is_open=is_open, now=now(), before=before, limit=PAGE, db=services().db
    )
    tabs = [
        (url_for("government.proposals"), _("Waiting for a decision"), is_open),
        (url_for("government.proposals", state="settled"), _("Settled"), not is_open),
    ]
    known, people = kinds(), _people(*page.rows)
    return render_template(
        "government/proposals.html",
        tab_items=tabs,
        rows=[_shown(row, known.get(row.kind), people) for row in page.rows],
        pager=pager(
            "government.proposals",
            is_first=before is None,
            older=page.older,
            at="before",
            state=None if is_open else "settled",
        ),
        proposal_states=STATE_NAMES,
    )


@blueprint.get("/proposals/<uuid:proposal_id>")
@roles(*READERS)
def proposal(proposal_id: UUID) -> str:
    actor = require_actor()
    found = proposal_of(proposal_id, by=actor, db=services().db)
    kind = kinds().get(found.kind)
    return render_template(
        "government/proposal.html",
        proposal=found,
        shown=_shown(found, kind, _people(found)),
        rows_at=url_for("government.batch", batch_id=found.subject) if found.kind == BATCH.code else "",
        is_mine=found.person_id == actor.person_id,
        may_decide=kind is not None and may_decide(found, kind, by=actor),
        max_words=MAX_WORDS_CHARS,
        proposal_states=STATE_NAMES,
    )


@blueprint.post("/proposals/<uuid:proposal_id>")
@roles(Role.OFFICIAL)
def decide_proposal(proposal_id: UUID) -> Response:
    data = ProposalDecisionSchema().load(forms.submitted())
    if data["decision"] not in set(Decision):
        raise NotFoundError
    decision = Decision(data["decision"])
    decide(
        proposal_id,
        decision=decision,
        words=data["words"],
        kinds=kinds(),
        by=require_actor(),
        now=now(),
        db=services().db,
    )
    return back_to(url_for("government.proposal", proposal_id=proposal_id), two_person_acts.DONE[decision])


@blueprint.post("/proposals/<uuid:proposal_id>/withdraw")
@roles(Role.OFFICIAL)
def withdraw_proposal(proposal_id: UUID) -> Response:
    withdraw(proposal_id, by=require_actor(), now=now(), db=services().db)
    return back_to(url_for("government.proposal", proposal_id=proposal_id), WITHDRAWN)


def _shown(row: ProposalView, kind: TwoPersonAct | None, people: Mapping[str, str]) -> ProposalText:
    own = OWN_REASONS.get(row.reason)
    return ProposalText(
        row=row,
        state=row.state_at(now()),
        name=row.kind if kind is None else said(kind.name),
        lines=() if kind is None else tuple((said(label), _text(text)) for label, text in kind.lines(row)),
        reason=row.reason if own is None else said(own),
        asked_by=doer_of(row.by, people),
        account=account_of(row.passkey) if row.person_id else None,
        decided_by=people.get(row.decided_by or "", row.decided_by),
        decided_account=account_of(row.decided_passkey),
    )


def _text(text: Message | str) -> str:
    return text if isinstance(text, str) else said(text)


def _people(*rows: ProposalView) -> Mapping[str, str]:
    """What to call who stands on record in these rows; a person who is not known goes by the pseudonym."""
    everybody = {by for row in rows for by in (row.by, row.decided_by) if by}
    unknown = {by: by for by in everybody if by.partition(":")[0] in set(Role) or ":" not in by}
    return unknown | dict(people_of(everybody, db=services().db))
