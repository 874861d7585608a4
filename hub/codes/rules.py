"""The life of a plate (码牌), and what a checked code is worth.

A plate is a lifelong pointer: it holds no status. Whether its code is believed today is judged here from facts
that others gathered: the signature, the plate's state, the enterprise's and its permits' colours.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from hub.kernel.actor import ENTERPRISE_ROLES
from hub.kernel.errors import ConflictError
from hub.kernel.messages import Message
from hub.kernel.outcomes import CLOCK_BEHIND, CLOCK_SENTENCE
from hub.kernel.outcomes import Outcome as Outcome  # noqa: PLC0414  # everybody takes a code's outcome from here
from hub.licenses.colours.reasons import REASONS as COLOUR_REASONS
from hub.licenses.colours.rules import Colour
from hub.licenses.colours.rules import Verdict as ColourVerdict
from signing import SENTENCES


class PlateState(StrEnum):
    PENDING = "待制码"
    MADE = "已制码"
    PLACED = "已铺设"
    SUSPENDED = "停用"
    LOST = "挂失"
    VOID = "作废"


PLATE_STATE_NAMES: Mapping[PlateState, Message] = MappingProxyType(
    {
        PlateState.PENDING: Message("待制码", "To be made"),
        PlateState.MADE: Message("已制码", "Made"),
        PlateState.PLACED: Message("已铺设", "Placed"),
        PlateState.SUSPENDED: Message("停用", "Suspended"),
        PlateState.LOST: Message("挂失", "Reported lost"),
        PlateState.VOID: Message("作废", "Void"),
    }
)

ACTIVE = frozenset({PlateState.MADE, PlateState.PLACED})  # only these are believed when scanned


class PlateAction(StrEnum):
    MAKE = "make"
    PLACE = "place"
    SUSPEND = "suspend"
    RESUME = "resume"
    REPORT_LOST = "report_lost"
    FIND = "find"
    VOID = "void"


PLATE_ACTION_NAMES: Mapping[PlateAction, Message] = MappingProxyType(
    {
        PlateAction.MAKE: Message("制码", "Make"),
        PlateAction.PLACE: Message("确认铺设", "Confirm placing"),
        PlateAction.SUSPEND: Message("停用", "Suspend"),
        PlateAction.RESUME: Message("恢复启用", "Resume"),
        PlateAction.REPORT_LOST: Message("挂失", "Report lost"),
        PlateAction.FIND: Message("撤销挂失", "Withdraw the loss report"),
        PlateAction.VOID: Message("作废", "Void"),
    }
)

# A plate that comes back from suspension or loss must be confirmed in its place again before it counts as placed.
_TRANSITIONS: Mapping[tuple[PlateState, PlateAction], PlateState] = MappingProxyType(
    {
        (PlateState.PENDING, PlateAction.MAKE): PlateState.MADE,
        (PlateState.MADE, PlateAction.PLACE): PlateState.PLACED,
        (PlateState.SUSPENDED, PlateAction.RESUME): PlateState.MADE,
        (PlateState.LOST, PlateAction.FIND): PlateState.MADE,
        **{(state, PlateAction.SUSPEND): PlateState.SUSPENDED for state in ACTIVE},
        **{(state, PlateAction.REPORT_LOST): PlateState.LOST for state in (*ACTIVE, PlateState.SUSPENDED)},
        **{(state, PlateAction.VOID): PlateState.VOID for state in PlateState if state != PlateState.VOID},
    }
)


class PlateActionRefusedError(ConflictError):
    reason = "PLATE_ACTION"
    zh = "码牌当前状态不能办理此操作。"
    en = "This cannot be done while the plate is in this state."


class PlateEndedError(ConflictError):
    """A void plate stays void; the premises get a new one."""

    reason = "PLATE_VOID"
    zh = "码牌已作废，请重新制码。"
    en = "The plate is void; issue a new one."


class PlateExistsError(ConflictError):
    """One premises, one plate: the standing one is re-issued or voided first."""

    reason = "PLATE_EXISTS"
    zh = "该场所已有码牌，请办理补换或先作废原码牌。"
    en = "The premises already have a plate; re-issue it, or void it first."


def next_state(state: PlateState, action: PlateAction) -> PlateState:
    """The state after `action`.

    Raises: PlateEndedError from 作废; PlateActionRefusedError where the table has no such step.
    """
    if state is PlateState.VOID:
        raise PlateEndedError
    following = _TRANSITIONS.get((state, action))
    if following is None:
        raise PlateActionRefusedError(f"{action} from {state}")
    return following


def actions_from(state: PlateState) -> tuple[PlateAction, ...]:
    """What can be done with a plate in this state, in the order of the table of actions."""
    return tuple(action for action in PlateAction if (state, action) in _TRANSITIONS)


class PlateHeldError(ConflictError):
    """What a department suspended, the enterprise cannot bring back by itself."""

    reason = "PLATE_HELD"
    zh = "码牌由管理部门停用或挂失，请联系管理部门恢复。"
    en = "A department suspended this plate; ask it to bring the plate back."


_RETURNS = frozenset({PlateAction.RESUME, PlateAction.FIND})
_ENTERPRISE_PREFIXES = tuple(f"{role}:" for role in sorted(ENTERPRISE_ROLES))


def require_own_hold(action: PlateAction, *, held_by: str, by_enterprise: bool) -> None:
    """Refuse an enterprise that brings back a plate which somebody else took out of use.

    `held_by` is the recorded pseudonym (`role:id`) of who acted last. Raises: PlateHeldError.
    """
    if action in _RETURNS and by_enterprise and not held_by.startswith(_ENTERPRISE_PREFIXES):
        raise PlateHeldError


class PlateEnd(StrEnum):
    SUPERSEDED = "superseded"
    DAMAGED = "damaged"
    LOST = "lost"
    COPIED = "copied"
    MISPRINT = "misprint"
    MOVED = "moved"
    CLOSED = "closed"
    ENTERPRISE_ENDED = "enterprise_ended"


PLATE_ENDS: Mapping[PlateEnd, Message] = MappingProxyType(
    {
        PlateEnd.SUPERSEDED: Message("已补换新码牌", "Superseded by a new plate"),
        PlateEnd.DAMAGED: Message("损毁", "Damaged"),
        PlateEnd.LOST: Message("遗失", "Lost"),
        PlateEnd.COPIED: Message("被仿冒复制", "Copied by someone else"),
        PlateEnd.MISPRINT: Message("制作差错", "Misprinted"),
        PlateEnd.MOVED: Message("场所迁移", "The premises moved"),
        PlateEnd.CLOSED: Message("场所停止经营", "The premises closed"),
        PlateEnd.ENTERPRISE_ENDED: Message("经营主体终止", "The enterprise ended"),
    }
)


class Kind(StrEnum):
    PLATE = "plate"
    DYNAMIC = "dynamic"


class Viewer(StrEnum):
    """Who looks at a code, as far as counting and one-time use go."""

    PUBLIC = "public"
    ENTERPRISE = "enterprise"
    OFFICER = "officer"
    OFFICIAL = "official"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """What is known of a presented code.

    `rejection`: reason code of a failed signature check. `is_reachable` False: the records could not be read.
    `is_clock_right` False: what is in force now cannot be told.
    `plate` None: a dynamic code, or no such plate. `business` None: no such enterprise. `is_used_up`: a one-time
    use was asked for and had been made before. `has_red_permit`: a permit shown with the answer is red.
    """

    kind: Kind | None = None
    rejection: str | None = None
    is_reachable: bool = True
    is_clock_right: bool = True
    plate: PlateState | None = None
    is_used_up: bool = False
    business: ColourVerdict | None = None
    has_red_permit: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    outcome: Outcome
    genuine: bool
    reasons: tuple[str, ...]
    message: Message


@dataclass(frozen=True, slots=True)
class _Rule:
    outcome: Outcome
    reason: Callable[[CodeFacts], str]
    applies: Callable[[CodeFacts], bool]


# An unknown plate, an ended one and one of an enterprise that does not exist are told in the same words.
_STOPS: tuple[_Rule, ...] = (  # first match wins
    _Rule(Outcome.UNKNOWN, lambda _: CLOCK_BEHIND, lambda f: not f.is_clock_right),
    _Rule(Outcome.REFUSED, lambda f: f.rejection or "", lambda f: f.rejection is not None),
    _Rule(Outcome.UNKNOWN, lambda _: "RECORDS_AWAY", lambda f: not f.is_reachable),
    _Rule(Outcome.REFUSED, lambda _: "CODE_USED", lambda f: f.is_used_up),
    _Rule(Outcome.REFUSED, lambda _: "PLATE_ENDED", lambda f: f.kind is Kind.PLATE and f.plate not in ACTIVE),
    _Rule(Outcome.REFUSED, lambda _: "PLATE_ENDED", lambda f: f.kind is Kind.PLATE and f.business is None),
    _Rule(Outcome.REFUSED, lambda _: "CODE_ENDED", lambda f: f.business is None),
)

_FINDINGS: tuple[_Rule, ...] = (  # all that apply are told; attention outweighs valid
    _Rule(Outcome.VALID, lambda _: "PLATE_ACTIVE", lambda f: f.kind is Kind.PLATE),
    _Rule(Outcome.VALID, lambda _: "CODE_SHOWN", lambda f: f.kind is Kind.DYNAMIC),
    _Rule(Outcome.VALID, lambda f: _business(f).reason, lambda f: _business(f).colour is Colour.BLUE),
    _Rule(Outcome.ATTENTION, lambda f: _business(f).reason, lambda f: _business(f).colour is not Colour.BLUE),
    _Rule(Outcome.ATTENTION, lambda _: "LICENSE_RED", lambda f: f.has_red_permit),
)

REASONS: Mapping[str, Message] = MappingProxyType(
    {
        "PLATE_ACTIVE": Message("码牌在用。", "The plate is in use."),
        "CODE_SHOWN": Message("出示码在有效期内。", "The shown code has not expired."),
        "LICENSE_RED": Message(
            "有许可证已过期、暂扣、吊销或撤销，请逐项查看。",
            "A permit is expired, suspended, revoked or annulled; look at each.",
        ),
        "PLATE_ENDED": Message("码牌不在使用中。", "The plate is not in use."),
        "CODE_USED": Message(
            "出示码已被使用过，请对方重新出示。", "The shown code was used before; ask for a new one."
        ),
        "CODE_ENDED": Message("出示码不在使用中。", "The shown code is not in use."),
        CLOCK_BEHIND: CLOCK_SENTENCE,
        "RECORDS_AWAY": Message("登记数据暂时无法读取。", "The records cannot be read at the moment."),
        **{reason: text for reason, text in COLOUR_REASONS.items() if reason.startswith("BL_")},
        **{str(reason): Message(said.zh, said.en) for reason, said in SENTENCES.items()},
    }
)

_HEADLINES: Mapping[Outcome, Message] = MappingProxyType(
    {
        Outcome.VALID: Message("核验通过。", "Genuine and in order."),
        Outcome.ATTENTION: Message("本码真实，请留意：", "Genuine, but note:"),
        Outcome.REFUSED: Message("核验不通过，请勿采信。", "Not to be believed."),
        Outcome.UNKNOWN: Message("暂时无法核验，请稍后再试。", "Cannot be checked now; try again shortly."),
    }
)


def _business(facts: CodeFacts) -> ColourVerdict:
    if facts.business is None:
        raise AssertionError("findings are told only of an enterprise on record")
    return facts.business


@lru_cache(maxsize=512)  # the facts are few enumerations: every combination met in a city fits
def judge(facts: CodeFacts, untold: frozenset[str] = frozenset()) -> Judgement:
    """What the code is worth: the first stop that applies, else every finding, the gravest giving the verdict.

    `untold`: reasons that whoever asks may not read; they count all the same.
    """
    stop = next((rule for rule in _STOPS if rule.applies(facts)), None)
    if stop is not None:
        return _judgement(stop.outcome, (stop.reason(facts),), told=(stop.reason(facts),))
    found = tuple((rule.outcome, rule.reason(facts)) for rule in _FINDINGS if rule.applies(facts))
    outcome = Outcome.ATTENTION if any(each is Outcome.ATTENTION for each, _ in found) else Outcome.VALID
    named = [(each, reason) for each, reason in found if reason not in untold]
    told = tuple(reason for each, reason in named if each is outcome)
    return _judgement(outcome, tuple(reason for _, reason in named), told=told)


def _judgement(outcome: Outcome, reasons: tuple[str, ...], *, told: tuple[str, ...]) -> Judgement:
    headline = _HEADLINES[outcome]
    sentences = [REASONS[reason] for reason in told]
    message = Message(
        headline.zh + "".join(each.zh for each in sentences),
        " ".join((headline.en, *(each.en for each in sentences))),
    )
    is_genuine = outcome in {Outcome.VALID, Outcome.ATTENTION}
    return Judgement(outcome, is_genuine, reasons, message)
