"""Everything this package refuses, one leaf per fact; `reason` is the code a verdict carries."""

from enum import StrEnum
from typing import ClassVar

from signing.reasons import SENTENCES, Reason, Sentence


class SigningError(Exception):
    """Base of everything this package raises on purpose. Only its leaves are raised; each has a `reason`.

    An area with reasons of its own (`signing.log`, `signing.sdjwt`) overrides `sentence`.
    """

    reason: ClassVar[StrEnum]

    def __str__(self) -> str:
        return super().__str__() or self.sentence.en

    @property
    def sentence(self) -> Sentence:
        """Why, for a reader, in both languages."""
        return SENTENCES[Reason(self.reason)]


class WrongSignerError(SigningError):
    """The key at hand is for another purpose, or its name is not a tag of this kind of code."""

    reason = Reason.SIGNER_PURPOSE


class CodeError(SigningError):
    """A code text is not genuine, or not current."""


class PlateIdError(SigningError):
    """A typed plate number is not one."""


class TokenError(SigningError):
    """A token is not genuine, not of the kind asked for, or not current."""


class CodeNotTextError(CodeError):
    reason = Reason.CODE_NOT_TEXT


class CodeTooLongError(CodeError):
    reason = Reason.CODE_TOO_LONG


class CodeAlphabetError(CodeError):
    reason = Reason.CODE_ALPHABET


class CodeHostError(CodeError):
    reason = Reason.CODE_HOST


class CodeFormError(CodeError):
    reason = Reason.CODE_FORM


class CodeTagError(CodeError):
    reason = Reason.CODE_TAG


class CodeUsccError(CodeError):
    reason = Reason.CODE_USCC


class CodePlateIdError(CodeError):
    reason = Reason.CODE_PLATE_ID


class CodeNonceError(CodeError):
    reason = Reason.CODE_NONCE


class CodeExpiryError(CodeError):
    reason = Reason.CODE_EXPIRY


class CodeBase32Error(CodeError):
    reason = Reason.CODE_BASE32


class CodeKeyUnknownError(CodeError):
    reason = Reason.CODE_KEY_UNKNOWN


class CodeKeyPurposeError(CodeError):
    reason = Reason.CODE_KEY_PURPOSE


class CodeAlgorithmNotAcceptedError(CodeError):
    reason = Reason.CODE_ALGORITHM_NOT_ACCEPTED


class CodeKeyStateError(CodeError):
    reason = Reason.CODE_KEY_STATE


class CodeHighSError(CodeError):
    reason = Reason.CODE_HIGH_S


class CodeSignatureError(CodeError):
    reason = Reason.CODE_SIGNATURE


class CodeExpiredError(CodeError):
    reason = Reason.CODE_EXPIRED


class CodeNotYetError(CodeError):
    reason = Reason.CODE_NOT_YET


class PlateIdLengthError(PlateIdError):
    reason = Reason.PLATE_ID_LENGTH


class PlateIdAlphabetError(PlateIdError):
    reason = Reason.PLATE_ID_ALPHABET


class PlateIdCheckError(PlateIdError):
    reason = Reason.PLATE_ID_CHECK


class TokenNotTextError(TokenError):
    reason = Reason.TOKEN_NOT_TEXT


class TokenTooLongError(TokenError):
    reason = Reason.TOKEN_TOO_LONG


class TokenFormError(TokenError):
    reason = Reason.TOKEN_FORM


class TokenBase64Error(TokenError):
    reason = Reason.TOKEN_BASE64


class TokenHeaderError(TokenError):
    reason = Reason.TOKEN_HEADER


class TokenHeaderMemberError(TokenError):
    reason = Reason.TOKEN_HEADER_MEMBER


class TokenKidError(TokenError):
    reason = Reason.TOKEN_KID


class TokenKeyUnknownError(TokenError):
    reason = Reason.TOKEN_KEY_UNKNOWN


class TokenKeyPurposeError(TokenError):
    reason = Reason.TOKEN_KEY_PURPOSE


class TokenKeyStateError(TokenError):
    reason = Reason.TOKEN_KEY_STATE


class TokenAlgorithmNotAcceptedError(TokenError):
    reason = Reason.TOKEN_ALGORITHM_NOT_ACCEPTED


class TokenAlgError(TokenError):
    reason = Reason.TOKEN_ALG


class TokenTypError(TokenError):
    reason = Reason.TOKEN_TYP


class TokenSignatureError(TokenError):
    reason = Reason.TOKEN_SIGNATURE


class TokenPayloadError(TokenError):
    reason = Reason.TOKEN_PAYLOAD


class TokenClaimError(TokenError):
    reason = Reason.TOKEN_CLAIM


class TokenIssuerError(TokenError):
    reason = Reason.TOKEN_ISSUER


class TokenAudienceError(TokenError):
    reason = Reason.TOKEN_AUDIENCE


class TokenNotYetError(TokenError):
    reason = Reason.TOKEN_NOT_YET


class TokenExpiredError(TokenError):
    reason = Reason.TOKEN_EXPIRED
