"""What waits for a second person: who asks for what and why, approved or refused here."""

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
    ProposalView,
    account_of,
    is_second,
    reaches,
)
from hub.access.proposals.service import Kind, decide, withdraw
from hub.access.queries import names_of
from hub.access.rules import may
from hub.credentials.maker import Desk
from hub.ends.government.acts import DOER_NAMES
from hub.ends.government.blueprint import PAGE, READERS, blueprint
from hub.ends.government.current import argument, back_to, identifier, press
from hub.feeds import waiting_batches
from hub.feeds.waiting_batches import BATCH
from hub.kernel.actor import Role
from hub.kernel.errors import NotFoundError
from hub.kernel.messages import Message
from hub.web import forms
from hub.web.current import now, require_actor, services
from hub.web.guards import roles
from schemas.government import ProposalDecision

OWN_REASONS = {  # those that nobody wrote: kept in Chinese, said in both languages
    said.zh: said
    for said in (
        two_person_acts.UNSAID,
        waiting_batches.REASON,
        *(purpose.name for purpose in PURPOSES.values()),
    )
}
WITHDRAWN = Message("已撤回。", "Withdrawn.")


def kinds() -> dict[str, Kind]:
    known = services()
    return two_person_acts.kinds(press(), Desk.of(known.issuer, known.settings))


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
    return render_template(
        "government/proposals.html",
        tab_items=tabs,
        page=page,
        kinds=kinds(),
        people=_people(*page.rows),
        own_reasons=OWN_REASONS,
        doer_names=DOER_NAMES,
        account_of=account_of,
        state="" if is_open else "settled",
        is_first=before is None,
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
        kind=kind,
        state=found.state_at(now()),
        people=_people(found),
        own_reasons=OWN_REASONS,
        doer_names=DOER_NAMES,
        account_of=account_of,
        rows_at=url_for("government.batch", batch_id=found.subject) if found.kind == BATCH.code else "",
        is_mine=found.person_id == actor.person_id,
        may_decide=kind is not None
        and may(actor, kind.decides)
        and reaches(found, actor)
        and is_second(found, actor),
        max_words=MAX_WORDS_CHARS,
        proposal_states=STATE_NAMES,
    )


@blueprint.post("/proposals/<uuid:proposal_id>")
@roles(Role.OFFICIAL)
def decide_proposal(proposal_id: UUID) -> Response:
    data = ProposalDecision().load(forms.submitted())
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


def _people(*rows: ProposalView) -> dict[str, str]:
    """Names by the pseudonym that stands on record."""
    found: dict[str, UUID] = {}
    for by in {row.by for row in rows} | {row.decided_by for row in rows if row.decided_by}:
        role, _sep, person = by.partition(":")
        if role in set(Role):
            found[by] = UUID(person)
    names = names_of(set(found.values()), db=services().db) if found else {}
    return {by: names.get(person, by) for by, person in found.items()}
