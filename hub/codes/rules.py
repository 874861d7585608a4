"""The life of a plate (码牌), and what a checked code is worth.

A plate is a lifelong pointer: it holds no status. Whether its code is believed today is judged here from facts
that others gathered: the signature, the plate's state, the enterprise's and its permits' colours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from hub.kernel import verdicts
from hub.kernel.actor import ENTERPRISE_ROLES
from hub.kernel.errors import ConflictError
from hub.kernel.messages import Message
from hub.kernel.outcomes import Outcome
from hub.kernel.verdicts import Judgement, Rule, RuleTable, Statement, VerificationFacts
from hub.licenses.colours.reasons import REASONS as COLOUR_REASONS
from hub.licenses.colours.reasons import colour_rules
from hub.licenses.colours.rules import ColourVerdict
from signing import SENTENCES, CodeKind


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
    """Return the state after `action`.

    Raises: PlateEndedError from 作废; PlateActionRefusedError where the table has no such step.
    """
    if state is PlateState.VOID:
        raise PlateEndedError
    following = _TRANSITIONS.get((state, action))
    if following is None:
        raise PlateActionRefusedError(f"{action} from {state}")
    return following


def actions_from(state: PlateState) -> tuple[PlateAction, ...]:
    """Return what can be done with a plate in this state, in the order of the table of actions."""
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


class Viewer(StrEnum):
    """Who looks at a code, as far as counting and one-time use go."""

    PUBLIC = "public"
    ENTERPRISE = "enterprise"
    OFFICER = "officer"
    OFFICIAL = "official"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class CodeFacts(VerificationFacts):
    """What the records say of a presented code.

    `plate` None: a dynamic code, or no such plate. `business` None: no such enterprise. `is_used_up`: a one-time
    use was asked for and had been made before. `has_red_permit`: a permit shown with the answer is red.
    """

    kind: CodeKind | None = None
    plate: PlateState | None = None
    is_used_up: bool = False
    business: ColourVerdict | None = None
    has_red_permit: bool = False


PLATE_ENDED = Statement("PLATE_ENDED", Message("码牌不在使用中。", "The plate is not in use."))


def _is_plate_ended(facts: CodeFacts) -> bool:
    """An unknown plate, an ended one and one of an enterprise that does not exist are told in the same words."""
    return facts.kind is CodeKind.PLATE and (facts.plate not in ACTIVE or facts.business is None)


def _business(facts: CodeFacts) -> ColourVerdict | None:
    return facts.business


def _has_red_permit(facts: CodeFacts) -> bool:
    return facts.has_red_permit


TABLE: RuleTable[CodeFacts] = RuleTable(
    stops=(
        Rule(
            Outcome.REFUSED,
            Statement(
                "CODE_USED",
                Message(
                    "出示码已被使用过，请对方重新出示。", "The shown code was used before; ask for a new one."
                ),
            ),
            lambda f: f.is_used_up,
        ),
        Rule(Outcome.REFUSED, PLATE_ENDED, _is_plate_ended),
        Rule(
            Outcome.REFUSED,
            Statement("CODE_ENDED", Message("出示码不在使用中。", "The shown code is not in use.")),
            lambda f: f.business is None,
        ),
    ),
    findings=(
        Rule(
            Outcome.VALID,
            Statement("PLATE_ACTIVE", Message("码牌在用。", "The plate is in use.")),
            lambda f: f.kind is CodeKind.PLATE,
        ),
        Rule(
            Outcome.VALID,
            Statement("CODE_SHOWN", Message("出示码在有效期内。", "The shown code has not expired.")),
            lambda f: f.kind is CodeKind.DYNAMIC,
        ),
        *colour_rules(_business),
        Rule(
            Outcome.ATTENTION,
            Statement(
                "LICENSE_RED",
                Message(
                    "有许可证已过期、暂扣、吊销或撤销，请逐项查看。",
                    "A permit is expired, suspended, revoked or annulled; look at each.",
                ),
            ),
            _has_red_permit,
        ),
    ),
    headlines=verdicts.headlines(Message("本码真实，请留意：", "Genuine, but note:")),
)

REASONS: Mapping[str, Message] = MappingProxyType(  # for pages that show the sentence of a reason
    {
        **TABLE.sentences(),
        **{reason: text for reason, text in COLOUR_REASONS.items() if reason.startswith("BL_")},
        **SENTENCES,
    }
)


@lru_cache(maxsize=512)  # the facts are few enumerations: every combination met in a city fits
def judge(facts: CodeFacts, hidden: frozenset[str] = frozenset()) -> Judgement:
    """Return what the code is worth by the table of codes. `hidden`: reasons that whoever asks may not read."""
    return verdicts.judge(TABLE, facts, hidden=hidden)
