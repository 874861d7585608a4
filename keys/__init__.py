"""Key policy, the key ring, and where private keys come from.

Knows no hub, no database and no network. No function here gives a private key away.
"""

from keys.changes import RingFolder
from keys.errors import (
    AlgorithmNotSupportedError,
    EmptyPassphraseError,
    FolderModeError,
    KeyFileDamagedError,
    KeyFileMissingError,
    KeysError,
    MalformedKeySetError,
    NoActiveKeyError,
    RingApartError,
    RingDamagedError,
    RingMissingError,
    RingOlderError,
    RingUncheckedError,
    SignerAwayError,
    Sm2UnavailableError,
    SourceNotSupportedError,
    SourceUriError,
    WrongPassphraseError,
)
from keys.history import KeyAct, KeyAction, RingContents, history_claims, keys_of_history
from keys.jwk import PublicKey, public_jwk, thumbprint
from keys.key_set import KeySet, VerificationKey
from keys.model import Algorithm, KeyInfo, KeyState, Purpose
from keys.policy import (
    CACHE_SECONDS,
    DEFAULT_LEAD_SECONDS,
    POLICIES,
    PROFILES,
    Algorithms,
    PurposePolicy,
    UnknownProfileError,
    profile_algorithms,
)
from keys.refusals import KeyChangeError
from keys.ring import KeyRing, PurposeSigner
from keys.shared_stretching import SharedStretching
from keys.sm2 import Sm2PublicKey
from keys.sources import KeySource, RingAddress, SignDevice, Signer, ring_place
from keys.vault import PRODUCTION_COST, ScryptCost

__all__ = [
    "CACHE_SECONDS",
    "DEFAULT_LEAD_SECONDS",
    "POLICIES",
    "PRODUCTION_COST",
    "PROFILES",
    "Algorithm",
    "AlgorithmNotSupportedError",
    "Algorithms",
    "EmptyPassphraseError",
    "FolderModeError",
    "KeyAct",
    "KeyAction",
    "KeyChangeError",
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
    "RingAddress",
    "RingApartError",
    "RingContents",
    "RingDamagedError",
    "RingFolder",
    "RingMissingError",
    "RingOlderError",
    "RingUncheckedError",
    "ScryptCost",
    "SharedStretching",
    "SignDevice",
    "Signer",
    "SignerAwayError",
    "Sm2PublicKey",
    "Sm2UnavailableError",
    "SourceNotSupportedError",
    "SourceUriError",
    "UnknownProfileError",
    "VerificationKey",
    "WrongPassphraseError",
    "history_claims",
    "keys_of_history",
    "profile_algorithms",
    "public_jwk",
    "ring_place",
    "thumbprint",
]
