"""The one engine of verdicts: what a code, a credential or a receipt is worth, from facts that others gathered.

Each kind declares its facts and one table of rules (`hub.codes.rules`, `hub.credentials.verdicts`,
`hub.trust.receipts`). The order of judgement is the same for all (docs/adr/0045-one-verdict-engine.md): the clock,
then the signature, then whether the records can be read, then the kind's own stops, and only then its findings.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Self, TypeVar

from hub.kernel.instants import instant
from hub.kernel.messages import Message
from hub.kernel.outcomes import Outcome
from keys.messages import StatedError


@dataclass(frozen=True, slots=True)
class Statement:
    """A reason: its stable code, and what it says in both languages."""

    reason: str
    message: Message

    @classmethod
    def of(cls, error: StatedError) -> Self:
        """Return what a refusal states: every error class carries its reason and both sentences."""
        return cls(str(error.reason), error.message)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationFacts:
    """What may be known of anything that is verified; each kind adds what its records say.

    `is_clock_right` False: the clock was set back, so what is in force now cannot be told. `rejection`: why its
    signature is not believed. `is_reachable` False: the records could not be read.
    """

    is_clock_right: bool = True
    rejection: Statement | None = None
    is_reachable: bool = True

    @classmethod
    def rejected(cls, error: StatedError) -> Self:
        """Return the facts of a thing whose verification ended with this error."""
        return cls(rejection=Statement.of(error))


F_contra = TypeVar("F_contra", bound=VerificationFacts, contravariant=True)


@dataclass(frozen=True, slots=True)
class Rule(Generic[F_contra]):
    """A row: what is said, and what it makes of the verdict, where `applies`.

    `statement` as a function: the facts themselves carry what is said, as a license's colour carries its reason.
    """

    outcome: Outcome
    statement: Statement | Callable[[F_contra], Statement]
    applies: Callable[[F_contra], bool]

    def says(self, facts: F_contra) -> Statement:
        return self.statement if isinstance(self.statement, Statement) else self.statement(facts)


@dataclass(frozen=True, slots=True)
class RuleTable(Generic[F_contra]):
    """All that can be said of one kind of thing.

    `stops`: the first that applies is the whole answer. `findings`: all that apply are told, and the gravest gives the
    outcome. `headlines`: what a message begins with; of an outcome without one the sentences stand alone.
    """

    stops: tuple[Rule[F_contra], ...]
    findings: tuple[Rule[F_contra], ...] = ()
    headlines: Mapping[Outcome, Message] = field(default_factory=dict)

    def sentences(self) -> dict[str, Message]:
        """Return what each reason of its own rows says, those of every kind among them."""
        rules: tuple[Rule[F_contra], ...] = (*FIRST_STOPS, *self.stops, *self.findings)
        said = (rule.statement for rule in rules)
        return {each.reason: each.message for each in said if isinstance(each, Statement)}


def headlines(attention: Message) -> dict[Outcome, Message]:
    """Return how messages begin that name several reasons; `attention` names the kind of thing."""
    return {
        Outcome.VALID: Message("核验通过。", "Genuine and in order."),
        Outcome.ATTENTION: attention,
        Outcome.REFUSED: Message("核验不通过，请勿采信。", "Not to be believed."),
        Outcome.UNKNOWN: Message("暂时无法核验，请稍后再试。", "Cannot be checked now; try again shortly."),
    }


CLOCK_BEHIND = Statement(
    "CLOCK_BEHIND",
    Message(
        "本系统的时钟早于其最近的记录，暂时无法核验。",
        "The hub's clock is behind its own newest record; nothing can be told for now.",
    ),
)
RECORDS_AWAY = Statement(
    "RECORDS_AWAY", Message("登记数据暂时无法读取。", "The records cannot be read at the moment.")
)


def _rejection(facts: VerificationFacts) -> Statement:
    if facts.rejection is None:
        raise AssertionError("asked only of what was rejected")
    return facts.rejection


FIRST_STOPS: tuple[Rule[VerificationFacts], ...] = (  # of every kind, before its own
    Rule(Outcome.UNKNOWN, CLOCK_BEHIND, lambda f: not f.is_clock_right),
    Rule(Outcome.REFUSED, _rejection, lambda f: f.rejection is not None),
    Rule(Outcome.UNKNOWN, RECORDS_AWAY, lambda f: not f.is_reachable),
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What facts are worth, at no moment yet. `reasons` are codes, in the order of the table."""

    outcome: Outcome
    reasons: tuple[str, ...]
    message: Message

    @property
    def genuine(self) -> bool:
        return self.outcome.is_genuine

    def as_json(self, kind: str | None) -> dict[str, object]:
        """Return what a verdict says first of a thing of this kind, values ready for JSON."""
        return {
            "verdict": self.outcome.value,
            "genuine": self.genuine,
            "kind": None if kind is None else str(kind),
            "reasons": list(self.reasons),
            "message": self.message.as_json(),
        }


def judge(table: RuleTable[F_contra], facts: F_contra, *, hidden: frozenset[str] = frozenset()) -> Judgement:
    """Return what the facts are worth: the first stop that applies, else every finding, the gravest deciding.

    `hidden`: reasons that whoever asks may not read; they count all the same. The message tells the deciding reasons.
    """
    stops: tuple[Rule[F_contra], ...] = (*FIRST_STOPS, *table.stops)
    stop = next((rule for rule in stops if rule.applies(facts)), None)
    if stop is not None:
        said = stop.says(facts)
        return Judgement(stop.outcome, (said.reason,), _message(table, stop.outcome, [said]))
    found = [(rule.outcome, rule.says(facts)) for rule in table.findings if rule.applies(facts)]
    outcome = max((each for each, _ in found), key=lambda each: each.gravity)  # of no finding: an error
    shown = [(each, said) for each, said in found if said.reason not in hidden]
    deciding = [said for each, said in shown if each is outcome]
    return Judgement(outcome, tuple(said.reason for _, said in shown), _message(table, outcome, deciding))


def _message(table: RuleTable[F_contra], outcome: Outcome, said: Iterable[Statement]) -> Message:
    headline = table.headlines.get(outcome)
    parts = [*([] if headline is None else [headline]), *(each.message for each in said)]
    return Message("".join(each.zh for each in parts), " ".join(each.en for each in parts))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a thing is worth at `checked_at`; each kind adds what it shows of a genuine one.

    `status_as_of`: of which moment the status is. The hub reads its records for every answer, so it is always the
    moment of the check, and None where no status was told; only an offline bundle's verdict is ever older.
    """

    judgement: Judgement
    kind: str | None
    checked_at: datetime

    @property
    def outcome(self) -> Outcome:
        return self.judgement.outcome

    @property
    def genuine(self) -> bool:
        return self.judgement.genuine

    @property
    def reasons(self) -> tuple[str, ...]:
        return self.judgement.reasons

    @property
    def message(self) -> Message:
        return self.judgement.message

    @property
    def status_as_of(self) -> datetime | None:
        return self.checked_at if self.genuine else None

    def shown(self) -> Mapping[str, object]:
        """Return what its kind adds to the members that every verdict has, values ready for JSON."""
        return {}

    def as_json(self) -> dict[str, object]:
        """Return the members of the public interface, values ready for JSON."""
        moments = {
            "checked_at": instant(self.checked_at),
            "status_as_of": None if self.status_as_of is None else instant(self.status_as_of),
        }
        return {**self.judgement.as_json(self.kind), **moments, **self.shown()}

    def as_text(self) -> str:
        """Return the same as JSON text."""
        return written(self.as_json())


def written(members: Mapping[str, object]) -> str:
    """Return members of a verdict as JSON text, in their order and without blanks."""
    return json.dumps(members, ensure_ascii=False, separators=(",", ":"))
