"""What the log's readers refuse, one leaf per fact; `reason` is the code a verdict carries."""

from enum import StrEnum

from signing.errors import SigningError


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


class LogError(SigningError):
    """Base of everything refused about a log, its checkpoints, tiles and receipts. Only its leaves are raised."""


class ProofError(LogError):
    """A proof does not prove."""


class ProofSizeError(ProofError):
    reason = LogReason.PROOF_SIZE
    zh = "证明所说的位置或大小不成立。"
    en = "The proof names a position or a size that cannot be."


class ProofLengthError(ProofError):
    reason = LogReason.PROOF_LENGTH
    zh = "证明的长度不对：缺少或多出了内容。"
    en = "The proof has too few or too many parts."


class ProofRootError(ProofError):
    reason = LogReason.PROOF_ROOT
    zh = "证明与公开日志不符：记录不在日志中，或日志被改动过。"
    en = "The proof does not lead to the log's root: the entry is not in the log, or history was changed."


class NoteError(LogError):
    """A signed note or a checkpoint is not to be believed."""


class NoteFormError(NoteError):
    reason = LogReason.NOTE_FORM
    zh = "签名文书的格式不对。"
    en = "The signed note is not well formed."


class NoteKeyError(NoteError):
    reason = LogReason.NOTE_KEY
    zh = "日志公钥的书写不对。"
    en = "The log's public key is not well written."


class NoteUnsignedError(NoteError):
    reason = LogReason.NOTE_UNSIGNED
    zh = "检查点上没有所信任密钥的签名。"
    en = "No key that is believed has signed the checkpoint."


class NoteSignatureError(NoteError):
    reason = LogReason.NOTE_SIGNATURE
    zh = "检查点的签名不符：它是伪造的或被改动过。"
    en = "The checkpoint's signature is wrong: it is forged or was altered."


class NoteSignerError(NoteError):
    reason = LogReason.NOTE_SIGNER
    zh = "该密钥不得签发日志检查点。"
    en = "This key may not sign a log's checkpoints."


class CheckpointFormError(NoteError):
    reason = LogReason.CHECKPOINT_FORM
    zh = "日志检查点的格式不对。"
    en = "The checkpoint is not well formed."


class CheckpointOriginError(NoteError):
    reason = LogReason.CHECKPOINT_ORIGIN
    zh = "检查点属于另一个日志。"
    en = "The checkpoint belongs to another log."


class TileError(LogError):
    """A tile's address or content is not one."""


class TilePathError(TileError):
    reason = LogReason.TILE_PATH
    zh = "没有这样的日志分块。"
    en = "There is no such tile."


class TileEntriesError(TileError):
    reason = LogReason.TILE_ENTRIES
    zh = "日志条目包的格式不对。"
    en = "The bundle of entries is not well formed."


class ReceiptError(LogError):
    """A receipt does not prove what it says."""


class ReceiptClaimError(ReceiptError):
    reason = LogReason.RECEIPT_CLAIM
    zh = "回执缺少必要内容，或其形式不对。"
    en = "The receipt lacks a claim or has one of the wrong shape."


class ReceiptLeafError(ReceiptError):
    reason = LogReason.RECEIPT_LEAF
    zh = "回执中的日志记录无法读取。"
    en = "The entry in the receipt cannot be read."


class ReceiptLogError(ReceiptError):
    reason = LogReason.RECEIPT_LOG
    zh = "回执属于另一个公开日志。"
    en = "The receipt is about another public log."


class ReceiptSizeError(ReceiptError):
    reason = LogReason.RECEIPT_SIZE
    zh = "回执所说的日志大小与检查点不同。"
    en = "The receipt and its checkpoint name different sizes."


class ReceiptOpeningError(ReceiptError):
    reason = LogReason.RECEIPT_OPENING
    zh = "回执所附的明细与日志中的承诺不符。"
    en = "The details given with the receipt are not those that the log has committed to."


class WitnessRequestError(LogError):
    reason = LogReason.WITNESS_REQUEST
    zh = "见证请求的格式不对。"
    en = "The request to a witness is not well formed."


class OtherSizeError(LogError):
    """`size`: of the largest tree that the witness has cosigned for this log."""

    reason = LogReason.WITNESS_SIZE
    zh = "见证方记得的日志大小或内容与此不同。"
    en = "The witness remembers another size, or another tree of this size."

    def __init__(self, size: int = 0) -> None:
        super().__init__()
        self.size = size
