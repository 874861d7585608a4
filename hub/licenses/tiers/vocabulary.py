"""The words of the tiers: reform modes, order of permit and business license, statuses, reasons, in both languages."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from hub.kernel.messages import Message


class Reform(StrEnum):
    """证照分离: the four ways in which 国发〔2021〕7号 changed a permit; NONE where it says nothing."""

    ABOLISHED = "直接取消审批"
    FILING = "审批改为备案"
    COMMITMENT = "实行告知承诺"
    EASED = "优化审批服务"
    NONE = ""


class PriorTerm(StrEnum):
    PERMIT_FIRST = "先证后照"
    LICENSE_FIRST = "先照后证"
    FILING = "备案"


class TierStatus(StrEnum):
    DONE = "已办"
    MISSING = "未办"


class Severity(StrEnum):
    OVERDUE = "必办已到期限"  # was held, or must have been: the activity goes on without a permit
    ORDINARY = "一般"


TIER_REASONS: Mapping[str, Message] = MappingProxyType(
    {
        "TIER_NEVER": Message("从未办理", "Never obtained"),
        "TIER_EXPIRED": Message("已过期", "Expired"),
        "TIER_ENDED": Message("已被吊销、撤销、撤回或注销", "Revoked, annulled, withdrawn or deregistered"),
        "TIER_SUSPENDED": Message("暂扣中", "Suspended"),
        "TIER_SITE": Message("现有证照不覆盖该场所", "The certificate held does not cover this place"),
        "TIER_SCOPE": Message(
            "现有证照的许可范围不覆盖该项目", "The certificate held does not cover this item"
        ),
        "TIER_LOST": Message(
            "先证后照事项已无有效许可", "A permit that must precede the business license is no longer there"
        ),
    }
)
SEVERITY_NAMES: Mapping[Severity, Message] = MappingProxyType(
    {
        Severity.OVERDUE: Message("必办已到期限", "Overdue: obtain it before doing this business"),
        Severity.ORDINARY: Message("一般", "Ordinary"),
    }
)
