"""License credentials: SD-JWT (RFC 9901) as verifiable credentials (SD-JWT VC), typ `dc+sd-jwt`, with key binding."""

from keys.messages import sentences
from signing.sdjwt.binding import BINDING_LIFE, Binding, HolderDemand
from signing.sdjwt.errors import BindingError, CredentialError, CredentialReason, HolderKeyError
from signing.sdjwt.holder import HolderKey, HolderSigner, SoftwareWallet, import_holder_key
from signing.sdjwt.issuing import ALWAYS_VISIBLE, issue_credential
from signing.sdjwt.presenting import disclosable_names, present, unverified_claims, unverified_face
from signing.sdjwt.proof import PROOF_TYP, sign_proof, verify_proof
from signing.sdjwt.text import MAX_CREDENTIAL_CHARS
from signing.sdjwt.verifying import (
    HolderProof,
    StatusReference,
    UnaskedProof,
    VerifiedCredential,
    verify_credential,
)

CREDENTIAL_SENTENCES = sentences(CredentialError)

__all__ = [
    "ALWAYS_VISIBLE",
    "BINDING_LIFE",
    "CREDENTIAL_SENTENCES",
    "MAX_CREDENTIAL_CHARS",
    "PROOF_TYP",
    "Binding",
    "BindingError",
    "CredentialError",
    "CredentialReason",
    "HolderDemand",
    "HolderKey",
    "HolderKeyError",
    "HolderProof",
    "HolderSigner",
    "SoftwareWallet",
    "StatusReference",
    "UnaskedProof",
    "VerifiedCredential",
    "disclosable_names",
    "import_holder_key",
    "issue_credential",
    "present",
    "sign_proof",
    "unverified_claims",
    "unverified_face",
    "verify_credential",
    "verify_proof",
]
