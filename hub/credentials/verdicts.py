"""What a credential is worth now: the verdict, which says no more of the enterprise than its holder disclosed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from hub.kernel import verdicts
from hub.kernel.instants import instant
from hub.kernel.messages import Message
from hub.kernel.outcomes import Outcome
from hub.kernel.verdicts import Rule, RuleTable, Statement, Verdict, VerificationFacts
from hub.licenses.colours.reasons import REASONS as COLOUR_REASONS
from hub.licenses.colours.reasons import colour_rules
from hub.licenses.colours.rules import ColourVerdict
from signing import SENTENCES
from signing.sdjwt import CREDENTIAL_SENTENCES, HolderProof, VerifiedCredential
from signing.status import Status

KIND = "credential"


@dataclass(frozen=True, slots=True)
class CredentialFacts(VerificationFacts):
    """What the records say of a credential. `status` None: the hub has no such credential on record.

    `license` None for the business license itself, or where the license is gone. `holder`: what is known of who
    presents it; to take a holder's signature away never makes a verdict better.
    """

    status: Status | None = None
    is_ended: bool = False
    business: ColourVerdict | None = None
    license: ColourVerdict | None = None
    holder: HolderProof = HolderProof.NOT_PROVEN


CURRENT = Statement(
    "CREDENTIAL_CURRENT",
    Message("凭证与现时登记一致。", "The credential says what the record says today."),
)
CHANGED = Statement(
    "CREDENTIAL_CHANGED",
    Message(
        "凭证签发后证照内容已变更，请索取新凭证。",
        "The license was changed after the credential was issued; ask for a new one.",
    ),
)
SUSPENDED = Statement(
    "CREDENTIAL_SUSPENDED",
    Message(
        "所依据的证照或主体资格现被暂停。", "The license or enterprise behind it is suspended at present."
    ),
)
REVOKED = Statement(
    "CREDENTIAL_REVOKED",
    Message(
        "所依据的证照或主体资格已终止，或凭证已撤销。",
        "The license or enterprise behind it has ended, or the credential was revoked.",
    ),
)
ENDED = Statement(
    "CREDENTIAL_ENDED",
    Message(
        "凭证已停用：已换发或钱包密钥已移除。",
        "The credential is no longer in use: replaced by a newer one, or its wallet's key was removed.",
    ),
)
UNKNOWN = Statement(
    "CREDENTIAL_UNKNOWN",
    Message("平台没有签发过这份凭证的记录。", "The hub has no record of having issued this credential."),
)
HOLDER_PROVEN = Statement("HOLDER_PROVEN", Message("持有人已签名证明。", "The holder has proven to hold it."))
HOLDER_NOT_PROVEN = Statement(
    "HOLDER_NOT_PROVEN",
    Message("未证明出示人就是持有人。", "Nobody has proven that who presents it is its holder."),
)
HOLDER_NOT_ASKED = Statement(
    "HOLDER_NOT_ASKED",
    Message(
        "持有人签了名，但未核对是向谁出示的。",
        "The holder signed, but for whom and in answer to what was not checked.",
    ),
)


def _license(facts: CredentialFacts) -> ColourVerdict | None:
    return facts.license


def _business(facts: CredentialFacts) -> ColourVerdict | None:
    return facts.business


TABLE: RuleTable[CredentialFacts] = RuleTable(
    stops=(
        Rule(Outcome.REFUSED, UNKNOWN, lambda f: f.status is None or f.business is None),
        Rule(Outcome.REFUSED, ENDED, lambda f: f.is_ended),
        Rule(Outcome.REFUSED, REVOKED, lambda f: f.status is Status.REVOKED),
    ),
    findings=(
        Rule(Outcome.VALID, CURRENT, lambda f: f.status is Status.VALID),
        Rule(Outcome.ATTENTION, CHANGED, lambda f: f.status is Status.CHANGED),
        Rule(Outcome.ATTENTION, SUSPENDED, lambda f: f.status is Status.SUSPENDED),
        Rule(Outcome.VALID, HOLDER_PROVEN, lambda f: f.holder is HolderProof.PROVEN),
        Rule(Outcome.VALID, HOLDER_NOT_PROVEN, lambda f: f.holder is HolderProof.UNBOUND),
        Rule(Outcome.ATTENTION, HOLDER_NOT_PROVEN, lambda f: f.holder is HolderProof.NOT_PROVEN),
        Rule(Outcome.ATTENTION, HOLDER_NOT_ASKED, lambda f: f.holder is HolderProof.NOT_ASKED),
        *colour_rules(_license),
        *colour_rules(_business),
    ),
    headlines=verdicts.headlines(Message("凭证真实，请留意：", "Genuine, but note:")),
)

REASONS: Mapping[str, Message] = MappingProxyType(  # all that a verdict on a credential can name
    {**TABLE.sentences(), **COLOUR_REASONS, **SENTENCES, **CREDENTIAL_SENTENCES}
)


@dataclass(frozen=True, slots=True)
class CredentialVerdict(Verdict):
    """What a credential is worth at `checked_at`. A refused one shows nothing of what it says."""

    kind: str
    enterprise: Mapping[str, object] | None = None
    licenses: tuple[Mapping[str, object], ...] = ()
    credential: Mapping[str, object] | None = None

    def shown(self) -> Mapping[str, object]:
        members = {
            "enterprise": self.enterprise,
            "licenses": [dict(each) for each in self.licenses] or None,
            "credential": self.credential,
        }
        return {name: value for name, value in members.items() if value is not None}


def judge(facts: CredentialFacts, *, now: datetime) -> CredentialVerdict:
    """Return the verdict by the table of credentials, yet without what was disclosed."""
    return CredentialVerdict(verdicts.judge(TABLE, facts), KIND, now)


def credential_members(credential: VerifiedCredential) -> Mapping[str, object]:
    """Return the credential as the verdict repeats it: what its holder disclosed, and for whom."""
    binding = credential.binding
    return {
        "id": credential.claims.get("jti"),
        "vct": credential.vct,
        "issued_at": instant(credential.issued_at),
        "expires_at": None if credential.expires_at is None else instant(credential.expires_at),
        "source": credential.claims.get("source"),
        "disclosed": {name: credential.claims[name] for name in sorted(credential.disclosed)},
        "presented": None
        if binding is None
        else {
            "audience": binding.audience,
            "nonce": binding.nonce,
            "at": instant(binding.issued_at),
            "checked": binding.is_for_us,
        },
    }
