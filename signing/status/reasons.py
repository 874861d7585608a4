"""Why something of a status list was refused: one code per fact, one sentence per language."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from signing.reasons import Sentence


class StatusReason(StrEnum):
    """Codes that verdicts, commands and logs carry. A code never changes its meaning."""

    STATUS_BITS = "STATUS_BITS"
    STATUS_VALUE = "STATUS_VALUE"
    STATUS_INDEX = "STATUS_INDEX"
    STATUS_ENCODING = "STATUS_ENCODING"
    STATUS_TOO_LARGE = "STATUS_TOO_LARGE"
    STATUS_CLAIM = "STATUS_CLAIM"
    STATUS_SUBJECT = "STATUS_SUBJECT"


STATUS_SENTENCES: Mapping[StatusReason, Sentence] = MappingProxyType(
    {
        StatusReason.STATUS_BITS: Sentence(
            "状态列表每项的位数只能是 1、2、4 或 8。", "A status list has 1, 2, 4 or 8 bits for each entry."
        ),
        StatusReason.STATUS_VALUE: Sentence(
            "状态值超出了每项的位数。", "The status value does not fit the bits of an entry."
        ),
        StatusReason.STATUS_INDEX: Sentence("状态列表中没有这个序号。", "The status list has no such index."),
        StatusReason.STATUS_ENCODING: Sentence(
            "状态列表的压缩内容无法读取。", "The compressed status list cannot be read."
        ),
        StatusReason.STATUS_TOO_LARGE: Sentence(
            "状态列表解压后超过上限。", "The status list is larger than the limit when inflated."
        ),
        StatusReason.STATUS_CLAIM: Sentence(
            "状态列表令牌缺少必要内容，或其形式不对。",
            "The status list token lacks a claim or has one of the wrong shape.",
        ),
        StatusReason.STATUS_SUBJECT: Sentence(
            "令牌是另一个状态列表的。", "The token is about another status list."
        ),
    }
)
