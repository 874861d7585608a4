"""Credentials that the operator has made by hand: a second person, who is an official, decides.

A wallet's key that an enterprise proves is its own is registered by the enterprise. One that the operator was handed is
believed on somebody's word, and whoever holds it can show the license as his own: that word is two people's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy.orm import Session

from hub.access.proposals.queries import newest_of
from hub.access.proposals.rules import ProposalState, ProposalView
from hub.access.proposals.service import After, TwoPersonAct, propose
from hub.access.rules import Action
from hub.credentials.basis import basis_of, uscc_of
from hub.credentials.maker import CredentialMaker, CredentialOffice, asked
from hub.credentials.queries import CredentialView, holder_keys
from hub.credentials.rules import HolderKeyNeededError, require_in_force
from hub.credentials.service import CredentialRequest, standing_credential
from hub.credentials.types import BUSINESS_LICENSE
from hub.credentials.wallets import vouch_for_key
from hub.kernel.actor import Actor, Doer, Operator
from hub.kernel.database import Database
from hub.kernel.messages import Message
from hub.trust.issuing import complete_open, intend
from signing.sdjwt import HolderKey, import_holder_key

_LABELS: Mapping[str, Message] = MappingProxyType(
    {
        "license": Message("证照", "License"),
        "number": Message("编号", "Number"),
        "holder": Message("钱包公钥指纹", "Thumbprint of the wallet's key"),
        "vouched": Message("钱包由谁证明", "Who says whose wallet it is"),
    }
)
_VOUCHED = {
    True: Message(
        "仅凭申请人所述，无持有证明", "The word of who asks, without a proof that the enterprise holds it"
    ),
    False: Message("企业已自行登记并证明", "The enterprise, which registered it with a proof"),
}
_NO_KEY = Message("不绑定钱包", "Bound to no wallet")


def take_or_ask(  # noqa: PLR0913  # what is wanted, in whose name, why, with what
    wish: CredentialRequest,
    *,
    holder: HolderKey | None,
    reason: str,
    office: CredentialOffice,
    by: Operator,
    named: Actor | None = None,
    now: datetime,
    db: Database,
) -> CredentialView | UUID:
    """Return the credential that stands; else the proposal that waits, made now unless it waits already.

    `holder`: a wallet's key that the operator was handed; None leaves the choice to `wish`. `named`: the official in whose
    name the operator asks. Raises: NotFoundError, CredentialRefusedError leaves, AlgorithmNotOfferedError, IssueDelayedError,
    InvalidInputError without a reason, ProposalPendingError for another wallet of the same license.
    """
    with db.read() as session:
        uscc = uscc_of(session, wish.subject)
        keys = {key.thumbprint: key.jwk for key in holder_keys(session, uscc)}
        last = newest_of(session, ISSUE.code, wish.subject)
    if last is not None and last.state is ProposalState.APPROVED:
        _make(office)(last, now, db)  # where the signer was away
    wanted = wish if holder is None else replace(wish, holder=holder.thumbprint)
    if holder is None or holder.thumbprint in keys:
        standing = standing_credential(wanted, office=office, by=by, now=now, db=db)
        if standing is not None:
            return standing
    jwk = holder.jwk if holder is not None else keys.get(wish.holder or next(iter(keys), ""))
    data = _data(jwk, wish.algorithm, is_vouched=holder is not None and holder.thumbprint not in keys)
    if last is not None and last.state_at(now) is ProposalState.OPEN and _same(last, data):
        return last.id
    office.require(wish.algorithm)
    who = named or by
    return db.run(
        lambda session: _ask(session, wish.subject, data, reason=reason, office=office, by=who, now=now)
    )


def kinds(office: CredentialOffice) -> tuple[TwoPersonAct, ...]:
    """Return what of credentials needs two people, ready to be done with these keys."""
    return (replace(ISSUE, after=_make(office)),)


def _data(jwk: Mapping[str, str] | None, algorithm: str | None, *, is_vouched: bool) -> dict[str, object]:
    return {**asked(jwk, algorithm), "vouched": is_vouched}


def _same(last: ProposalView, data: Mapping[str, object]) -> bool:
    return all(last.data.get(name) == value for name, value in data.items())


def _ask(
    session: Session,
    subject: str,
    data: Mapping[str, object],
    *,
    reason: str,
    office: CredentialOffice,
    by: Doer,
    now: datetime,
) -> UUID:
    uscc = uscc_of(session, subject)
    basis = basis_of(session, uscc, subject, office.reference(now))
    require_in_force(basis.terms(office.today(now)))
    if data["holder"] is None and basis.type_code == BUSINESS_LICENSE:
        raise HolderKeyNeededError
    face = basis.face
    named = {"license": face.get("license_type", basis.type_code), "number": face.get("number", uscc)}
    return propose(
        session, ISSUE, subject=subject, data={**data, **named}, reason=reason, by=by, uscc=uscc, now=now
    )


def _issue(session: Session, proposal: ProposalView, _by: Actor, now: datetime) -> None:
    """Register the key and record the intent: signed at once afterwards, or by the worker after a crash."""
    data, uscc = proposal.data, proposal.uscc or ""
    if data["holder"] is not None:
        vouch_for_key(session, uscc, import_holder_key(data["holder"]), by=proposal.by, now=now)
    intend(
        session,
        kind=CredentialMaker.kind,
        uscc=uscc,
        subject=proposal.subject,
        request=asked(data["holder"], data["algorithm"]),
        by=proposal.by,
        now=now,
    )


def _make(office: CredentialOffice) -> After:
    """What remains of an approved credential: signing."""
    maker = CredentialMaker(office)

    def make(proposal: ProposalView, now: datetime, db: Database) -> None:
        complete_open(db, maker=maker, uscc=proposal.uscc or "", subject=proposal.subject, now=now)

    return make


def _lines(proposal: ProposalView) -> Sequence[tuple[Message, str | Message]]:
    data = proposal.data
    about = ((_LABELS["license"], str(data["license"])), (_LABELS["number"], str(data["number"])))
    if data["holder"] is None:
        return (*about, (_LABELS["holder"], _NO_KEY))
    thumbprint = import_holder_key(data["holder"]).thumbprint
    vouched = _VOUCHED[bool(data["vouched"])]
    return (*about, (_LABELS["holder"], thumbprint), (_LABELS["vouched"], vouched))


ISSUE = TwoPersonAct(
    code="credential.issue",
    name=Message("人工签发电子凭证", "Make a credential by hand"),
    decides=Action.DECIDE_PROPOSAL,
    effect=_issue,
    lines=_lines,
)
