"""What a credential is worth now: the verdict, which says no more of the enterprise than its holder disclosed."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from hub.kernel.instants import instant
from hub.kernel.messages import Message
from hub.kernel.outcomes import CLOCK_BEHIND, CLOCK_SENTENCE, Outcome
from hub.licenses.colours.reasons import REASONS as COLOUR_REASONS
from hub.licenses.colours.rules import Colour
from hub.licenses.colours.rules import Verdict as ColourVerdict
from signing import SENTENCES
from signing.sdjwt import CREDENTIAL_SENTENCES, VerifiedCredential
from signing.status import Status

KIND = "credential"


@dataclass(frozen=True, slots=True)
class CredentialFacts:
    """What signature and records say. `status` None: the hub has no such credential on record.

    `license` None for the business license itself, or where the license is gone. `is_bound`: whether it is made for one
    wallet (`cnf`). `proven`: whether the holder signed for this verifier (True), for nobody we know of (False), or not
    at all (None); to take a holder's signature away never makes a verdict better.
    """

    rejection: str | None = None
    is_reachable: bool = True
    is_clock_right: bool = True
    status: Status | None = None
    is_ended: bool = False
    business: ColourVerdict | None = None
    license: ColourVerdict | None = None
    is_bound: bool = False
    proven: bool | None = None


@dataclass(frozen=True, slots=True)
class _Rule:
    outcome: Outcome
    reason: Callable[[CredentialFacts], str]
    applies: Callable[[CredentialFacts], bool]


def _coloured(of: Callable[[CredentialFacts], ColourVerdict | None]) -> tuple[_Rule, _Rule]:
    """What a colour says: blue is well, every other needs attention."""

    def is_blue(told: CredentialFacts) -> bool:
        verdict = of(told)
        return verdict is not None and verdict.colour is Colour.BLUE

    def reason(told: CredentialFacts) -> str:
        verdict = of(told)
        return "" if verdict is None else verdict.reason

    return (
        _Rule(Outcome.VALID, reason, is_blue),
        _Rule(Outcome.ATTENTION, reason, lambda told: of(told) is not None and not is_blue(told)),
    )


_STOPS: tuple[_Rule, ...] = (  # first match wins
    _Rule(Outcome.UNKNOWN, lambda _: CLOCK_BEHIND, lambda f: not f.is_clock_right),
    _Rule(Outcome.REFUSED, lambda f: f.rejection or "", lambda f: f.rejection is not None),
    _Rule(Outcome.UNKNOWN, lambda _: "RECORDS_AWAY", lambda f: not f.is_reachable),
    _Rule(Outcome.REFUSED, lambda _: "CREDENTIAL_UNKNOWN", lambda f: f.status is None or f.business is None),
    _Rule(Outcome.REFUSED, lambda _: "CREDENTIAL_ENDED", lambda f: f.is_ended),
    _Rule(Outcome.REFUSED, lambda _: "CREDENTIAL_REVOKED", lambda f: f.status is Status.REVOKED),
)

_FINDINGS: tuple[_Rule, ...] = (  # all that apply are told; attention outweighs valid
    _Rule(Outcome.VALID, lambda _: "CREDENTIAL_CURRENT", lambda f: f.status is Status.VALID),
    _Rule(Outcome.ATTENTION, lambda _: "CREDENTIAL_CHANGED", lambda f: f.status is Status.CHANGED),
    _Rule(Outcome.ATTENTION, lambda _: "CREDENTIAL_SUSPENDED", lambda f: f.status is Status.SUSPENDED),
    _Rule(Outcome.VALID, lambda _: "HOLDER_PROVEN", lambda f: f.proven is True),
    _Rule(Outcome.VALID, lambda _: "HOLDER_NOT_PROVEN", lambda f: f.proven is None and not f.is_bound),
    _Rule(Outcome.ATTENTION, lambda _: "HOLDER_NOT_PROVEN", lambda f: f.proven is None and f.is_bound),
    _Rule(Outcome.ATTENTION, lambda _: "HOLDER_NOT_ASKED", lambda f: f.proven is False),
    *_coloured(lambda f: f.license),
    *_coloured(lambda f: f.business),
)

REASONS: Mapping[str, Message] = MappingProxyType(
    {
        "CREDENTIAL_CURRENT": Message(
            "凭证与现时登记一致。", "The credential says what the record says today."
        ),
        "CREDENTIAL_CHANGED": Message(
            "凭证签发后证照内容已变更，请索取新凭证。",
            "The license was changed after the credential was issued; ask for a new one.",
        ),
        "CREDENTIAL_SUSPENDED": Message(
            "所依据的证照或主体资格现被暂停。", "The license or enterprise behind it is suspended at present."
        ),
        "CREDENTIAL_REVOKED": Message(
            "所依据的证照或主体资格已终止，或凭证已撤销。",
            "The license or enterprise behind it has ended, or the credential was revoked.",
        ),
        "CREDENTIAL_ENDED": Message(
            "凭证已停用：已换发或钱包密钥已移除。",
            "The credential is no longer in use: replaced by a newer one, or its wallet's key was removed.",
        ),
        "CREDENTIAL_UNKNOWN": Message(
            "平台没有签发过这份凭证的记录。", "The hub has no record of having issued this credential."
        ),
        "HOLDER_PROVEN": Message("持有人已签名证明。", "The holder has proven to hold it."),
        "HOLDER_NOT_PROVEN": Message(
            "未证明出示人就是持有人。", "Nobody has proven that who presents it is its holder."
        ),
        "HOLDER_NOT_ASKED": Message(
            "持有人签了名，但未核对是向谁出示的。",
            "The holder signed, but for whom and in answer to what was not checked.",
        ),
        CLOCK_BEHIND: CLOCK_SENTENCE,
        "RECORDS_AWAY": Message("登记数据暂时无法读取。", "The records cannot be read at the moment."),
        **COLOUR_REASONS,
        **{str(code): Message(said.zh, said.en) for code, said in SENTENCES.items()},
        **{str(code): Message(said.zh, said.en) for code, said in CREDENTIAL_SENTENCES.items()},
    }
)

_HEADLINES: Mapping[Outcome, Message] = MappingProxyType(
    {
        Outcome.VALID: Message("核验通过。", "Genuine and in order."),
        Outcome.ATTENTION: Message("凭证真实，请留意：", "Genuine, but note:"),
        Outcome.REFUSED: Message("核验不通过，请勿采信。", "Not to be believed."),
        Outcome.UNKNOWN: Message("暂时无法核验，请稍后再试。", "Cannot be checked now; try again shortly."),
    }
)


@dataclass(frozen=True, slots=True)
class CredentialVerdict:
    """What a credential is worth at `checked_at`. A refused one carries nothing of what it says."""

    outcome: Outcome
    reasons: tuple[str, ...]
    message: Message
    checked_at: datetime
    status_as_of: datetime | None = None
    enterprise: Mapping[str, object] | None = None
    licenses: tuple[Mapping[str, object], ...] = ()
    credential: Mapping[str, object] | None = field(default=None)
    kind: str = KIND

    @property
    def genuine(self) -> bool:
        return self.outcome in {Outcome.VALID, Outcome.ATTENTION}

    def as_json(self) -> dict[str, object]:
        """The members of the public interface, values ready for JSON."""
        told: dict[str, object] = {
            "verdict": self.outcome.value,
            "genuine": self.genuine,
            "kind": self.kind,
            "reasons": list(self.reasons),
            "message": {"zh": self.message.zh, "en": self.message.en},
            "checked_at": instant(self.checked_at),
            "status_as_of": None if self.status_as_of is None else instant(self.status_as_of),
        }
        if self.enterprise is not None:
            told["enterprise"] = dict(self.enterprise)
        if self.licenses:
            told["licenses"] = [dict(each) for each in self.licenses]
        if self.credential is not None:
            told["credential"] = dict(self.credential)
        return told

    def as_text(self) -> str:
        return json.dumps(self.as_json(), ensure_ascii=False, separators=(",", ":"))


def judge(facts: CredentialFacts, *, now: datetime) -> CredentialVerdict:
    """The first stop that applies, else every finding, the gravest giving the verdict; without what was disclosed."""
    stop = next((rule for rule in _STOPS if rule.applies(facts)), None)
    if stop is not None:
        reason = stop.reason(facts)
        return CredentialVerdict(stop.outcome, (reason,), _message(stop.outcome, (reason,)), now)
    found = tuple((rule.outcome, rule.reason(facts)) for rule in _FINDINGS if rule.applies(facts))
    outcome = Outcome.ATTENTION if any(each is Outcome.ATTENTION for each, _ in found) else Outcome.VALID
    told = tuple(reason for each, reason in found if each is outcome)
    return CredentialVerdict(
        outcome, tuple(reason for _, reason in found), _message(outcome, told), now, status_as_of=now
    )


def told_of(credential: VerifiedCredential) -> Mapping[str, object]:
    """The credential as the verdict repeats it: what its holder disclosed, and for whom."""
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


def _message(outcome: Outcome, reasons: tuple[str, ...]) -> Message:
    headline, sentences = _HEADLINES[outcome], [REASONS[reason] for reason in reasons]
    return Message(
        headline.zh + "".join(each.zh for each in sentences),
        " ".join((headline.en, *(each.en for each in sentences))),
    )
