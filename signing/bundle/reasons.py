"""Why an offline bundle was refused, and what an offline verdict adds: one code per fact, one sentence per language."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from signing.reasons import Sentence


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


class OfflineReason(StrEnum):
    """What a verdict from a bundle says besides the reason of a refusal."""

    OFFLINE_FRESH = "OFFLINE_FRESH"
    OFFLINE_AGED = "OFFLINE_AGED"
    OFFLINE_REVOKED = "OFFLINE_REVOKED"
    OFFLINE_SUSPENDED = "OFFLINE_SUSPENDED"
    OFFLINE_CHANGED = "OFFLINE_CHANGED"
    OFFLINE_STATUS_UNKNOWN = "OFFLINE_STATUS_UNKNOWN"
    HOLDER_NOT_PROVEN = "HOLDER_NOT_PROVEN"
    HOLDER_NOT_ASKED = "HOLDER_NOT_ASKED"


BUNDLE_SENTENCES: Mapping[BundleReason | OfflineReason, Sentence] = MappingProxyType(
    {
        BundleReason.BUNDLE_FORM: Sentence(
            "离线包文件无法读取。",
            "The bundle file cannot be read: it is not a signed bundle with its root key.",
        ),
        BundleReason.BUNDLE_ROOT_FORM: Sentence(
            "离线包的根公钥书写不对。", "The bundle's root key is not a well-written public key."
        ),
        BundleReason.BUNDLE_ROOT: Sentence(
            "离线包的根公钥不是所信任的那一把。", "The bundle's root key is not the one that was pinned."
        ),
        BundleReason.BUNDLE_CLAIM: Sentence(
            "离线包缺少必要内容，或其形式不对。", "The bundle lacks a claim or has one of the wrong shape."
        ),
        BundleReason.BUNDLE_PROFILE: Sentence(
            "离线包的格式版本不受支持，请更新离线包或核验程序。",
            "The bundle is of another version of the profile than this verifier reads; renew one or the other.",
        ),
        BundleReason.BUNDLE_ROLLED_BACK: Sentence(
            "离线包比已用过的旧，不予使用。",
            "The bundle is older than one that was used before; get a new one.",
        ),
        BundleReason.BUNDLE_KEYS: Sentence(
            "离线包中的公钥集无法读取。", "The key set in the bundle cannot be read."
        ),
        BundleReason.BUNDLE_STATUS: Sentence(
            "离线包中的状态列表不可信。", "A status list in the bundle is not to be believed."
        ),
        BundleReason.BUNDLE_PLATES: Sentence(
            "离线包中的码牌索引无法读取。", "The table of plates in the bundle cannot be read."
        ),
        BundleReason.BUNDLE_SHARD: Sentence(
            "码牌索引分片与离线包不符，请重新获取。",
            "A shard of the table of plates is not the one that the bundle names; fetch it again.",
        ),
        BundleReason.BUNDLE_CHECKPOINT: Sentence(
            "离线包中的日志检查点不可信。", "The log checkpoint in the bundle is not to be believed."
        ),
        BundleReason.BUNDLE_DISTRICT: Sentence(
            "离线包中的辖区资料无法读取。", "The district's records in the bundle cannot be read."
        ),
        BundleReason.BUNDLE_NOT_YET: Sentence(
            "离线包的签发时间在将来，请核对本机时间。",
            "The bundle is from the future; check this device's clock.",
        ),
        BundleReason.BUNDLE_EXPIRED: Sentence(
            "离线包已过期，请联网更新。", "The bundle has expired; get a new one."
        ),
        OfflineReason.OFFLINE_FRESH: Sentence(
            "签名属实，状态是刚刚更新的。", "The signature is good and the status fresh."
        ),
        OfflineReason.OFFLINE_AGED: Sentence(
            "签名属实，状态不是最新的，请联网核对。",
            "The signature is good; the status is not fresh: check online.",
        ),
        OfflineReason.OFFLINE_REVOKED: Sentence(
            "离线包签发时已被撤销。", "It was revoked when the bundle was made."
        ),
        OfflineReason.OFFLINE_SUSPENDED: Sentence(
            "离线包签发时已被暂停。", "It was suspended when the bundle was made."
        ),
        OfflineReason.OFFLINE_CHANGED: Sentence(
            "离线包签发时已有变更，请联网核对。", "It had changed when the bundle was made: check online."
        ),
        OfflineReason.OFFLINE_STATUS_UNKNOWN: Sentence(
            "签名属实，离线包中没有它的状态，请联网核对。",
            "The signature is good; the bundle does not have its status: check online.",
        ),
        OfflineReason.HOLDER_NOT_PROVEN: Sentence(
            "未证明出示人就是持有人。", "Nobody has proven that who presents it is its holder."
        ),
        OfflineReason.HOLDER_NOT_ASKED: Sentence(
            "持有人签了名，但未核对是向谁出示的，可能是为别的验证方出示的。",
            "The holder signed, but for whom was not checked: it may have been presented to another verifier.",
        ),
    }
)
