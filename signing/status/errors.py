"""What readers and writers of status lists refuse, one leaf per fact."""

from typing import ClassVar

from signing.errors import SigningError
from signing.reasons import Sentence
from signing.status.reasons import STATUS_SENTENCES, StatusReason


class StatusError(SigningError):
    """A status list, or an entry of one, is not to be believed. Only its leaves are raised."""

    reason: ClassVar[StatusReason]

    @property
    def sentence(self) -> Sentence:
        return STATUS_SENTENCES[self.reason]


class StatusBitsError(StatusError):
    reason = StatusReason.STATUS_BITS


class StatusValueError(StatusError):
    reason = StatusReason.STATUS_VALUE


class StatusIndexError(StatusError):
    reason = StatusReason.STATUS_INDEX


class StatusEncodingError(StatusError):
    reason = StatusReason.STATUS_ENCODING


class StatusTooLargeError(StatusError):
    reason = StatusReason.STATUS_TOO_LARGE


class StatusClaimError(StatusError):
    reason = StatusReason.STATUS_CLAIM


class StatusSubjectError(StatusError):
    reason = StatusReason.STATUS_SUBJECT
