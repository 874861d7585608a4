"""The category of each field of a report and of a suspicion, for the visibility matrix."""

from hub.access.matrix import declared

_STANDING = ("id", "uscc", "plate_id", "state", "created_at", "handled_at", "handled_by")
REPORT = declared(
    *_STANDING,
    "kind",  # in summary: what kind of complaint, and what became of it
    BUSINESS_LICENSE="enterprise_name",
    PREMISES="premises_name address",
    COMPLAINTS="text contact answer",
)
SUSPICION = declared(
    *_STANDING,
    "why",
    "answer",
    BUSINESS_LICENSE="enterprise_name",
    PREMISES="premises_name address",
)
