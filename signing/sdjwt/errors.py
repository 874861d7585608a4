"""What is refused about credentials and presentations, one leaf per fact; `reason` is the code a verdict carries."""

from typing import ClassVar

from signing.errors import SigningError
from signing.reasons import Sentence
from signing.sdjwt.reasons import CREDENTIAL_SENTENCES, CredentialReason


class CredentialError(SigningError):
    """A credential or presentation is not to be believed, or cannot be made. Only its leaves are raised."""

    reason: ClassVar[CredentialReason]

    @property
    def sentence(self) -> Sentence:
        return CREDENTIAL_SENTENCES[self.reason]


class BindingError(CredentialError):
    """The holder's proof of possession is missing or is not for this verifier and moment."""


class HolderKeyError(CredentialError):
    """A holder's key is not one that may be bound to."""


class CredentialNotTextError(CredentialError):
    reason = CredentialReason.CREDENTIAL_NOT_TEXT


class CredentialTooLongError(CredentialError):
    reason = CredentialReason.CREDENTIAL_TOO_LONG


class CredentialFormError(CredentialError):
    reason = CredentialReason.CREDENTIAL_FORM


class CredentialTooManyError(CredentialError):
    reason = CredentialReason.CREDENTIAL_TOO_MANY


class CredentialHashAlgError(CredentialError):
    reason = CredentialReason.CREDENTIAL_HASH_ALG


class CredentialDisclosureError(CredentialError):
    reason = CredentialReason.CREDENTIAL_DISCLOSURE


class CredentialDisclosureTwiceError(CredentialError):
    reason = CredentialReason.CREDENTIAL_DISCLOSURE_TWICE


class CredentialDisclosureKindError(CredentialError):
    reason = CredentialReason.CREDENTIAL_DISCLOSURE_KIND


class CredentialUnreferencedError(CredentialError):
    reason = CredentialReason.CREDENTIAL_UNREFERENCED


class CredentialDigestError(CredentialError):
    reason = CredentialReason.CREDENTIAL_DIGEST


class CredentialDigestTwiceError(CredentialError):
    reason = CredentialReason.CREDENTIAL_DIGEST_TWICE


class CredentialReservedNameError(CredentialError):
    reason = CredentialReason.CREDENTIAL_RESERVED_NAME


class CredentialOverwritesError(CredentialError):
    reason = CredentialReason.CREDENTIAL_OVERWRITES


class CredentialHidesRegisteredError(CredentialError):
    reason = CredentialReason.CREDENTIAL_HIDES_REGISTERED


class CredentialDepthError(CredentialError):
    reason = CredentialReason.CREDENTIAL_DEPTH


class CredentialClaimError(CredentialError):
    reason = CredentialReason.CREDENTIAL_CLAIM


class CredentialNoSuchClaimError(CredentialError):
    reason = CredentialReason.CREDENTIAL_NO_SUCH_CLAIM


class CredentialNoHolderError(CredentialError):
    reason = CredentialReason.CREDENTIAL_NO_HOLDER


class BindingMissingError(BindingError):
    reason = CredentialReason.BINDING_MISSING


class BindingUnaskedError(BindingError):
    reason = CredentialReason.BINDING_UNASKED


class BindingFormError(BindingError):
    reason = CredentialReason.BINDING_FORM


class BindingHeaderError(BindingError):
    reason = CredentialReason.BINDING_HEADER


class BindingTypError(BindingError):
    reason = CredentialReason.BINDING_TYP


class BindingAlgError(BindingError):
    reason = CredentialReason.BINDING_ALG


class BindingAlgorithmNotAcceptedError(BindingError):
    reason = CredentialReason.BINDING_ALGORITHM_NOT_ACCEPTED


class BindingSignatureError(BindingError):
    reason = CredentialReason.BINDING_SIGNATURE


class BindingClaimError(BindingError):
    reason = CredentialReason.BINDING_CLAIM


class BindingHashError(BindingError):
    reason = CredentialReason.BINDING_HASH


class BindingAudienceError(BindingError):
    reason = CredentialReason.BINDING_AUDIENCE


class BindingNonceError(BindingError):
    reason = CredentialReason.BINDING_NONCE


class BindingStaleError(BindingError):
    reason = CredentialReason.BINDING_STALE


class BindingNotYetError(BindingError):
    reason = CredentialReason.BINDING_NOT_YET


class HolderKeyFormError(HolderKeyError):
    reason = CredentialReason.HOLDER_KEY_FORM


class HolderKeyPrivateError(HolderKeyError):
    reason = CredentialReason.HOLDER_KEY_PRIVATE


class HolderKeyKindError(HolderKeyError):
    reason = CredentialReason.HOLDER_KEY_KIND


class HolderKeyAlgError(HolderKeyError):
    reason = CredentialReason.HOLDER_KEY_ALG


class HolderKeyPointError(HolderKeyError):
    reason = CredentialReason.HOLDER_KEY_POINT


class HolderKeyLowOrderError(HolderKeyError):
    reason = CredentialReason.HOLDER_KEY_LOW_ORDER


class HolderKeyOtherError(HolderKeyError):
    reason = CredentialReason.HOLDER_KEY_OTHER
