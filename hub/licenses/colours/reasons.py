"""Why a license has its colour, in words for the person who holds or sees it, with what to do."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeVar

from hub.kernel.messages import Message
from hub.kernel.outcomes import Outcome
from hub.kernel.verdicts import Rule, Statement, VerificationFacts
from hub.licenses.colours.rules import Colour, ColourVerdict

_BUSINESS: Mapping[str, Message] = {
    "BL_ENDED": Message(
        "营业执照已注销或已迁出，不再有效。",
        "The business license is deregistered or moved elsewhere; it is no longer in force.",
    ),
    "BL_REVOKED": Message(
        "企业已被吊销、撤销登记或责令关闭，不得开展经营活动。",
        "The enterprise is revoked, annulled or ordered to close; it may not do business.",
    ),
    "BL_TERM_OVER": Message(
        "营业期限已届满，请办理经营期限变更或注销登记。",
        "The term of business is over; register a longer term or deregister.",
    ),
    "BL_SERIOUS": Message(
        "企业在严重违法失信名单中，请纠正后申请移出。",
        "The enterprise is on the list of serious violations; correct the causes and apply for removal.",
    ),
    "BL_UNCONFIRMED": Message(
        "登记状态待登记机关确认，请与登记机关核对。",
        "The registration state awaits confirmation; check with the registry.",
    ),
    "BL_ABNORMAL": Message(
        "企业在经营异常名录中，请改正后申请移出。",
        "The enterprise is on the list of abnormal operations; correct the cause and apply for removal.",
    ),
    "BL_LIQUIDATION": Message(
        "企业正在清算，仅可开展与清算有关的活动。",
        "The enterprise is in liquidation; only business needed for it is allowed.",
    ),
    "BL_DEREGISTERING": Message(
        "正在公告简易注销，对此有异议的请在公告期内提出。",
        "Simplified deregistration is announced; objections are made during the announcement.",
    ),
    "BL_TERM_DUE": Message(
        "营业期限将在90日内届满，请及时办理变更登记。",
        "The term of business ends within 90 days; register a longer term in time.",
    ),
    "BL_REPORT_DUE": Message(
        "上一年度年报尚未报送，请尽快报送(每年6月30日截止)。",
        "Last year's annual report is not filed; file it soon (due by 30 June each year).",
    ),
    "BL_DORMANT": Message(
        "企业处于歇业状态，恢复经营须公示终止歇业。",
        "The enterprise is dormant; publish the end of dormancy before doing business again.",
    ),
    "BL_OK": Message("营业执照有效，无待办事项。", "The business license is valid; nothing to do."),
}

_PERMIT: Mapping[str, Message] = {
    "PM_ENDED": Message(
        "证照已注销、撤回、转出或被新版本替换，不再有效。",
        "The license is deregistered, withdrawn, transferred or replaced; it is no longer in force.",
    ),
    "PM_REVOKED": Message(
        "证照已被吊销，不得从事该项经营活动。",
        "The license was revoked as a penalty; the activity is not allowed.",
    ),
    "PM_ANNULLED": Message(
        "许可决定已被依法撤销，不得从事该项经营活动。",
        "The grant was unlawful and is annulled; the activity is not allowed.",
    ),
    "PM_SUSPENDED": Message(
        "证照被暂扣，发还前不得从事该项经营活动。",
        "The license is suspended; the activity must rest until it is given back.",
    ),
    "PM_ENTITY": Message(
        "持证企业已被吊销、撤销登记或责令关闭，证照不可信赖。",
        "The holder is revoked, annulled or ordered to close; do not rely on this license.",
    ),
    "PM_EXPIRED": Message(
        "证照已过有效期且未延续，请重新申请办理。",
        "The license has expired and was not renewed; apply for a new one.",
    ),
    "PM_RENEWING": Message(
        "延续申请正在审查，审查期间证照继续有效。",
        "Renewal is under review; the license stays in force until it is decided.",
    ),
    "PM_NOT_YET": Message(
        "证照尚未到生效日期，请在生效后开展经营活动。",
        "The license is not yet in force; wait for its first day.",
    ),
    "PM_INSPECTION": Message(
        "年检或校验已逾期，请尽快办理。",
        "The periodic check is overdue; have it done soon.",
    ),
    "PM_DUE": Message(
        "证照临近到期，请在延续申请期限内办理延续。",
        "The license ends soon; apply for renewal within the window.",
    ),
    "PM_UNCONFIRMED": Message(
        "持证企业登记状态待确认，请与登记机关核对。",
        "The holder's registration state awaits confirmation; check with the registry.",
    ),
    "PM_DORMANT": Message(
        "持证企业歇业中，恢复经营后证照可继续使用。",
        "The holder is dormant; the license may be used again when business resumes.",
    ),
    "PM_OK": Message("证照有效，无待办事项。", "The license is valid; nothing to do."),
}

REASONS: Mapping[str, Message] = MappingProxyType({**_BUSINESS, **_PERMIT})

F = TypeVar("F", bound=VerificationFacts)


def colour_rules(colour_in: Callable[[F], ColourVerdict | None]) -> tuple[Rule[F], Rule[F]]:
    """Return what a colour says in a verdict on a code or a credential: blue is well, every other needs attention.

    `colour_in` picks the colour from the facts; None: there is no such license, and nothing is said.
    """

    def says(facts: F) -> Statement:
        found = colour_in(facts)
        if found is None:
            raise AssertionError("a colour that is not there says nothing")
        return Statement(found.reason, REASONS[found.reason])

    def is_blue(facts: F) -> bool:
        found = colour_in(facts)
        return found is not None and found.colour is Colour.BLUE

    def is_another(facts: F) -> bool:
        found = colour_in(facts)
        return found is not None and found.colour is not Colour.BLUE

    return Rule(Outcome.VALID, says, is_blue), Rule(Outcome.ATTENTION, says, is_another)
