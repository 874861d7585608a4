"""The states of a license, and the words and codes that departments use for them.

States and their codes follow the dictionary used for construction qualifications (GB/T 36903 practice).
撤销 (the grant was unlawful), 撤回 (circumstances changed), 吊销 (a penalty) and 注销 (the procedure that
closes) are four different facts in law and are never merged.
"""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from hub.kernel.messages import Message


class LicenseState(StrEnum):
    VALID = "有效"
    RENEWING = "延续审查中"
    EXPIRED = "失效"
    SUSPENDED = "暂扣"
    REVOKED = "吊销"
    ANNULLED = "撤销"
    WITHDRAWN = "撤回"
    DEREGISTERED = "注销"
    TRANSFERRED = "转出"
    REPLACED = "被替换"


STATE_NAMES: Mapping[LicenseState, Message] = MappingProxyType(
    {
        LicenseState.VALID: Message("有效", "Valid"),
        LicenseState.RENEWING: Message("延续审查中", "Renewal under review"),
        LicenseState.EXPIRED: Message("失效", "Expired"),
        LicenseState.SUSPENDED: Message("暂扣", "Suspended"),
        LicenseState.REVOKED: Message("吊销", "Revoked as a penalty"),
        LicenseState.ANNULLED: Message("撤销", "Annulled, unlawfully granted"),
        LicenseState.WITHDRAWN: Message("撤回", "Withdrawn, circumstances changed"),
        LicenseState.DEREGISTERED: Message("注销", "Deregistered"),
        LicenseState.TRANSFERRED: Message("转出", "Transferred out"),
        LicenseState.REPLACED: Message("被替换", "Replaced by a newer version"),
    }
)

TERMINAL = frozenset(
    {
        LicenseState.REVOKED,
        LicenseState.ANNULLED,
        LicenseState.WITHDRAWN,
        LicenseState.DEREGISTERED,
        LicenseState.TRANSFERRED,
        LicenseState.REPLACED,
    }
)
EFFECTIVE = frozenset({LicenseState.VALID, LicenseState.RENEWING})

# Words and status codes met in departments' data. 99 (其他) is left out: a person must say what it means.
_SYNONYMS: Mapping[LicenseState, tuple[str, ...]] = MappingProxyType(
    {
        LicenseState.VALID: ("01", "正常", "在用", "生效", "现行有效", "已生效"),
        LicenseState.RENEWING: ("延续中", "延续受理中", "延续办理中", "换证审查中"),
        LicenseState.EXPIRED: ("05", "已失效", "过期", "已过期", "到期", "已到期"),
        LicenseState.SUSPENDED: ("02", "已暂扣", "被暂扣"),
        LicenseState.REVOKED: ("07", "已吊销", "被吊销"),
        LicenseState.ANNULLED: ("03", "已撤销", "被撤销"),
        LicenseState.WITHDRAWN: ("已撤回", "被撤回"),
        LicenseState.DEREGISTERED: ("04", "已注销", "被注销"),
        LicenseState.TRANSFERRED: ("06", "已转出", "办理转出"),
        LicenseState.REPLACED: ("已被替换", "已替换", "历史版本"),
    }
)
_STATE_OF: Mapping[str, LicenseState] = MappingProxyType(
    {text: state for state, words in _SYNONYMS.items() for text in (state.value, *words)}
)


def parse_license_state(text: str) -> LicenseState | None:
    """Return the state a department means by `text`; None when nobody has said yet (refused as "STATUS")."""
    return _STATE_OF.get("".join(unicodedata.normalize("NFKC", text).split()))
