"""What is refused about a bundle, one leaf per fact; `reason` is the code a verdict carries."""

from enum import StrEnum

from signing.errors import SigningError


class BundleReason(StrEnum):
    """Codes that verdicts and commands carry. A code never changes its meaning."""

    BUNDLE_FORM = "BUNDLE_FORM"
    BUNDLE_ROOT_FORM = "BUNDLE_ROOT_FORM"
    BUNDLE_ROOT = "BUNDLE_ROOT"
    BUNDLE_CLAIM = "BUNDLE_CLAIM"
    BUNDLE_PROFILE = "BUNDLE_PROFILE"
    BUNDLE_ROLLED_BACK = "BUNDLE_ROLLED_BACK"
    BUNDLE_KEYS = "BUNDLE_KEYS"
    BUNDLE_STATUS = "BUNDLE_STATUS"
    BUNDLE_PLATES = "BUNDLE_PLATES"
    BUNDLE_SHARD = "BUNDLE_SHARD"
    BUNDLE_CHECKPOINT = "BUNDLE_CHECKPOINT"
    BUNDLE_DISTRICT = "BUNDLE_DISTRICT"
    BUNDLE_NOT_YET = "BUNDLE_NOT_YET"
    BUNDLE_EXPIRED = "BUNDLE_EXPIRED"


class BundleError(SigningError):
    """A bundle is not to be used. What it would say of a code is then unknown: neither genuine nor forged."""


class BundleFormError(BundleError):
    reason = BundleReason.BUNDLE_FORM
    zh = "离线包文件无法读取。"
    en = "The bundle file cannot be read: it is not a signed bundle with its root key."


class BundleRootFormError(BundleError):
    reason = BundleReason.BUNDLE_ROOT_FORM
    zh = "离线包的根公钥书写不对。"
    en = "The bundle's root key is not a well-written public key."


class BundleRootError(BundleError):
    reason = BundleReason.BUNDLE_ROOT
    zh = "离线包的根公钥不是所信任的那一把。"
    en = "The bundle's root key is not the one that was pinned."


class BundleClaimError(BundleError):
    reason = BundleReason.BUNDLE_CLAIM
    zh = "离线包缺少必要内容，或其形式不对。"
    en = "The bundle lacks a claim or has one of the wrong shape."


class BundleProfileError(BundleError):
    reason = BundleReason.BUNDLE_PROFILE
    zh = "离线包的格式版本不受支持，请更新离线包或核验程序。"
    en = "The bundle is of another version of the profile than this verifier reads; renew one or the other."


class BundleRolledBackError(BundleError):
    reason = BundleReason.BUNDLE_ROLLED_BACK
    zh = "离线包比已用过的旧，不予使用。"
    en = "The bundle is older than one that was used before; get a new one."


class BundleKeysError(BundleError):
    reason = BundleReason.BUNDLE_KEYS
    zh = "离线包中的公钥集无法读取。"
    en = "The key set in the bundle cannot be read."


class BundleStatusError(BundleError):
    reason = BundleReason.BUNDLE_STATUS
    zh = "离线包中的状态列表不可信。"
    en = "A status list in the bundle is not to be believed."


class BundlePlatesError(BundleError):
    reason = BundleReason.BUNDLE_PLATES
    zh = "离线包中的码牌索引无法读取。"
    en = "The table of plates in the bundle cannot be read."


class BundleShardError(BundleError):
    reason = BundleReason.BUNDLE_SHARD
    zh = "码牌索引分片与离线包不符，请重新获取。"
    en = "A shard of the table of plates is not the one that the bundle names; fetch it again."


class BundleCheckpointError(BundleError):
    reason = BundleReason.BUNDLE_CHECKPOINT
    zh = "离线包中的日志检查点不可信。"
    en = "The log checkpoint in the bundle is not to be believed."


class BundleDistrictError(BundleError):
    reason = BundleReason.BUNDLE_DISTRICT
    zh = "离线包中的辖区资料无法读取。"
    en = "The district's records in the bundle cannot be read."


class BundleNotYetError(BundleError):
    reason = BundleReason.BUNDLE_NOT_YET
    zh = "离线包的签发时间在将来，请核对本机时间。"
    en = "The bundle is from the future; check this device's clock."


class BundleExpiredError(BundleError):
    reason = BundleReason.BUNDLE_EXPIRED
    zh = "离线包已过期，请联网更新。"
    en = "The bundle has expired; get a new one."
