"""Why something of a transparency log was refused: one code per fact, one sentence per language."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from signing.reasons import Sentence


class LogReason(StrEnum):
    """Codes that verdicts, commands and logs carry. A code never changes its meaning."""

    PROOF_SIZE = "PROOF_SIZE"
    PROOF_LENGTH = "PROOF_LENGTH"
    PROOF_ROOT = "PROOF_ROOT"
    NOTE_FORM = "NOTE_FORM"
    NOTE_KEY = "NOTE_KEY"
    NOTE_UNSIGNED = "NOTE_UNSIGNED"
    NOTE_SIGNATURE = "NOTE_SIGNATURE"
    NOTE_SIGNER = "NOTE_SIGNER"
    CHECKPOINT_FORM = "CHECKPOINT_FORM"
    CHECKPOINT_ORIGIN = "CHECKPOINT_ORIGIN"
    TILE_PATH = "TILE_PATH"
    TILE_ENTRIES = "TILE_ENTRIES"
    RECEIPT_CLAIM = "RECEIPT_CLAIM"
    RECEIPT_LEAF = "RECEIPT_LEAF"
    RECEIPT_LOG = "RECEIPT_LOG"
    RECEIPT_SIZE = "RECEIPT_SIZE"
    RECEIPT_OPENING = "RECEIPT_OPENING"
    WITNESS_REQUEST = "WITNESS_REQUEST"
    WITNESS_SIZE = "WITNESS_SIZE"


LOG_SENTENCES: Mapping[LogReason, Sentence] = MappingProxyType(
    {
        LogReason.PROOF_SIZE: Sentence(
            "证明所说的位置或大小不成立。", "The proof names a position or a size that cannot be."
        ),
        LogReason.PROOF_LENGTH: Sentence(
            "证明的长度不对：缺少或多出了内容。", "The proof has too few or too many parts."
        ),
        LogReason.PROOF_ROOT: Sentence(
            "证明与公开日志不符：记录不在日志中，或日志被改动过。",
            "The proof does not lead to the log's root: the entry is not in the log, or history was changed.",
        ),
        LogReason.NOTE_FORM: Sentence("签名文书的格式不对。", "The signed note is not well formed."),
        LogReason.NOTE_KEY: Sentence("日志公钥的书写不对。", "The log's public key is not well written."),
        LogReason.NOTE_UNSIGNED: Sentence(
            "检查点上没有所信任密钥的签名。", "No key that is believed has signed the checkpoint."
        ),
        LogReason.NOTE_SIGNATURE: Sentence(
            "检查点的签名不符：它是伪造的或被改动过。",
            "The checkpoint's signature is wrong: it is forged or was altered.",
        ),
        LogReason.NOTE_SIGNER: Sentence(
            "该密钥不得签发日志检查点。", "This key may not sign a log's checkpoints."
        ),
        LogReason.CHECKPOINT_FORM: Sentence("日志检查点的格式不对。", "The checkpoint is not well formed."),
        LogReason.CHECKPOINT_ORIGIN: Sentence(
            "检查点属于另一个日志。", "The checkpoint belongs to another log."
        ),
        LogReason.TILE_PATH: Sentence("没有这样的日志分块。", "There is no such tile."),
        LogReason.TILE_ENTRIES: Sentence(
            "日志条目包的格式不对。", "The bundle of entries is not well formed."
        ),
        LogReason.RECEIPT_CLAIM: Sentence(
            "回执缺少必要内容，或其形式不对。", "The receipt lacks a claim or has one of the wrong shape."
        ),
        LogReason.RECEIPT_LEAF: Sentence(
            "回执中的日志记录无法读取。", "The entry in the receipt cannot be read."
        ),
        LogReason.RECEIPT_LOG: Sentence(
            "回执属于另一个公开日志。", "The receipt is about another public log."
        ),
        LogReason.RECEIPT_SIZE: Sentence(
            "回执所说的日志大小与检查点不同。", "The receipt and its checkpoint name different sizes."
        ),
        LogReason.RECEIPT_OPENING: Sentence(
            "回执所附的明细与日志中的承诺不符。",
            "The details given with the receipt are not those that the log has committed to.",
        ),
        LogReason.WITNESS_REQUEST: Sentence(
            "见证请求的格式不对。", "The request to a witness is not well formed."
        ),
        LogReason.WITNESS_SIZE: Sentence(
            "见证方记得的日志大小或内容与此不同。",
            "The witness remembers another size, or another tree of this size.",
        ),
    }
)
