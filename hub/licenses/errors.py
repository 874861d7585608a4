"""What is refused about declarations that a permit does not apply."""

from hub.kernel.errors import ConflictError, InvalidInputError

MIN_REASON_CHARS = 5  # "无" and "不做" explain nothing to a regulator
MAX_REASON_CHARS = 200  # one or two sentences, and within what a name check accepts


class WaiverReasonError(InvalidInputError):
    reason = "WAIVER_REASON"
    field = "reason"
    zh = f"请用 {MIN_REASON_CHARS} 至 {MAX_REASON_CHARS} 字说明不涉及的理由。"
    en = f"Say in {MIN_REASON_CHARS} to {MAX_REASON_CHARS} characters why the permit does not apply."


class AlreadyWaivedError(ConflictError):
    """The same permit at the same place is declared already."""

    reason = "ALREADY_WAIVED"
    zh = "该事项已声明不涉及。"
    en = "This permit is already declared as not applying."


class WaiverRevokedError(ConflictError):
    reason = "WAIVER_REVOKED"
    zh = "该声明已撤回。"
    en = "This declaration is already withdrawn."
