"""Key policy, the key ring, and where private keys come from.

Knows no hub, no database and no network. No function here gives a private key away.
"""

from keys.errors import (
    EmptyPassphraseError,
    FolderModeError,
    KeyFileDamagedError,
    KeyFileMissingError,
    KeysError,
    MalformedKeySetError,
    NoActiveKeyError,
    RingDamagedError,
    RingMissingError,
    Sm2UnavailableError,
    SourceNotSupportedError,
    WrongPassphraseError,
)
from keys.jwk import PublicKey, public_jwk, thumbprint
from keys.keyset import KeySet, VerificationKey
from keys.model import Algorithm, KeyInfo, KeyState, Purpose
from keys.policy import POLICIES, PurposePolicy
from keys.ring import KeyRing, PurposeSigner
from keys.sm2 import Sm2PublicKey
from keys.sources import KeySource, Signer
from keys.vault import PRODUCTION_COST, ScryptCost

__all__ = [
    "POLICIES",
    "PRODUCTION_COST",
    "Algorithm",
    "EmptyPassphraseError",
    "FolderModeError",
    "KeyFileDamagedError",
    "KeyFileMissingError",
    "KeyInfo",
    "KeyRing",
    "KeySet",
    "KeySource",
    "KeyState",
    "KeysError",
    "MalformedKeySetError",
    "NoActiveKeyError",
    "PublicKey",
    "Purpose",
    "PurposePolicy",
    "PurposeSigner",
    "RingDamagedError",
    "RingMissingError",
    "ScryptCost",
    "Signer",
    "Sm2PublicKey",
    "Sm2UnavailableError",
    "SourceNotSupportedError",
    "VerificationKey",
    "WrongPassphraseError",
    "public_jwk",
    "thumbprint",
]
