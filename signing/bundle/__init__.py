"""The offline bundle (docs/profiles/bundle.md): what a verifier needs where there is no network, under one signature."""

from types import MappingProxyType

from keys.messages import sentences
from signing.bundle.contents import LIFETIME, MAX_LIFETIME, Bundle, Contents, sign_bundle
from signing.bundle.district import CarriedEnterprise, CarriedLicense, CarriedPremises, District
from signing.bundle.errors import BundleError, BundleReason
from signing.bundle.loading import Root, load_bundle, read_bundle
from signing.bundle.plates import PlateTable, ShardSource, plate_mask, plate_row, whole_table
from signing.bundle.verdicts import OFFLINE_SENTENCES, OfflineReason

BUNDLE_SENTENCES = MappingProxyType({**sentences(BundleError), **OFFLINE_SENTENCES})

__all__ = [
    "BUNDLE_SENTENCES",
    "LIFETIME",
    "MAX_LIFETIME",
    "Bundle",
    "BundleError",
    "BundleReason",
    "CarriedEnterprise",
    "CarriedLicense",
    "CarriedPremises",
    "Contents",
    "District",
    "OfflineReason",
    "PlateTable",
    "Root",
    "ShardSource",
    "load_bundle",
    "plate_mask",
    "plate_row",
    "read_bundle",
    "sign_bundle",
    "whole_table",
]
