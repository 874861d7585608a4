"""Why a change of a key's state is refused: one leaf per fact."""

from datetime import datetime

from keys.errors import KeysError


class KeyChangeError(KeysError):
    """Base of the refusals to change a key; nothing was changed."""

    reason = "KEYS_CHANGE"
    zh = "不能变更该密钥。"
    en = "The key cannot be changed in this way."


class UnknownKeyError(KeyChangeError):
    """No key of the ring has that kid."""

    reason = "KEYS_UNKNOWN"
    zh = "密钥环中没有该密钥。"
    en = "No key of the ring has that id."


class KidTakenError(KeyChangeError):
    """A kid is never used a second time."""

    reason = "KEYS_KID_TAKEN"
    zh = "密钥编号已被使用，不得重复。"
    en = "That key id was used before and is never used again."


class KidsUsedUpError(KeyChangeError):
    """The tag of a code key has room for the serials 1 to 999."""

    reason = "KEYS_KIDS_USED_UP"
    zh = "该用途的密钥编号已用尽。"
    en = "The ids for keys of that purpose are used up."


class PendingExistsError(KeyChangeError):
    """One successor at a time."""

    reason = "KEYS_PENDING_EXISTS"
    zh = "该用途已有待启用的密钥。"
    en = "A new key for that purpose is waiting already."


class NoPendingKeyError(KeyChangeError):
    """There is nothing to rotate to."""

    reason = "KEYS_NO_PENDING"
    zh = "没有待启用的密钥，请先生成。"
    en = "No key is waiting to take over; generate one first."


class TooEarlyError(KeyChangeError):
    """The new key has not been published long enough for everybody to have seen it."""

    reason = "KEYS_TOO_EARLY"
    zh = "新密钥公布时间不足，尚不能启用。"
    en = "The new key has not been published long enough to take over."

    def __init__(self, kid: str, earliest: datetime) -> None:
        super().__init__(f"{kid} may sign from {earliest:%Y-%m-%dT%H:%M:%SZ} on")
        self.earliest = earliest


class ActiveKeyExistsError(KeyChangeError):
    """A key may start at once only where none is at work: nobody could verify what it signs in the meantime."""

    reason = "KEYS_ACTIVE_EXISTS"
    zh = "已有在用密钥，不能立即启用新密钥。"
    en = "A key is at work; a new one may not start at once."


class NotVerifyOnlyError(KeyChangeError):
    """Only a key that has stopped signing is retired."""

    reason = "KEYS_NOT_VERIFY_ONLY"
    zh = "只有已停止签名的密钥才能退役。"
    en = "Only a key that has stopped signing can be retired."


class StillNeededError(KeyChangeError):
    """Something that the key signed may still be in use."""

    reason = "KEYS_STILL_NEEDED"
    zh = "该密钥签发的内容可能仍在使用；确需退役请说明原因并强制执行。"
    en = "What the key signed may still be in use; force it with a reason if it must be."


class ReasonMissingError(KeyChangeError):
    """A forced retirement and a compromise are published with their reason."""

    reason = "KEYS_REASON"
    zh = "请说明原因（200 字以内）。"
    en = "Give a reason of at most 200 characters."


class AlreadyCompromisedError(KeyChangeError):
    """A key is compromised once; its instant is not moved."""

    reason = "KEYS_ALREADY_COMPROMISED"
    zh = "该密钥已标记为泄露。"
    en = "The key is marked as compromised already."


class ClockBehindError(KeyChangeError):
    """The clock says that this happens before what was done last; the history would lie."""

    reason = "KEYS_CLOCK_BEHIND"
    zh = "系统时钟早于密钥环的最后一次变更，请校正时钟。"
    en = "The clock is behind the last change of the ring; set it right."
