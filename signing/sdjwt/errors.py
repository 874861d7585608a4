"""What is refused about credentials and presentations, one leaf per fact; `reason` is the code a verdict carries."""

from enum import StrEnum

from signing.errors import SigningError


class CredentialReason(StrEnum):
    """Codes that verdicts and logs carry. A code never changes its meaning."""

    CREDENTIAL_NOT_TEXT = "CREDENTIAL_NOT_TEXT"
    CREDENTIAL_TOO_LONG = "CREDENTIAL_TOO_LONG"
    CREDENTIAL_FORM = "CREDENTIAL_FORM"
    CREDENTIAL_TOO_MANY = "CREDENTIAL_TOO_MANY"
    CREDENTIAL_HASH_ALG = "CREDENTIAL_HASH_ALG"
    CREDENTIAL_DISCLOSURE = "CREDENTIAL_DISCLOSURE"
    CREDENTIAL_DISCLOSURE_TWICE = "CREDENTIAL_DISCLOSURE_TWICE"
    CREDENTIAL_DISCLOSURE_KIND = "CREDENTIAL_DISCLOSURE_KIND"
    CREDENTIAL_UNREFERENCED = "CREDENTIAL_UNREFERENCED"
    CREDENTIAL_DIGEST = "CREDENTIAL_DIGEST"
    CREDENTIAL_DIGEST_TWICE = "CREDENTIAL_DIGEST_TWICE"
    CREDENTIAL_RESERVED_NAME = "CREDENTIAL_RESERVED_NAME"
    CREDENTIAL_OVERWRITES = "CREDENTIAL_OVERWRITES"
    CREDENTIAL_HIDES_REGISTERED = "CREDENTIAL_HIDES_REGISTERED"
    CREDENTIAL_DEPTH = "CREDENTIAL_DEPTH"
    CREDENTIAL_CLAIM = "CREDENTIAL_CLAIM"
    CREDENTIAL_NO_SUCH_CLAIM = "CREDENTIAL_NO_SUCH_CLAIM"
    CREDENTIAL_NO_HOLDER = "CREDENTIAL_NO_HOLDER"
    BINDING_MISSING = "BINDING_MISSING"
    BINDING_UNASKED = "BINDING_UNASKED"
    BINDING_FORM = "BINDING_FORM"
    BINDING_HEADER = "BINDING_HEADER"
    BINDING_TYP = "BINDING_TYP"
    BINDING_ALG = "BINDING_ALG"
    BINDING_ALGORITHM_NOT_ACCEPTED = "BINDING_ALGORITHM_NOT_ACCEPTED"
    BINDING_SIGNATURE = "BINDING_SIGNATURE"
    BINDING_CLAIM = "BINDING_CLAIM"
    BINDING_HASH = "BINDING_HASH"
    BINDING_AUDIENCE = "BINDING_AUDIENCE"
    BINDING_NONCE = "BINDING_NONCE"
    BINDING_STALE = "BINDING_STALE"
    BINDING_NOT_YET = "BINDING_NOT_YET"
    HOLDER_KEY_FORM = "HOLDER_KEY_FORM"
    HOLDER_KEY_PRIVATE = "HOLDER_KEY_PRIVATE"
    HOLDER_KEY_KIND = "HOLDER_KEY_KIND"
    HOLDER_KEY_ALG = "HOLDER_KEY_ALG"
    HOLDER_KEY_POINT = "HOLDER_KEY_POINT"
    HOLDER_KEY_LOW_ORDER = "HOLDER_KEY_LOW_ORDER"
    HOLDER_KEY_OTHER = "HOLDER_KEY_OTHER"


class CredentialError(SigningError):
    """A credential or presentation is not to be believed, or cannot be made. Only its leaves are raised."""


class CredentialNotTextError(CredentialError):
    reason = CredentialReason.CREDENTIAL_NOT_TEXT
    zh = "电子凭证不是文字。"
    en = "The credential is not text."


class CredentialTooLongError(CredentialError):
    reason = CredentialReason.CREDENTIAL_TOO_LONG
    zh = "电子凭证过长。"
    en = "The credential is too long."


class CredentialFormError(CredentialError):
    reason = CredentialReason.CREDENTIAL_FORM
    zh = "电子凭证的结构不完整。"
    en = "The text is not a token followed by its disclosures and a tilde."


class CredentialTooManyError(CredentialError):
    reason = CredentialReason.CREDENTIAL_TOO_MANY
    zh = "披露项过多。"
    en = "There are too many disclosures."


class CredentialHashAlgError(CredentialError):
    reason = CredentialReason.CREDENTIAL_HASH_ALG
    zh = "披露项的摘要算法不是 sha-256。"
    en = "The disclosures are hashed with something else than sha-256."


class CredentialDisclosureError(CredentialError):
    reason = CredentialReason.CREDENTIAL_DISCLOSURE
    zh = "披露项无法读取。"
    en = "A disclosure cannot be read."


class CredentialDisclosureTwiceError(CredentialError):
    reason = CredentialReason.CREDENTIAL_DISCLOSURE_TWICE
    zh = "同一披露项出现两次。"
    en = "A disclosure stands there twice."


class CredentialDisclosureKindError(CredentialError):
    reason = CredentialReason.CREDENTIAL_DISCLOSURE_KIND
    zh = "披露项用在了不该用的位置。"
    en = "A disclosure of a member stands for an array element, or the other way round."


class CredentialUnreferencedError(CredentialError):
    reason = CredentialReason.CREDENTIAL_UNREFERENCED
    zh = "披露项不属于这份凭证。"
    en = "A disclosure does not belong to this credential."


class CredentialDigestError(CredentialError):
    reason = CredentialReason.CREDENTIAL_DIGEST
    zh = "凭证中的摘要书写不规范。"
    en = "A digest in the credential is not one."


class CredentialDigestTwiceError(CredentialError):
    reason = CredentialReason.CREDENTIAL_DIGEST_TWICE
    zh = "同一摘要在凭证中出现两次。"
    en = "A digest stands in the credential twice."


class CredentialReservedNameError(CredentialError):
    reason = CredentialReason.CREDENTIAL_RESERVED_NAME
    zh = "披露项使用了保留的名称。"
    en = "A disclosure has a name that is reserved."


class CredentialOverwritesError(CredentialError):
    reason = CredentialReason.CREDENTIAL_OVERWRITES
    zh = "披露项要改写凭证中已有的内容。"
    en = "A disclosure would overwrite what the credential says openly."


class CredentialHidesRegisteredError(CredentialError):
    reason = CredentialReason.CREDENTIAL_HIDES_REGISTERED
    zh = "签发者、时限、状态等必须公开的内容被放进了披露项。"
    en = "What must always be visible (issuer, times, type, holder, status) stands in a disclosure."


class CredentialDepthError(CredentialError):
    reason = CredentialReason.CREDENTIAL_DEPTH
    zh = "凭证内容嵌套过深。"
    en = "The credential is nested too deeply."


class CredentialClaimError(CredentialError):
    reason = CredentialReason.CREDENTIAL_CLAIM
    zh = "凭证缺少必要内容，或其类型不符。"
    en = "The credential lacks a claim or has one of the wrong type."


class CredentialNoSuchClaimError(CredentialError):
    reason = CredentialReason.CREDENTIAL_NO_SUCH_CLAIM
    zh = "凭证中没有要出示的这一项。"
    en = "The credential has no such claim to disclose."


class CredentialNoHolderError(CredentialError):
    reason = CredentialReason.CREDENTIAL_NO_HOLDER
    zh = "这份凭证没有绑定持有人密钥，不能作持有人证明。"
    en = "The credential is bound to no holder's key; nobody can prove to hold it."


class BindingError(CredentialError):
    """The holder's proof of possession is missing or is not for this verifier and moment."""


class HolderKeyError(CredentialError):
    """A holder's key is not one that may be bound to."""


class BindingMissingError(BindingError):
    reason = CredentialReason.BINDING_MISSING
    zh = "出示时没有附持有人签名。"
    en = "The presentation lacks the holder's signature."


class BindingUnaskedError(BindingError):
    reason = CredentialReason.BINDING_UNASKED
    zh = "这是出示给他人的凭证，须说明验证方和随机数。"
    en = "This is a presentation to somebody; it can only be checked with its audience and nonce."


class BindingFormError(BindingError):
    reason = CredentialReason.BINDING_FORM
    zh = "持有人签名的结构不正确。"
    en = "The holder's signature is not a token of three parts."


class BindingHeaderError(BindingError):
    reason = CredentialReason.BINDING_HEADER
    zh = "持有人签名的头部有多余或缺少的内容。"
    en = "The header of the holder's signature has a member too many or too few."


class BindingTypError(BindingError):
    reason = CredentialReason.BINDING_TYP
    zh = "持有人签名的种类不符。"
    en = "The holder's signature is a token of another kind."


class BindingAlgError(BindingError):
    reason = CredentialReason.BINDING_ALG
    zh = "持有人签名的算法不是该密钥的算法。"
    en = "The holder's signature names another algorithm than the key's."


class BindingAlgorithmNotAcceptedError(BindingError):
    reason = CredentialReason.BINDING_ALGORITHM_NOT_ACCEPTED
    zh = "核验方不能核验持有人密钥的签名算法。"
    en = "The algorithm of the holder's key is not one that this verifier can check."


class BindingSignatureError(BindingError):
    reason = CredentialReason.BINDING_SIGNATURE
    zh = "不是凭证所绑定的密钥签的名。"
    en = "It was not signed with the key that the credential is bound to."


class BindingClaimError(BindingError):
    reason = CredentialReason.BINDING_CLAIM
    zh = "持有人签名缺少必要内容，或其类型不符。"
    en = "The holder's signature lacks a claim or has one of the wrong type."


class BindingHashError(BindingError):
    reason = CredentialReason.BINDING_HASH
    zh = "持有人签的是另一份出示内容。"
    en = "The holder signed another presentation than this one."


class BindingAudienceError(BindingError):
    reason = CredentialReason.BINDING_AUDIENCE
    zh = "凭证是出示给另一方的。"
    en = "The credential was presented to somebody else."


class BindingNonceError(BindingError):
    reason = CredentialReason.BINDING_NONCE
    zh = "随机数不符，可能是重放。"
    en = "The nonce is another; this may be a replay."


class BindingStaleError(BindingError):
    reason = CredentialReason.BINDING_STALE
    zh = "持有人签名已过时，请重新出示。"
    en = "The holder signed it too long ago; ask for a fresh one."


class BindingNotYetError(BindingError):
    reason = CredentialReason.BINDING_NOT_YET
    zh = "持有人签名的时间在将来，请核对时间。"
    en = "The holder's signature is from the future; check the clocks."


class HolderKeyFormError(HolderKeyError):
    reason = CredentialReason.HOLDER_KEY_FORM
    zh = "钱包密钥不是JWK对象。"
    en = "The holder's key is not a JWK."


class HolderKeyPrivateError(HolderKeyError):
    reason = CredentialReason.HOLDER_KEY_PRIVATE
    zh = "交来的是私钥。请作废这个密钥，只交公钥。"
    en = "That is a private key. Stop using it, and hand over public keys only."


class HolderKeyKindError(HolderKeyError):
    reason = CredentialReason.HOLDER_KEY_KIND
    zh = "不支持这种钱包密钥，请用 P-256、Ed25519 或 SM2。"
    en = "Keys of this kind are not taken; use P-256, Ed25519 or SM2."


class HolderKeyAlgError(HolderKeyError):
    reason = CredentialReason.HOLDER_KEY_ALG
    zh = "钱包密钥声称的算法与其类型不符。"
    en = "The holder's key names an algorithm that it is not for."


class HolderKeyPointError(HolderKeyError):
    reason = CredentialReason.HOLDER_KEY_POINT
    zh = "钱包密钥不是曲线上的点，或书写不规范。"
    en = "The holder's key is not a point of its curve, or not written canonically."


class HolderKeyLowOrderError(HolderKeyError):
    reason = CredentialReason.HOLDER_KEY_LOW_ORDER
    zh = "钱包密钥是低阶点，任何人都能为它伪造签名。"
    en = "The holder's key is a point of low order; anybody could sign for it."


class HolderKeyOtherError(HolderKeyError):
    reason = CredentialReason.HOLDER_KEY_OTHER
    zh = "这个密钥不是凭证所绑定的密钥。"
    en = "This key is not the one that the credential is bound to."
