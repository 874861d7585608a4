"""Why something undertaken is not issued, or not yet."""

from hub.kernel.errors import ConflictError, UnavailableError


class IssueDelayedError(UnavailableError):
    """The signer is away. What was asked for is on record and will be issued by itself."""

    reason = "ISSUE_DELAYED"
    zh = "签名设备暂不可用，申请已登记，恢复后自动制发，无需重复提交。"
    en = "The signer is away. The request is on record and will be issued by itself once it is back."


class IssueRefusedError(ConflictError):
    """What this request asked for was refused before, for `reason`: the facts no longer allow it."""

    reason = "ISSUE_REFUSED"
    zh = "该申请已因情况变化被拒绝，请刷新后重新提交。"
    en = "This request was refused, as the facts no longer allow it; reload and ask anew."

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TokenReusedError(ConflictError):
    """The same token came with another request."""

    reason = "ISSUE_TOKEN_REUSED"
    zh = "该表单已用于另一申请，请刷新后重试。"
    en = "This form was used for another request; reload and try again."
