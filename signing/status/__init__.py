"""Status lists: whether what was signed is still in force (IETF Token Status List; docs/profiles/status.md).

Pure: nothing here fetches a list. Who has one verifies its token and reads the entry that a credential names.
"""

from keys.messages import sentences
from signing.status.errors import StatusError, StatusReason
from signing.status.lists import LIST_BITS, LIST_ENTRIES, MAX_LIST_BYTES, Status, StatusList
from signing.status.permutation import KEY_BYTES, permuted
from signing.status.tokens import (
    KEEP_SECONDS,
    LIFETIME,
    VerifiedStatusList,
    sign_status_list,
    verify_status_list,
)

STATUS_SENTENCES = sentences(StatusError)

__all__ = [
    "KEEP_SECONDS",
    "KEY_BYTES",
    "LIFETIME",
    "LIST_BITS",
    "LIST_ENTRIES",
    "MAX_LIST_BYTES",
    "STATUS_SENTENCES",
    "Status",
    "StatusError",
    "StatusList",
    "StatusReason",
    "VerifiedStatusList",
    "permuted",
    "sign_status_list",
    "verify_status_list",
]
