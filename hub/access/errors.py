"""What access refuses, each a fact with its sentence."""

from hub.kernel.errors import (
    ConflictError,
    InvalidInputError,
    LoginRequiredError,
    NotAllowedError,
    NotFoundError,
)


class LinkRefusedError(NotFoundError):
    """Unknown, used and expired one-time links look alike."""

    reason = "LINK_REFUSED"
    zh = "该链接无效、已使用或已过期。请向发放人索取新的链接。"
    en = "This link is not valid, was used already, or has expired. Ask whoever gave it to you for a new one."


class DemonstrationOnlyError(NotFoundError):
    """A login link without a passkey was opened on a hub that is not a demonstration."""

    reason = "DEMONSTRATION_ONLY"
    zh = "登录链接仅在示范环境可用，请使用通行密钥登录。"
    en = "Login links work in the demonstration only. Log in with your passkey."


class PasskeyRefusedError(LoginRequiredError):
    """The answer of the authenticator is not believed; which check failed is for the log only."""

    reason = "PASSKEY_REFUSED"
    zh = "通行密钥未通过验证，请重试。"
    en = "The passkey could not be verified. Please try again."


class PasskeyUnfitError(InvalidInputError):
    """The credential itself is of no use: a key that is none, one that we did not ask for, an id that is too long."""

    reason = "PASSKEY_UNFIT"
    field = "credential"
    zh = "该设备生成的通行密钥不符合要求，请换用其他设备或浏览器。"
    en = "The passkey that this device made cannot be used here. Try another device or browser."

    def __init__(self, what: str) -> None:
        super().__init__()
        self.add_note(what)


class StepUpNeededError(NotAllowedError):
    """What was asked for needs a fresh proof of who sits there."""

    reason = "STEP_UP_NEEDED"
    zh = "此操作须先用通行密钥再次确认是您本人。"
    en = "Confirm with your passkey first that it is you."


class PasskeyTakenError(ConflictError):
    reason = "PASSKEY_TAKEN"
    zh = "该通行密钥已注册。"
    en = "This passkey is registered already."


class LastPasskeyError(ConflictError):
    reason = "LAST_PASSKEY"
    zh = "这是您唯一的通行密钥，删除后将无法登录。请先添加另一个。"
    en = "This is your only passkey; without it you could not log in. Add another one first."


class TooManyManagersError(ConflictError):
    reason = "TOO_MANY_MANAGERS"
    zh = "证照管理员最多五名，请先移除一名。"
    en = "An enterprise has at most five license managers. Remove one first."


class AppointmentEndedError(ConflictError):
    reason = "APPOINTMENT_ENDED"
    zh = "该任职已终止。"
    en = "This appointment has ended already."


class NameRefusedError(InvalidInputError):
    reason = "NAME"
    field = "name"
    zh = "姓名须为 1 至 100 个可见字符。"
    en = "A name has 1 to 100 visible characters."


class EnterpriseUnknownError(InvalidInputError):
    reason = "ENTERPRISE_UNKNOWN"
    field = "uscc"
    zh = "没有该统一社会信用代码的企业。"
    en = "No enterprise has this credit code."


class PostError(InvalidInputError):
    reason = "ROLE_PLACE"
    field = "role"
    zh = "企业角色须指定统一社会信用代码，其他角色须指定部门，二者只能取其一。"
    en = "An enterprise role needs a credit code, the other roles a department; never both."


class CountyNeededError(InvalidInputError):
    reason = "COUNTY"
    field = "region"
    zh = "辖区离线包按县（市、区）生成，请填写6位区划代码。"
    en = "Records are taken along county by county: give the 6 digits of a division code."


class CountyTooLargeError(InvalidInputError):
    reason = "COUNTY_TOO_LARGE"
    field = "region"
    zh = "该辖区企业过多，无法装入一个离线包。"
    en = "The county has more enterprises than one bundle holds."


class DistrictFormError(InvalidInputError):
    reason = "DISTRICT"
    field = "district"
    zh = "辖区应为2、4或6位区划代码。"
    en = "A district is the first 2, 4 or 6 digits of a division code."


class PurposeMissingError(InvalidInputError):
    reason = "PURPOSE"
    field = "purpose"
    zh = "请选择查看事由。"
    en = "Choose why you are looking."


class LookReasonError(InvalidInputError):
    reason = "REASON"
    field = "reason"
    zh = "请用 1 至 200 字说明事由。"
    en = "Say why, in 1 to 200 characters."
