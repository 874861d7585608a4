"""What this package refuses, one class per fact; of tokens: `signing.token_errors`."""

from enum import StrEnum

from keys.messages import StatedError


class Reason(StrEnum):
    """Codes that verdicts and logs carry. A code never changes its meaning."""

    CODE_NOT_TEXT = "CODE_NOT_TEXT"
    CODE_TOO_LONG = "CODE_TOO_LONG"
    CODE_ALPHABET = "CODE_ALPHABET"
    CODE_HOST = "CODE_HOST"
    CODE_FORM = "CODE_FORM"
    CODE_TAG = "CODE_TAG"
    CODE_USCC = "CODE_USCC"
    CODE_PLATE_ID = "CODE_PLATE_ID"
    CODE_NONCE = "CODE_NONCE"
    CODE_EXPIRY = "CODE_EXPIRY"
    CODE_BASE32 = "CODE_BASE32"
    CODE_KEY_UNKNOWN = "CODE_KEY_UNKNOWN"
    CODE_KEY_PURPOSE = "CODE_KEY_PURPOSE"
    CODE_ALGORITHM_NOT_ACCEPTED = "CODE_ALGORITHM_NOT_ACCEPTED"
    CODE_KEY_STATE = "CODE_KEY_STATE"
    CODE_HIGH_S = "CODE_HIGH_S"
    CODE_SIGNATURE = "CODE_SIGNATURE"
    CODE_EXPIRED = "CODE_EXPIRED"
    CODE_NOT_YET = "CODE_NOT_YET"
    PLATE_ID_LENGTH = "PLATE_ID_LENGTH"
    PLATE_ID_ALPHABET = "PLATE_ID_ALPHABET"
    PLATE_ID_CHECK = "PLATE_ID_CHECK"
    TOKEN_NOT_TEXT = "TOKEN_NOT_TEXT"  # noqa: S105  # a reason, not a secret
    TOKEN_TOO_LONG = "TOKEN_TOO_LONG"  # noqa: S105  # as above
    TOKEN_FORM = "TOKEN_FORM"  # noqa: S105  # as above
    TOKEN_BASE64 = "TOKEN_BASE64"  # noqa: S105  # as above
    TOKEN_HEADER = "TOKEN_HEADER"  # noqa: S105  # as above
    TOKEN_HEADER_MEMBER = "TOKEN_HEADER_MEMBER"  # noqa: S105  # as above
    TOKEN_KID = "TOKEN_KID"  # noqa: S105  # as above
    TOKEN_KEY_UNKNOWN = "TOKEN_KEY_UNKNOWN"  # noqa: S105  # as above
    TOKEN_KEY_PURPOSE = "TOKEN_KEY_PURPOSE"  # noqa: S105  # as above
    TOKEN_KEY_STATE = "TOKEN_KEY_STATE"  # noqa: S105  # as above
    TOKEN_ALGORITHM_NOT_ACCEPTED = "TOKEN_ALGORITHM_NOT_ACCEPTED"  # noqa: S105  # as above
    TOKEN_ALG = "TOKEN_ALG"  # noqa: S105  # as above
    TOKEN_TYP = "TOKEN_TYP"  # noqa: S105  # as above
    TOKEN_SIGNATURE = "TOKEN_SIGNATURE"  # noqa: S105  # as above
    TOKEN_PAYLOAD = "TOKEN_PAYLOAD"  # noqa: S105  # as above
    TOKEN_CLAIM = "TOKEN_CLAIM"  # noqa: S105  # as above
    TOKEN_ISSUER = "TOKEN_ISSUER"  # noqa: S105  # as above
    TOKEN_AUDIENCE = "TOKEN_AUDIENCE"  # noqa: S105  # as above
    TOKEN_NOT_YET = "TOKEN_NOT_YET"  # noqa: S105  # as above
    TOKEN_EXPIRED = "TOKEN_EXPIRED"  # noqa: S105  # as above
    SIGNER_PURPOSE = "SIGNER_PURPOSE"


class SigningError(StatedError):
    """Base of everything this package raises on purpose. Only its leaves are raised; `reason` is the code a verdict carries."""


class WrongSignerError(SigningError):
    """The key at hand is for another purpose, or its name is not a tag of this kind of code."""

    reason = Reason.SIGNER_PURPOSE
    zh = "该密钥不得签发此类内容。"
    en = "This key may not sign things of this kind."


class CodeError(SigningError):
    """A code text is not genuine, or not current."""


class PlateIdError(SigningError):
    """A typed plate number is not one."""


class CodeNotTextError(CodeError):
    reason = Reason.CODE_NOT_TEXT
    zh = "扫到的内容不是文字。"
    en = "What was scanned is not text."


class CodeTooLongError(CodeError):
    reason = Reason.CODE_TOO_LONG
    zh = "内容超过300个字符，不是企业身份码。"
    en = "The text is longer than 300 characters and is not an enterprise code."


class CodeAlphabetError(CodeError):
    reason = Reason.CODE_ALPHABET
    zh = "码中有不应出现的字符。"
    en = "The code contains a character that no code has."


class CodeHostError(CodeError):
    reason = Reason.CODE_HOST
    zh = "码指向的网址不是官方地址，请勿打开。"
    en = "The code points to an address that is not the official one; do not open it."


class CodeFormError(CodeError):
    reason = Reason.CODE_FORM
    zh = "码的结构不完整或多余。"
    en = "The code has too few or too many parts."


class CodeTagError(CodeError):
    reason = Reason.CODE_TAG
    zh = "码的种类无法识别。"
    en = "The code is of no known kind."


class CodeUsccError(CodeError):
    reason = Reason.CODE_USCC
    zh = "码中的统一社会信用代码不成立。"
    en = "The unified social credit code in it is not well formed."


class CodePlateIdError(CodeError):
    reason = Reason.CODE_PLATE_ID
    zh = "码中的码牌编号不成立。"
    en = "The plate number in it is not well formed."


class CodeNonceError(CodeError):
    reason = Reason.CODE_NONCE
    zh = "动态码的随机数不成立。"
    en = "The dynamic code's nonce is not well formed."


class CodeExpiryError(CodeError):
    reason = Reason.CODE_EXPIRY
    zh = "动态码的时限不成立。"
    en = "The dynamic code's expiry is not well formed."


class CodeBase32Error(CodeError):
    reason = Reason.CODE_BASE32
    zh = "码的签名部分书写不规范。"
    en = "The signature is not written canonically."


class CodeKeyUnknownError(CodeError):
    reason = Reason.CODE_KEY_UNKNOWN
    zh = "签名所用的密钥不在公布的密钥集中。"
    en = "The key that should have signed it is not a published one."


class CodeKeyPurposeError(CodeError):
    reason = Reason.CODE_KEY_PURPOSE
    zh = "签名所用的密钥不用于这种码。"
    en = "The key that should have signed it is not for codes of this kind."


class CodeAlgorithmNotAcceptedError(CodeError):
    reason = Reason.CODE_ALGORITHM_NOT_ACCEPTED
    zh = "签名算法不在本验证方要求的算法之内。"
    en = "The key's algorithm is not one that this verifier requires."


class CodeKeyStateError(CodeError):
    reason = Reason.CODE_KEY_STATE
    zh = "签名所用的密钥未启用、已停用或已泄露。"
    en = "The key that should have signed it is not yet, or no longer, believed."


class CodeHighSError(CodeError):
    reason = Reason.CODE_HIGH_S
    zh = "签名不是规范形式，可能被改写。"
    en = "The signature is not in its canonical form; it may be altered."


class CodeSignatureError(CodeError):
    reason = Reason.CODE_SIGNATURE
    zh = "签名不符：此码是伪造的或被改动过。"
    en = "The signature is wrong: the code is forged or was altered."


class CodeExpiredError(CodeError):
    reason = Reason.CODE_EXPIRED
    zh = "动态码已过期，请对方重新出示。"
    en = "The dynamic code has expired; ask for a fresh one."


class CodeNotYetError(CodeError):
    reason = Reason.CODE_NOT_YET
    zh = "动态码的时限超出允许范围，请核对本机时间。"
    en = "The dynamic code lasts longer than one may; check this device's clock."


class PlateIdLengthError(PlateIdError):
    reason = Reason.PLATE_ID_LENGTH
    zh = "码牌编号应为10位字母或数字。"
    en = "A plate number has ten letters or digits."


class PlateIdAlphabetError(PlateIdError):
    reason = Reason.PLATE_ID_ALPHABET
    zh = "码牌编号中有不使用的字符。"
    en = "The plate number has a character that is never used."


class PlateIdCheckError(PlateIdError):
    reason = Reason.PLATE_ID_CHECK
    zh = "码牌编号校验不符，请核对后重新输入。"
    en = "The plate number's check character is wrong; type it again."
