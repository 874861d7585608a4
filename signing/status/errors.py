"""What readers and writers of status lists refuse, one leaf per fact."""

from enum import StrEnum

from signing.errors import SigningError


class StatusReason(StrEnum):
    """Codes that verdicts, commands and logs carry. A code never changes its meaning."""

    STATUS_BITS = "STATUS_BITS"
    STATUS_VALUE = "STATUS_VALUE"
    STATUS_INDEX = "STATUS_INDEX"
    STATUS_ENCODING = "STATUS_ENCODING"
    STATUS_TOO_LARGE = "STATUS_TOO_LARGE"
    STATUS_CLAIM = "STATUS_CLAIM"
    STATUS_SUBJECT = "STATUS_SUBJECT"


class StatusError(SigningError):
    """A status list, or an entry of one, is not to be believed. Only its leaves are raised."""


class StatusBitsError(StatusError):
    reason = StatusReason.STATUS_BITS
    zh = "状态列表每项的位数只能是 1、2、4 或 8。"
    en = "A status list has 1, 2, 4 or 8 bits for each entry."


class StatusValueError(StatusError):
    reason = StatusReason.STATUS_VALUE
    zh = "状态值超出了每项的位数。"
    en = "The status value does not fit the bits of an entry."


class StatusIndexError(StatusError):
    reason = StatusReason.STATUS_INDEX
    zh = "状态列表中没有这个序号。"
    en = "The status list has no such index."


class StatusEncodingError(StatusError):
    reason = StatusReason.STATUS_ENCODING
    zh = "状态列表的压缩内容无法读取。"
    en = "The compressed status list cannot be read."


class StatusTooLargeError(StatusError):
    reason = StatusReason.STATUS_TOO_LARGE
    zh = "状态列表解压后超过上限。"
    en = "The status list is larger than the limit when inflated."


class StatusClaimError(StatusError):
    reason = StatusReason.STATUS_CLAIM
    zh = "状态列表令牌缺少必要内容，或其形式不对。"
    en = "The status list token lacks a claim or has one of the wrong shape."


class StatusSubjectError(StatusError):
    reason = StatusReason.STATUS_SUBJECT
    zh = "令牌是另一个状态列表的。"
    en = "The token is about another status list."
