"""What the comparison of the log with the database can find, and how it is said."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from hub.kernel.messages import Message

ODD_VALUES = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What reading raises where somebody has put a text for a number, or half a UUID: a finding, never the end."""

MAX_FINDINGS = 10_000  # of each reason, kept and shown; the rest is counted


class AuditReason(StrEnum):
    """One code per fact. A code never changes its meaning."""

    ROW_EDITED = "ROW_EDITED"
    ROW_ADDED = "ROW_ADDED"
    ROW_REMOVED = "ROW_REMOVED"
    INDEX_WRONG = "INDEX_WRONG"
    INDEX_MISSING = "INDEX_MISSING"
    DERIVED_WRONG = "DERIVED_WRONG"
    PUBLISHED_DIFFERS = "PUBLISHED_DIFFERS"
    ACCESS_UNFOUNDED = "ACCESS_UNFOUNDED"
    BLIND_INDEX_WRONG = "BLIND_INDEX_WRONG"
    LOOKS_DIFFER = "LOOKS_DIFFER"
    EVENT_EDITED = "EVENT_EDITED"
    EVENT_ADDED = "EVENT_ADDED"
    EVENT_REMOVED = "EVENT_REMOVED"
    EVENT_SALT_MISSING = "EVENT_SALT_MISSING"
    BATCH_EDITED = "BATCH_EDITED"
    BATCH_MISSING = "BATCH_MISSING"
    BATCH_MOVED = "BATCH_MOVED"
    BATCH_WAITING = "BATCH_WAITING"
    TILE_EDITED = "TILE_EDITED"
    TILE_MISSING = "TILE_MISSING"
    TILE_ADDED = "TILE_ADDED"
    HEAD_EDITED = "HEAD_EDITED"
    HEAD_MISSING = "HEAD_MISSING"
    CHECKPOINT_FORGED = "CHECKPOINT_FORGED"
    CHECKPOINT_DIFFERS = "CHECKPOINT_DIFFERS"
    CHECKPOINT_AHEAD = "CHECKPOINT_AHEAD"
    CHECKPOINT_MISSING = "CHECKPOINT_MISSING"
    ROOT_DIFFERS = "ROOT_DIFFERS"
    COSIGNED_AHEAD = "COSIGNED_AHEAD"
    UNREADABLE = "UNREADABLE"


SENTENCES: Mapping[AuditReason, Message] = MappingProxyType(
    {
        AuditReason.ROW_EDITED: Message(
            "该行与最近一次留痕不一致，被绕过系统修改。",
            "The row is not as the last act about it left it: it was edited behind the hub's back.",
        ),
        AuditReason.ROW_ADDED: Message(
            "该行没有任何留痕，被绕过系统写入。",
            "No act left this row behind: it was added behind the hub's back.",
        ),
        AuditReason.ROW_REMOVED: Message(
            "留痕所指的行已不存在，被绕过系统删除。",
            "An act left this row behind and it is gone: it was removed behind the hub's back.",
        ),
        AuditReason.INDEX_WRONG: Message(
            "检索表的这一行与其来源不符。", "This row of a look-up table repeats nothing that exists."
        ),
        AuditReason.INDEX_MISSING: Message(
            "检索表缺少这一行。", "The look-up table lacks the entry of this row."
        ),
        AuditReason.DERIVED_WRONG: Message(
            "由其他数据推导的行与推导结果不符。",
            "A row that is derived from others is not what they give.",
        ),
        AuditReason.PUBLISHED_DIFFERS: Message(
            "对外发布的状态列表与记录不符，且没有待发布的变更。",
            "The status list that is served is not what its entries say, and nothing waits to be published.",
        ),
        AuditReason.ACCESS_UNFOUNDED: Message(
            "该登录会话或邀请没有对应的留痕，被绕过系统写入或修改。",
            "No act began this session or invitation as it stands: it was written behind the hub's back.",
        ),
        AuditReason.BLIND_INDEX_WRONG: Message(
            "密文字段的盲索引与其内容不符：按姓名或证号将查不到或查到他人，被绕过系统修改。",
            "The blind index beside a sealed field is not that of its value, so that a person is not found, or another "
            "is: it was edited behind the hub's back.",
        ),
        AuditReason.LOOKS_DIFFER: Message(
            "按人员、日期和事由重新清点，查看次数与留痕不符：查看记录或当日计数被绕过系统修改。",
            "Recounted by person, day and purpose, looks are not as many as the acts on record: rows or a daily count "
            "were edited behind the hub's back.",
        ),
        AuditReason.EVENT_EDITED: Message(
            "该记录与公开日志中的承诺不符，已被修改。",
            "The act on record is not the one that its leaf commits to: it was edited.",
        ),
        AuditReason.EVENT_ADDED: Message(
            "该记录在公开日志中没有对应条目。", "The act on record has no leaf in the log."
        ),
        AuditReason.EVENT_REMOVED: Message(
            "公开日志中的条目已没有对应记录。",
            "The log has a leaf whose act is no longer on record.",
        ),
        AuditReason.EVENT_SALT_MISSING: Message(
            "该记录的随机数已被删除，无法与公开日志核对。",
            "The salt of the act is gone, so that it cannot be held against its leaf.",
        ),
        AuditReason.BATCH_EDITED: Message("这一批日志条目被修改。", "The leaves of this batch were edited."),
        AuditReason.BATCH_MISSING: Message(
            "公开日志缺少这些位置的条目。", "The leaves at these positions are gone."
        ),
        AuditReason.BATCH_MOVED: Message(
            "这一批日志条目的位置被改动。", "This batch of leaves is not where it was put."
        ),
        AuditReason.BATCH_WAITING: Message(
            "这一批条目超过一分钟未进入公开日志，请检查后台任务。",
            "This batch has waited for more than a minute to enter the log; look after the worker.",
        ),
        AuditReason.TILE_EDITED: Message("日志分块被修改。", "The tile was edited."),
        AuditReason.TILE_MISSING: Message("日志分块缺失。", "The tile is gone."),
        AuditReason.TILE_ADDED: Message("多出的日志分块。", "The tile does not belong to the log."),
        AuditReason.HEAD_EDITED: Message(
            "日志头与其签署的检查点不符。", "The head of the log is not what its checkpoint says."
        ),
        AuditReason.HEAD_MISSING: Message("日志头缺失。", "The head of the log is gone."),
        AuditReason.CHECKPOINT_FORGED: Message(
            "检查点的签名不是本平台的。", "The checkpoint was not signed by this hub."
        ),
        AuditReason.CHECKPOINT_DIFFERS: Message(
            "日志内容与这一签署过的检查点不符：历史被改写。",
            "The log does not lead to this signed checkpoint: history was rewritten.",
        ),
        AuditReason.CHECKPOINT_AHEAD: Message(
            "签署过的检查点比日志头更新：日志被退回到较早的状态。",
            "A kept checkpoint is newer than the head: the log was set back to an earlier one.",
        ),
        AuditReason.CHECKPOINT_MISSING: Message(
            "最新检查点未留存。", "The newest checkpoint is not among those that are kept."
        ),
        AuditReason.ROOT_DIFFERS: Message(
            "日志条目和分块都得不出签署过的根哈希。",
            "Neither the leaves nor the tiles give the root that was signed.",
        ),
        AuditReason.COSIGNED_AHEAD: Message(
            "数据库中的公开日志与见证方见证过的不符，或见证记录无法读取。",
            "The log in the database is not what witnesses have cosigned, or their record cannot be read.",
        ),
        AuditReason.UNREADABLE: Message(
            "数据库中有值无法读取，该项核对未能完成：数据被绕过系统修改。",
            "A value on record cannot be read, so that this comparison did not end: it was edited behind the hub's back.",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One thing that is not as it was left: which fact, which table, which row of it, and what else is known."""

    reason: AuditReason
    table: str
    key: str
    detail: str = ""

    @property
    def message(self) -> Message:
        return SENTENCES[self.reason]


@dataclass(frozen=True, slots=True)
class AuditReport:
    """`leaves` and `rows`: how many were compared.

    `findings`: of the `found`, at most 10 000 for each reason, and one that says how many more there were.
    """

    findings: tuple[AuditFinding, ...]
    found: int
    leaves: int
    rows: int
    size: int

    @property
    def is_clean(self) -> bool:
        return not self.found


class Findings:
    """What was found so far; beyond a number of each reason it is only counted."""

    def __init__(self) -> None:
        self._kept: list[AuditFinding] = []
        self._counts: Counter[AuditReason] = Counter()

    @property
    def count(self) -> int:
        return self._counts.total()

    @property
    def kept(self) -> tuple[AuditFinding, ...]:
        """What is shown; at its end, for each reason that was found too often, how many more there were."""
        more = {reason: count - MAX_FINDINGS for reason, count in self._counts.items()}
        return (
            *self._kept,
            *(
                AuditFinding(reason, "", f"+{n}", f"{n} more, not listed")
                for reason, n in more.items()
                if n > 0
            ),
        )

    def add(self, reason: AuditReason, table: str, key: object, detail: str = "") -> None:
        self._counts[reason] += 1
        if self._counts[reason] <= MAX_FINDINGS:
            self._kept.append(AuditFinding(reason, table, str(key), detail))
