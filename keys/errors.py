"""Facts about keys that stop a command; every leaf says one thing and its message says what to do.

`reason` is a stable code; `zh` and `en` say the fact to a person. The text given to the exception names the key or
the file.
"""

from keys.messages import StatedError


class KeysError(StatedError):
    """Base of everything this package raises on purpose."""

    reason = "KEYS"
    zh = "密钥处理失败。"
    en = "The keys could not be used."


class EmptyPassphraseError(KeysError):
    """The key folder may not be protected by an empty passphrase."""

    reason = "KEYS_EMPTY_PASSPHRASE"
    zh = "密钥不得以空口令保护。"
    en = "Keys are never kept under an empty passphrase."


class FolderModeError(KeysError):
    """The folder or a private file in it can be read by others than its owner."""

    reason = "KEYS_FOLDER_MODE"
    zh = "密钥目录或文件可被他人读取。"
    en = "The key folder or a file in it can be read by others."


class WrongPassphraseError(KeysError):
    """The passphrase does not open this folder."""

    reason = "KEYS_WRONG_PASSPHRASE"
    zh = "密钥口令（或 PIN）不正确。"
    en = "The passphrase (or PIN) is not the right one."


class RingMissingError(KeysError):
    """There is no key ring where one was expected."""

    reason = "KEYS_RING_MISSING"
    zh = "没有找到密钥环。"
    en = "There is no key ring."


class RingDamagedError(KeysError):
    """The ring's own files are not what this software wrote."""

    reason = "KEYS_RING_DAMAGED"
    zh = "密钥环文件已损坏或被改动。"
    en = "The key ring's files are damaged or were changed."


class KeyFileMissingError(KeysError):
    """The ring names a key that signs, and its envelope is not there."""

    reason = "KEYS_PRIVATE_MISSING"
    zh = "缺少签名私钥。"
    en = "A private key that signs is missing."


class KeyFileDamagedError(KeysError):
    """An envelope does not open, or holds another key than the ring says."""

    reason = "KEYS_PRIVATE_DAMAGED"
    zh = "私钥已损坏或与密钥环不符。"
    en = "A private key is damaged or is not the ring's."


class SourceNotSupportedError(KeysError):
    """The key source's URI names a scheme this installation cannot use."""

    reason = "KEYS_SOURCE"
    zh = "本安装不支持该密钥来源。"
    en = "This installation cannot use that key source."


class NoActiveKeyError(KeysError):
    """No key is active for the purpose asked for."""

    reason = "KEYS_NO_ACTIVE"
    zh = "该用途没有可用的签名密钥。"
    en = "No key is active for that purpose."


class MalformedKeySetError(KeysError):
    """A published key set does not follow the profile."""

    reason = "KEYS_MALFORMED_SET"
    zh = "公钥集格式不符合规范。"
    en = "The key set does not follow the profile."


class Sm2UnavailableError(KeysError):
    """The system has no libcrypto that signs with SM2 as GB/T 32918 says."""

    reason = "KEYS_SM2_UNAVAILABLE"
    zh = "系统缺少支持 SM2 的密码库。"
    en = "The system has no library for SM2."


class SignerAwayError(KeysError):
    """The device that holds the private keys does not answer; what it signed is still verified."""

    reason = "KEYS_SIGNER_AWAY"
    zh = "签名设备暂不可用，请稍后再试；验证不受影响。"
    en = "The signing device is away; try again shortly. Verification goes on."


class AlgorithmNotSupportedError(KeysError):
    """The source cannot make or use a key of that algorithm; no other is taken in its place."""

    reason = "KEYS_ALGORITHM"
    zh = "该密钥来源不支持所需的签名算法。"
    en = "The key source cannot use that algorithm."


class RingUncheckedError(KeysError):
    """The device is away, and the ring is not the one it last vouched for."""

    reason = "KEYS_RING_UNCHECKED"
    zh = "签名设备不在，且密钥环与设备上次核对的不一致。"
    en = "The device is away and the key ring is not the one it last checked."


class RingOlderError(KeysError):
    """The ring lacks acts that are known to have been done: it is an older copy, or another ring."""

    reason = "KEYS_RING_OLDER"
    zh = "密钥环是旧副本，已停止签发；请恢复较新的副本，或重做所缺的密钥变更。"
    en = "The key ring is an older copy; nothing is signed. Restore the newer one, or do the missing acts again."


class RingApartError(KeysError):
    """The ring is a demonstration's and the hub is not, or the other way round."""

    reason = "KEYS_DEMONSTRATION"
    zh = "演示密钥与正式系统不能混用，已停止签发。"
    en = "A demonstration's keys and a real hub do not go together; nothing is signed."


class SourceUriError(KeysError):
    """The URI of a key source is not well-formed."""

    reason = "KEYS_SOURCE_URI"
    zh = "密钥来源地址格式不正确。"
    en = "The address of the key source is not well-formed."


class DataKeysMissingError(KeysError):
    """The folder holds no data keys, though what they sealed is stored."""

    reason = "KEYS_DATA_MISSING"
    zh = "缺少个人信息数据密钥，请从备份恢复密钥目录。"
    en = "The data keys of personal fields are missing; restore the key folder from a backup."


class DataKeysDamagedError(KeysError):
    """The data keys do not open: damaged, or of another passphrase or token."""

    reason = "KEYS_DATA_DAMAGED"
    zh = "个人信息数据密钥无法打开，请从备份恢复密钥目录。"
    en = "The data keys of personal fields do not open; restore the key folder from a backup."


class SealedValueError(KeysError):
    """A sealed field was changed, moved to another place, or sealed by a key that is not here."""

    reason = "KEYS_SEALED_VALUE"
    zh = "加密的个人信息字段无法读取：已被改动、移位，或其密钥不在。"
    en = "A sealed personal field cannot be read: it was changed or moved, or its key is not here."
