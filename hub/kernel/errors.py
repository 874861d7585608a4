"""The hub's error family: small leaves that state a fact, mapped to problems in one table (`hub.web.problems`)."""

from keys.messages import StatedError


class HubError(StatedError):
    """Base of everything the hub refuses. Each leaf declares `reason`, `zh` and `en`."""

    reason = "HUB_ERROR"
    zh = "处理失败。"
    en = "The request could not be processed."


class NotFoundError(HubError):
    """Absent, or present but not for this caller: the two look alike on purpose."""

    reason = "NOT_FOUND"
    zh = "没有找到，或您无权查看。"
    en = "Not found, or not for you to see."


class NotAllowedError(HubError):
    """The actor is known and may know of the object, but may not do this."""

    reason = "NOT_ALLOWED"
    zh = "您没有办理此事项的权限。"
    en = "You may not do this."


class LoginRequiredError(HubError):
    reason = "LOGIN_REQUIRED"
    zh = "请先登录。"
    en = "Please log in first."


class InvalidInputError(HubError):
    """Well-formed, but not acceptable; each leaf says why. `field` names the input."""

    reason = "INVALID_INPUT"
    zh = "输入有误。"
    en = "The input is not acceptable."

    field: str

    def __init__(self, field: str | None = None) -> None:
        if field is not None:
            self.field = field
        super().__init__(f"{self.field}: {self.reason}")


class ConflictError(HubError):
    reason = "CONFLICT"
    zh = "状态已变化，请刷新后重试。"
    en = "The state has changed; reload and try again."


class SettingsError(HubError):
    """A setting is wrong; the start stops and says which."""

    reason = "SETTINGS"
    zh = "配置有误。"
    en = "A setting is wrong."


class UnavailableError(HubError):
    """A part the hub needs (signer, database) is away; nothing was lost, try again."""

    reason = "UNAVAILABLE"
    zh = "服务暂不可用，请稍后再试。"
    en = "Temporarily unavailable; try again shortly."


class ReadOnlyError(UnavailableError):
    """The database is not the one that witnesses have seen: nothing is written until a person has decided."""

    reason = "READ_ONLY"
    zh = (
        "系统处于只读状态：数据库与已被见证的公开日志不一致，暂不能办理，查询和核验不受影响。"
        "请运维人员运行 hub doctor 查看原因。"
    )
    en = (
        "The hub is read-only: its database is not the one that the log's witnesses have seen. Nothing can be "
        "changed; looking up and verifying go on. The operator finds the cause with: hub doctor."
    )
