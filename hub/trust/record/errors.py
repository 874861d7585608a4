"""What the record of acts refuses."""

from hub.kernel.errors import HubError


class UnloggedChangeError(HubError):
    """A bound row was changed in a transaction that has no act about it: a fault of the hub, never of a user."""

    reason = "UNLOGGED_CHANGE"
    zh = "数据变更没有留痕，已拒绝保存。"
    en = "A change without an act on record was refused; nothing was stored."


class LogDamagedError(HubError):
    """What is stored of the log is not what the hub signed last: it is not extended until somebody has looked."""

    reason = "LOG_DAMAGED"
    zh = "公开日志与最近一次签署的检查点不符，已停止追加，请运行 hub log verify。"
    en = "The public log is not the one that was signed last; it is not extended. Run `hub log verify`."


class KeyRecordUnreadableError(HubError):
    """An act on keys was edited into what nobody can read: whether the ring is the newest cannot be told."""

    reason = "KEY_RECORD_UNREADABLE"
    zh = "密钥操作记录无法读取，可能被绕过系统修改，已停止签发，请运行 hub log verify。"
    en = "An act on keys cannot be read: it was edited behind the hub's back. Nothing is signed; run `hub log verify`."
