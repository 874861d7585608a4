"""What the log's readers refuse, one leaf per fact; `reason` is the code a verdict carries."""

from typing import ClassVar

from signing.errors import SigningError
from signing.log.reasons import LOG_SENTENCES, LogReason
from signing.reasons import Sentence


class LogError(SigningError):
    """Base of everything refused about a log, its checkpoints, tiles and receipts. Only its leaves are raised."""

    reason: ClassVar[LogReason]

    @property
    def sentence(self) -> Sentence:
        return LOG_SENTENCES[self.reason]


class ProofError(LogError):
    """A proof does not prove."""


class ProofSizeError(ProofError):
    reason = LogReason.PROOF_SIZE


class ProofLengthError(ProofError):
    reason = LogReason.PROOF_LENGTH


class ProofRootError(ProofError):
    reason = LogReason.PROOF_ROOT


class NoteError(LogError):
    """A signed note or a checkpoint is not to be believed."""


class NoteFormError(NoteError):
    reason = LogReason.NOTE_FORM


class NoteKeyError(NoteError):
    reason = LogReason.NOTE_KEY


class NoteUnsignedError(NoteError):
    reason = LogReason.NOTE_UNSIGNED


class NoteSignatureError(NoteError):
    reason = LogReason.NOTE_SIGNATURE


class NoteSignerError(NoteError):
    reason = LogReason.NOTE_SIGNER


class CheckpointFormError(NoteError):
    reason = LogReason.CHECKPOINT_FORM


class CheckpointOriginError(NoteError):
    reason = LogReason.CHECKPOINT_ORIGIN


class TileError(LogError):
    """A tile's address or content is not one."""


class TilePathError(TileError):
    reason = LogReason.TILE_PATH


class TileEntriesError(TileError):
    reason = LogReason.TILE_ENTRIES


class ReceiptError(LogError):
    """A receipt does not prove what it says."""


class ReceiptClaimError(ReceiptError):
    reason = LogReason.RECEIPT_CLAIM


class ReceiptLeafError(ReceiptError):
    reason = LogReason.RECEIPT_LEAF


class ReceiptLogError(ReceiptError):
    reason = LogReason.RECEIPT_LOG


class ReceiptSizeError(ReceiptError):
    reason = LogReason.RECEIPT_SIZE


class ReceiptOpeningError(ReceiptError):
    reason = LogReason.RECEIPT_OPENING


class WitnessRequestError(LogError):
    reason = LogReason.WITNESS_REQUEST


class OtherSizeError(LogError):
    """`size`: of the largest tree that the witness has cosigned for this log."""

    reason = LogReason.WITNESS_SIZE

    def __init__(self, size: int = 0) -> None:
        super().__init__()
        self.size = size
