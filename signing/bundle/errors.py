"""What is refused about a bundle, one leaf per fact; `reason` is the code a verdict carries."""

from typing import ClassVar

from signing.bundle.reasons import BUNDLE_SENTENCES, BundleReason
from signing.errors import SigningError
from signing.reasons import Sentence


class BundleError(SigningError):
    """A bundle is not to be used. What it would say of a code is then unknown: neither genuine nor forged."""

    reason: ClassVar[BundleReason]

    @property
    def sentence(self) -> Sentence:
        return BUNDLE_SENTENCES[self.reason]


class BundleFormError(BundleError):
    reason = BundleReason.BUNDLE_FORM


class BundleRootFormError(BundleError):
    reason = BundleReason.BUNDLE_ROOT_FORM


class BundleRootError(BundleError):
    reason = BundleReason.BUNDLE_ROOT


class BundleClaimError(BundleError):
    reason = BundleReason.BUNDLE_CLAIM


class BundleProfileError(BundleError):
    reason = BundleReason.BUNDLE_PROFILE


class BundleRolledBackError(BundleError):
    reason = BundleReason.BUNDLE_ROLLED_BACK


class BundleKeysError(BundleError):
    reason = BundleReason.BUNDLE_KEYS


class BundleStatusError(BundleError):
    reason = BundleReason.BUNDLE_STATUS


class BundlePlatesError(BundleError):
    reason = BundleReason.BUNDLE_PLATES


class BundleShardError(BundleError):
    reason = BundleReason.BUNDLE_SHARD


class BundleCheckpointError(BundleError):
    reason = BundleReason.BUNDLE_CHECKPOINT


class BundleDistrictError(BundleError):
    reason = BundleReason.BUNDLE_DISTRICT


class BundleNotYetError(BundleError):
    reason = BundleReason.BUNDLE_NOT_YET


class BundleExpiredError(BundleError):
    reason = BundleReason.BUNDLE_EXPIRED
