"""Why a credential, a presentation or a holder's key was refused: one code per fact, one sentence per language."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from signing.reasons import Sentence


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


_R = CredentialReason

CREDENTIAL_SENTENCES: Mapping[CredentialReason, Sentence] = MappingProxyType(
    {
        _R.CREDENTIAL_NOT_TEXT: Sentence("电子凭证不是文字。", "The credential is not text."),
        _R.CREDENTIAL_TOO_LONG: Sentence("电子凭证过长。", "The credential is too long."),
        _R.CREDENTIAL_FORM: Sentence(
            "电子凭证的结构不完整。", "The text is not a token followed by its disclosures and a tilde."
        ),
        _R.CREDENTIAL_TOO_MANY: Sentence("披露项过多。", "There are too many disclosures."),
        _R.CREDENTIAL_HASH_ALG: Sentence(
            "披露项的摘要算法不是 sha-256。", "The disclosures are hashed with something else than sha-256."
        ),
        _R.CREDENTIAL_DISCLOSURE: Sentence("披露项无法读取。", "A disclosure cannot be read."),
        _R.CREDENTIAL_DISCLOSURE_TWICE: Sentence("同一披露项出现两次。", "A disclosure stands there twice."),
        _R.CREDENTIAL_DISCLOSURE_KIND: Sentence(
            "披露项用在了不该用的位置。",
            "A disclosure of a member stands for an array element, or the other way round.",
        ),
        _R.CREDENTIAL_UNREFERENCED: Sentence(
            "披露项不属于这份凭证。", "A disclosure does not belong to this credential."
        ),
        _R.CREDENTIAL_DIGEST: Sentence("凭证中的摘要书写不规范。", "A digest in the credential is not one."),
        _R.CREDENTIAL_DIGEST_TWICE: Sentence(
            "同一摘要在凭证中出现两次。", "A digest stands in the credential twice."
        ),
        _R.CREDENTIAL_RESERVED_NAME: Sentence(
            "披露项使用了保留的名称。", "A disclosure has a name that is reserved."
        ),
        _R.CREDENTIAL_OVERWRITES: Sentence(
            "披露项要改写凭证中已有的内容。", "A disclosure would overwrite what the credential says openly."
        ),
        _R.CREDENTIAL_HIDES_REGISTERED: Sentence(
            "签发者、时限、状态等必须公开的内容被放进了披露项。",
            "What must always be visible (issuer, times, type, holder, status) stands in a disclosure.",
        ),
        _R.CREDENTIAL_DEPTH: Sentence("凭证内容嵌套过深。", "The credential is nested too deeply."),
        _R.CREDENTIAL_CLAIM: Sentence(
            "凭证缺少必要内容，或其类型不符。", "The credential lacks a claim or has one of the wrong type."
        ),
        _R.CREDENTIAL_NO_SUCH_CLAIM: Sentence(
            "凭证中没有要出示的这一项。", "The credential has no such claim to disclose."
        ),
        _R.CREDENTIAL_NO_HOLDER: Sentence(
            "这份凭证没有绑定持有人密钥，不能作持有人证明。",
            "The credential is bound to no holder's key; nobody can prove to hold it.",
        ),
        _R.BINDING_MISSING: Sentence(
            "出示时没有附持有人签名。", "The presentation lacks the holder's signature."
        ),
        _R.BINDING_UNASKED: Sentence(
            "这是出示给他人的凭证，须说明验证方和随机数。",
            "This is a presentation to somebody; it can only be checked with its audience and nonce.",
        ),
        _R.BINDING_FORM: Sentence(
            "持有人签名的结构不正确。", "The holder's signature is not a token of three parts."
        ),
        _R.BINDING_HEADER: Sentence(
            "持有人签名的头部有多余或缺少的内容。",
            "The header of the holder's signature has a member too many or too few.",
        ),
        _R.BINDING_TYP: Sentence(
            "持有人签名的种类不符。", "The holder's signature is a token of another kind."
        ),
        _R.BINDING_ALG: Sentence(
            "持有人签名的算法不是该密钥的算法。",
            "The holder's signature names another algorithm than the key's.",
        ),
        _R.BINDING_ALGORITHM_NOT_ACCEPTED: Sentence(
            "核验方不能核验持有人密钥的签名算法。",
            "The algorithm of the holder's key is not one that this verifier can check.",
        ),
        _R.BINDING_SIGNATURE: Sentence(
            "不是凭证所绑定的密钥签的名。", "It was not signed with the key that the credential is bound to."
        ),
        _R.BINDING_CLAIM: Sentence(
            "持有人签名缺少必要内容，或其类型不符。",
            "The holder's signature lacks a claim or has one of the wrong type.",
        ),
        _R.BINDING_HASH: Sentence(
            "持有人签的是另一份出示内容。", "The holder signed another presentation than this one."
        ),
        _R.BINDING_AUDIENCE: Sentence(
            "凭证是出示给另一方的。", "The credential was presented to somebody else."
        ),
        _R.BINDING_NONCE: Sentence("随机数不符，可能是重放。", "The nonce is another; this may be a replay."),
        _R.BINDING_STALE: Sentence(
            "持有人签名已过时，请重新出示。", "The holder signed it too long ago; ask for a fresh one."
        ),
        _R.BINDING_NOT_YET: Sentence(
            "持有人签名的时间在将来，请核对时间。",
            "The holder's signature is from the future; check the clocks.",
        ),
        _R.HOLDER_KEY_FORM: Sentence("钱包密钥不是JWK对象。", "The holder's key is not a JWK."),
        _R.HOLDER_KEY_PRIVATE: Sentence(
            "交来的是私钥。请作废这个密钥，只交公钥。",
            "That is a private key. Stop using it, and hand over public keys only.",
        ),
        _R.HOLDER_KEY_KIND: Sentence(
            "不支持这种钱包密钥，请用 P-256、Ed25519 或 SM2。",
            "Keys of this kind are not taken; use P-256, Ed25519 or SM2.",
        ),
        _R.HOLDER_KEY_ALG: Sentence(
            "钱包密钥声称的算法与其类型不符。", "The holder's key names an algorithm that it is not for."
        ),
        _R.HOLDER_KEY_POINT: Sentence(
            "钱包密钥不是曲线上的点，或书写不规范。",
            "The holder's key is not a point of its curve, or not written canonically.",
        ),
        _R.HOLDER_KEY_LOW_ORDER: Sentence(
            "钱包密钥是低阶点，任何人都能为它伪造签名。",
            "The holder's key is a point of low order; anybody could sign for it.",
        ),
        _R.HOLDER_KEY_OTHER: Sentence(
            "这个密钥不是凭证所绑定的密钥。", "This key is not the one that the credential is bound to."
        ),
    }
)
