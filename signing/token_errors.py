"""What is refused about tokens, one class per fact."""

from signing.errors import Reason, SigningError


class TokenError(SigningError):
    """A token is not genuine, not of the kind asked for, or not current."""


class TokenNotTextError(TokenError):
    reason = Reason.TOKEN_NOT_TEXT
    zh = "凭证不是文字。"
    en = "The token is not text."


class TokenTooLongError(TokenError):
    reason = Reason.TOKEN_TOO_LONG
    zh = "凭证过长。"
    en = "The token is too long."


class TokenFormError(TokenError):
    reason = Reason.TOKEN_FORM
    zh = "凭证结构不正确。"
    en = "The token does not have three parts."


class TokenBase64Error(TokenError):
    reason = Reason.TOKEN_BASE64
    zh = "凭证编码不规范。"
    en = "The token is not canonical base64url."


class TokenHeaderError(TokenError):
    reason = Reason.TOKEN_HEADER
    zh = "凭证头部无法读取。"
    en = "The token's header cannot be read."


class TokenHeaderMemberError(TokenError):
    reason = Reason.TOKEN_HEADER_MEMBER
    zh = "凭证头部有不允许的内容。"
    en = "The token's header has a member that is not allowed, or lacks one."


class TokenKidError(TokenError):
    reason = Reason.TOKEN_KID
    zh = "凭证的密钥编号不成立。"
    en = "The token's key id is not well formed."


class TokenKeyUnknownError(TokenError):
    reason = Reason.TOKEN_KEY_UNKNOWN
    zh = "签名密钥不在公布的密钥集中。"
    en = "The signing key is not a published one."


class TokenKeyPurposeError(TokenError):
    reason = Reason.TOKEN_KEY_PURPOSE
    zh = "签名密钥不用于这种凭证。"
    en = "The signing key is not for tokens of this kind."


class TokenKeyStateError(TokenError):
    reason = Reason.TOKEN_KEY_STATE
    zh = "签发时该密钥未启用、已停用或已泄露。"
    en = "The signing key was not in use then, or is not believed now."


class TokenAlgorithmNotAcceptedError(TokenError):
    reason = Reason.TOKEN_ALGORITHM_NOT_ACCEPTED
    zh = "签名算法不在本验证方要求的算法之内。"
    en = "The key's algorithm is not one that this verifier requires."


class TokenAlgError(TokenError):
    reason = Reason.TOKEN_ALG
    zh = "凭证声称的算法不是该密钥的算法。"
    en = "The token names another algorithm than its key's."


class TokenTypError(TokenError):
    reason = Reason.TOKEN_TYP
    zh = "凭证种类不符。"
    en = "The token is of another kind."


class TokenSignatureError(TokenError):
    reason = Reason.TOKEN_SIGNATURE
    zh = "凭证签名不符。"
    en = "The token's signature is wrong."


class TokenPayloadError(TokenError):
    reason = Reason.TOKEN_PAYLOAD
    zh = "凭证内容无法读取。"
    en = "The token's content cannot be read."


class TokenClaimError(TokenError):
    reason = Reason.TOKEN_CLAIM
    zh = "凭证缺少必要内容或其类型不符。"
    en = "The token lacks a claim or has one of the wrong type."


class TokenIssuerError(TokenError):
    reason = Reason.TOKEN_ISSUER
    zh = "凭证的签发者不符。"
    en = "The token is from another issuer."


class TokenAudienceError(TokenError):
    reason = Reason.TOKEN_AUDIENCE
    zh = "凭证不是给本系统的。"
    en = "The token is for somebody else."


class TokenNotYetError(TokenError):
    reason = Reason.TOKEN_NOT_YET
    zh = "凭证尚未生效。"
    en = "The token is not valid yet."


class TokenExpiredError(TokenError):
    reason = Reason.TOKEN_EXPIRED
    zh = "凭证已过期。"
    en = "The token has expired."
