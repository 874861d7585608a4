"""Why something was refused: one code per fact, one sentence per language."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


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


@dataclass(frozen=True, slots=True)
class Sentence:
    """One fact for a reader, in both languages."""

    zh: str
    en: str


SENTENCES: Mapping[Reason, Sentence] = MappingProxyType(
    {
        Reason.CODE_NOT_TEXT: Sentence("扫到的内容不是文字。", "What was scanned is not text."),
        Reason.CODE_TOO_LONG: Sentence(
            "内容超过300个字符，不是企业身份码。",
            "The text is longer than 300 characters and is not an enterprise code.",
        ),
        Reason.CODE_ALPHABET: Sentence(
            "码中有不应出现的字符。", "The code contains a character that no code has."
        ),
        Reason.CODE_HOST: Sentence(
            "码指向的网址不是官方地址，请勿打开。",
            "The code points to an address that is not the official one; do not open it.",
        ),
        Reason.CODE_FORM: Sentence("码的结构不完整或多余。", "The code has too few or too many parts."),
        Reason.CODE_TAG: Sentence("码的种类无法识别。", "The code is of no known kind."),
        Reason.CODE_USCC: Sentence(
            "码中的统一社会信用代码不成立。", "The unified social credit code in it is not well formed."
        ),
        Reason.CODE_PLATE_ID: Sentence(
            "码中的码牌编号不成立。", "The plate number in it is not well formed."
        ),
        Reason.CODE_NONCE: Sentence("动态码的随机数不成立。", "The dynamic code's nonce is not well formed."),
        Reason.CODE_EXPIRY: Sentence("动态码的时限不成立。", "The dynamic code's expiry is not well formed."),
        Reason.CODE_BASE32: Sentence("码的签名部分书写不规范。", "The signature is not written canonically."),
        Reason.CODE_KEY_UNKNOWN: Sentence(
            "签名所用的密钥不在公布的密钥集中。", "The key that should have signed it is not a published one."
        ),
        Reason.CODE_KEY_PURPOSE: Sentence(
            "签名所用的密钥不用于这种码。",
            "The key that should have signed it is not for codes of this kind.",
        ),
        Reason.CODE_ALGORITHM_NOT_ACCEPTED: Sentence(
            "签名算法不在本验证方要求的算法之内。",
            "The key's algorithm is not one that this verifier requires.",
        ),
        Reason.CODE_KEY_STATE: Sentence(
            "签名所用的密钥未启用、已停用或已泄露。",
            "The key that should have signed it is not yet, or no longer, believed.",
        ),
        Reason.CODE_HIGH_S: Sentence(
            "签名不是规范形式，可能被改写。", "The signature is not in its canonical form; it may be altered."
        ),
        Reason.CODE_SIGNATURE: Sentence(
            "签名不符：此码是伪造的或被改动过。", "The signature is wrong: the code is forged or was altered."
        ),
        Reason.CODE_EXPIRED: Sentence(
            "动态码已过期，请对方重新出示。", "The dynamic code has expired; ask for a fresh one."
        ),
        Reason.CODE_NOT_YET: Sentence(
            "动态码的时限超出允许范围，请核对本机时间。",
            "The dynamic code lasts longer than one may; check this device's clock.",
        ),
        Reason.PLATE_ID_LENGTH: Sentence(
            "码牌编号应为10位字母或数字。", "A plate number has ten letters or digits."
        ),
        Reason.PLATE_ID_ALPHABET: Sentence(
            "码牌编号中有不使用的字符。", "The plate number has a character that is never used."
        ),
        Reason.PLATE_ID_CHECK: Sentence(
            "码牌编号校验不符，请核对后重新输入。",
            "The plate number's check character is wrong; type it again.",
        ),
        Reason.TOKEN_NOT_TEXT: Sentence("凭证不是文字。", "The token is not text."),
        Reason.TOKEN_TOO_LONG: Sentence("凭证过长。", "The token is too long."),
        Reason.TOKEN_FORM: Sentence("凭证结构不正确。", "The token does not have three parts."),
        Reason.TOKEN_BASE64: Sentence("凭证编码不规范。", "The token is not canonical base64url."),
        Reason.TOKEN_HEADER: Sentence("凭证头部无法读取。", "The token's header cannot be read."),
        Reason.TOKEN_HEADER_MEMBER: Sentence(
            "凭证头部有不允许的内容。", "The token's header has a member that is not allowed, or lacks one."
        ),
        Reason.TOKEN_KID: Sentence("凭证的密钥编号不成立。", "The token's key id is not well formed."),
        Reason.TOKEN_KEY_UNKNOWN: Sentence(
            "签名密钥不在公布的密钥集中。", "The signing key is not a published one."
        ),
        Reason.TOKEN_KEY_PURPOSE: Sentence(
            "签名密钥不用于这种凭证。", "The signing key is not for tokens of this kind."
        ),
        Reason.TOKEN_KEY_STATE: Sentence(
            "签发时该密钥未启用、已停用或已泄露。",
            "The signing key was not in use then, or is not believed now.",
        ),
        Reason.TOKEN_ALGORITHM_NOT_ACCEPTED: Sentence(
            "签名算法不在本验证方要求的算法之内。",
            "The key's algorithm is not one that this verifier requires.",
        ),
        Reason.TOKEN_ALG: Sentence(
            "凭证声称的算法不是该密钥的算法。", "The token names another algorithm than its key's."
        ),
        Reason.TOKEN_TYP: Sentence("凭证种类不符。", "The token is of another kind."),
        Reason.TOKEN_SIGNATURE: Sentence("凭证签名不符。", "The token's signature is wrong."),
        Reason.TOKEN_PAYLOAD: Sentence("凭证内容无法读取。", "The token's content cannot be read."),
        Reason.TOKEN_CLAIM: Sentence(
            "凭证缺少必要内容或其类型不符。", "The token lacks a claim or has one of the wrong type."
        ),
        Reason.TOKEN_ISSUER: Sentence("凭证的签发者不符。", "The token is from another issuer."),
        Reason.TOKEN_AUDIENCE: Sentence("凭证不是给本系统的。", "The token is for somebody else."),
        Reason.TOKEN_NOT_YET: Sentence("凭证尚未生效。", "The token is not valid yet."),
        Reason.TOKEN_EXPIRED: Sentence("凭证已过期。", "The token has expired."),
        Reason.SIGNER_PURPOSE: Sentence(
            "该密钥不得签发此类内容。", "This key may not sign things of this kind."
        ),
    }
)
