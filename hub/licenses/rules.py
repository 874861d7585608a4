"""The life of a license: its states, and the operations that lead from one to the next.

States and operation codes follow the dictionary used for construction qualifications (GB/T 36903 practice).
撤销 (the grant was unlawful), 撤回 (circumstances changed), 吊销 (a penalty) and 注销 (the procedure that
closes) are four different facts in law and are never merged.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from hub.kernel.errors import ConflictError
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
    """The state a department means by `text`; None when nobody has said yet (refused as "STATUS")."""
    return _STATE_OF.get("".join(unicodedata.normalize("NFKC", text).split()))


class Operation(StrEnum):
    """What is done to a license. One wire code may stand for several: 05 closes in five different ways."""

    ISSUE = "issue"
    RENEW = "renew"
    SUSPEND = "suspend"
    EXPIRE = "expire"
    RESTORE = "restore"
    OTHER = "other"
    TRANSFER_IN = "transfer-in"
    SUBMIT_RENEWAL = "submit-renewal"
    REFUSE_RENEWAL = "refuse-renewal"
    DEREGISTER = "deregister"
    ANNUL = "annul"
    REVOKE = "revoke"
    WITHDRAW = "withdraw"
    TRANSFER_OUT = "transfer-out"
    REPLACE = "replace"


@dataclass(frozen=True)
class OperationFace:
    """Wire code ("07" 其他业务 for the steps only we keep) and name of an operation."""

    code: str
    name: Message


OPERATIONS: Mapping[Operation, OperationFace] = MappingProxyType(
    {
        Operation.ISSUE: OperationFace("01", Message("新发", "Issue")),
        Operation.RENEW: OperationFace("02", Message("延续", "Renew")),
        Operation.SUSPEND: OperationFace("03", Message("暂扣", "Suspend")),
        Operation.EXPIRE: OperationFace("04", Message("过期失效", "Expire")),
        Operation.DEREGISTER: OperationFace("05", Message("注销", "Deregister")),
        Operation.ANNUL: OperationFace("05", Message("撤销", "Annul")),
        Operation.REVOKE: OperationFace("05", Message("吊销", "Revoke")),
        Operation.WITHDRAW: OperationFace("05", Message("撤回", "Withdraw")),
        Operation.TRANSFER_OUT: OperationFace("05", Message("转出", "Transfer out")),
        Operation.RESTORE: OperationFace("06", Message("暂扣发还", "Restore")),
        Operation.OTHER: OperationFace("07", Message("其他业务", "Other")),
        Operation.SUBMIT_RENEWAL: OperationFace("07", Message("申请延续", "Apply for renewal")),
        Operation.REFUSE_RENEWAL: OperationFace("07", Message("不予延续", "Refuse renewal")),
        Operation.REPLACE: OperationFace("07", Message("换发新版本", "Replace")),
        Operation.TRANSFER_IN: OperationFace("08", Message("转入", "Transfer in")),
    }
)


class TransitionRefusedError(ConflictError):
    reason = "LICENSE_TRANSITION"
    message = Message(
        "该证照当前状态下不能办理此操作。", "A license in this state does not allow this operation."
    )


@dataclass(frozen=True)
class Transition:
    source: LicenseState | None  # None: the license does not exist yet
    operation: Operation
    target: LicenseState


_CLOSINGS = (
    (Operation.DEREGISTER, LicenseState.DEREGISTERED),
    (Operation.ANNUL, LicenseState.ANNULLED),
    (Operation.REVOKE, LicenseState.REVOKED),
    (Operation.WITHDRAW, LicenseState.WITHDRAWN),
    (Operation.TRANSFER_OUT, LicenseState.TRANSFERRED),
)
_OPEN = (LicenseState.VALID, LicenseState.RENEWING, LicenseState.SUSPENDED, LicenseState.EXPIRED)

# What is not listed is refused. A renewal applied for in time keeps the license alive until it is decided
# (行政许可法 art. 50), so 延续审查中 never expires of itself; an expired license is issued anew, not renewed.
TRANSITIONS: tuple[Transition, ...] = (
    Transition(None, Operation.ISSUE, LicenseState.VALID),
    Transition(None, Operation.TRANSFER_IN, LicenseState.VALID),
    Transition(LicenseState.VALID, Operation.RENEW, LicenseState.VALID),
    Transition(LicenseState.VALID, Operation.SUSPEND, LicenseState.SUSPENDED),
    Transition(LicenseState.VALID, Operation.EXPIRE, LicenseState.EXPIRED),
    Transition(LicenseState.VALID, Operation.SUBMIT_RENEWAL, LicenseState.RENEWING),
    Transition(LicenseState.VALID, Operation.REPLACE, LicenseState.REPLACED),
    Transition(LicenseState.RENEWING, Operation.RENEW, LicenseState.VALID),
    Transition(LicenseState.RENEWING, Operation.REFUSE_RENEWAL, LicenseState.VALID),
    Transition(LicenseState.RENEWING, Operation.SUSPEND, LicenseState.SUSPENDED),
    Transition(LicenseState.RENEWING, Operation.REPLACE, LicenseState.REPLACED),
    Transition(LicenseState.SUSPENDED, Operation.RESTORE, LicenseState.VALID),
    Transition(LicenseState.SUSPENDED, Operation.EXPIRE, LicenseState.EXPIRED),
    *(Transition(source, operation, target) for source in _OPEN for operation, target in _CLOSINGS),
)
_TARGET: Mapping[tuple[LicenseState | None, Operation], LicenseState] = MappingProxyType(
    {(row.source, row.operation): row.target for row in TRANSITIONS}
)


def next_state(state: LicenseState | None, operation: Operation) -> LicenseState:
    """The state after `operation`; `state` None for a license that does not exist yet.

    Raises: TransitionRefusedError for every pair that the table does not list.
    """
    target = _TARGET.get((state, operation))
    if target is None:
        raise TransitionRefusedError(f"{state or 'none'}: {operation}")
    return target


def operations_from(state: LicenseState | None) -> tuple[Operation, ...]:
    """What may be done to a license in this state, in the table's order; nothing for a closed one."""
    return tuple(row.operation for row in TRANSITIONS if row.source == state)
